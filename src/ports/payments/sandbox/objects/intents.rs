//! Payment intents: made, confirmed, captured, cancelled. What charging does stands in `paying`.

use serde_json::{Value, json};

use super::super::ctx::{Ctx, shown, text_of};
use super::super::events::emit;
use super::super::fault::{Fault, Outcome};
use super::super::store::DUE;
use super::{charges, methods, paying};
use crate::kernel::money::Currency;

/// The least and the most that can be charged, by the currency's decimal places.
fn bounds(currency: &str) -> (i64, i64, u32) {
    let places = Currency::new(&currency.to_ascii_uppercase()).map_or(2, |currency| currency.exponent());
    (if places == 3 { 500 } else { 50 }, 99_999_999, places)
}

/// An amount that can be charged in this currency.
pub(in super::super) fn chargeable(param: &str, amount: i64, currency: &str) -> Result<(), Fault> {
    let (least, most, places) = bounds(currency);
    if amount < 0 {
        return Err(Fault::coded("parameter_invalid_integer", param, "This value must be greater than or equal to 1."));
    }
    if amount < least {
        let message = format!("Amount must be no less than {least} in the smallest unit of {currency}.");
        return Err(Fault::coded("amount_too_small", param, message));
    }
    if amount > most {
        return Err(Fault::coded("amount_too_large", param, "Amount must be no more than 99999999."));
    }
    if places == 3 && amount % 10 != 0 {
        return Err(Fault::invalid(param, "Amounts in three-decimal currencies must end with 0."));
    }
    Ok(())
}

/// The currency of a request, in lower case.
pub(in super::super) fn currency(text: &str) -> Result<String, Fault> {
    let known = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_lowercase());
    known.then(|| text.to_owned()).ok_or_else(|| Fault::invalid("currency", format!("Invalid currency: {text}")))
}

/// The platform's share: on a connected account only, and at most the amount.
pub(in super::super) fn application_fee(ctx: &Ctx<'_>, fee: Option<i64>, amount: i64) -> Result<(), Fault> {
    let Some(fee) = fee else { return Ok(()) };
    let param = "application_fee_amount";
    if ctx.account.is_empty() {
        return Err(Fault::invalid(param, "Can only apply an application_fee_amount on a connected account's charge."));
    }
    if !(0..=amount).contains(&fee) {
        return Err(Fault::invalid(param, "The application fee cannot be greater than the amount of the charge."));
    }
    Ok(())
}

pub(in super::super) fn create(ctx: &mut Ctx<'_>) -> Outcome {
    let amount = ctx.integer("amount")?.ok_or_else(|| Fault::missing_param("amount"))?;
    let currency = currency(&ctx.needed("currency")?)?;
    chargeable("amount", amount, &currency)?;
    let fee = ctx.integer("application_fee_amount")?;
    application_fee(ctx, fee, amount)?;
    let customer = ctx.text("customer");
    if let Some(customer) = &customer {
        ctx.meant("customer", "customer", "cus_", customer)?;
    }
    let (confirm, off_session) = (ctx.form.flag("confirm"), ctx.form.flag("off_session"));
    if off_session && !confirm {
        return Err(Fault::invalid("off_session", "off_session can only be set if confirm=true."));
    }
    let method = match ctx.text("payment_method") {
        Some(method) => Some(usable(ctx, &method, customer.as_deref())?),
        None => None,
    };
    let manual = ctx.text("capture_method").as_deref() == Some("manual");
    let mut intent = object(ctx, amount, &currency);
    intent["application_fee_amount"] = json!(fee);
    intent["capture_method"] = json!(if manual { "manual" } else { "automatic_async" });
    intent["customer"] = json!(customer);
    intent["description"] = json!(ctx.text("description"));
    intent["metadata"] = ctx.metadata();
    intent["receipt_email"] = json!(ctx.text("receipt_email"));
    intent["setup_future_usage"] = json!(ctx.text("setup_future_usage"));
    if let Some(method) = &method {
        intent["payment_method"] = method["id"].clone();
        intent["status"] = json!("requires_confirmation");
    }
    ctx.put(&intent);
    emit(ctx, "payment_intent.created", &intent);
    if !confirm {
        return Ok(intent);
    }
    let return_url = ctx.url("return_url")?;
    paying::confirm(ctx, intent, off_session, return_url.as_deref())
}

