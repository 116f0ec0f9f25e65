//! Many services changed at once, each as one is.

use ::entity::services::{Entity, Model};
use serde_json::json;
use uuid::Uuid;

use super::dto::{ServiceBulkFields, ServiceBulkUpdate};
use super::rules;
use crate::db::{Scope, row};
use crate::domains::audit::{self, Note};
use crate::domains::catalogue::services::dto::ServiceUpdate;
use crate::domains::catalogue::services::service::change_held;
use crate::domains::impact::Ask;
use crate::error::{ApiError, Code};

/// Changes all of them; answers how many.
///
/// # Errors
/// 400 for a change of nothing; 404 with all services that are not there; 422 with the first that may not be so; 409
/// with the first that has bookings to come and would become inactive.
pub async fn bulk_update(scope: &Scope, wanted: &ServiceBulkUpdate, ask: Ask) -> Result<u32, ApiError> {
    let percent = percent(&wanted.update_fields)?;
    let mut held = row::lock_all::<Entity>(scope, &wanted.service_ids, "service_ids").await?;
    for (at, id) in wanted.service_ids.iter().enumerate() {
        let Some(service) = held.remove(id) else { continue };
        let change = change(&wanted.update_fields, &service, percent).map_err(|refusal| about(refusal, at, *id))?;
        change_held(scope, service, change, ask).await.map_err(|refusal| about(refusal, at, *id))?;
    }
    let data = json!({ "bulk_id": scope.new_id(), "service_count": wanted.service_ids.len() });
    let note = Note { table: "services", operation: "BULK_UPDATE", data };
    audit::note_each(scope, note, wanted.service_ids.iter().copied()).await?;
    u32::try_from(wanted.service_ids.len()).map_err(ApiError::internal)
}

/// The change of the price in hundredths of a per cent. Also refuses what would change nothing.
fn percent(fields: &ServiceBulkFields) -> Result<Option<i32>, ApiError> {
    let set = [
        fields.active.is_some(),
        !fields.category.is_keep(),
        fields.price_cents.is_some(),
        fields.price_change_percent.is_some(),
        fields.buffer_before_min.is_some(),
        fields.buffer_after_min.is_some(),
        !fields.interval_min.is_keep(),
        fields.notice_min.is_some(),
        !fields.horizon_days.is_keep(),
        fields.requires_confirmation.is_some(),
    ];
    if !set.contains(&true) {
        return Err(ApiError::field("#/update_fields", "too_few", "Say what is to change."));
    }
    if fields.price_cents.is_some() && fields.price_change_percent.is_some() {
        let at = "#/update_fields/price_change_percent";
        return Err(ApiError::field(at, "conflict", "Give price_cents or price_change_percent, not both."));
    }
    let percent = fields.price_change_percent.map(rules::hundredths);
    percent.transpose().map_err(|fault| ApiError::validation(vec![fault]))
}

/// What is to change of this one.
fn change(fields: &ServiceBulkFields, service: &Model, percent: Option<i32>) -> Result<ServiceUpdate, ApiError> {
    let price_cents = match percent {
        Some(percent) => {
            let price = rules::changed(service.price_cents, percent);
            Some(price.ok_or_else(|| ApiError::new(Code::RuleViolation, "No service may cost so much."))?)
        }
        None => fields.price_cents,
    };
    Ok(ServiceUpdate {
        active: fields.active,
        category: fields.category.clone(),
        price_cents,
        buffer_before_min: fields.buffer_before_min,
        buffer_after_min: fields.buffer_after_min,
        interval_min: fields.interval_min,
        notice_min: fields.notice_min,
        horizon_days: fields.horizon_days,
        requires_confirmation: fields.requires_confirmation,
        ..ServiceUpdate::default()
    })
}

/// A refusal of one of many says which. The form of the change is right: what this service makes of it breaks a rule.
fn about(refusal: ApiError, at: usize, id: Uuid) -> ApiError {
    if refusal.is_ours() {
        return refusal;
    }
    let at = format!("#/service_ids/{at}");
    if refusal.code() != Code::ValidationError {
        let detail = refusal.detail().to_owned();
        return refusal.with_field(at, "refused", detail).with("service_id", id.to_string());
    }
    let detail = refusal.errors().first().map_or_else(|| refusal.detail().to_owned(), |error| error.detail.clone());
    ApiError::new(Code::RuleViolation, detail.clone()).with_field(at, "rule", detail).with("service_id", id.to_string())
}
