//! Rows that are found by their id: by whom they belong to, whether they still count, and whether they are
//! as the caller saw them.
//!
//! Another tenant's row and a deleted one are missing in the same words as one that never was.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use uuid::Uuid;

use super::Scope;
use crate::error::{ApiError, Code};
use crate::guard::{ETag, IfMatch};

/// A table of a tenant whose rows have an id.
pub trait Row: EntityTrait {
    const TENANT: Self::Column;
    const ID: Self::Column;
    /// Set when the row is deleted; `None` where rows are really removed.
    const DELETED_AT: Option<Self::Column>;
    /// Says that there is no such row.
    const MISSING: Code;

    /// When it was changed last.
    fn updated_at(model: &Self::Model) -> DateTime<Utc>;
}

/// The tenant's rows that are not deleted.
///
/// # Errors
/// In a Scope without a tenant.
pub fn live<E: Row>(scope: &Scope) -> Result<Select<E>, ApiError> {
    let rows = E::find().filter(E::TENANT.eq(scope.tenant()?));
    Ok(match E::DELETED_AT {
        Some(deleted_at) => rows.filter(deleted_at.is_null()),
        None => rows,
    })
}

/// One row.
///
/// # Errors
/// [`Row::MISSING`].
pub async fn find<E: Row>(scope: &Scope, id: Uuid) -> Result<E::Model, ApiError> {
    let row = live::<E>(scope)?.filter(E::ID.eq(id)).one(scope).await?;
    row.ok_or_else(|| ApiError::of(E::MISSING))
}

/// One row, locked until the transaction ends, if it is the one that the caller saw.
///
/// # Errors
/// [`Row::MISSING`]; 412 when somebody changed it meanwhile.
pub async fn lock<E: Row>(scope: &Scope, id: Uuid, seen: &IfMatch) -> Result<E::Model, ApiError> {
    let row = live::<E>(scope)?.filter(E::ID.eq(id)).lock_exclusive().one(scope).await?;
    let row = row.ok_or_else(|| ApiError::of(E::MISSING))?;
    seen.check(&tag::<E>(&row))?;
    Ok(row)
}

/// The tag of a row's present state.
pub fn tag<E: Row>(model: &E::Model) -> ETag {
    ETag::from_updated_at(E::updated_at(model))
}
