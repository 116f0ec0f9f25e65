//! The operations of onboarding.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::dto::{OnboardedTenant, OnboardingRegister, OnboardingStatus, SubdomainCheck};
use super::service;
use crate::app::App;
use crate::domains::tenancy::Made;
use crate::error::ApiError;
use crate::guard::{Body, Created, ETag, Inbound, LoggedIn, Once, Reply, RequiredKey, Tag};

/// How a business begins.
pub struct OnboardingApi {
    app: Arc<App>,
}

impl OnboardingApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }

    fn wire(&self, made: Made) -> OnboardedTenant {
        let Made { tenant, existing } = made;
        OnboardedTenant {
            id: tenant.id.0,
            business_name: tenant.name,
            url: self.app.settings.server.tenant_url(&tenant.slug),
            subdomain: tenant.slug.clone(),
            slug: tenant.slug,
            category: tenant.category,
            logo: tenant.logo_url,
            timezone: tenant.tz,
            currency: tenant.currency,
            locale: tenant.locale,
            status: tenant.status.into(),
            created_at: tenant.created_at.into(),
            updated_at: tenant.updated_at.into(),
            is_existing: existing,
        }
    }
}

#[OpenApi(tag = "Tag::Onboarding")]
impl OnboardingApi {
    /// Register a business
    ///
    /// The caller becomes its owner, and its subdomain is live at once. The subdomain is made of the name and
    /// numbered where the name is taken; one that is wished for is given as it is or refused: 409 when it is taken,
    /// 422 when it is reserved or no subdomain. Look, texts and a no-show fee of 3 % are the defaults. The same name
    /// sent again by the same owner answers 200 with the business that exists. Event `TENANT_ONBOARDED`.
    #[oai(path = "/onboarding/register", method = "post", operation_id = "onboarding_register")]
    async fn register(
        &self,
        caller: LoggedIn,
        /// Names this attempt, so that a repeat makes no second business.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        body: Body<OnboardingRegister>,
    ) -> Result<Once<OnboardedTenant>, ApiError> {
        let made = service::register(&caller.scope, &caller.person, body.0).await?;
        let etag = ETag::from_updated_at(made.tenant.updated_at);
        if made.existing {
            return Ok(Once::Existing(Reply::new(self.wire(made)).tagged(etag)));
        }
        // visitors may have asked for this name while it was nobody's
        let (directory, slug) = (self.app.directory.clone(), made.tenant.slug.clone());
        caller.scope.after_commit(async move { directory.forget_slug(&slug).await });
        let location = format!("/api/v1/tenants/{}", made.tenant.id);
        Ok(Once::Made(Created::at(location, self.wire(made)).tagged(etag)))
    }

    /// Check a subdomain
    ///
    /// Whether it can be had, while it is being typed: why not, and what is near and free. Upper-case letters are
    /// read as lower-case ones. Anybody may ask, at a rate of its own.
    #[oai(path = "/onboarding/check-subdomain/:subdomain", method = "get", operation_id = "onboarding_check_subdomain")]
    async fn check_subdomain(
        &self,
        caller: Inbound,
        /// The label to check.
        #[oai(validator(max_length = 255))]
        Path(subdomain): Path<String>,
    ) -> Result<Reply<SubdomainCheck>, ApiError> {
        let check = service::check_subdomain(&caller.scope, &self.app.settings.server, &subdomain).await?;
        Ok(check.into())
    }

    /// See how far your business has come
    ///
    /// The steps of the caller's newest business, done and left, read from what is there.
    #[oai(path = "/onboarding/status", method = "get", operation_id = "onboarding_status")]
    async fn status(&self, caller: LoggedIn) -> Result<Reply<OnboardingStatus>, ApiError> {
        Ok(service::status(&caller.scope, &caller.person).await?.into())
    }
}
