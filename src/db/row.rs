//! Rows that are found by their id: by whom they belong to, whether they still count, and whether they are
//! as the caller saw them.
//!
//! Another tenant's row and a deleted one are missing in the same words as one that never was.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, ModelTrait, QueryFilter, QueryOrder, QuerySelect, Select, Value};
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

/// All rows that a list in a body names, by their ids, locked until the transaction ends: in one order whoever asks, so
/// that two decisions wait for each other and do not get stuck.
///
/// # Errors
/// As [`all_there`].
pub async fn lock_all<E: Row>(scope: &Scope, ids: &[Uuid], list: &str) -> Result<HashMap<Uuid, E::Model>, ApiError> {
    let rows = live::<E>(scope)?.filter(E::ID.is_in(ids.iter().copied()));
    let rows = rows.order_by_asc(E::ID).lock_exclusive().all(scope).await?;
    let own = |row: E::Model| match row.get(E::ID) {
        Value::Uuid(Some(id)) => Some((id, row)),
        _ => None,
    };
    let found: HashMap<Uuid, E::Model> = rows.into_iter().filter_map(own).collect();
    all_there::<E>(ids, list, |id| found.contains_key(id))?;
    Ok(found)
}

/// Names every member of a list in a body of which there is no row.
///
/// # Errors
/// [`Row::MISSING`] with a pointer to each of them.
pub fn all_there<E: Row>(ids: &[Uuid], list: &str, there: impl Fn(&Uuid) -> bool) -> Result<(), ApiError> {
    let missing = ids.iter().enumerate().filter(|(_, id)| !there(id));
    let refusal = missing.fold(None, |refusal: Option<ApiError>, (at, _)| {
        let refusal = refusal.unwrap_or_else(|| ApiError::of(E::MISSING));
        Some(refusal.with_field(format!("#/{list}/{at}"), "not_found", format!("{}.", E::MISSING.title())))
    });
    refusal.map_or(Ok(()), Err)
}

/// The tag of a row's present state.
pub fn tag<E: Row>(model: &E::Model) -> ETag {
    ETag::from_updated_at(E::updated_at(model))
}
