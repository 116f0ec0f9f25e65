//! The verb: make a change, look at what it breaks, and keep it or give it up.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use poem_openapi::types::ToJSON;
use sea_orm::DbErr;
use serde_json::json;
use uuid::Uuid;

use super::answer::{Ask, Weighed};
use super::dto::Impact;
use super::events;
use super::query::{self, BookingRow, Touched};
use super::rules::{Calendars, Needs};
use crate::db::Scope;
use crate::error::{ApiError, Code};
use crate::kernel::interval::Interval;

/// What a change takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Nothing that a booking needs.
    Nothing,
    /// Hours, perhaps: they are compared.
    Hours,
    /// Who and what a service needs, perhaps: it is compared with what its bookings have.
    Needs(Uuid),
    /// What is booked itself.
    Everything,
}

/// A change, as far as bookings are concerned.
#[derive(Debug, Clone)]
pub struct Change {
    pub ask: Ask,
    pub touched: Touched,
    pub loss: Loss,
    /// Table and id of what is changed, for the event of a forced change.
    pub table: &'static str,
    pub id: Uuid,
}

/// Why what was done in a savepoint is given up.
enum Halt {
    Refused(ApiError),
    Rehearsed(Impact),
}

impl From<DbErr> for Halt {
    fn from(error: DbErr) -> Self {
        Self::Refused(error.into())
    }
}

impl From<ApiError> for Halt {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

/// Does `work`, and tells whom it leaves outside of the hours. What `work` changes must be locked by its caller before,
/// so that the hours that are compared are the ones that are changed.
///
/// # Errors
/// 409 when bookings break and the caller did not force it; what `work` refuses.
pub async fn weigh<T>(
    scope: &Scope,
    change: &Change,
    work: impl AsyncFnOnce(&Scope) -> Result<T, ApiError>,
) -> Result<Weighed<T>, ApiError> {
    let before = Before::read(scope, change).await?;
    if change.ask.intent.dry_run {
        let rehearsed = scope
            .savepoint(async |scope| -> Result<(), Halt> {
                work(scope).await?;
                Err(Halt::Rehearsed(before.compare(scope, change).await?))
            })
            .await;
        return match rehearsed {
            Err(Halt::Rehearsed(impact)) => Ok(Weighed::Told(impact)),
            Err(Halt::Refused(error)) => Err(error),
            Ok(()) => Err(ApiError::internal("a rehearsal was kept")),
        };
    }
    let done = work(scope).await?;
    let impact = before.compare(scope, change).await?;
    if impact.count > 0 {
        if !change.ask.intent.force {
            return Err(refusal(&impact, change.loss));
        }
        scope.emit(events::forced(change.table, change.id, &impact));
    }
    Ok(Weighed::Done(done))
}

/// How many minutes of a stretch of time each of these resources is open; of several units, those of all of them.
/// Without a place for what has no hours of its own.
///
/// # Errors
/// When the database cannot answer.
pub async fn open_minutes(
    scope: &Scope,
    resources: Vec<Uuid>,
    stretch: &Interval<DateTime<Utc>>,
) -> Result<HashMap<Uuid, u64>, ApiError> {
    Ok(query::hours(scope, resources, stretch).await?.minutes(stretch))
}

/// The bookings, and what they are held to before the change.
struct Before {
    bookings: Vec<BookingRow>,
    measure: Measure,
}

/// What a booking is held to.
enum Measure {
    /// Nothing can be right any more.
    Nothing,
    Hours(Calendars),
    Needs(Uuid, Needs),
}

impl Measure {
    fn passes(&self, booking: &BookingRow) -> bool {
        match self {
            Self::Nothing => false,
            Self::Hours(hours) => {
                let time = Interval::new(booking.start_at, booking.end_at);
                hours.cover(booking.resource_id, &booking.resource_ids, &time)
            }
            Self::Needs(_, needs) => needs.met_by(&booking.resource_ids),
        }
    }
}

impl Before {
    async fn read(scope: &Scope, change: &Change) -> Result<Self, ApiError> {
        let bookings = match change.loss {
            Loss::Nothing => Vec::new(),
            Loss::Hours | Loss::Needs(_) | Loss::Everything => query::bookings(scope, &change.touched).await?,
        };
        let measure = match change.loss {
            Loss::Hours if !bookings.is_empty() => Measure::Hours(query::calendars(scope, &bookings).await?),
            Loss::Needs(service) if !bookings.is_empty() => {
                Measure::Needs(service, query::needs(scope, service).await?)
            }
            _ => Measure::Nothing,
        };
        Ok(Self { bookings, measure })
    }

    async fn compare(&self, scope: &Scope, change: &Change) -> Result<Impact, ApiError> {
        let names = change.ask.names;
        let after = match &self.measure {
            Measure::Nothing => return Ok(Impact::of(self.bookings.iter().collect(), names)),
            Measure::Hours(_) => Measure::Hours(query::calendars(scope, &self.bookings).await?),
            Measure::Needs(service, _) => Measure::Needs(*service, query::needs(scope, *service).await?),
        };
        let breaks = |booking: &&BookingRow| self.measure.passes(booking) && !after.passes(booking);
        Ok(Impact::of(self.bookings.iter().filter(breaks).collect(), names))
    }
}

fn refusal(impact: &Impact, loss: Loss) -> ApiError {
    let detail = match (loss, impact.count) {
        (Loss::Everything, 1) => "One booking to come needs it.".to_owned(),
        (Loss::Everything, count) => format!("{count} bookings to come need it."),
        (Loss::Needs(_), 1) => "One booking to come would not have what the service needs.".to_owned(),
        (Loss::Needs(_), count) => format!("{count} bookings to come would not have what the service needs."),
        (_, 1) => "One booking would lie outside of the hours.".to_owned(),
        (_, count) => format!("{count} bookings would lie outside of the hours."),
    };
    let bookings = impact.breaks.to_json().unwrap_or_default();
    ApiError::new(Code::AvailabilityBreaksBookings, detail)
        .with("details", json!({"bookings": bookings, "count": impact.count}))
}
