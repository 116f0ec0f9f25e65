//! The operations on free times: list and explain them; `days` tells which dates have any, `next` finds the
//! nearest.

mod dates;
mod days;
mod next;

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use dates::Dates;
pub use days::{DaysApi, PublicDaysApi};
pub use next::{NextApi, PublicNextApi};

use super::dto::{Availability, ResourceSlots, SlotAudience, SlotExplanation};
use super::rules::Audience;
use super::service::{Board, Wish, shortest, zone};
use super::token;
use crate::app::App;
use crate::domains::identity::permission::AvailabilityRead;
use crate::error::ApiError;
use crate::guard::{Anyone, Can, Date, Fresh, IfNoneMatch, Keeper, Reply, Tag, Timestamp, Visitor};

/// `/api/v1/availability`
pub struct AvailabilityApi {
    app: Arc<App>,
}

/// `/v1/b/{slug}/availability`
pub struct PublicAvailabilityApi {
    app: Arc<App>,
}

impl AvailabilityApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

impl PublicAvailabilityApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

/// As whom a caller sees free times: members without notice and horizon.
fn audience(guard: &Anyone) -> Audience {
    if guard.may::<AvailabilityRead>() { Audience::Staff } else { Audience::Public }
}

fn party(attendee_count: Query<Option<u32>>) -> u32 {
    attendee_count.0.unwrap_or(1)
}

async fn availability(app: &App, guard: &Anyone, wish: Wish, dates: Dates) -> Result<Availability, ApiError> {
    let range = zone(&guard.tenant)?.dates(dates.first, dates.last);
    let board = Board::recall(&app.boards, &guard.scope, &guard.tenant, &wish, range.start, range.end).await?;
    let mut data = board.offers()?;
    token::seal(&app.manage, &guard.tenant, &mut data, wish.service, wish.party, guard.scope.now());
    Ok(Availability {
        data,
        timezone: guard.tenant.tz.clone(),
        service_id: wish.service,
        start_date: Date(dates.first),
        end_date: Date(dates.last),
    })
}

#[OpenApi(tag = "Tag::Availability")]
impl AvailabilityApi {
    /// List free times of a service
    ///
    /// Over every resource that gives the service, or one of them. The public sees what it may book; members
    /// see every free time, without notice and horizon. At most 62 days at a time.
    #[oai(path = "/api/v1/availability", method = "get", operation_id = "availability_list")]
    #[expect(clippy::too_many_arguments, reason = "each parameter is an argument, so that it stands in the document")]
    async fn list(
        &self,
        guard: Anyone,
        if_none_match: IfNoneMatch,
        /// The service.
        service_id: Query<Uuid>,
        /// One date in the business's zone.
        date: Query<Option<Date>>,
        /// The first date, instead of `date`.
        start_date: Query<Option<Date>>,
        /// The last date, with `start_date`.
        end_date: Query<Option<Date>>,
        /// Only this resource.
        resource_id: Query<Option<Uuid>>,
        /// Seats that are wanted together.
        #[oai(validator(minimum(value = "1"), maximum(value = "10000")))]
        attendee_count: Query<Option<u32>>,
    ) -> Result<Fresh<Availability>, ApiError> {
        let (audience, party) = (audience(&guard), party(attendee_count));
        let wish = Wish { service: service_id.0, resource: resource_id.0, party, audience };
        let dates = Dates::of(date.0, start_date.0, end_date.0)?;
        Fresh::written(&availability(&self.app, &guard, wish, dates).await?, &if_none_match, Keeper::Caller)
    }

