//! Checkout sessions: a page where somebody pays, leaves a card or subscribes. What the page's buttons do stands here
//! too; how it looks, in `pages`.

use serde_json::{Value, json};

use super::super::ctx::{Ctx, integer, shown, text_of};
use super::super::events::emit;
use super::super::fault::{Fault, Outcome};
use super::super::form::Form;
use super::super::store::DUE;
use super::{intents, methods, paying, prices, setups, subscriptions};

const DAY: i64 = 24 * 3600;

pub(in super::super) fn create(ctx: &mut Ctx<'_>) -> Outcome {
    let mode = ctx.needed("mode")?;
    let success_url = ctx.url("success_url")?.ok_or_else(|| Fault::missing_param("success_url"))?;
    let cancel_url = ctx.url("cancel_url")?;
    if let Some(customer) = ctx.text("customer") {
        ctx.meant("customer", "customer", "cus_", &customer)?;
    }
    let expires_at = ctx.integer("expires_at")?.unwrap_or(ctx.now + DAY);
    if !(ctx.now + 30 * 60..=ctx.now + DAY + 60).contains(&expires_at) {
        let message =
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.";
        return Err(Fault::invalid("expires_at", message));
    }
    let lines = lines(ctx, &mode)?;
    let total: i64 = lines.iter().filter_map(|line| line["amount_total"].as_i64()).sum();
    let currency = lines.first().map(|line| line["currency"].clone()).unwrap_or(json!(ctx.text("currency")));
    let data = ctx.form.at("payment_intent_data").clone();
    match mode.as_str() {
        "setup" if !lines.is_empty() => return Err(Fault::invalid("line_items", "Not in setup mode.")),
        "payment" | "subscription" if lines.is_empty() => return Err(Fault::missing_param("line_items")),
        "payment" => {
            intents::chargeable("line_items", total, currency.as_str().unwrap_or_default())?;
            intents::application_fee(ctx, integer(&data, "application_fee_amount")?, total)?;
        }
        "setup" | "subscription" => {}
        _ => return Err(Fault::invalid("mode", "Invalid mode: must be one of payment, setup, or subscription")),
    }
    let mut session = object(ctx, &mode, expires_at);
    let id = text_of(&session, "id");
    let account = if ctx.account.is_empty() { "platform" } else { &ctx.account };
    session["url"] = json!(format!("{}/pay/{account}/{id}", ctx.pages));
    session["success_url"] = json!(success_url);
    session["cancel_url"] = json!(cancel_url);
    session["customer"] = json!(ctx.text("customer"));
    session["client_reference_id"] = json!(ctx.text("client_reference_id"));
    session["metadata"] = ctx.metadata();
    session["payment_status"] = json!(if mode == "setup" { "no_payment_required" } else { "unpaid" });
    if mode != "setup" {
        session["amount_subtotal"] = json!(total);
        session["amount_total"] = json!(total);
        session["currency"] = currency;
    }
    session["_lines"] = json!(lines);
    session["_data"] = json!({
        "metadata": data.map("metadata"),
        "setup_metadata": ctx.form.at("setup_intent_data").map("metadata"),
        "subscription_metadata": ctx.form.at("subscription_data").map("metadata"),
        "application_fee_amount": integer(&data, "application_fee_amount")?,
        "setup_future_usage": data.text("setup_future_usage"),
        "capture_method": data.text("capture_method"),
        "description": data.text("description"),
        "trial_period_days": integer(ctx.form.at("subscription_data"), "trial_period_days")?,
    });
    ctx.put(&session);
    Ok(session)
}

fn lines(ctx: &mut Ctx<'_>, mode: &str) -> Result<Vec<Value>, Fault> {
    let items: Vec<Form> = ctx.form.list("line_items").into_iter().cloned().collect();
    let mut lines: Vec<Value> = Vec::new();
    for item in items {
        let price = prices::of_item(ctx, &item, "line_items")?;
        let quantity = integer(&item, "quantity")?.unwrap_or(1).max(1);
        let amount = price["unit_amount"].as_i64().unwrap_or_default();
        if (mode == "subscription") == price["recurring"].is_null() && mode == "subscription" {
            return Err(Fault::invalid("line_items", "A subscription needs a recurring price."));
        }
        if lines.first().is_some_and(|first| first["currency"] != price["currency"]) {
            return Err(Fault::invalid("line_items", "All prices must be of one currency."));
        }
        let total = amount.checked_mul(quantity).unwrap_or(i64::MAX);
        let product = ctx.get(&text_of(&price, "product")).map(|product| product["name"].clone());
        let id = ctx.id("li");
        lines.push(json!({
            "id": id,
            "object": "item",
            "adjustable_quantity": null,
            "amount_discount": 0,
            "amount_subtotal": total,
            "amount_tax": 0,
            "amount_total": total,
            "currency": price["currency"],
            "description": product,
            "metadata": {},
            "price": shown(&price),
            "quantity": quantity,
        }));
    }
    Ok(lines)
}

