//! The operations on purchases; `public` is the visitor's side.

use std::sync::Arc;

use ::entity::enums::BookingSource;
use ::entity::purchases::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{PackagePurchase, PaidWith, Purchase, PurchaseSettle, PurchaseSort, PurchaseStatus};
use super::make::{self, NewPurchase, PurchaseFilter};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::crm;
use crate::domains::identity::permission::{PackageGive, PackageSell};
use crate::domains::packages::offers;
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, Listing, OptionalKey, Page, Reply, RequiredKey, Tag};

/// `/api/v1/purchases`, `/api/v1/packages/{package_id}/purchase`
pub struct PurchasesApi {
    app: Arc<App>,
}

impl PurchasesApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn shown(row: Model) -> Reply<Purchase> {
    let etag = row::tag::<Entity>(&row);
    Reply::new(row.into()).tagged(etag)
}

/// To give something away needs more than to sell it.
fn may(guard: &Can<PackageSell>, with: PaidWith) -> Result<(), ApiError> {
    if with == PaidWith::Given { guard.also::<PackageGive>() } else { Ok(()) }
}

#[OpenApi(tag = "Tag::Packages")]
impl PurchasesApi {
    /// Sell a package
    ///
    /// To a customer, on the terms of today: it waits to be paid by a payment, or is paid at the counter or given, which
    /// grants its sessions at once. To give needs `package.give`. Emits `PURCHASE_CREATED`, and `PURCHASE_PAID` where it
    /// is paid.
    #[oai(path = "/api/v1/packages/:package_id/purchase", method = "post", operation_id = "package_purchase")]
    async fn purchase(
        &self,
        guard: Can<PackageSell>,
        /// Names this attempt, so that a repeat sells nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The package's id.
        package_id: Path<Uuid>,
        buyer: Body<PackagePurchase>,
    ) -> Result<Created<Purchase>, ApiError> {
        may(&guard, buyer.0.paid_with)?;
        let package = offers::sold(&guard.scope, package_id.0).await?;
        let customer = crm::known(&guard.scope, buyer.0.customer_id).await?;
        let new = NewPurchase::of_package(package, customer, BookingSource::Staff);
        let made = make::make(&guard.scope, new, buyer.0.paid_with.into()).await?;
        let etag = row::tag::<Entity>(&made);
        Ok(Created::at(format!("/api/v1/purchases/{}", made.id), made.into()).tagged(etag))
    }

    /// List purchases
    ///
    /// Of packages, memberships and credits; the newest first, unless the other order is asked for.
    #[oai(path = "/api/v1/purchases", method = "get", operation_id = "purchase_list")]
    async fn list(
        &self,
        guard: Can<PackageSell>,
        page: Page,
        /// Only those of this customer.
        customer_id: Query<Option<Uuid>>,
        /// Only those in this state.
        status: Query<Option<PurchaseStatus>>,
        /// The order.
        sort: Query<Option<PurchaseSort>>,
    ) -> Result<Reply<Listing<Purchase>>, ApiError> {
        let filter = PurchaseFilter { customer_id: customer_id.0, status: status.0.map(Into::into) };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(make::list(&guard.scope, walk, &filter).await?.into())
    }

    /// Read a purchase
    ///
    /// As it is now.
    #[oai(path = "/api/v1/purchases/:purchase_id", method = "get", operation_id = "purchase_get")]
    async fn get(
        &self,
        guard: Can<PackageSell>,
        /// The purchase's id.
        purchase_id: Path<Uuid>,
    ) -> Result<Reply<Purchase>, ApiError> {
        Ok(shown(make::get(&guard.scope, purchase_id.0).await?))
    }

    /// Settle a purchase at the counter
    ///
    /// From pending only; 409 otherwise. What it gives is granted at once. To give it needs `package.give`. Emits
    /// `PURCHASE_PAID`.
    #[oai(path = "/api/v1/purchases/:purchase_id/settle", method = "post", operation_id = "purchase_settle")]
    async fn settle(
        &self,
        guard: Can<PackageSell>,
        /// Names this attempt, so that a repeat settles nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The purchase's id.
        purchase_id: Path<Uuid>,
        how: Body<PurchaseSettle>,
    ) -> Result<Reply<Purchase>, ApiError> {
        may(&guard, how.0.paid_with)?;
        if how.0.paid_with == PaidWith::Payment {
            return Err(ApiError::field(
                "#/paid_with",
                "invalid",
                "A payment settles it by itself: say cash or given.",
            ));
        }
        Ok(shown(make::settle(&guard.scope, purchase_id.0, how.0.paid_with.into()).await?))
    }

    /// Call a purchase off
    ///
    /// From pending only; 409 otherwise. One that was called off stays so. Emits `PURCHASE_CANCELED`.
    #[oai(path = "/api/v1/purchases/:purchase_id/cancel", method = "post", operation_id = "purchase_cancel")]
    async fn cancel(
        &self,
        guard: Can<PackageSell>,
        /// Names this attempt, so that a repeat gets the same answer.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The purchase's id.
        purchase_id: Path<Uuid>,
    ) -> Result<Reply<Purchase>, ApiError> {
        Ok(shown(make::cancel(&guard.scope, purchase_id.0).await?))
    }

    /// Take a purchase back
    ///
    /// One that was paid at the counter or given: what is left of it is gone. 409 for one that a payment paid for, which
    /// is refunded instead. Emits `PURCHASE_UNDONE`.
    #[oai(path = "/api/v1/purchases/:purchase_id/undo", method = "post", operation_id = "purchase_undo")]
    async fn undo(
        &self,
        guard: Can<PackageGive>,
        /// Names this attempt, so that a repeat gets the same answer.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The purchase's id.
        purchase_id: Path<Uuid>,
    ) -> Result<Reply<Purchase>, ApiError> {
        Ok(shown(make::undo(&guard.scope, purchase_id.0).await?))
    }
}
