//! Makes a series: its bookings at the times of a rule, all of them or those that can be had.
//!
//! Each time is decided by the listing and the constraint as a single booking is, in a savepoint of its own, and after
//! the ones before it: an earlier booking of the series moves the grid, has its buffers and counts towards limits. So
//! the board is read once a time, and not once for all. Beside the five statements that a series costs anyway, a time
//! takes four (its savepoint, board, booking and release; two more where limits are counted or a class is joined):
//! some 420 for the longest. The first ten that cannot be had cost one more for the times around them.

use ::entity::booking_series::{ActiveModel, Model};
use ::entity::bookings;
use ::entity::enums::{BookingSource, SeriesStatus};
use ::entity::ids::{BookingSeriesId, ResourceId, ServiceId};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use poem_openapi::types::ToJSON;
use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::db::Scope;
use crate::domains::booking::dto::series::{NextFree, OnConflict, SkippedOccurrence};
use crate::domains::booking::events;
use crate::domains::booking::rules::series::occurrences;
use crate::domains::booking::service::Pay;
use crate::domains::booking::service::create::{NewBooking, Terms, Who, customer, make};
use crate::domains::booking::service::waitlist;
use crate::domains::scheduling::rules::Recurrence;
use crate::domains::scheduling::slots::{Audience, Board, Wish};
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::guard::Timestamp;
use crate::kernel::zone::Zone;

/// Refused times that hear of others, how far those are looked for, and how many each is told.
const ADVISED: usize = 10;
const LOOK_AHEAD: TimeDelta = TimeDelta::days(14);
const OTHERS: usize = 3;

/// The first time of a series.
#[derive(Clone, Copy, Debug)]
pub enum First {
    At(DateTime<Utc>),
    /// By the clock on the wall of the resource.
    Local(NaiveDateTime),
}

/// A series to be made.
#[derive(Clone, Debug)]
pub struct NewSeries {
    pub service_id: Uuid,
    pub resource_id: Option<Uuid>,
    pub first: First,
    pub rrule: String,
    pub who: Who,
    pub attendee_count: u32,
    pub notes: Option<String>,
    pub on_conflict: OnConflict,
    /// What each of its bookings is paid with instead of money.
    pub pay: Option<Pay>,
}

/// What became of it.
pub struct Made {
    pub series: Model,
    pub booked: Vec<bookings::Model>,
    pub skipped: Vec<SkippedOccurrence>,
}

/// Makes a series.
///
/// # Errors
/// 400 for a rule that is none, or names too much; 404 for a service, resource or customer that is not there; 409 with
/// every time that cannot be had.
pub async fn create(scope: &Scope, tenant: &Tenant, new: NewSeries) -> Result<Made, ApiError> {
    let rule: Recurrence = new.rrule.parse().map_err(|error: crate::domains::scheduling::rules::RruleError| {
        ApiError::field("#/rrule", "unsupported", error.0)
    })?;
    let wish = Wish {
        service: new.service_id,
        resource: new.resource_id,
        party: new.attendee_count,
        audience: Audience::Staff,
    };
    // whose clock it is depends on who gives the service
    let zone = Board::read(scope, tenant, &wish, scope.now(), scope.now() + TimeDelta::hours(1)).await?.home();
    let (local, times) = times(&rule, new.first, &zone, scope.now())?;
    let customer = customer(scope, new.who.clone()).await?;
    let count = i32::try_from(times.len()).unwrap_or(i32::MAX);
    let series = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(BookingSeriesId(scope.new_id())),
        customer_id: Set(customer),
        service_id: Set(ServiceId(new.service_id)),
        resource_id: Set(new.resource_id.map(ResourceId)),
        rrule: Set(rule.to_string()),
        starts_local: Set(local),
        tz: Set(zone.name().to_owned()),
        attendee_count: Set(i32::try_from(new.attendee_count).unwrap_or(i32::MAX)),
        status: Set(SeriesStatus::Active),
        occurrences: Set(count),
        booked: Set(count),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let series = series.insert(scope).await?;
    let (mut booked, mut skipped, mut lapsed) = (Vec::with_capacity(times.len()), Vec::new(), Vec::new());
    for (index, start) in (0..).zip(times) {
        let booking = NewBooking {
            service_id: new.service_id,
            resource_id: new.resource_id,
            start_at: start,
            end_at: None,
            booking_tz: None,
            who: Who::Seen(customer),
            attendee_count: new.attendee_count,
            client_generated_id: None,
            notes: new.notes.clone(),
            source: BookingSource::Staff,
            terms: Terms { series: Some((series.id, index)), pay: new.pay, ..Terms::default() },
        };
        match scope.savepoint(async |scope: &Scope| make(scope, tenant, &wish, booking).await).await {
            Ok(placed) => {
                booked.push(placed.booking);
                lapsed.extend(placed.lapsed);
            }
            Err(refusal) if matches!(refusal.code(), Code::BookingConflict | Code::SlotUnavailable) => {
                let next_free =
                    if skipped.len() < ADVISED { others(scope, tenant, &wish, start).await? } else { Vec::new() };
                skipped.push(told(index, start, &zone, &refusal, next_free));
            }
            Err(error) => return Err(error),
        }
    }
    if booked.is_empty() || new.on_conflict == OnConflict::Fail && !skipped.is_empty() {
        return Err(refused(count, &skipped));
    }
    let series = if skipped.is_empty() { series } else { counted(scope, series, booked.len()).await? };
    scope.emit(events::series_created(&series, &booked));
    // a later time of the series may have wanted what lapsed before an earlier one
    waitlist::pass_on(scope, &lapsed, waitlist::ON_THE_WAY).await?;
    Ok(Made { series, booked, skipped })
}

