//! Bookings whose wall time has become another instant since they were arranged. The database cannot tell: the rules
//! of the zones are the service's own, so rows are read in order and judged here, a bounded number at a time.

use std::ops::ControlFlow;

use ::entity::bookings::{Column, Entity};
use ::entity::enums::BookingStatus;
use ::entity::ids::BookingId;
use chrono::{DateTime, NaiveDateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::db::{Scope, row};
use crate::domains::booking::dto::MovedBooking;
use crate::domains::booking::rules::{Standing, standing};
use crate::error::ApiError;
use crate::guard::{Binding, CursorKey, Listing, Page, Timestamp};
use crate::kernel::zone;

/// How many rows are read at once, and how often for a page and for a total.
const ROWS: u64 = 500;
const READS_OF_A_PAGE: usize = 20;
const READS_OF_A_TOTAL: usize = 200;

/// A place in the order of the list.
type Key = (DateTime<Utc>, Uuid);

#[derive(Debug, FromQueryResult)]
struct Arranged {
    id: BookingId,
    status: BookingStatus,
    start_at: DateTime<Utc>,
    wall_start: Option<NaiveDateTime>,
    wall_tz: Option<String>,
    tzdata: Option<String>,
}

impl Arranged {
    fn key(&self) -> Key {
        (self.start_at, self.id.0)
    }

    /// What to tell of it, unless it stays where it is.
    fn moved(self) -> Option<MovedBooking> {
        let (wall_start, timezone) = (self.wall_start?, self.wall_tz?);
        let start_at_now = match standing(self.start_at, wall_start, &timezone) {
            Standing::Stays => return None,
            Standing::Moves(to) => Some(Timestamp::new(to)),
            Standing::Lost => None,
        };
        Some(MovedBooking {
            booking_id: self.id.0,
            status: self.status.into(),
            start_at: Timestamp::new(self.start_at),
            start_at_now,
            wall_start: wall_start.format("%Y-%m-%dT%H:%M:%S").to_string(),
            timezone,
            tzdata_then: self.tzdata,
            tzdata_now: zone::tzdb_version().into(),
        })
    }
}

/// A page of them.
///
/// # Errors
/// 400 for a cursor of another list, or of an older release.
pub async fn moved(scope: &Scope, cursors: &CursorKey, page: &Page) -> Result<Listing<MovedBooking>, ApiError> {
    let filter = zone::tzdb_version();
    let binding = Binding { tenant: scope.tenant()?.0, sort: "bookings_moved:start_at", filter };
    let limit = usize::try_from(page.limit).map_err(ApiError::internal)?;
    let mut seen: Option<Key> = page.after(cursors, &binding)?;
    let mut data = Vec::new();
    let ended = scan(scope, seen, READS_OF_A_PAGE, |row| {
        if data.len() == limit {
            return ControlFlow::Break(());
        }
        seen = Some(row.key());
        data.extend(row.moved());
        ControlFlow::Continue(())
    })
    .await?;
    let next_cursor = match seen {
        Some(seen) if !ended => Some(cursors.seal(&binding, &seen)?),
        _ => None,
    };
    let total = if page.include_total { Some(total(scope).await?) } else { None };
    Ok(Listing { data, has_more: next_cursor.is_some(), next_cursor, total })
}

async fn total(scope: &Scope) -> Result<u64, ApiError> {
    let mut count = 0;
    scan(scope, None, READS_OF_A_TOTAL, |row| {
        count += u64::from(row.moved().is_some());
        ControlFlow::Continue(())
    })
    .await?;
    Ok(count)
}

/// Shows the rows after a place to `visit`, in order. Answers whether there are no more.
async fn scan(
    scope: &Scope,
    mut after: Option<Key>,
    reads: usize,
    mut visit: impl FnMut(Arranged) -> ControlFlow<()>,
) -> Result<bool, ApiError> {
    for _ in 0..reads {
        let rows = read(scope, after).await?;
        let last = (rows.len() as u64) < ROWS;
        for row in rows {
            after = Some(row.key());
            if visit(row).is_break() {
                return Ok(false);
            }
        }
        if last {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What the present release arranged, it left where it is.
async fn read(scope: &Scope, after: Option<Key>) -> Result<Vec<Arranged>, ApiError> {
    let elsewhere = Condition::any().add(Column::Tzdata.is_null()).add(Column::Tzdata.ne(zone::tzdb_version()));
    let beyond = after.map(|(at, id)| {
        Expr::tuple([Expr::col(Column::StartAt), Expr::col(Column::Id)]).gt(Expr::tuple([Expr::val(at), Expr::val(id)]))
    });
    let rows = row::live::<Entity>(scope)?
        .select_only()
        .columns([Column::Id, Column::Status, Column::StartAt, Column::WallStart, Column::WallTz, Column::Tzdata])
        .filter(Column::Status.is_in([BookingStatus::Pending, BookingStatus::Confirmed]))
        .filter(Column::StartAt.gt(scope.now()))
        .filter(Column::WallStart.is_not_null())
        .filter(elsewhere)
        .filter(Condition::all().add_option(beyond))
        .order_by_asc(Column::StartAt)
        .order_by_asc(Column::Id)
        .limit(ROWS);
    Ok(rows.into_model::<Arranged>().all(scope).await?)
}
