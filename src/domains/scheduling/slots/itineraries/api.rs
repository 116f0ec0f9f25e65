//! The operations that look for visits of several services. They write nothing.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::dto::{Itineraries, ItinerarySearch};
use crate::app::App;
use crate::domains::identity::permission::AvailabilityRead;
use crate::domains::scheduling::slots::rules::Audience;
use crate::domains::scheduling::slots::service::itineraries;
use crate::error::ApiError;
use crate::guard::{Anyone, Body, OptionalKey, Reply, Tag, Visitor};

/// `/api/v1/availability/itineraries`
pub struct ItinerariesApi;

/// `/v1/b/{slug}/itineraries`
pub struct PublicItinerariesApi;

impl ItinerariesApi {
    pub fn new(_: &Arc<App>) -> Self {
        Self
    }
}

impl PublicItinerariesApi {
    pub fn new(_: &Arc<App>) -> Self {
        Self
    }
}

#[OpenApi(tag = "Tag::Availability")]
impl ItinerariesApi {
    /// Find a visit of several services
    ///
    /// Two to five services one after the other: their free times, put together so that nobody waits longer than
    /// `max_gap_min`, and no resource is needed twice at once, buffers included. The least idle time first, then the
    /// earliest start. The public sees what it may book; members see every free time, without notice and horizon. Each
    /// option was tried on the rules that book; limits of one customer are looked at when it is booked. The search
    /// ends after a fixed number of steps: `truncated` says so.
    #[oai(path = "/api/v1/availability/itineraries", method = "post", operation_id = "availability_itinerary_search")]
    async fn search(
        &self,
        guard: Anyone,
        /// Accepted as everywhere; a search changes nothing.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        search: Body<ItinerarySearch>,
    ) -> Result<Reply<Itineraries>, ApiError> {
        let audience = if guard.may::<AvailabilityRead>() { Audience::Staff } else { Audience::Public };
        Ok(Reply::new(itineraries(&guard.scope, &guard.tenant, &search.0, audience).await?))
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicItinerariesApi {
    /// Find a visit of several services on the public page
    ///
    /// Two to five services one after the other, as a visitor may book them: notice and horizon are kept. The least
    /// idle time first, then the earliest start. The search ends after a fixed number of steps: `truncated` says so.
    #[oai(path = "/v1/b/:slug/itineraries", method = "post", operation_id = "public_itinerary_search")]
    async fn search(
        &self,
        guard: Visitor,
        /// Accepted as everywhere; a search changes nothing.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        search: Body<ItinerarySearch>,
    ) -> Result<Reply<Itineraries>, ApiError> {
        Ok(Reply::new(itineraries(&guard.scope, &guard.tenant, &search.0, Audience::Public).await?))
    }
}
