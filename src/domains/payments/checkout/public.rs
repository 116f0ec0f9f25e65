//! A visitor pays for the own booking, by the token that opens it.

use std::sync::Arc;

use ::entity::payments::{Entity, Model};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::api::agreed;
use super::dto::{Checkout, IntentConfirm, PaymentConfirmed, PublicCheckoutCreate};
use super::service::{self, Meant, Subject, Wanted};
use crate::app::App;
use crate::db::row;
use crate::domains::booking;
use crate::domains::payments::desk;
use crate::domains::payments::dto::Payment;
use crate::error::ApiError;
use crate::guard::{Body, Created, Reply, RequiredKey, Tag, Visitor};
use crate::pipeline::Notes;

/// `/v1/b/{slug}/bookings/{manage_token}/checkout` and `/payment`
pub struct PublicCheckoutApi {
    app: Arc<App>,
}

impl PublicCheckoutApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }

    /// The newest payment of a booking; 404 before the first.
    async fn latest(&self, guard: &Visitor, token: &str) -> Result<Model, ApiError> {
        let booking = booking::opened(&self.app, &guard.scope, &guard.tenant, token).await?;
        desk::latest(&guard.scope, booking.id).await
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicCheckoutApi {
    /// Begin to pay for a booking as the visitor who made it
    ///
    /// The server computes the amount. The payer goes on with `client_secret` or `checkout_url`; the same again gets the
    /// same payment. 409 `TITHI_HOLD_EXPIRED` once the time to pay is over, `TITHI_PAYMENT_SETTLED` when nothing is left to
    /// pay, `TITHI_PAYMENTS_UNAVAILABLE` where the business takes no cards; 422 for cash where it must be paid before.
    /// Emits `PAYMENT_INTENT_CREATED`.
    #[oai(
        path = "/v1/b/:slug/bookings/:manage_token/checkout",
        method = "post",
        operation_id = "public_booking_checkout"
    )]
    async fn checkout(
        &self,
        guard: Visitor,
        /// Names this attempt, so that a repeat charges nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        notes: Data<&Notes>,
        /// The business.
        slug: Path<String>,
        /// The token that was answered when it was booked.
        manage_token: Path<String>,
        new: Body<PublicCheckoutCreate>,
    ) -> Result<Created<Checkout>, ApiError> {
        let booking = booking::opened(&self.app, &guard.scope, &guard.tenant, &manage_token.0).await?;
        let new = new.0;
        let wanted = Wanted {
            subject: Subject::Booking(booking.id.0),
            coupon: new.coupon_code.map(Into::into),
            gift_card: new.gift_card_code.map(Into::into),
            tip_cents: new.tip_cents,
            in_full: new.in_full,
            page: new.page.map(Into::into),
            consent: agreed(new.consent, notes.0),
            public: true,
            ..Wanted::plain(booking.id.0)
        };
        let placed = service::check_out(&self.app, &guard.scope, wanted, new.payment_method).await?;
        Ok(Created::at(format!("/v1/b/{}/bookings/{}/payment", slug.0, manage_token.0), placed.into()))
    }

    /// Read how the payment of a booking stands, as the visitor who made it
    ///
    /// The newest one; 404 before the first. As it is now: while it is not final the provider is asked. Never cached.
    #[oai(
        path = "/v1/b/:slug/bookings/:manage_token/payment",
        method = "get",
        operation_id = "public_booking_payment_get"
    )]
    async fn payment(
        &self,
        guard: Visitor,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The token that was answered when it was booked.
        manage_token: Path<String>,
    ) -> Result<Reply<Payment>, ApiError> {
        let payment = self.latest(&guard, &manage_token.0).await?;
        let payment = service::look(&self.app, &guard.scope, payment.id.0).await?;
        let etag = row::tag::<Entity>(&payment);
        Ok(Reply::new(payment.into()).tagged(etag))
    }

    /// Confirm the payment of a booking as the visitor who made it
    ///
    /// The newest one. With `payment_method_id` it is charged; without, it is looked at what the payer has done at the
    /// provider. 402 when it was declined or the payer must confirm it. Once paid, the booking is confirmed.
    #[oai(
        path = "/v1/b/:slug/bookings/:manage_token/payment/confirm",
        method = "post",
        operation_id = "public_booking_payment_confirm"
    )]
    async fn confirm(
        &self,
        guard: Visitor,
        /// Names this attempt, so that a repeat charges nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The token that was answered when it was booked.
        manage_token: Path<String>,
        with: Body<IntentConfirm>,
    ) -> Result<Reply<PaymentConfirmed>, ApiError> {
        let payment: Uuid = self.latest(&guard, &manage_token.0).await?.id.0;
        let method = with.0.payment_method_id.map(Into::into);
        let payment = service::confirm(&self.app, &guard.scope, Meant::Ours(payment), method).await?;
        Ok(Reply::new(payment.into()))
    }
}
