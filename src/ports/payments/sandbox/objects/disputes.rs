//! Disputes: a payer's bank takes the money back. Only the control route begins one.

use serde_json::json;

use super::super::ctx::Ctx;
use super::super::events::emit;
use super::super::fault::Outcome;

pub(in super::super) fn open(ctx: &mut Ctx<'_>, charge: &str) -> Outcome {
    let mut charge = ctx.named("charge", "ch_", charge)?;
    let id = ctx.id("dp");
    let dispute = json!({
        "id": id,
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": ctx.now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {"enhanced_evidence": {}},
        "evidence_details": {"due_by": ctx.now + 7 * 24 * 3600, "enhanced_eligibility": {}, "has_evidence": false, "past_due": false, "submission_count": 0},
        "is_charge_refundable": false,
        "livemode": false,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": "fraudulent",
        "status": "needs_response",
    });
    charge["disputed"] = json!(true);
    ctx.put(&charge);
    ctx.put(&dispute);
    emit(ctx, "charge.dispute.created", &dispute);
    Ok(dispute)
}
