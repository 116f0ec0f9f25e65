//! The operations of operators.

use std::sync::Arc;

use ::entity::enums;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::PlatformTenant;
use super::service::{self, TenantFilter};
use crate::app::App;
use crate::db::Scope;
use crate::domains::tenancy::Status;
use crate::error::ApiError;
use crate::guard::{Listing, Operator, OptionalKey, Page, Reply, Tag, Text};

/// `/api/admin/tenants`
pub struct PlatformTenantsApi {
    app: Arc<App>,
}

impl PlatformTenantsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }

    async fn move_to(
        &self,
        scope: &Scope,
        id: Uuid,
        status: enums::TenantStatus,
    ) -> Result<Reply<PlatformTenant>, ApiError> {
        let tenant = service::set_status(scope, id, status).await?;
        let (app, slug, id) = (Arc::clone(&self.app), tenant.slug.clone(), tenant.id);
        scope.after_commit(async move { app.directory.forget(&slug, id).await });
        Ok(Reply::new(PlatformTenant::from(tenant)))
    }
}

#[OpenApi(tag = "Tag::Platform")]
impl PlatformTenantsApi {
    /// List all businesses
    ///
    /// For operators; the look is noted in the audit log.
    #[oai(path = "/api/admin/tenants", method = "get", operation_id = "platform_tenant_list")]
    async fn list(
        &self,
        guard: Operator,
        page: Page,
        /// Only those in this state.
        status: Query<Option<Status>>,
        /// Only those whose name or slug contains this text.
        q: Query<Option<Text<1, 100>>>,
    ) -> Result<Reply<Listing<PlatformTenant>>, ApiError> {
        let filter = TenantFilter { status: status.0.map(Into::into), q: q.0.map(Into::into) };
        service::looked(&guard.scope, &guard.person, "tenants").await?;
        Ok(Reply::new(service::list(&guard.scope, &self.app.cursors, &page, &filter).await?))
    }

    /// Suspend a business
    ///
    /// Its pages and API answer 403 `TITHI_TENANT_SUSPENDED` until it is resumed; nothing is lost. Emits
    /// `TENANT_SUSPENDED`.
    #[oai(path = "/api/admin/tenants/:tenant_id/suspend", method = "post", operation_id = "platform_tenant_suspend")]
    async fn suspend(
        &self,
        guard: Operator,
        /// Names this attempt.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The business's id.
        tenant_id: Path<Uuid>,
    ) -> Result<Reply<PlatformTenant>, ApiError> {
        self.move_to(&guard.scope, tenant_id.0, enums::TenantStatus::Suspended).await
    }

    /// Resume a business
    ///
    /// It is served again. Emits `TENANT_RESUMED`.
    #[oai(path = "/api/admin/tenants/:tenant_id/resume", method = "post", operation_id = "platform_tenant_resume")]
    async fn resume(
        &self,
        guard: Operator,
        /// Names this attempt.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The business's id.
        tenant_id: Path<Uuid>,
    ) -> Result<Reply<PlatformTenant>, ApiError> {
        self.move_to(&guard.scope, tenant_id.0, enums::TenantStatus::Active).await
    }
}
