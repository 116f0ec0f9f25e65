//! The operations on tenants: a person's list, and one tenant for its members.

use std::sync::Arc;

use ::entity::enums::MembershipRole;
use ::entity::tenants;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::{NewTenant, Policies, dto, make, service, wire};
use crate::app::App;
use crate::domains::identity::permission::{TenantRead, TenantWrite};
use crate::domains::impact::{Intent, Weighed};
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, ETag, IfMatch, Listing, LoggedIn, Once, OptionalKey, Page, Reply, Tag};

/// A person's tenants.
pub struct TenantsApi {
    app: Arc<App>,
}

/// One tenant.
pub struct TenantApi {
    app: Arc<App>,
}

impl TenantsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

impl TenantApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }

    fn reply(&self, row: tenants::Model) -> Result<Reply<dto::Tenant>, ApiError> {
        let etag = ETag::from_updated_at(row.updated_at);
        Ok(Reply::new(wire::tenant(row, &self.app.settings.server)?).tagged(etag))
    }
}

#[OpenApi(tag = "Tag::Tenants")]
impl TenantsApi {
    /// List your businesses
    ///
    /// The businesses in which the caller has a role, the newest first, suspended ones too. Anybody who is
    /// logged in may ask.
    #[oai(path = "/api/v1/tenants", method = "get", operation_id = "tenant_list")]
    async fn list(&self, caller: LoggedIn, page: Page) -> Result<Reply<Listing<dto::Summary>>, ApiError> {
        let (app, user) = (&self.app, caller.person.user);
        let list = service::list(&caller.scope, user, &page, &app.cursors, &app.settings.server).await?;
        Ok(list.into())
    }

    /// Make a business
    ///
    /// The caller becomes its owner; look, policies and settings are the defaults. The same name sent again by the
    /// same owner answers 200 with the business that exists. A wished subdomain that is taken is refused with 409, one
    /// that is not possible with 422. Event `TENANT_ONBOARDED`.
    #[oai(path = "/api/v1/tenants", method = "post", operation_id = "tenant_create")]
    async fn create(
        &self,
        caller: LoggedIn,
        /// Names this attempt, so that a repeat makes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        body: Body<dto::TenantCreate>,
    ) -> Result<Once<dto::Summary>, ApiError> {
        let owner = caller.person.user;
        let made = make(&caller.scope, owner, new_tenant(body.0, caller.person.email)).await?;
        let etag = ETag::from_updated_at(made.tenant.updated_at);
        let (location, slug) = (format!("/api/v1/tenants/{}", made.tenant.id), made.tenant.slug.clone());
        let summary = service::summary(made.tenant, MembershipRole::Owner, &self.app.settings.server);
        if made.existing {
            return Ok(Once::Existing(Reply::new(summary).tagged(etag)));
        }
        // visitors may have asked for this name while it was nobody's
        let directory = self.app.directory.clone();
        caller.scope.after_commit(async move { directory.forget_slug(&slug).await });
        Ok(Once::Made(Created::at(location, summary).tagged(etag)))
    }
}

fn new_tenant(wire: dto::TenantCreate, owner_email: String) -> NewTenant {
    NewTenant {
        name: wire.name.into(),
        wish: wire.subdomain,
        category: wire.category.map(Into::into),
        logo_url: None,
        email: Some(wire.email.map_or(owner_email, Into::into)),
        contact_name: None,
        policies: Policies::default(),
        timezone: wire.timezone.map_or_else(|| "UTC".into(), Into::into),
        currency: wire.currency.unwrap_or_else(|| "USD".into()),
        locale: wire.locale.unwrap_or_else(|| "en_US".into()),
    }
}

#[OpenApi(tag = "Tag::Tenants")]
impl TenantApi {
    /// Get a business
    ///
    /// All settings of a business, for its members. The id of another business answers 404.
    #[oai(path = "/api/v1/tenants/:tenant_id", method = "get", operation_id = "tenant_get")]
    async fn get(
        &self,
        caller: Can<TenantRead>,
        /// The business, which the request names by this id alone or agrees with.
        #[oai(name = "tenant_id")]
        _tenant_id: Path<Uuid>,
    ) -> Result<Reply<dto::Tenant>, ApiError> {
        self.reply(service::get(&caller.scope).await?)
    }

    /// Replace a business's settings
    ///
    /// What is absent becomes empty or the default. Admins and owners may; `rate_limits` is for owners alone. An
    /// unknown zone or currency, a limit over the ceiling, or an origin that is none is refused with 422. Another zone
    /// is refused with 409 when bookings would fall out of the hours, unless it is forced. Slug and status are the
    /// platform's. Event `TENANT_UPDATED`.
    #[oai(path = "/api/v1/tenants/:tenant_id", method = "put", operation_id = "tenant_replace")]
    async fn replace(
        &self,
        caller: Can<TenantWrite>,
        /// The business, which the request names by this id alone or agrees with.
        #[oai(name = "tenant_id")]
        _tenant_id: Path<Uuid>,
        if_match: IfMatch,
        intent: Intent,
        body: Body<dto::TenantReplace>,
    ) -> Result<Weighed<Reply<dto::Tenant>>, ApiError> {
        self.change(caller, if_match, intent, |before| wire::replaced(body.0, before)).await
    }

    /// Change a business's settings
    ///
    /// What is absent stays, null clears. Admins and owners may; `rate_limits` is for owners alone. An unknown zone
    /// or currency, a limit over the ceiling, or an origin that is none is refused with 422. Another zone is refused with
    /// 409 when bookings would fall out of the hours, unless it is forced. Event `TENANT_UPDATED`.
    #[oai(path = "/api/v1/tenants/:tenant_id", method = "patch", operation_id = "tenant_update")]
    async fn update(
        &self,
        caller: Can<TenantWrite>,
        /// The business, which the request names by this id alone or agrees with.
        #[oai(name = "tenant_id")]
        _tenant_id: Path<Uuid>,
        if_match: IfMatch,
        intent: Intent,
        body: Body<dto::TenantUpdate>,
    ) -> Result<Weighed<Reply<dto::Tenant>>, ApiError> {
        self.change(caller, if_match, intent, |before| wire::updated(body.0, before)).await
    }
}

impl TenantApi {
    async fn change(
        &self,
        caller: Can<TenantWrite>,
        if_match: IfMatch,
        intent: Intent,
        to: impl FnOnce(super::profile::Profile) -> super::profile::Profile,
    ) -> Result<Weighed<Reply<dto::Tenant>>, ApiError> {
        let limits = &self.app.settings.limits;
        let changed = service::change(&caller.scope, &caller.person, limits, &if_match, intent, to).await?;
        let row = match changed {
            Weighed::Done(row) => row,
            Weighed::Told(impact) => return Ok(Weighed::Told(impact)),
        };
        let (directory, tenant) = (self.app.directory.clone(), Arc::clone(&caller.tenant));
        caller.scope.after_commit(async move { directory.forget(&tenant.slug, tenant.id).await });
        Ok(Weighed::Done(self.reply(row)?))
    }
}
