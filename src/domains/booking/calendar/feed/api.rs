//! The operations on feeds.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::dto::StaffCalendarFeed;
use super::service;
use crate::app::App;
use crate::domains::booking::calendar::file::CalendarFeed;
use crate::domains::identity::permission::CalendarWrite;
use crate::error::ApiError;
use crate::guard::{Can, Created, IfNoneMatch, NoContent, OptionalKey, Tag, Timestamp, Visitor};

/// `/api/v1/staff/{staff_id}/calendar-feed`
pub struct CalendarFeedApi {
    app: Arc<App>,
}

/// `/v1/b/{slug}/feeds`
pub struct PublicCalendarFeedApi;

impl CalendarFeedApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Staff")]
impl CalendarFeedApi {
    /// Make the address of a calendar
    ///
    /// A secret address that calendar programs subscribe to, shown this once: what is kept is its digest. An address
    /// that was there before is none any more. For the own profile, and for everybody's with `staff.write`; any other
    /// is not found. With an `Idempotency-Key` the answer is kept for its 24 hours, like any other.
    #[oai(path = "/api/v1/staff/:staff_id/calendar-feed", method = "post", operation_id = "staff_calendar_feed_create")]
    async fn create(
        &self,
        guard: Can<CalendarWrite>,
        /// Names this attempt, so that a repeat makes no other address.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The profile's id.
        staff_id: Path<Uuid>,
    ) -> Result<Created<StaffCalendarFeed>, ApiError> {
        let secret = service::make(&guard.scope, &guard.person, staff_id.0).await?;
        let path = format!("/v1/b/{}/feeds/{}/calendar.ics", guard.tenant.slug, secret.reveal());
        let url = format!("{}{path}", self.app.settings.server.base_url());
        let made_at = Timestamp::new(guard.scope.now());
        Ok(Created::at(path, StaffCalendarFeed { staff_id: staff_id.0, url, made_at }))
    }

    /// Revoke the address of a calendar
    ///
    /// Whoever subscribed to it finds nothing there any more. For the own profile, and for everybody's with
    /// `staff.write`; any other is not found.
    #[oai(
        path = "/api/v1/staff/:staff_id/calendar-feed",
        method = "delete",
        operation_id = "staff_calendar_feed_delete"
    )]
    async fn delete(
        &self,
        guard: Can<CalendarWrite>,
        /// The profile's id.
        staff_id: Path<Uuid>,
    ) -> Result<NoContent, ApiError> {
        service::revoke(&guard.scope, &guard.person, staff_id.0).await?;
        Ok(NoContent)
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicCalendarFeedApi {
    /// Read a calendar at its secret address
    ///
    /// A member of staff's appointments from 30 days ago to 365 days ahead, at most 1,000 of them, with the customers'
    /// names and no address of theirs. A class is one entry. 404 for an address that was revoked or made anew.
    #[oai(
        path = "/v1/b/:slug/feeds/:feed_secret/calendar.ics",
        method = "get",
        operation_id = "public_calendar_feed_get"
    )]
    async fn get(
        &self,
        guard: Visitor,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The secret of the address.
        feed_secret: Path<String>,
        /// Tags of the versions that the caller has.
        if_none_match: IfNoneMatch,
    ) -> Result<CalendarFeed, ApiError> {
        let calendar = service::read(&guard.scope, &feed_secret.0).await?;
        Ok(CalendarFeed::of(&calendar, &if_none_match))
    }
}
