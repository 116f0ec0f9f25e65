//! What the outbox is told about referrals.

use ::entity::referrals::Model;
use serde_json::json;
use uuid::Uuid;

use crate::db::Event;

/// `REFERRAL_CLAIMED`: with a first booking.
pub fn claimed(row: &Model) -> Event {
    event("REFERRAL_CLAIMED", row)
}

/// `REFERRAL_REWARDED`: with the coupons that were made for it, if any.
pub fn rewarded(row: &Model, coupons: &[Uuid]) -> Event {
    let mut told = event("REFERRAL_REWARDED", row);
    told.payload["coupon_ids"] = json!(coupons);
    told
}

fn event(code: &'static str, row: &Model) -> Event {
    let payload = json!({
        "referral_id": row.id, "referrer_customer_id": row.referrer_customer_id,
        "referee_customer_id": row.referee_customer_id, "booking_id": row.booking_id, "reward": row.reward,
        "referrer_reward": row.referrer_reward, "referee_reward": row.referee_reward,
    });
    Event { code, tenant: None, aggregate_type: "referrals", aggregate_id: row.id.0, payload }
}