fn object(ctx: &mut Ctx<'_>, mode: &str, expires_at: i64) -> Value {
    let id = ctx.id("cs_test");
    json!({
        "id": id,
        "object": "checkout.session",
        "adaptive_pricing": null,
        "after_expiration": null,
        "allow_promotion_codes": null,
        "allowed_payment_method_types": null,
        "amount_subtotal": null,
        "amount_total": null,
        "automatic_tax": {"enabled": false, "liability": null, "provider": null, "status": null},
        "billing_address_collection": null,
        "branding_settings": {"background_color": "#ffffff", "border_style": "rounded", "button_color": "#0074d4", "display_name": "Sandbox", "font_family": "default", "icon": null, "logo": null},
        "cancel_url": null,
        "client_reference_id": null,
        "client_secret": null,
        "collected_information": null,
        "consent": null,
        "consent_collection": null,
        "created": ctx.now,
        "currency": null,
        "currency_conversion": null,
        "custom_fields": [],
        "custom_text": {"after_submit": null, "shipping_address": null, "submit": null, "terms_of_service_acceptance": null},
        "customer": null,
        "customer_account": null,
        "customer_creation": null,
        "customer_details": null,
        "customer_email": ctx.text("customer_email"),
        "discounts": null,
        "expires_at": expires_at,
        "integration_identifier": null,
        "invoice": null,
        "invoice_creation": null,
        "livemode": false,
        "locale": null,
        "managed_payments": null,
        "metadata": {},
        "mode": mode,
        "origin_context": null,
        "payment_intent": null,
        "payment_link": null,
        "payment_method_collection": if mode == "subscription" { "always" } else { "if_required" },
        "payment_method_configuration_details": null,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "permissions": null,
        "phone_number_collection": {"enabled": false},
        "recovered_from": null,
        "saved_payment_method_options": null,
        "setup_intent": null,
        "shipping_address_collection": null,
        "shipping_cost": null,
        "shipping_options": [],
        "status": "open",
        "submit_type": null,
        "subscription": null,
        "success_url": null,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": null,
        "wallet_options": null,
        DUE: expires_at,
    })
}

pub(in super::super) fn find(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    ctx.named("checkout.session", "cs_", id)
}

pub(in super::super) fn line_items(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let session = find(ctx, id)?;
    let url = format!("/v1/checkout/sessions/{id}/line_items");
    Ok(json!({"object": "list", "url": url, "has_more": false, "data": session["_lines"]}))
}

pub(in super::super) fn list(ctx: &mut Ctx<'_>) -> Outcome {
    let intent = ctx.text("payment_intent");
    ctx.page("/v1/checkout/sessions", "cs_", |session| {
        intent.as_deref().is_none_or(|intent| session["payment_intent"] == intent)
    })
}

pub(in super::super) fn expire(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let session = find(ctx, id)?;
    if session["status"] != "open" {
        let status = text_of(&session, "status");
        let message = format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of {status}."
        );
        return Err(Fault::invalid("", message));
    }
    Ok(lapse(ctx, session))
}

/// Nobody can pay it any more; what was begun is cancelled.
pub(in super::super) fn lapse(ctx: &mut Ctx<'_>, mut session: Value) -> Value {
    session["status"] = json!("expired");
    session["url"] = Value::Null;
    session[DUE] = Value::Null;
    ctx.put(&session);
    if let Some(mut intent) = ctx.get(&text_of(&session, "payment_intent")).cloned()
        && intent["status"] != "canceled"
    {
        intents::close(ctx, &mut intent, Some("expired"));
    }
    emit(ctx, "checkout.session.expired", &session);
    session
}

/// Somebody pays on the page, with a test card. An answer with `requires_action` in it sends them to confirm.
pub(in super::super) fn pay(ctx: &mut Ctx<'_>, id: &str, card: &str) -> Outcome {
    let session = find(ctx, id)?;
    if session["status"] != "open" {
        return Err(Fault::state("checkout_session_unexpected_state", "This page can no longer be used."));
    }
    let method = methods::meant(ctx, "payment_method", card)?;
    match session["mode"].as_str() {
        Some("payment") => charge(ctx, session, &method),
        Some("setup") => keep(ctx, session, &method),
        _ => subscribe(ctx, session, method),
    }
}

