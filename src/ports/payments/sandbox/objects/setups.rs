//! Setup intents: a card is kept for later.

use serde_json::{Value, json};

use super::super::cards::{self, Behaviour};
use super::super::ctx::{Ctx, shown, text_of};
use super::super::events::emit;
use super::super::fault::{Fault, Outcome};
use super::methods;

pub(in super::super) fn create(ctx: &mut Ctx<'_>) -> Outcome {
    let customer = ctx.text("customer");
    if let Some(customer) = &customer {
        ctx.meant("customer", "customer", "cus_", customer)?;
    }
    let usage = ctx.text("usage").unwrap_or_else(|| "off_session".into());
    let method = match ctx.text("payment_method") {
        Some(method) => Some(methods::meant(ctx, "payment_method", &method)?),
        None => None,
    };
    let mut setup = object(ctx, customer.as_deref(), &usage);
    setup["description"] = json!(ctx.text("description"));
    setup["metadata"] = ctx.metadata();
    if let Some(method) = &method {
        setup["payment_method"] = method["id"].clone();
        setup["status"] = json!("requires_confirmation");
    }
    ctx.put(&setup);
    emit(ctx, "setup_intent.created", &setup);
    if ctx.form.flag("confirm") { kept(ctx, setup) } else { Ok(setup) }
}

pub(in super::super) fn object(ctx: &mut Ctx<'_>, customer: Option<&str>, usage: &str) -> Value {
    let (id, secret) = (ctx.id("seti"), ctx.id("secret"));
    json!({
        "id": id,
        "object": "setup_intent",
        "allowed_payment_method_types": null,
        "application": null,
        "automatic_payment_methods": {"allow_redirects": "never", "enabled": true},
        "cancellation_reason": null,
        "client_secret": format!("{id}_{secret}"),
        "created": ctx.now,
        "customer": customer,
        "customer_account": null,
        "description": null,
        "excluded_payment_method_types": null,
        "flow_directions": null,
        "last_setup_error": null,
        "latest_attempt": null,
        "livemode": false,
        "mandate": null,
        "metadata": {},
        "next_action": null,
        "on_behalf_of": null,
        "payment_method": null,
        "payment_method_configuration_details": null,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "single_use_mandate": null,
        "status": "requires_payment_method",
        "usage": usage,
    })
}

pub(in super::super) fn find(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    ctx.named("setup_intent", "seti_", id)
}

pub(in super::super) fn confirm(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let mut setup = find(ctx, id)?;
    if !["requires_payment_method", "requires_confirmation"].iter().any(|status| setup["status"] == *status) {
        return Err(unexpected(&setup));
    }
    if let Some(method) = ctx.text("payment_method") {
        setup["payment_method"] = methods::meant(ctx, "payment_method", &method)?["id"].clone();
    }
    if setup["payment_method"].is_null() {
        return Err(unexpected(&setup));
    }
    kept(ctx, setup)
}

pub(in super::super) fn cancel(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let mut setup = find(ctx, id)?;
    if ["succeeded", "canceled"].iter().any(|status| setup["status"] == *status) {
        return Err(unexpected(&setup));
    }
    setup["status"] = json!("canceled");
    setup["cancellation_reason"] = json!(ctx.text("cancellation_reason"));
    ctx.put(&setup);
    emit(ctx, "setup_intent.canceled", &setup);
    Ok(setup)
}

fn unexpected(setup: &Value) -> Fault {
    let message = format!("This SetupIntent has a status of {}.", text_of(setup, "status"));
    Fault::state("setup_intent_unexpected_state", message).about("setup_intent", shown(setup))
}

/// Keeps the card of a setup. Its owner has confirmed it where that is asked: in the sandbox at once.
pub(in super::super) fn kept(ctx: &mut Ctx<'_>, mut setup: Value) -> Outcome {
    let mut method = ctx.meant("payment_method", "PaymentMethod", "pm_", &text_of(&setup, "payment_method"))?;
    if let Behaviour::Unusable(code, decline_code) = methods::behaviour(&method) {
        let fault = Fault::card(code, decline_code, cards::sentence(code, decline_code));
        setup["last_setup_error"] = fault.clone().about("payment_method", shown(&method)).error();
        setup["payment_method"] = Value::Null;
        setup["status"] = json!("requires_payment_method");
        ctx.put(&setup);
        emit(ctx, "setup_intent.setup_failed", &setup);
        return Err(fault.about("setup_intent", shown(&setup)));
    }
    method["_set_up"] = json!(true);
    match setup["customer"].as_str().map(str::to_owned) {
        Some(customer) if method["customer"].is_null() => {
            methods::keep(ctx, method, &customer)?;
        }
        _ => ctx.put(&method),
    }
    setup["status"] = json!("succeeded");
    setup["last_setup_error"] = Value::Null;
    ctx.put(&setup);
    emit(ctx, "setup_intent.succeeded", &setup);
    Ok(setup)
}
