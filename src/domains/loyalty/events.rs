//! What the outbox is told about points.

use ::entity::ids::BookingId;
use ::entity::loyalty_accounts::Model;
use serde_json::json;

use crate::db::Event;

/// `LOYALTY_POINTS_EARNED`, with the account as it is after it.
pub fn earned(account: &Model, points: i64, booking: Option<BookingId>) -> Event {
    let mut told = event("LOYALTY_POINTS_EARNED", account, points);
    told.payload["booking_id"] = json!(booking);
    told
}

/// `LOYALTY_POINTS_REDEEMED`, with the account as it is after it.
pub fn redeemed(account: &Model, points: i64) -> Event {
    event("LOYALTY_POINTS_REDEEMED", account, points)
}

fn event(code: &'static str, account: &Model, points: i64) -> Event {
    let payload = json!({
        "loyalty_account_id": account.id, "customer_id": account.customer_id, "points": points,
        "points_balance": account.points_balance, "tier": account.tier,
    });
    Event { code, tenant: None, aggregate_type: "loyalty_accounts", aggregate_id: account.id.0, payload }
}
