//! Refunds: never more than is left of a charge (S12), the platform's share back in proportion (S13).

use serde_json::{Value, json};

use super::super::ctx::{Ctx, text_of};
use super::super::events::emit;
use super::super::fault::{Fault, Outcome};
use super::charges;

pub(in super::super) fn create(ctx: &mut Ctx<'_>) -> Outcome {
    let (charge, intent) = match (ctx.text("charge"), ctx.text("payment_intent")) {
        (Some(id), None) => (ctx.meant("charge", "charge", "ch_", &id)?, Value::Null),
        (None, Some(id)) => {
            let intent = ctx.meant("payment_intent", "payment_intent", "pi_", &id)?;
            let charge = charges::latest(ctx, &intent).filter(|charge| charge["captured"] == true);
            let message = format!("This PaymentIntent ({id}) does not have a successful charge to refund.");
            (charge.ok_or_else(|| Fault::invalid("payment_intent", message))?, intent)
        }
        _ => return Err(Fault::invalid("", "Give one of charge and payment_intent.")),
    };
    let (captured, back) = (number(&charge, "amount_captured"), returned(ctx, &charge));
    if charge["disputed"] == true {
        return Err(Fault::state("charge_disputed", "This charge has been charged back."));
    }
    let left = captured - back;
    if left <= 0 {
        let message = format!("Charge {} has already been refunded.", text_of(&charge, "id"));
        return Err(Fault::state("charge_already_refunded", message));
    }
    let amount = ctx.integer("amount")?.unwrap_or(left);
    if amount < 1 {
        return Err(Fault::coded("parameter_invalid_integer", "amount", "Invalid positive integer."));
    }
    if amount > left {
        let message = format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})");
        return Err(Fault::invalid("amount", message));
    }
    let takes_time = charge["payment_method_details"]["type"] != "card";
    let refund = object(ctx, &charge, &intent, amount, if takes_time { "pending" } else { "succeeded" });
    ctx.put(&refund);
    emit(ctx, "refund.created", &refund);
    count(ctx, charge, ctx.form.flag("refund_application_fee"), amount);
    Ok(refund)
}

fn object(ctx: &mut Ctx<'_>, charge: &Value, intent: &Value, amount: i64, status: &str) -> Value {
    let (id, transaction) = (ctx.id("re"), ctx.id("txn"));
    let intent = if intent.is_null() { charge["payment_intent"].clone() } else { intent["id"].clone() };
    json!({
        "id": id,
        "object": "refund",
        "amount": amount,
        "balance_transaction": transaction,
        "charge": charge["id"],
        "created": ctx.now,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": null,
        "destination_details": {"card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"}, "type": "card"},
        "metadata": ctx.metadata(),
        "payment_intent": intent,
        "payment_method": charge["payment_method"],
        "reason": ctx.text("reason"),
        "receipt_number": null,
        "source_transfer_reversal": null,
        "status": status,
        "transfer_reversal": null,
    })
}

fn number(object: &Value, field: &str) -> i64 {
    object[field].as_i64().unwrap_or_default()
}

/// What has gone back, or is on its way, of what was captured.
fn returned(ctx: &Ctx<'_>, charge: &Value) -> i64 {
    let all = ctx.store.list(&ctx.account, "re_").into_iter();
    let of = all.filter(|refund| refund["charge"] == charge["id"]);
    of.filter(|refund| refund["status"] != "failed" && refund["status"] != "canceled")
        .map(|refund| number(refund, "amount"))
        .sum()
}

/// Brings the charge up to its refunds.
fn count(ctx: &mut Ctx<'_>, mut charge: Value, with_fee: bool, amount: i64) {
    let captured = number(&charge, "amount_captured");
    let back = returned(ctx, &charge);
    let released = number(&charge, "amount") - captured;
    charge["amount_refunded"] = json!(back + released);
    charge["refunded"] = json!(back >= captured);
    if with_fee && captured > 0 {
        let share = number(&charge, "application_fee_amount") * amount / captured;
        charge["_fee_refunded"] = json!(number(&charge, "_fee_refunded") + share);
    }
    ctx.put(&charge);
    emit(ctx, "charge.refunded", &charge);
}

/// The bank sends a refund back: its amount can be refunded again.
pub(in super::super) fn fail(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let mut refund = ctx.named("refund", "re_", id)?;
    if refund["status"] == "failed" {
        return Ok(refund);
    }
    refund["status"] = json!("failed");
    refund["failure_reason"] = json!("expired_or_canceled_card");
    refund["failure_balance_transaction"] = json!(ctx.id("txn"));
    ctx.put(&refund);
    emit(ctx, "refund.updated", &refund);
    emit(ctx, "refund.failed", &refund);
    if let Some(mut charge) = ctx.get(&text_of(&refund, "charge")).cloned() {
        let back = returned(ctx, &charge);
        charge["amount_refunded"] = json!(back);
        charge["refunded"] = json!(false);
        ctx.put(&charge);
    }
    Ok(refund)
}

/// One that took time has arrived.
pub(in super::super) fn arrive(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let mut refund = ctx.named("refund", "re_", id)?;
    if refund["status"] == "pending" {
        refund["status"] = json!("succeeded");
        ctx.put(&refund);
        emit(ctx, "refund.updated", &refund);
    }
    Ok(refund)
}

pub(in super::super) fn find(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    ctx.named("refund", "re_", id)
}

pub(in super::super) fn list(ctx: &mut Ctx<'_>) -> Outcome {
    let (charge, intent) = (ctx.text("charge"), ctx.text("payment_intent"));
    ctx.page("/v1/refunds", "re_", |refund| {
        charge.as_deref().is_none_or(|charge| refund["charge"] == charge)
            && intent.as_deref().is_none_or(|intent| refund["payment_intent"] == intent)
    })
}
