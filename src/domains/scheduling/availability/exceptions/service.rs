//! The verbs on exceptions.

use ::entity::availability_exceptions::{ActiveModel, Column, Entity, Model};
use ::entity::ids::{AvailabilityExceptionId, ResourceId};
use chrono::NaiveDate;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, ModelTrait};
use uuid::Uuid;

use super::dto::{AvailabilityException, AvailabilityExceptionCreate};
use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::catalogue;
use crate::domains::scheduling::availability::{events, wall};
use crate::error::ApiError;
use crate::guard::{IfMatch, Listing};

/// What a list of exceptions is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct ExceptionFilter {
    pub resource_id: Option<Uuid>,
    /// Both included.
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
}

impl Filter<Entity> for ExceptionFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(self.resource_id.map(|id| Column::ResourceId.eq(id)))
            .add_option(self.start_date.map(|first| Column::ExceptionDate.gte(first)))
            .add_option(self.end_date.map(|last| Column::ExceptionDate.lte(last)))
    }
}

/// A page of exceptions.
pub async fn list(
    scope: &Scope,
    walk: Walk<'_, Entity>,
    filter: &ExceptionFilter,
) -> Result<Listing<AvailabilityException>, ApiError> {
    keyset::list(scope, walk, filter, AvailabilityException::from).await
}

/// One exception.
pub async fn get(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    row::find::<Entity>(scope, id).await
}

/// Makes a date differ.
pub async fn create(scope: &Scope, new: AvailabilityExceptionCreate) -> Result<Model, ApiError> {
    let times = match (&new.start_time, &new.end_time) {
        (Some(start), Some(end)) => {
            Some(wall::window(start, end, "#").map_err(|fault| ApiError::validation(vec![fault]))?)
        }
        (None, None) => None,
        (Some(_), None) => return Err(ApiError::field("#/end_time", "required", "A start needs an end.")),
        (None, Some(_)) => return Err(ApiError::field("#/start_time", "required", "An end needs a start.")),
    };
    if let Some(resource) = new.resource_id {
        catalogue::hold_resource(scope, resource, "#/resource_id").await?;
    }
    let exception = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(AvailabilityExceptionId(scope.new_id())),
        resource_id: Set(new.resource_id.map(ResourceId)),
        exception_date: Set(new.exception_date.into()),
        is_available: Set(new.is_available),
        starts: Set(times.map(|(starts, _)| starts)),
        ends: Set(times.map(|(_, ends)| ends)),
        reason: Set(new.reason.map(Into::into)),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let exception = exception.insert(scope).await?;
    tell(scope, &exception);
    Ok(exception)
}

/// Makes a date ordinary again.
pub async fn delete(scope: &Scope, id: Uuid, seen: &IfMatch) -> Result<(), ApiError> {
    let exception = row::lock::<Entity>(scope, id, seen).await?;
    tell(scope, &exception);
    exception.delete(scope).await?;
    Ok(())
}

fn tell(scope: &Scope, exception: &Model) {
    let resource = exception.resource_id.map(Into::into);
    scope.emit(events::date_changed(exception.id.0, resource, exception.exception_date));
}
