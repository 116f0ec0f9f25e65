//! The operations at the counter.

use std::sync::Arc;

use ::entity::payments::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{CashCreate, CashPayment};
use super::service::{self, PaymentFilter};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::{PaymentCharge, PaymentRead, PaymentReport, PaymentWrite};
use crate::domains::payments::checkout;
use crate::domains::payments::dto::{Payment, PaymentFeeType, PaymentMethodKind, PaymentSort, PaymentStatus};
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, Date, Listing, Page, Reply, RequiredKey, Tag};
use crate::kernel::zone::Zone;

/// `/api/v1/payments`
pub struct DeskApi {
    app: Arc<App>,
}

impl DeskApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn shown(row: Model) -> Reply<Payment> {
    let etag = row::tag::<Entity>(&row);
    Reply::new(row.into()).tagged(etag)
}

#[OpenApi(tag = "Tag::Payments")]
impl DeskApi {
    /// List payments
    ///
    /// The newest first, unless another order is asked for. As they were known last.
    #[oai(path = "/api/v1/payments", method = "get", operation_id = "payment_list")]
    #[expect(clippy::too_many_arguments, reason = "each filter is an argument, so that it stands in the document")]
    async fn list(
        &self,
        guard: Can<PaymentReport>,
        page: Page,
        /// Only these states; give it more than once for several.
        #[oai(validator(max_items = 9))]
        status: Query<Vec<PaymentStatus>>,
        /// Only those paid like this.
        method: Query<Option<PaymentMethodKind>>,
        /// Only those for this.
        fee_type: Query<Option<PaymentFeeType>>,
        /// Only those of this booking.
        booking_id: Query<Option<Uuid>>,
        /// Only those of this customer.
        customer_id: Query<Option<Uuid>>,
        /// The first date on which they were begun, in the business's zone.
        start_date: Query<Option<Date>>,
        /// The last date on which they were begun, in the business's zone.
        end_date: Query<Option<Date>>,
        /// Only disputed ones, or only others.
        disputed: Query<Option<bool>>,
        /// The order.
        sort: Query<Option<PaymentSort>>,
    ) -> Result<Reply<Listing<Payment>>, ApiError> {
        let zone = Zone::parse(&guard.tenant.tz).map_err(ApiError::internal)?;
        let filter = PaymentFilter {
            status: status.0.into_iter().map(Into::into).collect(),
            method: method.0.map(Into::into),
            fee_type: fee_type.0.map(Into::into),
            booking_id: booking_id.0,
            customer_id: customer_id.0,
            from: start_date.0.map(|Date(date)| zone.dates(date, date).start),
            to: end_date.0.map(|Date(date)| zone.dates(date, date).end),
            disputed: disputed.0,
        };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::list(&guard.scope, walk, &filter).await?.into())
    }

    /// Read a payment
    ///
    /// As it is now: while its state is not final the provider is asked. Never cached.
    #[oai(path = "/api/v1/payments/:payment_id", method = "get", operation_id = "payment_get")]
    async fn get(
        &self,
        guard: Can<PaymentRead>,
        /// The payment's id.
        payment_id: Path<Uuid>,
    ) -> Result<Reply<Payment>, ApiError> {
        Ok(shown(checkout::look(&self.app, &guard.scope, payment_id.0).await?))
    }

    /// Note cash that a customer hands over
    ///
    /// It is pending until it is marked as paid. At most what is neither paid nor promised: 422 with `left_cents`.
    #[oai(path = "/api/v1/payments/cash", method = "post", operation_id = "payment_cash")]
    async fn cash(
        &self,
        guard: Can<PaymentWrite>,
        /// Names this attempt, so that a repeat notes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        new: Body<CashCreate>,
    ) -> Result<Created<CashPayment>, ApiError> {
        let CashCreate { booking_id, amount_cents, currency } = new.0;
        let payment = service::cash(&guard.scope, booking_id, amount_cents, &currency).await?;
        Ok(Created::at(format!("/api/v1/payments/{}", payment.id), payment.into()))
    }

    /// Mark cash as paid
    ///
    /// It is captured; a booking that waited for it is confirmed. 409 for what is no cash, and for what was paid already.
    /// Emits `PAYMENT_CAPTURED`.
    #[oai(path = "/api/v1/payments/:payment_id/mark-paid", method = "post", operation_id = "payment_mark_paid")]
    async fn mark_paid(
        &self,
        guard: Can<PaymentCharge>,
        /// Names this attempt, so that a repeat settles nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The payment's id.
        payment_id: Path<Uuid>,
    ) -> Result<Reply<Payment>, ApiError> {
        Ok(shown(service::mark_paid(&guard.scope, payment_id.0).await?))
    }
}
