//! What operators agree with one business.

use std::sync::Arc;

use ::entity::ids::TenantId;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use crate::app::App;
use crate::db::Access;
use crate::domains::billing::dto::{Subscription, SubscriptionAgreement};
use crate::domains::billing::held::Subject;
use crate::domains::billing::service;
use crate::error::ApiError;
use crate::guard::{Body, Operator, Reply, Tag};

/// `/api/admin/tenants/{tenant_id}/subscription`
pub struct AgreementApi {
    app: Arc<App>,
}

impl AgreementApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Platform")]
impl AgreementApi {
    /// Agree on a price and limits with a business
    ///
    /// They hold for the plan that it has and for `custom`, which its owner may choose then. What it pays now stays
    /// until it chooses anew. Emits `SUBSCRIPTION_CHANGED`.
    #[oai(
        path = "/api/admin/tenants/:tenant_id/subscription",
        method = "put",
        operation_id = "platform_subscription_replace"
    )]
    async fn agree(
        &self,
        guard: Operator,
        /// The business's id.
        tenant_id: Path<Uuid>,
        agreed: Body<SubscriptionAgreement>,
    ) -> Result<Reply<Subscription>, ApiError> {
        // in the business's own Scope, in which the log names the operator
        let scope = self.app.db.scope(TenantId(tenant_id.0), Access::Write);
        scope.act_as(guard.person.user).await?;
        service::agree(&scope, agreed.0.price_cents, agreed.0.limits.json()).await?;
        let shown = service::show(&scope, Subject::Business).await?;
        scope.commit().await?;
        Ok(Reply::new(shown.into()))
    }
}
