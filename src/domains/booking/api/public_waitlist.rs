//! The waiting list on the public side: one's own place, by its token.

use std::sync::Arc;

use ::entity::waitlist_entries::Entity;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::waitlist::{entry_of, join, shown};
use crate::app::App;
use crate::db::row;
use crate::domains::booking::dto::{WaitlistEntry, WaitlistJoin};
use crate::domains::booking::service;
use crate::error::ApiError;
use crate::guard::{Body, Created, NoContent, OptionalKey, Reply, Tag, Visitor};

/// `/v1/b/{slug}/waitlist`
pub struct PublicWaitlistApi {
    app: Arc<App>,
}

impl PublicWaitlistApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicWaitlistApi {
    /// Join the waiting list as a visitor
    ///
    /// When a time becomes free that is wanted, the first in line is offered it: it is held for them, an hour unless the
    /// business says otherwise, and booked with the hold's token. Whoever lets an offer pass stands at the end of the line
    /// again; after three they wait no more. At most five times for one service. Emits `WAITLIST_JOINED`, and for an offer
    /// `WAITLIST_OFFERED`.
    #[oai(path = "/v1/b/:slug/waitlist", method = "post", operation_id = "public_waitlist_create")]
    async fn create(
        &self,
        guard: Visitor,
        /// Names this attempt, so that a repeat joins nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        new: Body<WaitlistJoin>,
    ) -> Result<Created<WaitlistEntry>, ApiError> {
        let (shown, etag) = join(&self.app, &guard, new.0).await?;
        Ok(Created::at(format!("/v1/b/{}/waitlist/{}", guard.tenant.slug, shown.entry_token), shown).tagged(etag))
    }

    /// Read a place in line as a visitor
    ///
    /// With the token of the hold, while a time is offered.
    #[oai(path = "/v1/b/:slug/waitlist/:entry", method = "get", operation_id = "public_waitlist_get")]
    async fn get(
        &self,
        guard: Visitor,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The token that was answered when they joined.
        entry: Path<String>,
    ) -> Result<Reply<WaitlistEntry>, ApiError> {
        let row = service::find_entry(&guard.scope, entry_of(&self.app, &guard, &entry.0)?.0).await?;
        let etag = row::tag::<Entity>(&row);
        Ok(Reply::new(shown(&self.app, &guard, row)).tagged(etag))
    }

    /// Leave the waiting list as a visitor
    ///
    /// A time that was offered goes to the next in line. Whoever waits no more stays as they are. Emits `WAITLIST_LEFT`.
    #[oai(path = "/v1/b/:slug/waitlist/:entry", method = "delete", operation_id = "public_waitlist_delete")]
    async fn delete(
        &self,
        guard: Visitor,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The token that was answered when they joined.
        entry: Path<String>,
    ) -> Result<NoContent, ApiError> {
        service::leave_waitlist(&guard.scope, entry_of(&self.app, &guard, &entry.0)?.0).await?;
        Ok(NoContent)
    }
}