fn charge(ctx: &mut Ctx<'_>, mut session: Value, method: &Value) -> Outcome {
    let data = session["_data"].clone();
    let mut intent = match ctx.get(&text_of(&session, "payment_intent")).cloned() {
        Some(intent) => intent,
        None => {
            let amount = session["amount_total"].as_i64().unwrap_or_default();
            let mut intent = intents::object(ctx, amount, &text_of(&session, "currency"));
            for field in ["metadata", "application_fee_amount", "setup_future_usage", "description"] {
                intent[field] = data[field].clone();
            }
            if data["capture_method"] == "manual" {
                intent["capture_method"] = json!("manual");
            }
            if session["customer"].is_null() && !data["setup_future_usage"].is_null() {
                session["customer"] = super::customers::create(&mut bare(ctx))?["id"].clone();
            }
            intent["customer"] = session["customer"].clone();
            intent["_session"] = session["id"].clone();
            ctx.put(&intent);
            emit(ctx, "payment_intent.created", &intent);
            session["payment_intent"] = intent["id"].clone();
            ctx.put(&session);
            intent
        }
    };
    intent["payment_method"] = method["id"].clone();
    let back = text_of(&session, "url");
    let intent = paying::confirm(ctx, intent, false, Some(&back))?;
    Ok(finish(ctx, session, &intent))
}

/// The same request without its parameters: what the page makes takes nothing from them.
fn bare<'a>(ctx: &'a mut Ctx<'_>) -> Ctx<'a> {
    Ctx {
        store: &mut *ctx.store,
        account: ctx.account.clone(),
        now: ctx.now,
        form: Form::default(),
        pages: ctx.pages,
        request: ctx.request.clone(),
    }
}

/// Completes a session whose intent is through, or on its way.
pub(in super::super) fn finish(ctx: &mut Ctx<'_>, mut session: Value, intent: &Value) -> Value {
    let paid = match intent["status"].as_str() {
        Some("succeeded" | "requires_capture") => "paid",
        Some("processing") => "unpaid",
        _ => return session,
    };
    complete(ctx, &mut session, paid);
    session
}

fn complete(ctx: &mut Ctx<'_>, session: &mut Value, paid: &str) {
    session["status"] = json!("complete");
    session["payment_status"] = json!(paid);
    session["url"] = Value::Null;
    session[DUE] = Value::Null;
    session["customer_details"] = json!({
        "address": null, "business_name": null, "email": session["customer_email"], "individual_name": null,
        "name": null, "phone": null, "tax_exempt": "none", "tax_ids": [],
    });
    ctx.put(session);
    emit(ctx, "checkout.session.completed", session);
}

fn keep(ctx: &mut Ctx<'_>, mut session: Value, method: &Value) -> Outcome {
    let customer = session["customer"].as_str().map(str::to_owned);
    let mut setup = setups::object(ctx, customer.as_deref(), "off_session");
    setup["metadata"] = session["_data"]["setup_metadata"].clone();
    setup["payment_method"] = method["id"].clone();
    ctx.put(&setup);
    emit(ctx, "setup_intent.created", &setup);
    session["setup_intent"] = setup["id"].clone();
    ctx.put(&session);
    setups::kept(ctx, setup)?;
    complete(ctx, &mut session, "no_payment_required");
    Ok(session)
}

fn subscribe(ctx: &mut Ctx<'_>, mut session: Value, method: Value) -> Outcome {
    let customer = match session["customer"].as_str().map(str::to_owned) {
        Some(customer) => customer,
        None => text_of(&super::customers::create(&mut bare(ctx))?, "id"),
    };
    let method = methods::keep(ctx, method, &customer)?;
    session["customer"] = json!(customer);
    let line = session["_lines"][0].clone();
    let data = session["_data"].clone();
    let trial_end = data["trial_period_days"].as_i64().filter(|days| *days > 0).map(|days| ctx.now + days * DAY);
    let new = subscriptions::New {
        customer: &customer,
        price: line["price"].clone(),
        method: method["id"].as_str(),
        trial_end,
        metadata: data["subscription_metadata"].clone(),
    };
    let subscription = subscriptions::begin(ctx, new)?;
    if subscription["status"] == "incomplete" {
        return Err(Fault::card("card_declined", Some("generic_decline"), "Your card was declined."));
    }
    session["subscription"] = subscription["id"].clone();
    session["invoice"] = subscription["latest_invoice"].clone();
    complete(ctx, &mut session, "paid");
    Ok(session)
}

/// The bank has answered about a payment that a session began.
pub(in super::super) fn settled(ctx: &mut Ctx<'_>, intent: &Value, works: bool) {
    let Some(mut session) = ctx.get(&text_of(intent, "_session")).cloned() else { return };
    if works {
        session["payment_status"] = json!("paid");
        ctx.put(&session);
    }
    let kind = if works { "succeeded" } else { "failed" };
    emit(ctx, &format!("checkout.session.async_payment_{kind}"), &session);
}
