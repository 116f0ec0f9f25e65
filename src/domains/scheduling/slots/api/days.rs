//! Which dates have free times: what a calendar needs before anybody looks at a day.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dates::Dates;
use super::{audience, party};
use crate::app::App;
use crate::domains::scheduling::slots::dto::AvailabilityDays;
use crate::domains::scheduling::slots::rules::Audience;
use crate::domains::scheduling::slots::service::{Board, Wish, zone};
use crate::error::ApiError;
use crate::guard::{Anyone, Date, Fresh, IfNoneMatch, Keeper, Tag, Visitor};

/// `/api/v1/availability/days`
pub struct DaysApi {
    app: Arc<App>,
}

/// `/v1/b/{slug}/availability/days`
pub struct PublicDaysApi {
    app: Arc<App>,
}

impl DaysApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

impl PublicDaysApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

/// What is asked, as it stands in the query.
struct Span {
    month: Option<String>,
    start: Option<Date>,
    end: Option<Date>,
}

async fn days(app: &App, guard: &Anyone, wish: Wish, span: Span) -> Result<AvailabilityDays, ApiError> {
    let zone = zone(&guard.tenant)?;
    let today = zone.date(guard.scope.now());
    let Dates { first, last } = Dates::of_month(span.month.as_deref(), span.start, span.end, today)?;
    let range = zone.dates(first, last);
    let board = Board::recall(&app.boards, &guard.scope, &guard.tenant, &wish, range.start, range.end).await?;
    Ok(AvailabilityDays {
        data: board.days(&zone, first, last)?,
        timezone: guard.tenant.tz.clone(),
        service_id: wish.service,
        start_date: Date(first),
        end_date: Date(last),
    })
}

#[OpenApi(tag = "Tag::Availability")]
impl DaysApi {
    /// List the dates that have free times
    ///
    /// A date is free exactly when the list of its free times is not empty, and the counts are those of that list.
    /// The present month when no dates are given; at most 62 days at a time.
    #[oai(path = "/api/v1/availability/days", method = "get", operation_id = "availability_days")]
    #[expect(clippy::too_many_arguments, reason = "each parameter is an argument, so that it stands in the document")]
    async fn days(
        &self,
        guard: Anyone,
        if_none_match: IfNoneMatch,
        /// The service.
        service_id: Query<Uuid>,
        /// One month, such as `2026-12`.
        #[oai(validator(max_length = 7, pattern = "^[0-9]{4}-[0-9]{2}$"))]
        month: Query<Option<String>>,
        /// The first date in the business's zone, instead of `month`.
        start_date: Query<Option<Date>>,
        /// The last date, with `start_date`.
        end_date: Query<Option<Date>>,
        /// Only this resource.
        resource_id: Query<Option<Uuid>>,
        /// Seats that are wanted together.
        #[oai(validator(minimum(value = "1"), maximum(value = "10000")))]
        attendee_count: Query<Option<u32>>,
    ) -> Result<Fresh<AvailabilityDays>, ApiError> {
        let (audience, party) = (audience(&guard), party(attendee_count));
        let wish = Wish { service: service_id.0, resource: resource_id.0, party, audience };
        let span = Span { month: month.0, start: start_date.0, end: end_date.0 };
        Ok(Fresh::of(days(&self.app, &guard, wish, span).await?, &if_none_match, Keeper::Caller))
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicDaysApi {
    /// List the dates that have free times on the public page
    ///
    /// What a visitor may book: notice and horizon are kept. The present month when no dates are given; at most 62
    /// days at a time.
    #[oai(path = "/v1/b/:slug/availability/days", method = "get", operation_id = "public_availability_days")]
    #[expect(clippy::too_many_arguments, reason = "each parameter is an argument, so that it stands in the document")]
    async fn days(
        &self,
        guard: Visitor,
        if_none_match: IfNoneMatch,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The service.
        service_id: Query<Uuid>,
        /// One month, such as `2026-12`.
        #[oai(validator(max_length = 7, pattern = "^[0-9]{4}-[0-9]{2}$"))]
        month: Query<Option<String>>,
        /// The first date in the business's zone, instead of `month`.
        start_date: Query<Option<Date>>,
        /// The last date, with `start_date`.
        end_date: Query<Option<Date>>,
        /// Only this resource.
        resource_id: Query<Option<Uuid>>,
        /// Seats that are wanted together.
        #[oai(validator(minimum(value = "1"), maximum(value = "10000")))]
        attendee_count: Query<Option<u32>>,
    ) -> Result<Fresh<AvailabilityDays>, ApiError> {
        let (audience, party) = (Audience::Public, party(attendee_count));
        let wish = Wish { service: service_id.0, resource: resource_id.0, party, audience };
        let span = Span { month: month.0, start: start_date.0, end: end_date.0 };
        Ok(Fresh::of(days(&self.app, &guard, wish, span).await?, &if_none_match, Keeper::Everybody))
    }
}
