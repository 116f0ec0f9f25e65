//! What the outbox is told about memberships.

use ::entity::customer_memberships::Model;
use ::entity::membership_plans;
use serde_json::json;

use crate::db::Event;
use crate::guard::Timestamp;

/// `MEMBERSHIP_PLAN_CREATED`
pub fn plan_created(row: &membership_plans::Model) -> Event {
    plan("MEMBERSHIP_PLAN_CREATED", row)
}

/// `MEMBERSHIP_PLAN_UPDATED`
pub fn plan_updated(row: &membership_plans::Model) -> Event {
    plan("MEMBERSHIP_PLAN_UPDATED", row)
}

/// `MEMBERSHIP_PLAN_DELETED`
pub fn plan_deleted(row: &membership_plans::Model) -> Event {
    plan("MEMBERSHIP_PLAN_DELETED", row)
}

/// `MEMBERSHIP_CREATED`: its first period waits to be paid.
pub fn created(row: &Model) -> Event {
    event("MEMBERSHIP_CREATED", row)
}

/// `MEMBERSHIP_BEGUN`
pub fn begun(row: &Model) -> Event {
    event("MEMBERSHIP_BEGUN", row)
}

/// `MEMBERSHIP_RENEWED`: its next period has begun and waits to be paid.
pub fn renewed(row: &Model) -> Event {
    event("MEMBERSHIP_RENEWED", row)
}

/// `MEMBERSHIP_PAUSED`
pub fn paused(row: &Model) -> Event {
    event("MEMBERSHIP_PAUSED", row)
}

/// `MEMBERSHIP_RESUMED`
pub fn resumed(row: &Model) -> Event {
    event("MEMBERSHIP_RESUMED", row)
}

/// `MEMBERSHIP_CANCELED`: it ends with its period.
pub fn canceled(row: &Model) -> Event {
    event("MEMBERSHIP_CANCELED", row)
}

/// `MEMBERSHIP_ENDED`
pub fn ended(row: &Model) -> Event {
    event("MEMBERSHIP_ENDED", row)
}

fn event(code: &'static str, row: &Model) -> Event {
    let payload = json!({
        "membership_id": row.id, "customer_id": row.customer_id, "plan_id": row.plan_id, "status": row.status,
        "period": row.period, "period_ends": row.period_ends.map(Timestamp::new),
    });
    Event { code, tenant: None, aggregate_type: "customer_memberships", aggregate_id: row.id.0, payload }
}

fn plan(code: &'static str, row: &membership_plans::Model) -> Event {
    let payload = json!({
        "plan_id": row.id, "name": row.name, "grants": row.grants, "quantity": row.quantity,
        "price_cents": row.price_cents, "currency": row.currency, "active": row.active,
    });
    Event { code, tenant: None, aggregate_type: "membership_plans", aggregate_id: row.id.0, payload }
}