/// A new intent without any of what its maker may say.
pub(in super::super) fn object(ctx: &mut Ctx<'_>, amount: i64, currency: &str) -> Value {
    let id = ctx.id("pi");
    let secret = ctx.id("secret");
    json!({
        "id": id,
        "object": "payment_intent",
        "allowed_payment_method_types": null,
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": null,
        "application_fee_amount": null,
        "automatic_payment_methods": {"allow_redirects": "never", "enabled": true},
        "canceled_at": null,
        "cancellation_reason": null,
        "capture_method": "automatic_async",
        "client_secret": format!("{id}_{secret}"),
        "confirmation_method": "automatic",
        "created": ctx.now,
        "currency": currency,
        "customer": null,
        "customer_account": null,
        "description": null,
        "excluded_payment_method_types": null,
        "last_payment_error": null,
        "latest_charge": null,
        "livemode": false,
        "managed_payments": null,
        "metadata": {},
        "next_action": null,
        "on_behalf_of": null,
        "payment_method": null,
        "payment_method_configuration_details": null,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "payment_record": null,
        "processing": null,
        "receipt_email": null,
        "review": null,
        "setup_future_usage": null,
        "shipping": null,
        "source": null,
        "statement_descriptor": null,
        "statement_descriptor_suffix": null,
        "status": "requires_payment_method",
        "transfer_data": null,
        "transfer_group": null,
    })
}

/// A method that this customer may pay with.
fn usable(ctx: &mut Ctx<'_>, id: &str, customer: Option<&str>) -> Outcome {
    let method = methods::meant(ctx, "payment_method", id)?;
    match method["customer"].as_str() {
        Some(owner) if Some(owner) != customer => Err(Fault::invalid(
            "payment_method",
            "The provided PaymentMethod is attached to another Customer, or to one that was not given.",
        )),
        None if method["_detached"] == true => {
            Err(Fault::invalid("payment_method", "The provided PaymentMethod was detached and may not be used again."))
        }
        _ => Ok(method),
    }
}

/// 400, as a state that does not allow it.
fn unexpected(intent: &Value, what: &str) -> Fault {
    let message = format!("You cannot {what} this PaymentIntent because it has a status of {}.", intent["status"]);
    Fault::state("payment_intent_unexpected_state", message.replace('"', "")).about("payment_intent", shown(intent))
}

pub(in super::super) fn confirm(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let mut intent = ctx.named("payment_intent", "pi_", id)?;
    let open = ["requires_payment_method", "requires_confirmation", "requires_action"];
    if !open.iter().any(|status| intent["status"] == *status) {
        return Err(unexpected(&intent, "confirm"));
    }
    if let Some(method) = ctx.text("payment_method") {
        let customer = intent["customer"].as_str().map(str::to_owned);
        intent["payment_method"] = usable(ctx, &method, customer.as_deref())?["id"].clone();
    }
    if intent["payment_method"].is_null() {
        let message = "You cannot confirm this PaymentIntent because it's missing a payment method.";
        let fault = Fault::state("payment_intent_unexpected_state", message);
        return Err(fault.about("payment_intent", shown(&intent)));
    }
    let return_url = ctx.url("return_url")?;
    let off_session = ctx.form.flag("off_session");
    paying::confirm(ctx, intent, off_session, return_url.as_deref())
}