fn times(
    rule: &Recurrence,
    first: First,
    zone: &Zone,
    now: DateTime<Utc>,
) -> Result<(NaiveDateTime, Vec<DateTime<Utc>>), ApiError> {
    let local = match first {
        First::At(at) => zone.local(at),
        First::Local(local) => local,
    };
    let mut times =
        occurrences(rule, local, zone, now).map_err(|sentence| ApiError::field("#/rrule", "range", sentence))?;
    // where the clock shows the hour twice the caller said which of them is meant
    if let (First::At(at), Some(first)) = (first, times.first_mut()) {
        *first = at;
    }
    Ok((local, times))
}

async fn counted(scope: &Scope, series: Model, booked: usize) -> Result<Model, ApiError> {
    let mut series: ActiveModel = series.into();
    series.booked = Set(i32::try_from(booked).unwrap_or(i32::MAX));
    Ok(series.update(scope).await?)
}

/// Read in this transaction: what the series has booked by now is taken.
async fn others(scope: &Scope, tenant: &Tenant, wish: &Wish, start: DateTime<Utc>) -> Result<Vec<NextFree>, ApiError> {
    let from = start.max(scope.now());
    let offers = Board::read(scope, tenant, wish, from, from + LOOK_AHEAD).await?.offers()?;
    let other = offers.into_iter().take(OTHERS).map(|offer| NextFree {
        start: offer.start,
        end: offer.end,
        local_start: offer.local_start,
        resource_id: offer.resource_id,
    });
    Ok(other.collect())
}

fn told(
    index: u32,
    start: DateTime<Utc>,
    zone: &Zone,
    refusal: &ApiError,
    next_free: Vec<NextFree>,
) -> SkippedOccurrence {
    let reason = refusal.extra().get("reason").and_then(serde_json::Value::as_str).unwrap_or("booked");
    SkippedOccurrence {
        index,
        start: Timestamp::new(start),
        local_start: zone.local(start).format("%Y-%m-%dT%H:%M").to_string(),
        code: refusal.code().name().to_owned(),
        reason: reason.to_owned(),
        detail: refusal.detail().to_owned(),
        next_free,
    }
}

fn refused(count: i32, skipped: &[SkippedOccurrence]) -> ApiError {
    metrics::counter!("booking_conflicts_total").increment(1);
    let code = match skipped.iter().any(|one| one.code == Code::BookingConflict.name()) {
        true => Code::BookingConflict,
        false => Code::SlotUnavailable,
    };
    let detail = format!("{} of the {count} times cannot be had.", skipped.len());
    ApiError::new(code, detail).with("refused", skipped.to_json().unwrap_or_default())
}
