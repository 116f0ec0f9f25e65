//! A person's own sessions: seen, and ended.

use ::entity::ids::{SessionId, UserId};
use ::entity::sessions::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::db::Scope;
use crate::error::ApiError;

/// The living sessions of a person, the newest first (ids are made of time), one more than `limit`.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(scope: &Scope, user: UserId, after: Option<SessionId>, limit: u64) -> Result<Vec<Model>, ApiError> {
    let mut query = living(scope, user);
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    Ok(query.order_by_desc(Column::Id).limit(limit + 1).all(scope).await?)
}

/// How many living sessions a person has.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count(scope: &Scope, user: UserId) -> Result<u64, ApiError> {
    Ok(living(scope, user).count(scope).await?)
}

fn living(scope: &Scope, user: UserId) -> Select<Entity> {
    Entity::find()
        .filter(Column::UserId.eq(user))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(scope.now()))
}

/// Ends a session of this person; false when there is none such. Its tokens hold no longer from the commit on.
///
/// # Errors
/// When the database cannot be asked.
pub async fn revoke(scope: &Scope, user: UserId, session: SessionId) -> Result<bool, ApiError> {
    let done = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(scope.now()))
        .filter(Column::UserId.eq(user))
        .filter(Column::Id.eq(session))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(scope.now()))
        .exec(scope)
        .await?;
    Ok(done.rows_affected == 1)
}
