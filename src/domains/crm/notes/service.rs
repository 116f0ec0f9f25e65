//! The verbs on notes.

use ::entity::customer_notes::{ActiveModel, Column, Entity, Model};
use ::entity::ids::{CustomerId, CustomerNoteId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter};
use uuid::Uuid;

use super::dto::{CustomerNote, CustomerNoteWrite};
use super::events;
use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::crm::service as customers;
use crate::domains::identity::Person;
use crate::domains::identity::permission::NoteManage;
use crate::error::{ApiError, Code};
use crate::guard::{IfMatch, Listing};

/// Whose notes a list shows.
#[derive(Debug)]
struct About(CustomerId);

impl Filter<Entity> for About {
    fn condition(&self) -> Condition {
        Condition::all().add(Column::CustomerId.eq(self.0))
    }
}

/// A page of a customer's notes.
pub async fn list(scope: &Scope, walk: Walk<'_, Entity>, customer: Uuid) -> Result<Listing<CustomerNote>, ApiError> {
    let about = About(customers::known(scope, customer).await?);
    keyset::list(scope, walk, &about, CustomerNote::from).await
}

/// One note of a customer.
pub async fn get(scope: &Scope, customer: Uuid, id: Uuid) -> Result<Model, ApiError> {
    let customer = customers::known(scope, customer).await?;
    of(customer, row::find::<Entity>(scope, id).await?)
}

/// Writes something down. The customer is locked: nobody is made unknown while something is noted of them.
pub async fn add(scope: &Scope, by: &Person, customer: Uuid, new: CustomerNoteWrite) -> Result<Model, ApiError> {
    let note = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(CustomerNoteId(scope.new_id())),
        customer_id: Set(customers::hold(scope, customer, &IfMatch::default()).await?.id),
        content: Set(new.content.into()),
        created_by: Set(by.user),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let note = note.insert(scope).await?;
    scope.emit(events::added(&note));
    Ok(note)
}

/// Which note of which customer, and who asks for it.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub by: &'a Person,
    pub customer: Uuid,
    pub note: Uuid,
}

/// Writes it anew.
pub async fn replace(
    scope: &Scope,
    asked: Asked<'_>,
    seen: &IfMatch,
    new: CustomerNoteWrite,
) -> Result<Model, ApiError> {
    let mut note = lock(scope, asked, seen).await?.into_active_model();
    note.content = Set(new.content.into());
    note.updated_at = Set(scope.now());
    let note = note.update(scope).await?;
    scope.emit(events::updated(&note));
    Ok(note)
}

/// Strikes it out; nothing of it stays.
pub async fn delete(scope: &Scope, asked: Asked<'_>, seen: &IfMatch) -> Result<(), ApiError> {
    let note = lock(scope, asked, seen).await?;
    scope.emit(events::deleted(&note));
    note.delete(scope).await?;
    Ok(())
}

/// Strikes out all that was noted of a customer.
pub(in crate::domains::crm) async fn forget(scope: &Scope, customer: CustomerId) -> Result<(), ApiError> {
    let notes = Entity::delete_many().filter(Column::TenantId.eq(scope.tenant()?));
    notes.filter(Column::CustomerId.eq(customer)).exec(scope).await?;
    Ok(())
}

/// The note, if it is this customer's and the caller may change it.
async fn lock(scope: &Scope, asked: Asked<'_>, seen: &IfMatch) -> Result<Model, ApiError> {
    let customer = customers::known(scope, asked.customer).await?;
    let note = of(customer, row::lock::<Entity>(scope, asked.note, &IfMatch::default()).await?)?;
    if note.created_by != asked.by.user && !asked.by.may::<NoteManage>() {
        let detail = "Somebody else wrote this note; to change it needs the permission note.manage.";
        return Err(ApiError::new(Code::AuthForbidden, detail));
    }
    seen.check(&row::tag::<Entity>(&note))?;
    Ok(note)
}

/// Somebody else's note is not there.
fn of(customer: CustomerId, note: Model) -> Result<Model, ApiError> {
    if note.customer_id == customer { Ok(note) } else { Err(ApiError::of(Code::NoteNotFound)) }
}
