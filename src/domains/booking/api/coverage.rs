//! What bookings are paid with instead of money.

use std::sync::Arc;

use ::entity::ids::BookingId;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use crate::app::App;
use crate::domains::booking::dto::{BookingCoverage, PublicCredits, PublicReferralCode};
use crate::domains::booking::{manage, service};
use crate::domains::identity::permission::{BookingRead, CreditUse};
use crate::domains::{packages, promotions};
use crate::error::ApiError;
use crate::guard::{Can, OptionalKey, Reply, Tag, Visitor};

/// `/api/v1/bookings/{booking_id}/coverage`
pub struct CoverageApi;

/// `/v1/b/{slug}/bookings/{manage_token}/credits`
pub struct PublicCreditsApi {
    app: Arc<App>,
}

impl CoverageApi {
    pub fn new(_: &Arc<App>) -> Self {
        Self
    }
}

impl PublicCreditsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Bookings")]
impl CoverageApi {
    /// Read what covers a booking
    ///
    /// The sessions or credits that pay for it, and what became of them.
    #[oai(path = "/api/v1/bookings/:booking_id/coverage", method = "get", operation_id = "booking_coverage_get")]
    async fn get(
        &self,
        guard: Can<BookingRead>,
        /// The booking's id.
        booking_id: Path<Uuid>,
    ) -> Result<Reply<BookingCoverage>, ApiError> {
        let (booking, coverage) = service::coverage(&guard.scope, booking_id.0).await?;
        Ok(BookingCoverage::of(booking.id.0, coverage).into())
    }

    /// Give back what a booking used
    ///
    /// Of one that was canceled too late, or to which nobody came. 409 while it stands. Where nothing is to be given
    /// back nothing happens. Emits `CREDITS_RETURNED`.
    #[oai(
        path = "/api/v1/bookings/:booking_id/coverage/give-back",
        method = "post",
        operation_id = "booking_coverage_give_back"
    )]
    async fn give_back(
        &self,
        guard: Can<CreditUse>,
        /// Names this attempt, so that a repeat gets the same answer.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The booking's id.
        booking_id: Path<Uuid>,
    ) -> Result<Reply<BookingCoverage>, ApiError> {
        service::give_back(&guard.scope, booking_id.0).await?;
        let (booking, coverage) = service::coverage(&guard.scope, booking_id.0).await?;
        Ok(BookingCoverage::of(booking.id.0, coverage).into())
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicCreditsApi {
    /// Read what a visitor could pay with
    ///
    /// The sessions and credits of whoever made a booking, by its token: with it as `customer_token` they pay for
    /// another one.
    #[oai(path = "/v1/b/:slug/bookings/:manage_token/credits", method = "get", operation_id = "public_booking_credits")]
    async fn get(
        &self,
        guard: Visitor,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The token that was answered when it was booked.
        manage_token: Path<String>,
    ) -> Result<Reply<PublicCredits>, ApiError> {
        let id = manage::open::<BookingId>(&self.app.manage, &guard.tenant, &manage_token.0)?;
        let booking = service::get(&guard.scope, id.0).await?;
        let lots = packages::usable(&guard.scope, booking.customer_id).await?;
        Ok(PublicCredits { lots: lots.into_iter().map(Into::into).collect() }.into())
    }

    /// Ask for a visitor's own code
    ///
    /// By which whoever made a booking brings others along; made when they have none yet, and the same for good.
    #[oai(
        path = "/v1/b/:slug/bookings/:manage_token/referral-code",
        method = "post",
        operation_id = "public_referral_code"
    )]
    async fn referral_code(
        &self,
        guard: Visitor,
        /// Names this attempt, so that a repeat gets the same answer.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The token that was answered when it was booked.
        manage_token: Path<String>,
    ) -> Result<Reply<PublicReferralCode>, ApiError> {
        let id = manage::open::<BookingId>(&self.app.manage, &guard.tenant, &manage_token.0)?;
        let booking = service::get(&guard.scope, id.0).await?;
        let code = promotions::referral_code(&guard.scope, booking.customer_id).await?;
        Ok(PublicReferralCode { code }.into())
    }
}
