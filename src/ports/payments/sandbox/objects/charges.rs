//! Charges: what an attempt to pay left behind.

use serde_json::{Value, json};

use super::super::ctx::{Ctx, text_of};
use super::super::fault::{Fault, Outcome};

/// A charge of an intent; `refusal` is why it failed.
pub(in super::super) fn make(ctx: &mut Ctx<'_>, intent: &Value, method: &Value, refusal: Option<&Fault>) -> Value {
    let id = ctx.id("ch");
    let error = refusal.map(Fault::error);
    let held = refusal.is_none() && intent["capture_method"] == "manual";
    let pending = refusal.is_none() && intent["status"] == "processing";
    let captured = refusal.is_none() && !held && !pending;
    let status = match (&error, pending) {
        (Some(_), _) => "failed",
        (None, true) => "pending",
        (None, false) => "succeeded",
    };
    let fee = if intent["application_fee_amount"].is_null() || !captured { None } else { Some(ctx.id("fee")) };
    let transaction = captured.then(|| ctx.id("txn"));
    let details = if method["type"] == "card" { card(method, &intent["amount"]) } else { bank(method) };
    let charge = json!({
        "id": id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": if captured { intent["amount"].clone() } else { json!(0) },
        "amount_refunded": 0,
        "application": null,
        "application_fee": fee,
        "application_fee_amount": intent["application_fee_amount"],
        "balance_transaction": transaction,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "SANDBOX",
        "captured": captured,
        "created": ctx.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": false,
        "failure_balance_transaction": null,
        "failure_code": error.as_ref().map(|error| error["code"].clone()),
        "failure_message": error.as_ref().map(|error| error["message"].clone()),
        "fraud_details": {},
        "livemode": false,
        "metadata": intent["metadata"],
        "on_behalf_of": null,
        "outcome": outcome(error.as_ref()),
        "paid": refusal.is_none() && !pending,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": details,
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": null,
        "receipt_url": null,
        "refunded": false,
        "review": null,
        "shipping": null,
        "source": null,
        "source_transfer": null,
        "statement_descriptor": null,
        "statement_descriptor_suffix": null,
        "status": status,
        "transfer_data": null,
        "transfer_group": null,
        "_fee_refunded": 0,
    });
    ctx.put(&charge);
    charge
}

fn outcome(error: Option<&Value>) -> Value {
    let reason = error.map(|error| error.get("decline_code").unwrap_or(&error["code"]).clone());
    let refused = error.is_some();
    json!({
        "advice_code": if refused { Some("try_again_later") } else { None },
        "network_advice_code": null,
        "network_decline_code": if refused { Some("01") } else { None },
        "network_status": if refused { "declined_by_network" } else { "approved_by_network" },
        "reason": reason,
        "risk_level": "normal",
        "risk_score": 12,
        "seller_message": if refused { "The bank did not return any further details with this decline." } else { "Payment complete." },
        "type": if refused { "issuer_declined" } else { "authorized" },
    })
}

fn card(method: &Value, amount: &Value) -> Value {
    let card = &method["card"];
    json!({
        "card": {
            "amount_authorized": amount,
            "authorization_code": null,
            "brand": card["brand"],
            "checks": card["checks"],
            "country": card["country"],
            "electronic_commerce_indicator": null,
            "exp_month": card["exp_month"],
            "exp_year": card["exp_year"],
            "extended_authorization": {"status": "disabled"},
            "fingerprint": card["fingerprint"],
            "funding": card["funding"],
            "incremental_authorization": {"status": "unavailable"},
            "installments": null,
            "last4": card["last4"],
            "mandate": null,
            "multicapture": {"status": "unavailable"},
            "network": card["brand"],
            "network_token": {"used": false},
            "network_transaction_id": null,
            "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
            "regulated_status": "unregulated",
            "three_d_secure": null,
            "transaction_link_id": null,
            "wallet": null,
        },
        "type": "card",
    })
}

fn bank(method: &Value) -> Value {
    let bank = &method["us_bank_account"];
    json!({
        "type": "us_bank_account",
        "us_bank_account": {
            "account_holder_type": bank["account_holder_type"], "account_type": bank["account_type"],
            "bank_name": bank["bank_name"], "fingerprint": bank["fingerprint"],
            "last4": bank["last4"], "payment_reference": null, "routing_number": bank["routing_number"],
        },
    })
}

/// The charge that counts of an intent.
pub(in super::super) fn latest(ctx: &Ctx<'_>, intent: &Value) -> Option<Value> {
    ctx.get(&text_of(intent, "latest_charge")).cloned()
}

pub(in super::super) fn find(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    ctx.named("charge", "ch_", id)
}

pub(in super::super) fn list(ctx: &mut Ctx<'_>) -> Outcome {
    let (customer, intent) = (ctx.text("customer"), ctx.text("payment_intent"));
    ctx.page("/v1/charges", "ch_", |charge| {
        customer.as_deref().is_none_or(|customer| charge["customer"] == customer)
            && intent.as_deref().is_none_or(|intent| charge["payment_intent"] == intent)
    })
}
