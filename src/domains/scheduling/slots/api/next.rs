//! The next free times from an instant on, however far away they are.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::{audience, party};
use crate::app::App;
use crate::domains::scheduling::slots::dto::NextAvailable;
use crate::domains::scheduling::slots::rules::Audience;
use crate::domains::scheduling::slots::service::{Ahead, Wish, ahead};
use crate::error::ApiError;
use crate::guard::{Anyone, Fresh, IfNoneMatch, Keeper, Tag, Timestamp, Visitor};

/// `/api/v1/availability/next`
pub struct NextApi {
    app: Arc<App>,
}

/// `/v1/b/{slug}/availability/next`
pub struct PublicNextApi {
    app: Arc<App>,
}

impl NextApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

impl PublicNextApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

async fn next(
    app: &App,
    guard: &Anyone,
    wish: Wish,
    from: Option<Timestamp>,
    count: Option<u32>,
) -> Result<NextAvailable, ApiError> {
    let from = from.map_or_else(|| guard.scope.now(), Timestamp::get);
    let count = count.and_then(|count| usize::try_from(count).ok()).unwrap_or(1);
    let Ahead { offers, until } = ahead(&app.boards, &guard.scope, &guard.tenant, &wish, from, count).await?;
    Ok(NextAvailable {
        data: offers,
        searched_until: Timestamp::new(until),
        timezone: guard.tenant.tz.clone(),
        service_id: wish.service,
    })
}

#[OpenApi(tag = "Tag::Availability")]
impl NextApi {
    /// Find the next free times of a service
    ///
    /// From an instant on, looking ahead until as many are found as were asked for, the horizon is reached or most
    /// of a year is searched; `searched_until` says how far. The same times that the list of their dates has.
    #[oai(path = "/api/v1/availability/next", method = "get", operation_id = "availability_next")]
    #[expect(clippy::too_many_arguments, reason = "each parameter is an argument, so that it stands in the document")]
    async fn next(
        &self,
        guard: Anyone,
        if_none_match: IfNoneMatch,
        /// The service.
        service_id: Query<Uuid>,
        /// Only this resource.
        resource_id: Query<Option<Uuid>>,
        /// From when on; from now on when absent or past.
        from: Query<Option<Timestamp>>,
        /// How many; one when absent.
        #[oai(validator(minimum(value = "1"), maximum(value = "20")))]
        count: Query<Option<u32>>,
        /// Seats that are wanted together.
        #[oai(validator(minimum(value = "1"), maximum(value = "10000")))]
        attendee_count: Query<Option<u32>>,
    ) -> Result<Fresh<NextAvailable>, ApiError> {
        let (audience, party) = (audience(&guard), party(attendee_count));
        let wish = Wish { service: service_id.0, resource: resource_id.0, party, audience };
        Ok(Fresh::of(next(&self.app, &guard, wish, from.0, count.0).await?, &if_none_match, Keeper::Caller))
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicNextApi {
    /// Find the next free times on the public page
    ///
    /// What a visitor may book: notice and horizon are kept. Looks ahead until as many are found as were asked for,
    /// the horizon is reached or most of a year is searched.
    #[oai(path = "/v1/b/:slug/availability/next", method = "get", operation_id = "public_availability_next")]
    #[expect(clippy::too_many_arguments, reason = "each parameter is an argument, so that it stands in the document")]
    async fn next(
        &self,
        guard: Visitor,
        if_none_match: IfNoneMatch,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The service.
        service_id: Query<Uuid>,
        /// Only this resource.
        resource_id: Query<Option<Uuid>>,
        /// From when on; from now on when absent or past.
        from: Query<Option<Timestamp>>,
        /// How many; one when absent.
        #[oai(validator(minimum(value = "1"), maximum(value = "20")))]
        count: Query<Option<u32>>,
        /// Seats that are wanted together.
        #[oai(validator(minimum(value = "1"), maximum(value = "10000")))]
        attendee_count: Query<Option<u32>>,
    ) -> Result<Fresh<NextAvailable>, ApiError> {
        let (audience, party) = (Audience::Public, party(attendee_count));
        let wish = Wish { service: service_id.0, resource: resource_id.0, party, audience };
        Ok(Fresh::of(next(&self.app, &guard, wish, from.0, count.0).await?, &if_none_match, Keeper::Everybody))
    }
}
