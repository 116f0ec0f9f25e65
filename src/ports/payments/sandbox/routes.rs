//! Which call is which: method and path to the function that does it.

use serde_json::json;

use super::ctx::{Ctx, shown};
use super::fault::{Fault, Outcome};
use super::objects::{
    accounts, charges, checkouts, customers, endpoints, events, intents, invoices, methods, prices, refunds, setups,
    subscriptions,
};

/// Does one call of the API. `path` begins behind `/v1/`.
pub(super) fn run(ctx: &mut Ctx<'_>, method: &str, path: &str) -> Outcome {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let outcome = match (method, parts.as_slice()) {
        ("POST", ["payment_intents"]) => accounts::may_charge(ctx).and_then(|()| intents::create(ctx)),
        ("GET", ["payment_intents"]) => intents::list(ctx),
        ("GET", ["payment_intents", id]) => intents::find(ctx, id),
        ("POST", ["payment_intents", id]) => intents::update(ctx, id),
        ("POST", ["payment_intents", id, "confirm"]) => intents::confirm(ctx, id),
        ("POST", ["payment_intents", id, "capture"]) => intents::capture(ctx, id),
        ("POST", ["payment_intents", id, "cancel"]) => intents::cancel(ctx, id),
        ("POST", ["setup_intents"]) => setups::create(ctx),
        ("GET", ["setup_intents", id]) => setups::find(ctx, id),
        ("POST", ["setup_intents", id, "confirm"]) => setups::confirm(ctx, id),
        ("POST", ["setup_intents", id, "cancel"]) => setups::cancel(ctx, id),
        ("POST", ["refunds"]) => refunds::create(ctx),
        ("GET", ["refunds"]) => refunds::list(ctx),
        ("GET", ["refunds", id]) => refunds::find(ctx, id),
        ("GET", ["charges"]) => charges::list(ctx),
        ("GET", ["charges", id]) => charges::find(ctx, id),
        ("POST", ["checkout", "sessions"]) => accounts::may_charge(ctx).and_then(|()| checkouts::create(ctx)),
        ("GET", ["checkout", "sessions"]) => checkouts::list(ctx),
        ("GET", ["checkout", "sessions", id]) => checkouts::find(ctx, id),
        ("GET", ["checkout", "sessions", id, "line_items"]) => checkouts::line_items(ctx, id),
        ("POST", ["checkout", "sessions", id, "expire"]) => checkouts::expire(ctx, id),
        ("POST", ["customers"]) => customers::create(ctx),
        ("GET", ["customers"]) => customers::list(ctx),
        ("GET", ["customers", id]) => customers::find(ctx, id),
        ("POST", ["customers", id]) => customers::update(ctx, id),
        ("POST", ["payment_methods"]) => methods::create(ctx),
        ("GET", ["payment_methods"]) => methods::list(ctx),
        ("GET", ["payment_methods", id]) => methods::find(ctx, id),
        ("POST", ["payment_methods", id, "attach"]) => methods::attach(ctx, id),
        ("POST", ["payment_methods", id, "detach"]) => methods::detach(ctx, id),
        _ => return platform(ctx, method, &parts, path),
    };
    expand(ctx, outcome?)
}

fn platform(ctx: &mut Ctx<'_>, method: &str, parts: &[&str], path: &str) -> Outcome {
    let outcome = match (method, parts) {
        ("POST", ["accounts"]) => accounts::create(ctx),
        ("GET", ["accounts", id]) => accounts::find(ctx, id),
        ("POST", ["account_links"]) => accounts::link(ctx),
        ("POST", ["products"]) => prices::create_product(ctx),
        ("GET", ["products", id]) => prices::find_product(ctx, id),
        ("POST", ["prices"]) => prices::create_price(ctx),
        ("GET", ["prices", id]) => prices::find_price(ctx, id),
        ("POST", ["subscriptions"]) => subscriptions::create(ctx),
        ("GET", ["subscriptions"]) => subscriptions::list(ctx),
        ("GET", ["subscriptions", id]) => subscriptions::find(ctx, id),
        ("POST", ["subscriptions", id]) => subscriptions::update(ctx, id),
        ("DELETE", ["subscriptions", id]) => subscriptions::cancel(ctx, id),
        ("POST", ["invoices", "create_preview"]) => invoices::preview(ctx),
        ("GET", ["invoices"]) => invoices::list(ctx),
        ("GET", ["invoices", id]) => invoices::find(ctx, id),
        ("POST", ["invoices", id, "pay"]) => invoices::pay(ctx, id),
        ("POST", ["billing_portal", "sessions"]) => invoices::portal(ctx),
        ("GET", ["events"]) => events::list(ctx),
        ("GET", ["events", id]) => events::find(ctx, id),
        ("POST", ["webhook_endpoints"]) => endpoints::create(ctx),
        ("GET", ["webhook_endpoints"]) => endpoints::list(ctx),
        ("GET", ["webhook_endpoints", id]) => endpoints::find(ctx, id),
        ("DELETE", ["webhook_endpoints", id]) => endpoints::delete(ctx, id),
        _ => Err(Fault::no_route(method, &format!("/v1/{path}"))),
    };
    expand(ctx, outcome?)
}

/// Puts objects in the place of ids where `expand[]` asks for it, one level deep.
fn expand(ctx: &Ctx<'_>, object: serde_json::Value) -> Outcome {
    let mut object = shown(&object);
    for field in ctx.form.texts("expand") {
        let found = object[field].as_str().and_then(|id| ctx.get(id)).map(shown);
        if let Some(found) = found {
            object[field] = json!(found);
        }
    }
    Ok(object)
}
