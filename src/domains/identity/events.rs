//! Facts about accounts. An account belongs to no tenant, so they stand in the platform's own.

use ::entity::ids::{TenantId, UserId};
use serde_json::json;

use crate::db::Event;

/// Somebody made an account.
pub fn user_created(home: TenantId, user: UserId) -> Event {
    Event {
        code: "USER_CREATED",
        tenant: Some(home),
        aggregate_type: "users",
        aggregate_id: user.0,
        payload: json!({ "user_id": user }),
    }
}
