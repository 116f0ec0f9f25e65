//! The operations on resources.

use std::sync::Arc;

use ::entity::resources::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{Resource, ResourceCreate, ResourceSort, ResourceType, ResourceUpdate};
use super::service::{self, ResourceFilter};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::{ResourceRead, ResourceWrite};
use crate::domains::impact::{Intent, Weighed};
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, IfMatch, Listing, NoContent, OptionalKey, Page, Reply, Tag, Text};

/// `/api/v1/resources`
pub struct ResourcesApi {
    app: Arc<App>,
}

impl ResourcesApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn shown(row: Model) -> Reply<Resource> {
    let etag = row::tag::<Entity>(&row);
    Reply::new(row.into()).tagged(etag)
}

#[OpenApi(tag = "Tag::Resources")]
impl ResourcesApi {
    /// List resources
    ///
    /// Staff, rooms and equipment that are not deleted, inactive ones too.
    #[oai(path = "/api/v1/resources", method = "get", operation_id = "resource_list")]
    async fn list(
        &self,
        guard: Can<ResourceRead>,
        page: Page,
        /// Only these types; give it more than once for several.
        #[oai(name = "type", validator(max_items = 3))]
        kind: Query<Vec<ResourceType>>,
        /// Only active or only inactive ones.
        is_active: Query<Option<bool>>,
        /// Only those whose name contains this text.
        q: Query<Option<Text<1, 100>>>,
        /// The order.
        sort: Query<Option<ResourceSort>>,
    ) -> Result<Reply<Listing<Resource>>, ApiError> {
        let filter = ResourceFilter { kind: kind.0, is_active: is_active.0, q: q.0.map(Into::into) };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::list(&guard.scope, walk, &filter).await?.into())
    }

    /// Make a resource
    ///
    /// For people make a staff profile instead: it makes the resource too. Emits `RESOURCE_CREATED`.
    #[oai(path = "/api/v1/resources", method = "post", operation_id = "resource_create")]
    async fn create(
        &self,
        guard: Can<ResourceWrite>,
        /// Names this attempt, so that a repeat makes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        new: Body<ResourceCreate>,
    ) -> Result<Created<Resource>, ApiError> {
        let made = service::create(&guard.scope, new.0).await?;
        let etag = row::tag::<Entity>(&made);
        Ok(Created::at(format!("/api/v1/resources/{}", made.id), made.into()).tagged(etag))
    }

    /// Read a resource
    ///
    /// One that is not deleted.
    #[oai(path = "/api/v1/resources/:resource_id", method = "get", operation_id = "resource_get")]
    async fn get(
        &self,
        guard: Can<ResourceRead>,
        /// The resource's id.
        resource_id: Path<Uuid>,
    ) -> Result<Reply<Resource>, ApiError> {
        Ok(shown(service::get(&guard.scope, resource_id.0).await?))
    }

    /// Replace a resource
    ///
    /// What is absent takes its default; the type must be the one it has. To take it out of use while it has bookings
    /// to come, or to move it to a zone in which some would fall out of its hours, is refused with 409, unless it is
    /// forced. Emits `RESOURCE_UPDATED`.
    #[oai(path = "/api/v1/resources/:resource_id", method = "put", operation_id = "resource_replace")]
    async fn replace(
        &self,
        guard: Can<ResourceWrite>,
        /// The resource's id.
        resource_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        intent: Intent,
        new: Body<ResourceCreate>,
    ) -> Result<Weighed<Reply<Resource>>, ApiError> {
        let ask = intent.by(&guard.person);
        Ok(service::replace(&guard.scope, resource_id.0, &if_match, new.0, ask).await?.map(shown))
    }

    /// Change a resource
    ///
    /// What is absent stays, null clears. To take it out of use while it has bookings to come, or to move it to a zone
    /// in which some would fall out of its hours, is refused with 409, unless it is forced. Emits `RESOURCE_UPDATED`.
    #[oai(path = "/api/v1/resources/:resource_id", method = "patch", operation_id = "resource_update")]
    async fn update(
        &self,
        guard: Can<ResourceWrite>,
        /// The resource's id.
        resource_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        intent: Intent,
        change: Body<ResourceUpdate>,
    ) -> Result<Weighed<Reply<Resource>>, ApiError> {
        let ask = intent.by(&guard.person);
        Ok(service::update(&guard.scope, resource_id.0, &if_match, change.0, ask).await?.map(shown))
    }

    /// Delete a resource
    ///
    /// No new booking gets it. Refused with 409 while it has bookings to come, unless it is forced (these stay as they
    /// are then), and while a staff profile stands on it. Emits `RESOURCE_DELETED`.
    #[oai(path = "/api/v1/resources/:resource_id", method = "delete", operation_id = "resource_delete")]
    async fn delete(
        &self,
        guard: Can<ResourceWrite>,
        /// The resource's id.
        resource_id: Path<Uuid>,
        /// The tag of the state that the decision was made from.
        if_match: IfMatch,
        intent: Intent,
    ) -> Result<Weighed<NoContent>, ApiError> {
        let gone = service::delete(&guard.scope, resource_id.0, &if_match, intent.by(&guard.person)).await?;
        Ok(gone.map(|()| NoContent))
    }
}
