//! A visitor buys a package.

use std::sync::Arc;

use ::entity::enums::{BookingSource, PaidWith};
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::dto::{PublicPackagePurchase, PublicPurchase, PurchaseContact};
use super::make::{self, NewPurchase};
use super::token;
use crate::app::App;
use crate::domains::crm::{self, NewContact};
use crate::domains::packages::offers;
use crate::error::{ApiError, Code};
use crate::guard::{Body, Created, RequiredKey, Tag, Visitor};

/// `/v1/b/{slug}/packages/{package_id}/purchase`
pub struct PublicPurchasesApi {
    app: Arc<App>,
}

impl PublicPurchasesApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

impl From<PurchaseContact> for NewContact {
    fn from(contact: PurchaseContact) -> Self {
        Self {
            display_name: contact.display_name.into(),
            email: contact.email.into(),
            phone: None,
            marketing_opt_in: false,
        }
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicPurchasesApi {
    /// Buy a package as a visitor
    ///
    /// On the terms of today; it waits to be paid. Emits `PURCHASE_CREATED`.
    #[oai(
        path = "/v1/b/:slug/packages/:package_id/purchase",
        method = "post",
        operation_id = "public_package_purchase"
    )]
    async fn purchase(
        &self,
        guard: Visitor,
        /// Names this attempt, so that a repeat buys nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The package's id.
        package_id: Path<Uuid>,
        buyer: Body<PublicPackagePurchase>,
    ) -> Result<Created<PublicPurchase>, ApiError> {
        let package = offers::sold(&guard.scope, package_id.0).await?;
        if package.price_cents == 0 {
            // what costs nothing is granted at once, to whatever address a stranger types
            return Err(ApiError::new(Code::RuleViolation, "This package is given by the business: please ask there."));
        }
        let customer = crm::find_or_create(&guard.scope, buyer.0.customer.into()).await?;
        let new = NewPurchase::of_package(package, customer, BookingSource::Public);
        let made = make::make(&guard.scope, new, PaidWith::Payment).await?;
        let token = token::seal(&guard.scope, &self.app.manage, made.id)?;
        Ok(Created::at(format!("/api/v1/purchases/{}", made.id), PublicPurchase::of(made, token)))
    }
}
