//! What the outbox is told about hours.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use crate::db::Event;

/// `STAFF_AVAILABILITY_UPDATED`: the weekly hours of a resource are others.
pub fn hours_changed(resource: Uuid) -> Event {
    let payload = json!({"resource_id": resource});
    Event {
        code: "STAFF_AVAILABILITY_UPDATED",
        tenant: None,
        aggregate_type: "resources",
        aggregate_id: resource,
        payload,
    }
}

/// `STAFF_AVAILABILITY_UPDATED`: a date differs, or each until another, for a resource or (null) for the whole business.
pub fn date_changed(exception: Uuid, resource: Option<Uuid>, date: NaiveDate, until: Option<NaiveDate>) -> Event {
    let payload = json!({
        "resource_id": resource, "exception_id": exception, "exception_date": date, "until_date": until,
    });
    Event {
        code: "STAFF_AVAILABILITY_UPDATED",
        tenant: None,
        aggregate_type: "availability_exceptions",
        aggregate_id: exception,
        payload,
    }
}