pub(in super::super) fn capture(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let mut intent = ctx.named("payment_intent", "pi_", id)?;
    if intent["status"] != "requires_capture" {
        return Err(unexpected(&intent, "capture"));
    }
    let held = intent["amount_capturable"].as_i64().unwrap_or_default();
    let amount = ctx.integer("amount_to_capture")?.unwrap_or(held);
    if !(1..=held).contains(&amount) {
        let message = format!("The amount to capture must be between 1 and {held}.");
        return Err(Fault::coded("amount_too_large", "amount_to_capture", message));
    }
    if let Some(fee) = ctx.integer("application_fee_amount")? {
        application_fee(ctx, Some(fee), amount)?;
        intent["application_fee_amount"] = json!(fee);
    }
    let fee = intent["application_fee_amount"].as_i64().map(|fee| fee.min(amount));
    if let Some(mut charge) = charges::latest(ctx, &intent) {
        charge["captured"] = json!(true);
        charge["amount_captured"] = json!(amount);
        charge["amount_refunded"] = json!(held - amount);
        charge["application_fee_amount"] = json!(fee);
        charge["balance_transaction"] = json!(ctx.id("txn"));
        ctx.put(&charge);
        emit(ctx, "charge.captured", &charge);
    }
    intent["application_fee_amount"] = json!(fee);
    intent["amount_capturable"] = json!(0);
    intent["amount_received"] = json!(amount);
    intent["status"] = json!("succeeded");
    ctx.put(&intent);
    emit(ctx, "payment_intent.succeeded", &intent);
    Ok(intent)
}

pub(in super::super) fn cancel(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let mut intent = ctx.named("payment_intent", "pi_", id)?;
    let open = ["requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"];
    if !open.iter().any(|status| intent["status"] == *status) {
        return Err(unexpected(&intent, "cancel"));
    }
    if intent["_session"].is_string() {
        let message = "You cannot cancel this PaymentIntent because it was made by a Checkout Session: expire that.";
        let fault = Fault::state("payment_intent_unexpected_state", message);
        return Err(fault.about("payment_intent", shown(&intent)));
    }
    let reason = ctx.text("cancellation_reason");
    Ok(close(ctx, &mut intent, reason.as_deref()))
}

/// Cancels an intent that can be: what was held is let go.
pub(in super::super) fn close(ctx: &mut Ctx<'_>, intent: &mut Value, reason: Option<&str>) -> Value {
    if intent["status"] == "requires_capture"
        && let Some(mut charge) = charges::latest(ctx, intent)
    {
        charge["amount_refunded"] = charge["amount"].clone();
        charge["refunded"] = json!(true);
        ctx.put(&charge);
        emit(ctx, "charge.refunded", &charge);
    }
    intent["status"] = json!("canceled");
    intent["amount_capturable"] = json!(0);
    intent["canceled_at"] = json!(ctx.now);
    intent["cancellation_reason"] = json!(reason);
    intent["next_action"] = Value::Null;
    intent[DUE] = Value::Null;
    ctx.put(intent);
    emit(ctx, "payment_intent.canceled", intent);
    intent.clone()
}

pub(in super::super) fn find(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    ctx.named("payment_intent", "pi_", id)
}

pub(in super::super) fn update(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let mut intent = ctx.named("payment_intent", "pi_", id)?;
    ctx.merge_metadata(&mut intent);
    if let Some(description) = ctx.text("description") {
        intent["description"] = json!(description);
    }
    ctx.put(&intent);
    Ok(intent)
}

pub(in super::super) fn list(ctx: &mut Ctx<'_>) -> Outcome {
    let customer = ctx.text("customer");
    let since = ctx.form.at("created").text("gte").and_then(|at| at.parse::<i64>().ok()).unwrap_or(i64::MIN);
    ctx.page("/v1/payment_intents", "pi_", |intent| {
        customer.as_deref().is_none_or(|customer| text_of(intent, "customer") == customer)
            && intent["created"].as_i64() >= Some(since)
    })
}
