//! Makes a customer unknown: what says who they are goes, what they booked and paid stays for the statistics.
//!
//! The audit log needs no visit: it was never told what is erased here. An answer that was stored for a repeat of a
//! request may still hold it, until it expires within a day.

use ::entity::customers::{Column, Entity, Model};
use ::entity::ids::CustomerId;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::dto::CustomerChannels;
use super::{events, notes, rules, segments};
use crate::db::Scope;
use crate::domains::{booking, payments, promotions};
use crate::error::{ApiError, Code};

/// Every way off.
const SILENT: CustomerChannels = CustomerChannels { email: false, sms: false, push: false };

/// Makes a customer unknown, a deleted one too: a deleted row still says who it was. Done once; a repeat finds it done.
///
/// # Errors
/// 404; 409 while bookings are ahead.
pub async fn pseudonymize(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    let found = Entity::find()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::Id.eq(CustomerId(id)))
        .lock_exclusive()
        .one(scope)
        .await?;
    let customer = found.ok_or_else(|| ApiError::of(Code::CustomerNotFound))?;
    if customer.pseudonymized_at.is_some() {
        return Ok(customer);
    }
    rules::may_leave(booking::ahead(scope, customer.id).await?)?;
    booking::forget_words(scope, customer.id).await?;
    promotions::forget_words(scope, customer.id).await?;
    payments::forget(scope, customer.id).await?;
    notes::forget(scope, customer.id).await?;
    segments::forget(scope, customer.id).await?;
    let name = rules::pseudonym(customer.id);
    let mut customer = customer.into_active_model();
    customer.display_name = Set(name);
    customer.email = Set(None);
    customer.email_normalized = Set(None);
    customer.phone = Set(None);
    customer.marketing_opt_in = Set(false);
    customer.notification_preferences = Set(json!(SILENT));
    customer.pseudonymized_at = Set(Some(scope.now()));
    customer.updated_at = Set(scope.now());
    let customer = customer.update(scope).await?;
    scope.emit(events::pseudonymized(customer.id));
    Ok(customer)
}
