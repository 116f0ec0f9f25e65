//! Reads appointments for calendars, each with where its chain began: that gives it its UID, and how often it was
//! moved its SEQUENCE.

use ::entity::enums::BookingStatus;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};
use uuid::Uuid;

use super::ical::{Event, Status};
use crate::db::Scope;
use crate::domains::booking::service::LONGEST_CHAIN;
use crate::error::{ApiError, Code};

/// An appointment and whom it concerns.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Appointment {
    /// The first booking of its chain.
    pub origin: Uuid,
    /// How often it was moved.
    pub moved: i32,
    pub status: BookingStatus,
    pub start_at: DateTime<Utc>,
    pub end_at: DateTime<Utc>,
    pub notes: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub class_session_id: Option<Uuid>,
    /// The service's name when it was booked.
    pub service: String,
    pub customer: String,
    /// The resource's name, when it is a room.
    pub room: Option<String>,
    pub business: String,
    pub address: Option<String>,
}

/// `$1` tenant, `$2` the longest chain; more follows.
const READ: &str = "
SELECT origin.id AS origin, origin.moved, b.status, b.start_at, b.end_at, b.notes, b.created_at, b.updated_at, b.class_session_id,
       coalesce(b.service_snapshot ->> 'name', '') AS service, c.display_name AS customer,
       CASE WHEN r.type = 'room' THEN r.name END AS room, t.name AS business, t.email AS address
FROM app.bookings b
JOIN app.customers c ON c.tenant_id = b.tenant_id AND c.id = b.customer_id
JOIN app.resources r ON r.tenant_id = b.tenant_id AND r.id = b.resource_id
JOIN app.tenants t ON t.id = b.tenant_id
CROSS JOIN LATERAL (
  WITH RECURSIVE back AS (
    SELECT b.id, b.rescheduled_from, 0 AS moved
    UNION ALL
    SELECT p.id, p.rescheduled_from, back.moved + 1 FROM back
    JOIN app.bookings p ON p.tenant_id = $1 AND p.id = back.rescheduled_from WHERE back.moved < $2
  )
  SELECT id, moved FROM back ORDER BY moved DESC LIMIT 1
) origin
WHERE b.tenant_id = $1 AND ";

/// One appointment by its booking.
///
/// # Errors
/// 404.
pub async fn one(scope: &Scope, booking: Uuid) -> Result<Appointment, ApiError> {
    let found = read(scope, "b.id = $3", vec![booking.into()]).await?;
    found.into_iter().next().ok_or_else(|| ApiError::of(Code::BookingNotFound))
}

/// The appointments of a resource that are not canceled, in the order of time: those that are to come first of all,
/// then the latest of those that are over, at most `most`.
pub async fn of_resource(
    scope: &Scope,
    resource: Uuid,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    most: i64,
) -> Result<Vec<Appointment>, ApiError> {
    let which = "b.id IN (SELECT i.booking_id FROM app.booking_items i WHERE i.tenant_id = $1 AND i.resource_id = $3)
                   AND b.start_at >= $4 AND b.start_at < $5
                   AND coalesce(b.status IN ('pending', 'confirmed', 'checked_in', 'completed', 'no_show'), false)
                 ORDER BY b.end_at <= $6, abs(extract(epoch FROM b.start_at - $6)), b.id LIMIT $7";
    let values = vec![resource.into(), from.into(), to.into(), scope.now().into(), most.into()];
    let mut found = read(scope, which, values).await?;
    found.sort_by_key(|one| (one.start_at, one.origin));
    Ok(found)
}

async fn read(scope: &Scope, which: &str, more: Vec<sea_orm::Value>) -> Result<Vec<Appointment>, ApiError> {
    let mut values: Vec<sea_orm::Value> = vec![scope.tenant()?.0.into(), LONGEST_CHAIN.into()];
    values.extend(more);
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, format!("{READ}{which}"), values);
    let rows = scope.query_all_raw(statement).await?;
    Ok(rows.iter().map(|row| Appointment::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

impl Appointment {
    /// As an entry of a calendar, under a title of the reader's. Nobody is asked in it who books.
    #[must_use]
    pub fn event(&self, summary: String, stamp: DateTime<Utc>) -> Event {
        let status = match self.status {
            BookingStatus::Pending => Status::Tentative,
            BookingStatus::Canceled | BookingStatus::Failed => Status::Cancelled,
            _ => Status::Confirmed,
        };
        Event {
            uid: self.origin,
            // a booking that was moved is never the newest, so no two states of a chain have one number
            sequence: self.moved + i32::from(status == Status::Cancelled),
            status,
            start: self.start_at,
            end: self.end_at,
            stamp,
            created: self.created_at,
            changed: self.updated_at,
            summary,
            description: None,
            location: self.room.clone(),
            organizer: self.address.clone().map(|address| (self.business.clone(), address)),
        }
    }
}
