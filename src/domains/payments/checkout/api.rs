//! The operations of paying by card, for members.

use std::sync::Arc;

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::dto::{
    Checkout, CheckoutCreate, CheckoutPage, IntentConfirm, IntentCreate, PaymentConfirm, PaymentConfirmed,
    PaymentProcess,
};
use super::service::{self, Consent, Meant, Page, Wanted};
use crate::app::App;
use crate::domains::identity::permission::PaymentWrite;
use crate::domains::payments::dto::PaymentConsent;
use crate::domains::payments::methods;
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, Reply, RequiredKey, Tag};
use crate::pipeline::Notes;

/// `/api/v1/payments/checkout`, `/intents`, `/confirm`, `/process`
pub struct CheckoutApi {
    app: Arc<App>,
}

impl CheckoutApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

impl From<CheckoutPage> for Page {
    fn from(page: CheckoutPage) -> Self {
        Self { success_url: page.success_url, cancel_url: page.cancel_url }
    }
}

/// What was agreed to, and from where; an agreement that says no is none.
pub fn agreed(consent: Option<PaymentConsent>, notes: &Notes) -> Option<Consent> {
    let consent = consent.filter(|consent| consent.accepted)?;
    let ip = Some(notes.peer().to_string());
    Some(Consent { version: consent.version.into(), text: consent.text.into(), ip })
}

pub fn made(placed: service::Placed) -> Created<Checkout> {
    Created::at(format!("/api/v1/payments/{}", placed.payment.id), placed.into())
}

#[OpenApi(tag = "Tag::Payments")]
impl CheckoutApi {
    /// Begin to pay
    ///
    /// The server computes the amount: price, coupon, tax, deposit, tip, gift card. By card, the payer goes on with
    /// `client_secret` or `checkout_url`; who asks for the same again gets the same payment, and other terms call the one
    /// before off. In cash, the payment waits until it is marked as paid. 409 `TITHI_PAYMENT_SETTLED` when nothing is left
    /// to pay, `TITHI_PAYMENTS_UNAVAILABLE` where the business takes no cards. Emits `PAYMENT_INTENT_CREATED`.
    #[oai(path = "/api/v1/payments/checkout", method = "post", operation_id = "payment_checkout")]
    async fn checkout(
        &self,
        guard: Can<PaymentWrite>,
        /// Names this attempt, so that a repeat charges nothing twice.
        idempotency_key: RequiredKey,
        notes: Data<&Notes>,
        new: Body<CheckoutCreate>,
    ) -> Result<Created<Checkout>, ApiError> {
        let new = new.0;
        if new.idempotency_key.as_ref().is_some_and(|key| **key != *idempotency_key.as_str()) {
            return Err(ApiError::field(
                "#/idempotency_key",
                "mismatch",
                "This is not the Idempotency-Key of the header.",
            ));
        }
        let method = new.payment_method;
        let wanted = Wanted {
            subject: service::subject(new.booking_id, new.purchase_id, new.gift_card_id)?,
            customer: new.customer_id,
            coupon: new.coupon_code.map(Into::into),
            gift_card: new.gift_card_code.map(Into::into),
            tip_cents: new.tip_cents,
            in_full: new.in_full,
            page: new.page.map(Into::into),
            consent: agreed(new.consent, notes.0),
            stored: None,
            believed: (None, None),
            public: false,
        };
        Ok(made(service::check_out(&self.app, &guard.scope, wanted, method).await?))
    }

    /// Make a bare payment of a booking
    ///
    /// As a checkout by card without coupon, gift card and tip: all that is left, or the deposit. Emits
    /// `PAYMENT_INTENT_CREATED`.
    #[oai(path = "/api/v1/payments/intents", method = "post", operation_id = "payment_intent_create")]
    async fn intent(
        &self,
        guard: Can<PaymentWrite>,
        /// Names this attempt, so that a repeat charges nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        new: Body<IntentCreate>,
    ) -> Result<Created<Checkout>, ApiError> {
        let wanted = Wanted { believed: (new.0.amount_cents, new.0.currency), ..Wanted::plain(new.0.booking_id) };
        Ok(made(service::check_out(&self.app, &guard.scope, wanted, Default::default()).await?))
    }

    /// Confirm a payment
    ///
    /// By the provider's id. With `payment_method_id` it is charged; without, it is looked at what the payer has done
    /// there. 402 `TITHI_PAYMENT_DECLINED` leaves the time kept: another attempt may be made within it; 402
    /// `TITHI_PAYMENT_REQUIRES_ACTION` sends the payer to `next_action`. Once paid, the booking is confirmed. Emits
    /// `PAYMENT_CAPTURED` or `PAYMENT_FAILED`.
    #[oai(path = "/api/v1/payments/confirm", method = "post", operation_id = "payment_confirm")]
    async fn confirm(
        &self,
        guard: Can<PaymentWrite>,
        /// Names this attempt, so that a repeat charges nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        which: Body<PaymentConfirm>,
    ) -> Result<Reply<PaymentConfirmed>, ApiError> {
        let meant = Meant::Theirs(which.0.payment_intent_id.into());
        let method = which.0.payment_method_id.map(Into::into);
        let payment = service::confirm(&self.app, &guard.scope, meant, method).await?;
        Ok(Reply::new(payment.into()))
    }

    /// Confirm a payment by our id
    ///
    /// The same by our own id.
    #[oai(
        path = "/api/v1/payments/intents/:payment_id/confirm",
        method = "post",
        operation_id = "payment_intent_confirm"
    )]
    async fn confirm_intent(
        &self,
        guard: Can<PaymentWrite>,
        /// Names this attempt, so that a repeat charges nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The payment's id.
        payment_id: Path<Uuid>,
        with: Body<IntentConfirm>,
    ) -> Result<Reply<PaymentConfirmed>, ApiError> {
        let method = with.0.payment_method_id.map(Into::into);
        let payment = service::confirm(&self.app, &guard.scope, Meant::Ours(payment_id.0), method).await?;
        Ok(Reply::new(payment.into()))
    }

    /// Pay a booking at once
    ///
    /// With a card that its customer left: made and confirmed in one call. 404 where there is none. 402 when it is
    /// declined, or when the customer must confirm it: then send them to `next_action`. Emits `PAYMENT_INTENT_CREATED`,
    /// and `PAYMENT_CAPTURED` or `PAYMENT_FAILED`.
    #[oai(path = "/api/v1/payments/process", method = "post", operation_id = "payment_process")]
    async fn process(
        &self,
        guard: Can<PaymentWrite>,
        /// Names this attempt, so that a repeat charges nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        new: Body<PaymentProcess>,
    ) -> Result<Reply<PaymentConfirmed>, ApiError> {
        let new = new.0;
        let wanted = Wanted {
            coupon: new.coupon_code.map(Into::into),
            tip_cents: new.tip_cents,
            in_full: new.in_full,
            ..Wanted::plain(new.booking_id)
        };
        let payment = methods::process(&self.app, &guard.scope, wanted, new.payment_method_id).await?;
        Ok(Reply::new(payment.into()))
    }
}
