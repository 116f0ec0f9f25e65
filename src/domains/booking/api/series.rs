//! The operations on series: bookings that repeat.

use std::sync::Arc;

use ::entity::enums::CanceledBy;
use chrono::NaiveDateTime;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::who;
use crate::app::App;
use crate::db::keyset::Walk;
use crate::domains::booking::dto::Booking;
use crate::domains::booking::dto::series::{
    BookingSeries, BookingSeriesCancel, BookingSeriesCanceled, BookingSeriesCreate, BookingSeriesDetail,
    BookingSeriesReport, BookingSeriesSort, BookingSeriesStatus, SeriesScope,
};
use crate::domains::booking::service::Pay;
use crate::domains::booking::service::series::{self, First, NewSeries, SeriesFilter};
use crate::domains::identity::permission::{BookingRead, BookingWrite};
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, Listing, Page, Reply, RequiredKey, Tag, Timestamp};

/// `/api/v1/booking-series`
pub struct BookingSeriesApi {
    app: Arc<App>,
}

impl BookingSeriesApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Bookings")]
impl BookingSeriesApi {
    /// List series
    ///
    /// Newest first, unless another order is asked for.
    #[oai(path = "/api/v1/booking-series", method = "get", operation_id = "booking_series_list")]
    async fn list(
        &self,
        guard: Can<BookingRead>,
        page: Page,
        /// Only those of this state.
        status: Query<Option<BookingSeriesStatus>>,
        /// Only those of this customer.
        customer_id: Query<Option<Uuid>>,
        /// Only those of this service.
        service_id: Query<Option<Uuid>>,
        /// The order.
        sort: Query<Option<BookingSeriesSort>>,
    ) -> Result<Reply<Listing<BookingSeries>>, ApiError> {
        let filter =
            SeriesFilter { status: status.0.map(Into::into), customer_id: customer_id.0, service_id: service_id.0 };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(Reply::new(series::list(&guard.scope, walk, &filter).await?))
    }

    /// Make a series
    ///
    /// A booking at each time of a rule, at most 104 of them and 2 years ahead, all at the wall time of the first by the
    /// clock of the resource: it stays when the clocks change. Dates that a month does not have are left out. Each
    /// time is decided as a single booking is. All or nothing, unless `on_conflict` is `skip`: then the others are
    /// booked, and the answer tells what was left out. Refused with 409, `refused` names every time that cannot be
    /// had, with its reason and, for the first ten, the next free ones. Emits `BOOKING_SERIES_CREATED`, and for each
    /// booking what a single one emits.
    #[oai(path = "/api/v1/booking-series", method = "post", operation_id = "booking_series_create")]
    async fn create(
        &self,
        guard: Can<BookingWrite>,
        /// Names this attempt, so that a repeat books nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        new: Body<BookingSeriesCreate>,
    ) -> Result<Created<BookingSeriesReport>, ApiError> {
        let made = series::create(&guard.scope, &guard.tenant, new_series(new.0)?).await?;
        let location = format!("/api/v1/booking-series/{}", made.series.id);
        let report = BookingSeriesReport {
            series: made.series.into(),
            booked: made.booked.into_iter().map(Booking::from).collect(),
            skipped: made.skipped,
        };
        Ok(Created::at(location, report))
    }

    /// Read a series
    ///
    /// With its bookings as they are now, those that were rescheduled beside what took their place; at most 500.
    #[oai(path = "/api/v1/booking-series/:series_id", method = "get", operation_id = "booking_series_get")]
    async fn get(
        &self,
        guard: Can<BookingRead>,
        /// The series's id.
        series_id: Path<Uuid>,
    ) -> Result<Reply<BookingSeriesDetail>, ApiError> {
        let (series, bookings) = series::get(&guard.scope, series_id.0).await?;
        let bookings = bookings.into_iter().map(Booking::from).collect();
        Ok(Reply::new(BookingSeriesDetail { series: series.into(), bookings }))
    }

    /// Cancel a series
    ///
    /// What lies ahead of it and is pending or confirmed, all of it or from one booking on; the past stays. 409 when
    /// there is nothing of that kind. Emits `BOOKING_SERIES_CANCELED`, and `BOOKING_CANCELED` for each booking.
    #[oai(path = "/api/v1/booking-series/:series_id/cancel", method = "post", operation_id = "booking_series_cancel")]
    async fn cancel(
        &self,
        guard: Can<BookingWrite>,
        /// Names this attempt, so that a repeat cancels nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The series's id.
        series_id: Path<Uuid>,
        cancel: Body<BookingSeriesCancel>,
    ) -> Result<Reply<BookingSeriesCanceled>, ApiError> {
        let BookingSeriesCancel { scope, from_booking_id, reason } = cancel.0;
        let refused = |code: &str, sentence: &str| Err(ApiError::field("#/from_booking_id", code, sentence));
        match (scope, from_booking_id) {
            (SeriesScope::All, Some(_)) => return refused("conflict", "With scope all nothing is left out."),
            (SeriesScope::Following, None) => return refused("required", "Name the first booking that is canceled."),
            (SeriesScope::All, None) | (SeriesScope::Following, Some(_)) => {}
        }
        let reason = reason.map(Into::into);
        let done = series::cancel(&guard.scope, series_id.0, from_booking_id, CanceledBy::Staff, reason).await?;
        let canceled = done.bookings.into_iter().map(Booking::from).collect();
        Ok(Reply::new(BookingSeriesCanceled { series: done.series.into(), canceled }))
    }
}

fn new_series(new: BookingSeriesCreate) -> Result<NewSeries, ApiError> {
    let first = match (new.start_at, new.starts_local) {
        (Some(at), None) => First::At(Timestamp::get(at)),
        (None, Some(local)) => First::Local(local_time(&local)?),
        (None, None) => return Err(ApiError::field("#/start_at", "required", "Give start_at or starts_local.")),
        (Some(_), Some(_)) => {
            return Err(ApiError::field("#/starts_local", "conflict", "Give start_at or starts_local, not both."));
        }
    };
    Ok(NewSeries {
        service_id: new.service_id,
        resource_id: new.resource_id,
        first,
        rrule: new.rrule.into(),
        who: who(new.customer_id, new.customer, true)?,
        attendee_count: new.attendee_count,
        notes: new.notes.map(Into::into),
        on_conflict: new.on_conflict,
        pay: new.pay_with.map(|with| Pay { with: with.into(), proven: None }),
    })
}

fn local_time(text: &str) -> Result<NaiveDateTime, ApiError> {
    let read = |format: &str| NaiveDateTime::parse_from_str(text, format).ok();
    let time = read("%Y-%m-%dT%H:%M").or_else(|| read("%Y-%m-%dT%H:%M:%S"));
    time.ok_or_else(|| {
        ApiError::field("#/starts_local", "format", "A time on the wall is a date and a time such as 2026-03-02T09:30.")
    })
}
