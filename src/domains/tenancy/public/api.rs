//! `GET /v1/{slug}` and `GET /v1/{slug}/info`.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::{dto, service};
use crate::app::App;
use crate::error::ApiError;
use crate::guard::{Fresh, IfNoneMatch, Keeper, Tag, Visitor};

/// The public side of a tenant.
pub struct PublicTenantApi {
    app: Arc<App>,
}

impl PublicTenantApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicTenantApi {
    /// Get a business's public page
    ///
    /// The page as data, for everybody. A business that is suspended answers 403 and shows nothing. Send the tag of
    /// the version that you have in `If-None-Match` and get 304 while it is the current one.
    #[oai(path = "/v1/:slug", method = "get", operation_id = "public_page_get")]
    async fn page(
        &self,
        caller: Visitor,
        /// The business, by the label of its subdomain.
        #[oai(name = "slug", validator(max_length = 63))]
        _slug: Path<String>,
        /// Tags of the versions that the caller has.
        if_none_match: IfNoneMatch,
    ) -> Result<Fresh<dto::Page>, ApiError> {
        let page = service::page(&caller.scope, &self.app.settings.server).await?;
        Ok(Fresh::of(page, &if_none_match, Keeper::EverybodyForAMinute))
    }

    /// Get a business's public facts
    ///
    /// Name, place, money, policies and look, for everybody. A business that is suspended answers 403 and shows
    /// nothing. `If-None-Match` is answered with 304 while the version is the current one.
    #[oai(path = "/v1/:slug/info", method = "get", operation_id = "public_tenant_get")]
    async fn info(
        &self,
        caller: Visitor,
        /// The business, by the label of its subdomain.
        #[oai(name = "slug", validator(max_length = 63))]
        _slug: Path<String>,
        /// Tags of the versions that the caller has.
        if_none_match: IfNoneMatch,
    ) -> Result<Fresh<dto::Info>, ApiError> {
        let info = service::info(&caller.scope, &self.app.settings.server).await?;
        Ok(Fresh::of(info, &if_none_match, Keeper::EverybodyForAMinute))
    }
}
