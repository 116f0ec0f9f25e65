//! What charging a card does to its intent: it works, is refused, waits for its owner, or takes time.

use serde_json::{Value, json};

use super::super::cards::{self, Behaviour};
use super::super::ctx::{Ctx, shown, text_of};
use super::super::events::emit;
use super::super::fault::{Fault, Outcome};
use super::super::store::DUE;
use super::{charges, checkouts, methods};

/// So many seconds a bank takes.
const BANK: i64 = 60;

/// Confirms an intent that has a method.
pub(in super::super) fn confirm(
    ctx: &mut Ctx<'_>,
    mut intent: Value,
    off_session: bool,
    return_url: Option<&str>,
) -> Outcome {
    let method = method_of(ctx, &intent)?;
    intent["next_action"] = Value::Null;
    intent["last_payment_error"] = Value::Null;
    match methods::behaviour(&method) {
        Behaviour::Works => Ok(succeed(ctx, intent, &method)),
        Behaviour::Declines(code, decline_code) | Behaviour::Unusable(code, decline_code) => {
            Err(refuse(ctx, intent, &method, code, decline_code))
        }
        Behaviour::Asks | Behaviour::AsksOnce if off_session => {
            Err(refuse(ctx, intent, &method, "authentication_required", Some("authentication_required")))
        }
        Behaviour::Asks | Behaviour::AsksOnce => Ok(ask(ctx, intent, return_url)),
        Behaviour::Takes { .. } => {
            intent["status"] = json!("processing");
            intent[DUE] = json!(ctx.now + BANK);
            let charge = charges::make(ctx, &intent, &method, None);
            intent["latest_charge"] = charge["id"].clone();
            ctx.put(&intent);
            emit(ctx, "charge.pending", &charge);
            emit(ctx, "payment_intent.processing", &intent);
            Ok(intent)
        }
    }
}

fn method_of(ctx: &Ctx<'_>, intent: &Value) -> Outcome {
    ctx.meant("payment_method", "PaymentMethod", "pm_", &text_of(intent, "payment_method"))
}

fn succeed(ctx: &mut Ctx<'_>, mut intent: Value, method: &Value) -> Value {
    let charge = charges::make(ctx, &intent, method, None);
    intent["latest_charge"] = charge["id"].clone();
    intent["next_action"] = Value::Null;
    intent[DUE] = Value::Null;
    keep_card(ctx, &intent, method);
    if intent["capture_method"] == "manual" {
        intent["status"] = json!("requires_capture");
        intent["amount_capturable"] = intent["amount"].clone();
        ctx.put(&intent);
        emit(ctx, "charge.succeeded", &charge);
        emit(ctx, "payment_intent.amount_capturable_updated", &intent);
    } else {
        intent["status"] = json!("succeeded");
        intent["amount_received"] = intent["amount"].clone();
        ctx.put(&intent);
        emit(ctx, "charge.succeeded", &charge);
        emit(ctx, "payment_intent.succeeded", &intent);
    }
    intent
}

/// A card that is to be kept belongs to the customer from now on; where it belongs to somebody, it stays.
fn keep_card(ctx: &mut Ctx<'_>, intent: &Value, method: &Value) {
    let kept = !intent["setup_future_usage"].is_null();
    if let (true, Some(customer), true) = (kept, intent["customer"].as_str(), method["customer"].is_null()) {
        let mut method = method.clone();
        method["_set_up"] = json!(true);
        // it belongs to nobody, so that it can be attached
        let _ = methods::keep(ctx, method, customer);
    }
}

