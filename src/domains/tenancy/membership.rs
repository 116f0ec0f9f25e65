//! A person's place in the business, for whoever must know what is their own.

use ::entity::ids::{MembershipId, UserId};
use ::entity::memberships::{Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use crate::db::Scope;
use crate::error::ApiError;

/// The membership of a person in the Scope's tenant.
///
/// # Errors
/// In a Scope without a tenant.
pub async fn membership_of(scope: &Scope, user: UserId) -> Result<Option<MembershipId>, ApiError> {
    let own = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(Column::UserId.eq(user));
    Ok(own.select_only().column(Column::Id).into_tuple().one(scope).await?)
}

/// How many people belong to the Scope's tenant.
///
/// # Errors
/// In a Scope without a tenant.
pub async fn members(scope: &Scope) -> Result<i64, ApiError> {
    let all = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).count(scope).await?;
    i64::try_from(all).map_err(ApiError::internal)
}