    /// List free times of a resource
    ///
    /// For one service that the resource gives; for the shortest one when none is named. At most 62 days at a time.
    #[oai(
        path = "/api/v1/availability/:resource_id/slots",
        method = "get",
        operation_id = "availability_resource_list"
    )]
    async fn resource(
        &self,
        guard: Can<AvailabilityRead>,
        if_none_match: IfNoneMatch,
        /// The resource's id.
        resource_id: Path<Uuid>,
        /// The service; the shortest that the resource gives when absent.
        service_id: Query<Option<Uuid>>,
        /// The first date in the business's zone.
        start_date: Query<Date>,
        /// The last date; the first when absent.
        end_date: Query<Option<Date>>,
    ) -> Result<Fresh<ResourceSlots>, ApiError> {
        let dates = Dates::of(None, Some(start_date.0), end_date.0)?;
        let service = match service_id.0 {
            Some(service) => service,
            None => shortest(&guard.scope, resource_id.0).await?,
        };
        let wish = Wish { service, resource: Some(resource_id.0), party: 1, audience: Audience::Staff };
        let range = zone(&guard.tenant)?.dates(dates.first, dates.last);
        let board = Board::recall(&self.app.boards, &guard.scope, &guard.tenant, &wish, range.start, range.end).await?;
        let mut slots = board.offers()?;
        token::seal(&self.app.manage, &guard.tenant, &mut slots, wish.service, wish.party, guard.scope.now());
        let timezone = guard.tenant.tz.clone();
        let answer = ResourceSlots { resource_id: resource_id.0, service_id: service, slots, timezone };
        Fresh::written(&answer, &if_none_match, Keeper::Caller)
    }

    /// Explain why a time is not offered
    ///
    /// Every reason, by the rules that list and book: of several resources each has its own. As a visitor would see
    /// it, unless `audience` says otherwise. Of the time that is taken only the hours are told, not by whom.
    #[oai(path = "/api/v1/availability/explain", method = "get", operation_id = "availability_explain")]
    async fn explain(
        &self,
        guard: Can<AvailabilityRead>,
        /// The service.
        service_id: Query<Uuid>,
        /// When it would begin.
        start: Query<Timestamp>,
        /// Only this resource.
        resource_id: Query<Option<Uuid>>,
        /// Seats that are wanted together.
        #[oai(validator(minimum(value = "1"), maximum(value = "10000")))]
        attendee_count: Query<Option<u32>>,
        /// For whom it is judged; the public when absent.
        audience: Query<Option<SlotAudience>>,
    ) -> Result<Reply<SlotExplanation>, ApiError> {
        let audience = audience.0.unwrap_or(SlotAudience::Public);
        let party = party(attendee_count);
        let wish = Wish { service: service_id.0, resource: resource_id.0, party, audience: audience.into() };
        let board = Board::around(&guard.scope, &guard.tenant, &wish, start.0.get()).await?;
        let reasons = board.reasons(wish.audience, start.0.get());
        Ok(Reply::new(SlotExplanation {
            available: reasons.is_empty(),
            reasons,
            service_id: wish.service,
            start: start.0,
            end: Timestamp::new(board.end_of(start.0.get())),
            audience,
            timezone: guard.tenant.tz.clone(),
        }))
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicAvailabilityApi {
    /// List free times of a service on the public page
    ///
    /// What a visitor may book: notice and horizon are kept. At most 62 days at a time.
    #[oai(path = "/v1/b/:slug/availability", method = "get", operation_id = "public_availability_list")]
    #[expect(clippy::too_many_arguments, reason = "each parameter is an argument, so that it stands in the document")]
    async fn list(
        &self,
        guard: Visitor,
        if_none_match: IfNoneMatch,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The service.
        service_id: Query<Uuid>,
        /// One date in the business's zone.
        date: Query<Option<Date>>,
        /// The first date, instead of `date`.
        start_date: Query<Option<Date>>,
        /// The last date, with `start_date`.
        end_date: Query<Option<Date>>,
        /// Only this resource.
        resource_id: Query<Option<Uuid>>,
        /// Seats that are wanted together.
        #[oai(validator(minimum(value = "1"), maximum(value = "10000")))]
        attendee_count: Query<Option<u32>>,
    ) -> Result<Fresh<Availability>, ApiError> {
        let party = party(attendee_count);
        let wish = Wish { service: service_id.0, resource: resource_id.0, party, audience: Audience::Public };
        let dates = Dates::of(date.0, start_date.0, end_date.0)?;
        Fresh::written(&availability(&self.app, &guard, wish, dates).await?, &if_none_match, Keeper::Everybody)
    }
}