fn refuse(
    ctx: &mut Ctx<'_>,
    mut intent: Value,
    method: &Value,
    code: &'static str,
    decline_code: Option<&'static str>,
) -> Fault {
    let fault = Fault::card(code, decline_code, cards::sentence(code, decline_code));
    let charge = charges::make(ctx, &intent, method, Some(&fault));
    let fault = fault.about("charge", charge["id"].clone()).about("payment_method", shown(method));
    intent["latest_charge"] = charge["id"].clone();
    intent["last_payment_error"] = fault.error();
    intent["payment_method"] = Value::Null;
    intent["status"] = json!("requires_payment_method");
    intent[DUE] = Value::Null;
    ctx.put(&intent);
    emit(ctx, "charge.failed", &charge);
    emit(ctx, "payment_intent.payment_failed", &intent);
    fault.about("payment_intent", shown(&intent))
}

fn ask(ctx: &mut Ctx<'_>, mut intent: Value, return_url: Option<&str>) -> Value {
    intent["status"] = json!("requires_action");
    intent["next_action"] = match return_url {
        Some(back) => {
            let account = if ctx.account.is_empty() { "platform" } else { &ctx.account };
            let url = format!("{}/authenticate/{account}/{}", ctx.pages, text_of(&intent, "id"));
            json!({"type": "redirect_to_url", "redirect_to_url": {"return_url": back, "url": url}})
        }
        None => json!({"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}),
    };
    ctx.put(&intent);
    emit(ctx, "payment_intent.requires_action", &intent);
    intent
}

/// The owner has answered: confirmed it, or not.
pub(in super::super) fn authenticated(ctx: &mut Ctx<'_>, id: &str, confirmed: bool) -> Outcome {
    let intent = ctx.named("payment_intent", "pi_", id)?;
    if intent["status"] != "requires_action" {
        return Err(Fault::state("payment_intent_unexpected_state", "There is nothing to confirm any more."));
    }
    let method = method_of(ctx, &intent)?;
    if confirmed {
        let intent = succeed(ctx, intent, &method);
        if let Some(session) = ctx.get(&text_of(&intent, "_session")).cloned() {
            checkouts::finish(ctx, session, &intent);
        }
        return Ok(intent);
    }
    let mut intent = intent;
    let message =
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.";
    let fault = Fault::state("payment_intent_authentication_failure", message);
    intent["last_payment_error"] = fault.about("payment_method", shown(&method)).error();
    intent["payment_method"] = Value::Null;
    intent["next_action"] = Value::Null;
    intent["status"] = json!("requires_payment_method");
    ctx.put(&intent);
    emit(ctx, "payment_intent.payment_failed", &intent);
    Ok(intent)
}

/// The bank has answered.
pub(in super::super) fn settle(ctx: &mut Ctx<'_>, mut intent: Value) {
    let Ok(method) = method_of(ctx, &intent) else { return };
    let works = !matches!(methods::behaviour(&method), Behaviour::Takes { works: false });
    intent[DUE] = Value::Null;
    if let Some(mut charge) = charges::latest(ctx, &intent) {
        charge["status"] = json!(if works { "succeeded" } else { "failed" });
        charge["paid"] = json!(works);
        if works {
            charge["captured"] = json!(true);
            charge["amount_captured"] = charge["amount"].clone();
            charge["balance_transaction"] = json!(ctx.id("txn"));
        } else {
            charge["failure_code"] = json!("insufficient_funds");
            charge["failure_message"] = json!("The customer's account has insufficient funds.");
        }
        ctx.put(&charge);
        emit(ctx, if works { "charge.succeeded" } else { "charge.failed" }, &charge);
    }
    if works {
        keep_card(ctx, &intent, &method);
        intent["status"] = json!("succeeded");
        intent["amount_received"] = intent["amount"].clone();
    } else {
        let fault = Fault::card("insufficient_funds", None, "The customer's account has insufficient funds.");
        intent["last_payment_error"] = fault.about("payment_method", shown(&method)).error();
        intent["payment_method"] = Value::Null;
        intent["status"] = json!("requires_payment_method");
    }
    ctx.put(&intent);
    emit(ctx, if works { "payment_intent.succeeded" } else { "payment_intent.payment_failed" }, &intent);
    checkouts::settled(ctx, &intent, works);
}
