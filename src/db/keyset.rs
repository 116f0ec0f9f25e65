//! Lists by key: a page begins after the last row of the page before, never after a number of rows.
//!
//! What must stay true: the order is (sort column, id), so that it is total and equal keys are neither
//! skipped nor shown twice; sort columns are never null; a cursor is bound to its tenant, list, order and
//! filters. Rows that come or go while somebody walks shift nothing.

use std::fmt::Debug;

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::types::{ParseFromJSON, ToJSON};
use sea_orm::sea_query::extension::postgres::PgExpr;
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef};
use sea_orm::{
    ColumnTrait, Condition, FromQueryResult, ModelTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select, Value,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Scope;
use super::row::{self, Row};
use crate::error::ApiError;
use crate::guard::{Binding, CursorKey, Listing, Page, Sort, Sortable};

/// What a list is narrowed by. Its `Debug` text is part of every cursor, so it names all that narrows.
pub trait Filter<E: Row>: Debug {
    /// The rows that pass.
    fn condition(&self) -> Condition;
}

/// The request's place in a list.
#[derive(Clone, Copy)]
pub struct Walk<'a, E: Sortable> {
    pub cursors: &'a CursorKey,
    pub page: &'a Page,
    pub sort: Sort<E>,
}

/// One page of the tenant's live rows, each turned into its wire form.
///
/// # Errors
/// 400 for a cursor of another list.
pub async fn list<E, T>(
    scope: &Scope,
    walk: Walk<'_, E>,
    filter: &impl Filter<E>,
    wire: impl Fn(E::Model) -> T,
) -> Result<Listing<T>, ApiError>
where
    E: Row + Sortable<Key = <E as sea_orm::EntityTrait>::Column>,
    E::Model: Send + Sync,
    T: ParseFromJSON + ToJSON,
{
    joined(scope, walk, filter, |rows| rows, |model: &E::Model| model, wire).await
}

/// The same with what `join` adds to each row from other tables, in the one statement. `own` is the row itself.
///
/// # Errors
/// 400 for a cursor of another list.
pub async fn joined<E, M, T>(
    scope: &Scope,
    walk: Walk<'_, E>,
    filter: &impl Filter<E>,
    join: impl FnOnce(Select<E>) -> Select<E>,
    own: impl Fn(&M) -> &E::Model,
    wire: impl Fn(M) -> T,
) -> Result<Listing<T>, ApiError>
where
    E: Row + Sortable<Key = <E as sea_orm::EntityTrait>::Column>,
    E::Model: Send + Sync,
    M: FromQueryResult + Send + Sync,
    T: ParseFromJSON + ToJSON,
{
    let Walk { cursors, page, sort } = walk;
    let name = format!("{}:{sort}", E::default().table_name());
    let binding = Binding { tenant: scope.tenant()?.0, sort: &name, filter: &format!("{filter:?}") };
    let after = page.after::<(Spot, Uuid)>(cursors, &binding)?;
    let rows = join(row::live::<E>(scope)?).filter(filter.condition());
    let total = if page.include_total { Some(rows.clone().count(scope).await?) } else { None };
    let found = in_order(rows, sort);
    let found = after_spot(found, sort, after).limit(page.limit + 1).into_model::<M>().all(scope).await?;
    let listing = Listing::of(found, page, cursors, &binding, |row| position::<E>(own(row), sort.key()), wire)?;
    Ok(listing.with_total(total))
}

/// The order of a list: by the column, then by the id.
pub fn in_order<E>(rows: Select<E>, sort: Sort<E>) -> Select<E>
where
    E: Row + Sortable<Key = <E as sea_orm::EntityTrait>::Column>,
{
    let order = if sort.descending() { Order::Desc } else { Order::Asc };
    rows.order_by(sort.key(), order.clone()).order_by(E::ID, order)
}

fn after_spot<E>(rows: Select<E>, sort: Sort<E>, after: Option<(Spot, Uuid)>) -> Select<E>
where
    E: Row + Sortable<Key = <E as sea_orm::EntityTrait>::Column>,
{
    let Some((spot, id)) = after else { return rows };
    let here = Expr::tuple([column(sort.key()), column(E::ID)]);
    let there = Expr::tuple([Expr::val(Value::from(spot)), Expr::val(id)]);
    rows.filter(if sort.descending() { here.lt(there) } else { here.gt(there) })
}

fn column<C: ColumnTrait>(column: C) -> Expr {
    Expr::col(column.as_column_ref().into_column_ref())
}

fn position<E: Row>(model: &E::Model, key: E::Column) -> (Option<Spot>, Option<Uuid>) {
    let id = match model.get(E::ID) {
        Value::Uuid(id) => id,
        _ => None,
    };
    (Spot::of(model.get(key)), id)
}

/// Rows of which one of the columns contains what was typed, in any case.
pub fn search<C: ColumnTrait>(columns: &[C], typed: &str) -> Condition {
    let literal = typed.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    let pattern = format!("%{literal}%");
    columns.iter().fold(Condition::any(), |any, c| any.add(column(*c).ilike(pattern.as_str())))
}

/// A sort column's value inside a cursor, with its type: the comparison must be the column's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Spot {
    #[serde(rename = "i")]
    Int(i32),
    #[serde(rename = "l")]
    Long(i64),
    #[serde(rename = "s")]
    Text(String),
    #[serde(rename = "t")]
    At(DateTime<Utc>),
    #[serde(rename = "d")]
    Date(NaiveDate),
}

impl Spot {
    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Int(value) => value.map(Self::Int),
            Value::BigInt(value) => value.map(Self::Long),
            Value::String(value) => value.map(Self::Text),
            Value::ChronoDateTimeUtc(value) => value.map(Self::At),
            Value::ChronoDate(value) => value.map(Self::Date),
            _ => None,
        }
    }
}

impl From<Spot> for Value {
    fn from(spot: Spot) -> Self {
        match spot {
            Spot::Int(value) => value.into(),
            Spot::Long(value) => value.into(),
            Spot::Text(value) => value.into(),
            Spot::At(value) => value.into(),
            Spot::Date(value) => value.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spot_keeps_its_type_and_every_microsecond() {
        let at = DateTime::from_timestamp_micros(1_772_443_800_000_001).unwrap();
        let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        for value in [Value::from(7_i32), Value::from(7_i64), Value::from("Ä\"b"), Value::from(at), Value::from(date)]
        {
            let spot = Spot::of(value.clone()).unwrap();
            let sealed = serde_json::to_string(&spot).unwrap();
            assert_eq!(Value::from(serde_json::from_str::<Spot>(&sealed).unwrap()), value, "{sealed}");
        }
        assert_eq!(Spot::of(Value::Int(None)), None);
    }
}
