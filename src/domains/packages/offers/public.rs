//! What the public can buy.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::dto::{PackageSort, PublicPackage};
use super::service::{self, PackageFilter};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::error::ApiError;
use crate::guard::{Listing, Page, Reply, Tag, Visitor};

/// `/v1/b/{slug}/packages`
pub struct PublicPackagesApi {
    app: Arc<App>,
}

impl PublicPackagesApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicPackagesApi {
    /// List packages as a visitor
    ///
    /// Those that are sold.
    #[oai(path = "/v1/b/:slug/packages", method = "get", operation_id = "public_package_list")]
    async fn list(
        &self,
        guard: Visitor,
        page: Page,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The order.
        sort: Query<Option<PackageSort>>,
    ) -> Result<Reply<Listing<PublicPackage>>, ApiError> {
        let filter = PackageFilter { active: Some(true), q: None };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        let Listing { data, has_more, next_cursor, total } = service::list(&guard.scope, walk, &filter).await?;
        Ok(Listing { data: data.into_iter().map(Into::into).collect(), has_more, next_cursor, total }.into())
    }
}
