//! Held times on the public side, by their token.

use std::sync::Arc;

use ::entity::enums::BookingSource;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::holds::{hold_of, make, shown};
use crate::app::App;
use crate::domains::booking::dto::{Hold, HoldCreate};
use crate::domains::booking::service;
use crate::error::ApiError;
use crate::guard::{Body, Created, NoContent, Reply, RequiredKey, Tag, Visitor};

/// `/v1/b/{slug}/holds`
pub struct PublicHoldsApi {
    app: Arc<App>,
}

impl PublicHoldsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicHoldsApi {
    /// Hold a time as a visitor
    ///
    /// Nobody else is offered the time or gets it until `expires_at`; 15 minutes, unless the business says otherwise. It
    /// is booked with the `hold_token`. Refused with 409 and the next free times when the time cannot be had; with 429
    /// and `Retry-After` when a visitor, or all visitors together, hold too many. Emits `BOOKING_HOLD_CREATED`.
    #[oai(path = "/v1/b/:slug/holds", method = "post", operation_id = "public_hold_create")]
    async fn create(
        &self,
        guard: Visitor,
        /// Names this attempt, so that a repeat holds nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        new: Body<HoldCreate>,
    ) -> Result<Created<Hold>, ApiError> {
        let shown = make(&self.app, &guard, new.0, BookingSource::Public).await?;
        Ok(Created::at(format!("/v1/b/{}/holds/{}", guard.tenant.slug, shown.hold_token), shown))
    }

    /// Read a held time as a visitor
    ///
    /// As it is now.
    #[oai(path = "/v1/b/:slug/holds/:hold", method = "get", operation_id = "public_hold_get")]
    async fn get(
        &self,
        guard: Visitor,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The hold's token.
        hold: Path<String>,
    ) -> Result<Reply<Hold>, ApiError> {
        let row = service::find_hold(&guard.scope, hold_of(&self.app, &guard, &hold.0)?).await?;
        Ok(Reply::new(shown(&self.app, &guard, row).await?))
    }

    /// Keep a time longer as a visitor
    ///
    /// For the same length again, from now on. At most three times; 422 after that, and for an offer to
    /// somebody who waits. 409 when it has ended.
    #[oai(path = "/v1/b/:slug/holds/:hold/extend", method = "put", operation_id = "public_hold_extend")]
    async fn extend(
        &self,
        guard: Visitor,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The hold's token.
        hold: Path<String>,
    ) -> Result<Reply<Hold>, ApiError> {
        let id = hold_of(&self.app, &guard, &hold.0)?;
        let row = service::extend_hold(&guard.scope, &guard.tenant, id, BookingSource::Public).await?;
        Ok(Reply::new(shown(&self.app, &guard, row).await?))
    }

    /// Give a held time up as a visitor
    ///
    /// It is free at once; whoever waits for it is offered it. One that has ended stays as it is. Emits
    /// `BOOKING_HOLD_RELEASED`.
    #[oai(path = "/v1/b/:slug/holds/:hold", method = "delete", operation_id = "public_hold_delete")]
    async fn delete(
        &self,
        guard: Visitor,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The hold's token.
        hold: Path<String>,
    ) -> Result<NoContent, ApiError> {
        service::release_hold(&guard.scope, hold_of(&self.app, &guard, &hold.0)?).await?;
        Ok(NoContent)
    }
}
