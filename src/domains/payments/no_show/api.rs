//! The operations on the fee for not coming.

use std::sync::Arc;

use poem_openapi::OpenApi;

use super::dto::{NoShowFee, NoShowFeeCreate, NoShowFeeWaive, NoShowFeeWaived};
use super::service;
use crate::app::App;
use crate::domains::identity::permission::PaymentCharge;
use crate::error::ApiError;
use crate::guard::{Body, Can, Reply, RequiredKey, Tag};

/// `/api/v1/payments/no-show-fee`
pub struct NoShowApi {
    app: Arc<App>,
}

impl NoShowApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Payments")]
impl NoShowApi {
    /// Charge the fee for not coming
    ///
    /// To the customer's default card, without them, once. At most what the business said when it was booked: 422 with
    /// `most_cents`. 422 `TITHI_PAYMENT_CONSENT_MISSING` without a card whose owner agreed to it; then nobody outside is
    /// asked. 402 when it was declined; 402 `TITHI_PAYMENT_REQUIRES_ACTION` when the bank wants the customer: send them
    /// `payment_url`. Emits `NO_SHOW_FEE_CAPTURED` or `PAYMENT_FAILED`.
    #[oai(path = "/api/v1/payments/no-show-fee", method = "post", operation_id = "payment_no_show_fee")]
    async fn charge(
        &self,
        guard: Can<PaymentCharge>,
        /// Names this attempt, so that a repeat charges nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        fee: Body<NoShowFeeCreate>,
    ) -> Result<Reply<NoShowFee>, ApiError> {
        let NoShowFeeCreate { booking_id, no_show_fee_cents } = fee.0;
        let payment = service::charge(&self.app, &guard.scope, &guard.tenant, booking_id, no_show_fee_cents).await?;
        Ok(Reply::new(payment.into()))
    }

    /// Do without the fee for not coming
    ///
    /// 409 once it was charged.
    #[oai(path = "/api/v1/payments/no-show-fee/waive", method = "post", operation_id = "payment_no_show_fee_waive")]
    async fn waive(
        &self,
        guard: Can<PaymentCharge>,
        /// Names this attempt.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        fee: Body<NoShowFeeWaive>,
    ) -> Result<Reply<NoShowFeeWaived>, ApiError> {
        let booking = service::waive(&self.app, &guard.scope, fee.0.booking_id).await?;
        let no_show_fee_status = booking.no_show_fee_status.as_str().to_owned();
        Ok(Reply::new(NoShowFeeWaived { booking_id: booking.id.0, no_show_fee_status }))
    }
}
