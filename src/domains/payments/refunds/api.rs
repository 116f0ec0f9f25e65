//! The operations on refunds.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::dto::{Refund, RefundCreate};
use super::service::{self, Asked};
use crate::app::App;
use crate::domains::identity::permission::{PaymentRead, PaymentRefund};
use crate::error::ApiError;
use crate::guard::{Binding, Body, Can, Created, Listing, Page, Reply, RequiredKey, Tag};

/// `/api/v1/payments/{payment_id}/refund` and `/refunds`
pub struct RefundsApi {
    app: Arc<App>,
}

impl RefundsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Payments")]
impl RefundsApi {
    /// Give money back
    ///
    /// All that is left of a captured payment, a part of it, or the fee for not coming alone. All refunds together are at
    /// most what was captured: 422 with `refundable_cents`. The platform's share goes back in proportion. Emits
    /// `PAYMENT_REFUNDED` once it is done.
    #[oai(path = "/api/v1/payments/:payment_id/refund", method = "post", operation_id = "payment_refund")]
    async fn refund(
        &self,
        guard: Can<PaymentRefund>,
        /// Names this attempt, so that a repeat gives nothing back twice.
        idempotency_key: RequiredKey,
        /// The payment's id.
        payment_id: Path<Uuid>,
        new: Body<RefundCreate>,
    ) -> Result<Created<Refund>, ApiError> {
        let asked = Asked {
            kind: new.0.refund_type,
            amount: new.0.amount_cents,
            reason: new.0.reason.map(Into::into),
            key: format!("{}:{}", guard.person.user, idempotency_key.as_str()),
        };
        let refund = service::refund(&self.app, &guard.scope, payment_id.0, asked).await?;
        Ok(Created::at(format!("/api/v1/payments/{}", refund.payment_id), refund))
    }

    /// List the refunds of a payment
    ///
    /// All of them, the oldest first.
    #[oai(path = "/api/v1/payments/:payment_id/refunds", method = "get", operation_id = "payment_refund_list")]
    async fn list(
        &self,
        guard: Can<PaymentRead>,
        page: Page,
        /// The payment's id.
        payment_id: Path<Uuid>,
    ) -> Result<Reply<Listing<Refund>>, ApiError> {
        let all = service::list(&guard.scope, payment_id.0).await?;
        let filter = payment_id.0.to_string();
        let binding = Binding { tenant: guard.scope.tenant()?.0, sort: "payment_refunds", filter: &filter };
        Ok(Listing::part(all, &page, &self.app.cursors, &binding, |refund| refund.id)?.into())
    }
}
