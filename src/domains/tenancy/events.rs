//! Facts about tenants.

use ::entity::ids::UserId;
use ::entity::tenants;
use serde_json::json;

use crate::db::Event;

/// A business was made, with its owner, its look and its policies.
pub fn onboarded(tenant: &tenants::Model, owner: UserId) -> Event {
    Event {
        code: "TENANT_ONBOARDED",
        tenant: Some(tenant.id),
        aggregate_type: "tenants",
        aggregate_id: tenant.id.0,
        payload: json!({
            "tenant_id": tenant.id, "slug": tenant.slug, "name": tenant.name, "category": tenant.category,
            "timezone": tenant.tz, "currency": tenant.currency, "locale": tenant.locale, "owner_id": owner,
        }),
    }
}

/// Settings of a business were changed; `fields` names them as the wire does.
pub fn updated(tenant: &tenants::Model, fields: &[&'static str]) -> Event {
    Event {
        code: "TENANT_UPDATED",
        tenant: Some(tenant.id),
        aggregate_type: "tenants",
        aggregate_id: tenant.id.0,
        payload: json!({"tenant_id": tenant.id, "slug": tenant.slug, "fields": fields}),
    }
}
