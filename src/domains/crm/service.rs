//! The verbs on customers.

use ::entity::customers::{ActiveModel, Column, Entity, Model};
use ::entity::ids::CustomerId;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::dto::{Customer, CustomerCreate, CustomerUpdate};
use super::{events, rules};
use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::booking;
use crate::error::{ApiError, FieldError};
use crate::guard::{Email, IfMatch, Listing};

/// What a list of customers is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct CustomerFilter {
    /// As compared.
    pub email: Option<String>,
    pub q: Option<String>,
    pub updated_since: Option<DateTime<Utc>>,
}

impl Filter<Entity> for CustomerFilter {
    fn condition(&self) -> Condition {
        let searched = [Column::DisplayName, Column::Email, Column::Phone];
        Condition::all()
            .add_option(self.email.as_deref().map(|email| Column::EmailNormalized.eq(email)))
            .add_option(self.updated_since.map(|since| Column::UpdatedAt.gte(since)))
            .add_option(self.q.as_deref().map(|q| keyset::search(&searched, q)))
    }
}

/// A page of customers.
pub async fn list(
    scope: &Scope,
    walk: Walk<'_, Entity>,
    filter: &CustomerFilter,
) -> Result<Listing<Customer>, ApiError> {
    keyset::list(scope, walk, filter, Customer::from).await
}

/// One customer.
pub async fn get(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    row::find::<Entity>(scope, id).await
}

/// The id of a customer who is there.
///
/// # Errors
/// 404.
pub async fn known(scope: &Scope, id: Uuid) -> Result<CustomerId, ApiError> {
    Ok(row::find::<Entity>(scope, id).await?.id)
}

/// Holds a customer's row, whatever became of them: for whoever counts what is theirs.
///
/// # Errors
/// When the database cannot answer.
pub async fn hold_quietly(scope: &Scope, id: CustomerId) -> Result<(), ApiError> {
    let own = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(Column::Id.eq(id));
    own.lock_exclusive().one(scope).await?;
    Ok(())
}

/// Whether a customer ever came to an appointment.
///
/// # Errors
/// When the database cannot answer.
pub async fn has_come(scope: &Scope, customer: CustomerId) -> Result<bool, ApiError> {
    booking::has_come(scope, customer).await
}

/// A customer about whom something is to be written, locked.
///
/// # Errors
/// 404; 409 when they were made unknown; 412 when somebody changed them meanwhile.
pub async fn hold(scope: &Scope, id: Uuid, seen: &IfMatch) -> Result<Model, ApiError> {
    let customer = row::lock::<Entity>(scope, id, seen).await?;
    rules::may_be_written(customer.pseudonymized_at)?;
    Ok(customer)
}

/// Makes a customer. Whether the address is free is the constraint's answer.
pub async fn create(scope: &Scope, new: CustomerCreate) -> Result<Model, ApiError> {
    let mut customer = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(CustomerId(scope.new_id())),
        is_first_time: Set(true),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
        ..Default::default()
    };
    write(&mut customer, new)?;
    let customer = customer.insert(scope).await?;
    scope.emit(events::created(customer.id));
    Ok(customer)
}

/// Replaces what a caller can write.
pub async fn replace(scope: &Scope, id: Uuid, seen: &IfMatch, new: CustomerCreate) -> Result<Model, ApiError> {
    let mut customer = hold(scope, id, seen).await?.into_active_model();
    write(&mut customer, new)?;
    save(scope, customer).await
}

/// Changes what the caller named.
pub async fn update(scope: &Scope, id: Uuid, seen: &IfMatch, change: CustomerUpdate) -> Result<Model, ApiError> {
    let old = hold(scope, id, seen).await?;
    let mut customer = old.clone().into_active_model();
    if let Some(email) = change.email.into_option() {
        address(&mut customer, email)?;
    }
    customer.display_name = Set(change.display_name.map_or(old.display_name, Into::into));
    customer.phone = Set(change.phone.map(Into::into).over(old.phone));
    customer.marketing_opt_in = Set(change.marketing_opt_in.unwrap_or(old.marketing_opt_in));
    customer.notification_preferences =
        Set(change.notification_preferences.map_or(old.notification_preferences, |channels| json!(channels)));
    save(scope, customer).await
}

/// Takes a customer off the list and out of every line; the address is free again, their bookings stay. Refused while
/// some are ahead.
pub async fn delete(scope: &Scope, id: Uuid, seen: &IfMatch) -> Result<(), ApiError> {
    let customer = row::lock::<Entity>(scope, id, seen).await?;
    // whoever is booking for them right now holds the row, or waits for it and is refused
    rules::may_leave(booking::ahead(scope, customer.id).await?)?;
    booking::leave_lines(scope, customer.id).await?;
    let mut customer = customer.into_active_model();
    customer.deleted_at = Set(Some(scope.now()));
    customer.updated_at = Set(scope.now());
    let customer = customer.update(scope).await?;
    scope.emit(events::deleted(customer.id));
    Ok(())
}

async fn save(scope: &Scope, mut customer: ActiveModel) -> Result<Model, ApiError> {
    customer.updated_at = Set(scope.now());
    let customer = customer.update(scope).await?;
    scope.emit(events::updated(customer.id));
    Ok(customer)
}

fn write(customer: &mut ActiveModel, new: CustomerCreate) -> Result<(), ApiError> {
    address(customer, Some(new.email))?;
    customer.display_name = Set(new.display_name.into());
    customer.phone = Set(new.phone.map(Into::into));
    customer.marketing_opt_in = Set(new.marketing_opt_in);
    customer.notification_preferences = Set(json!(new.notification_preferences));
    Ok(())
}

fn address(customer: &mut ActiveModel, email: Option<Email>) -> Result<(), ApiError> {
    let comparable = email.as_deref().map(|email| rules::comparable(email, "#/email")).transpose().map_err(refuse)?;
    customer.email = Set(email.map(Into::into));
    customer.email_normalized = Set(comparable);
    Ok(())
}

fn refuse(fault: FieldError) -> ApiError {
    ApiError::validation(vec![fault])
}
