//! The operations on packages; `public` is the visitor's side.

use std::sync::Arc;

use ::entity::packages::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{Package, PackageCreate, PackageSort, PackageUpdate};
use super::service::{self, PackageFilter};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::{PackageRead, PackageWrite};
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, IfMatch, Listing, NoContent, OptionalKey, Page, Reply, Tag, Text};

/// `/api/v1/packages`
pub struct PackagesApi {
    app: Arc<App>,
}

impl PackagesApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn shown((row, services): (Model, Vec<Uuid>)) -> Reply<Package> {
    let etag = row::tag::<Entity>(&row);
    Reply::new(Package::of(row, services)).tagged(etag)
}

#[OpenApi(tag = "Tag::Packages")]
impl PackagesApi {
    /// List packages
    ///
    /// By their place in the list, unless another order is asked for.
    #[oai(path = "/api/v1/packages", method = "get", operation_id = "package_list")]
    async fn list(
        &self,
        guard: Can<PackageRead>,
        page: Page,
        /// Only those that are sold, or are not.
        active: Query<Option<bool>>,
        /// Only those whose name or description contains this text.
        q: Query<Option<Text<1, 100>>>,
        /// The order.
        sort: Query<Option<PackageSort>>,
    ) -> Result<Reply<Listing<Package>>, ApiError> {
        let filter = PackageFilter { active: active.0, q: q.0.map(Into::into) };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::list(&guard.scope, walk, &filter).await?.into())
    }

    /// Make a package
    ///
    /// So many sessions of these services at one price. Emits `PACKAGE_CREATED`.
    #[oai(path = "/api/v1/packages", method = "post", operation_id = "package_create")]
    async fn create(
        &self,
        guard: Can<PackageWrite>,
        /// Names this attempt, so that a repeat makes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        new: Body<PackageCreate>,
    ) -> Result<Created<Package>, ApiError> {
        let (made, services) = service::create(&guard.scope, &guard.tenant.currency, new.0).await?;
        let etag = row::tag::<Entity>(&made);
        Ok(Created::at(format!("/api/v1/packages/{}", made.id), Package::of(made, services)).tagged(etag))
    }

    /// Read a package
    ///
    /// One that was not deleted.
    #[oai(path = "/api/v1/packages/:package_id", method = "get", operation_id = "package_get")]
    async fn get(
        &self,
        guard: Can<PackageRead>,
        /// The package's id.
        package_id: Path<Uuid>,
    ) -> Result<Reply<Package>, ApiError> {
        Ok(shown(service::get(&guard.scope, package_id.0).await?))
    }

    /// Change a package
    ///
    /// What is absent stays, null clears. What it consists of stays, and so does what was sold. Emits `PACKAGE_UPDATED`.
    #[oai(path = "/api/v1/packages/:package_id", method = "patch", operation_id = "package_update")]
    async fn update(
        &self,
        guard: Can<PackageWrite>,
        /// The package's id.
        package_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        change: Body<PackageUpdate>,
    ) -> Result<Reply<Package>, ApiError> {
        Ok(shown(service::update(&guard.scope, package_id.0, &if_match, change.0).await?))
    }

    /// Delete a package
    ///
    /// It is sold no more; sessions that were sold stay good. Emits `PACKAGE_DELETED`.
    #[oai(path = "/api/v1/packages/:package_id", method = "delete", operation_id = "package_delete")]
    async fn delete(
        &self,
        guard: Can<PackageWrite>,
        /// The package's id.
        package_id: Path<Uuid>,
        /// The tag of the state that the decision was made from.
        if_match: IfMatch,
    ) -> Result<NoContent, ApiError> {
        service::delete(&guard.scope, package_id.0, &if_match).await?;
        Ok(NoContent)
    }
}
