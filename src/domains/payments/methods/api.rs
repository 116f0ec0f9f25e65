//! The operations on ways to pay.

use std::sync::Arc;

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{MethodConfirm, MethodCreate, MethodSetup, StoredMethod};
use super::service;
use crate::app::App;
use crate::domains::identity::permission::{PaymentRead, PaymentWrite};
use crate::domains::payments::checkout::agreed;
use crate::error::ApiError;
use crate::guard::{Binding, Body, Can, Created, Listing, NoContent, OptionalKey, Page, Reply, RequiredKey, Tag};
use crate::pipeline::Notes;

/// `/api/v1/payments/methods`
pub struct MethodsApi {
    app: Arc<App>,
}

impl MethodsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Payments")]
impl MethodsApi {
    /// List the ways to pay that a customer left
    ///
    /// The default first, then the newest.
    #[oai(path = "/api/v1/payments/methods", method = "get", operation_id = "payment_method_list")]
    async fn list(
        &self,
        guard: Can<PaymentRead>,
        page: Page,
        /// Whose.
        customer_id: Query<Uuid>,
    ) -> Result<Reply<Listing<StoredMethod>>, ApiError> {
        let all = service::list(&guard.scope, customer_id.0).await?;
        let filter = customer_id.0.to_string();
        let binding = Binding { tenant: guard.scope.tenant()?.0, sort: "payment_methods", filter: &filter };
        Ok(Listing::part(all, &page, &self.app.cursors, &binding, |method| method.id)?.into())
    }

    /// Let a customer leave a card
    ///
    /// The customer gives it to the provider with `client_secret`; it is listed once the provider has it. 409 where the
    /// business takes no cards.
    #[oai(path = "/api/v1/payments/methods", method = "post", operation_id = "payment_method_create")]
    async fn create(
        &self,
        guard: Can<PaymentWrite>,
        /// Names this attempt, so that a repeat makes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        notes: Data<&Notes>,
        new: Body<MethodCreate>,
    ) -> Result<Created<MethodSetup>, ApiError> {
        let consent = agreed(new.0.consent, notes.0);
        let made = service::begin(&self.app, &guard.scope, new.0.customer_id, consent).await?;
        Ok(Created::at(format!("/api/v1/payments/methods?customer_id={}", new.0.customer_id), made))
    }

    /// Look whether a customer has left a card
    ///
    /// Asks the provider; the first card of a customer becomes the default. 422 while the customer has not given it yet.
    #[oai(path = "/api/v1/payments/methods/confirm", method = "post", operation_id = "payment_method_confirm")]
    async fn confirm(
        &self,
        guard: Can<PaymentWrite>,
        /// Names this attempt.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        which: Body<MethodConfirm>,
    ) -> Result<Reply<StoredMethod>, ApiError> {
        let setup = which.0.setup_intent_id.into();
        Ok(Reply::new(service::confirm(&self.app, &guard.scope, setup).await?.into()))
    }

    /// Make a card the default
    ///
    /// The one that is charged when none is named.
    #[oai(
        path = "/api/v1/payments/methods/:method_id/default",
        method = "put",
        operation_id = "payment_method_default"
    )]
    async fn make_default(
        &self,
        guard: Can<PaymentWrite>,
        /// The way to pay.
        method_id: Path<Uuid>,
    ) -> Result<Reply<StoredMethod>, ApiError> {
        Ok(Reply::new(service::make_default(&guard.scope, method_id.0).await?.into()))
    }

    /// Forget a card
    ///
    /// It is taken away from the provider too; nothing is charged to it any more.
    #[oai(path = "/api/v1/payments/methods/:method_id", method = "delete", operation_id = "payment_method_delete")]
    async fn delete(
        &self,
        guard: Can<PaymentWrite>,
        /// The way to pay.
        method_id: Path<Uuid>,
    ) -> Result<NoContent, ApiError> {
        service::remove(&self.app, &guard.scope, method_id.0).await?;
        Ok(NoContent)
    }
}
