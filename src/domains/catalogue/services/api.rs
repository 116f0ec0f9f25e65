//! The operations on services.

use std::sync::Arc;

use ::entity::services::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{Catalogue, Service, ServiceCreate, ServiceSort, ServiceUpdate};
use super::needs::{self, ServiceResources, ServiceResourcesReplace};
use super::service::{self, ServiceFilter};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::{ServiceRead, ServiceWrite};
use crate::domains::impact::{Intent, Weighed};
use crate::error::ApiError;
use crate::guard::{
    Anyone, Body, Can, Created, Fresh, IfMatch, IfNoneMatch, Keeper, Listing, NoContent, OptionalKey, Page, Reply, Tag,
    Text, Visitor,
};

/// `/api/v1/services`
pub struct ServicesApi {
    app: Arc<App>,
}

/// `/v1/{slug}/services`
pub struct PublicCatalogueApi {
    app: Arc<App>,
}

impl ServicesApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

impl PublicCatalogueApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn shown(service: Model) -> Reply<Service> {
    let etag = row::tag::<Entity>(&service);
    Reply::new(Service::of(service)).tagged(etag)
}

#[OpenApi(tag = "Tag::Services")]
impl ServicesApi {
    /// List services
    ///
    /// Members see all services that are not deleted, the public the active ones without what is for members.
    #[oai(path = "/api/v1/services", method = "get", operation_id = "service_list")]
    #[expect(clippy::too_many_arguments, reason = "each filter is an argument, so that it stands in the document")]
    async fn list(
        &self,
        guard: Anyone,
        page: Page,
        /// Only these categories; give it more than once for several.
        #[oai(validator(max_items = 20))]
        category: Query<Vec<Text<1, 100>>>,
        /// The least price, in the currency's minor unit.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000000000")))]
        min_price_cents: Query<Option<i64>>,
        /// The highest price, in the currency's minor unit.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000000000")))]
        max_price_cents: Query<Option<i64>>,
        /// The least duration in minutes.
        #[oai(validator(minimum(value = "0"), maximum(value = "1440")))]
        min_duration_min: Query<Option<i32>>,
        /// The longest duration in minutes.
        #[oai(validator(minimum(value = "0"), maximum(value = "1440")))]
        max_duration_min: Query<Option<i32>>,
        /// Only active or only inactive ones. The public sees active ones, whatever it asks for.
        active: Query<Option<bool>>,
        /// Only those whose name or description contains this text.
        q: Query<Option<Text<1, 100>>>,
        /// The order.
        sort: Query<Option<ServiceSort>>,
        /// The tag of the answer that the caller has.
        if_none_match: IfNoneMatch,
    ) -> Result<Fresh<Listing<Service>>, ApiError> {
        let public = !guard.may::<ServiceRead>();
        let filter = ServiceFilter {
            public,
            category: category.0.into_iter().map(Into::into).collect(),
            min_price_cents: min_price_cents.0,
            max_price_cents: max_price_cents.0,
            min_duration_min: min_duration_min.0,
            max_duration_min: max_duration_min.0,
            active: active.0,
            q: q.0.map(Into::into),
        };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        let services = service::list(&guard.scope, walk, &filter).await?;
        Ok(Fresh::of(services, &if_none_match, if public { Keeper::Everybody } else { Keeper::Caller }))
    }

    /// Make a service
    ///
    /// The slug is made of the name and unique in the business. Emits `SERVICE_CREATED`.
    #[oai(path = "/api/v1/services", method = "post", operation_id = "service_create")]
    async fn create(
        &self,
        guard: Can<ServiceWrite>,
        /// Names this attempt, so that a repeat makes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        new: Body<ServiceCreate>,
    ) -> Result<Created<Service>, ApiError> {
        let made = service::create(&guard.scope, &guard.tenant.currency, new.0).await?;
        let etag = row::tag::<Entity>(&made);
        Ok(Created::at(format!("/api/v1/services/{}", made.id), Service::of(made)).tagged(etag))
    }

    /// Read a service
    ///
    /// The public sees an active one, without what is for members.
    #[oai(path = "/api/v1/services/:service_id", method = "get", operation_id = "service_get")]
    async fn get(
        &self,
        guard: Anyone,
        /// The service's id.
        service_id: Path<Uuid>,
    ) -> Result<Reply<Service>, ApiError> {
        let public = !guard.may::<ServiceRead>();
        let found = service::get(&guard.scope, service_id.0, public).await?;
        let etag = row::tag::<Entity>(&found);
        Ok(Reply::new(if public { Service::public(found) } else { Service::of(found) }).tagged(etag))
    }

    /// Replace a service
    ///
    /// What is absent takes its default; the slug stays. To take it out of the catalogue while it has bookings to come
    /// is refused with 409, unless it is forced. Emits `SERVICE_UPDATED`.
    #[oai(path = "/api/v1/services/:service_id", method = "put", operation_id = "service_replace")]
    async fn replace(
        &self,
        guard: Can<ServiceWrite>,
        /// The service's id.
        service_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        intent: Intent,
        new: Body<ServiceCreate>,
    ) -> Result<Weighed<Reply<Service>>, ApiError> {
        let (currency, ask) = (&guard.tenant.currency, intent.by(&guard.person));
        Ok(service::replace(&guard.scope, service_id.0, &if_match, currency, new.0, ask).await?.map(shown))
    }

    /// Change a service
    ///
    /// What is absent stays, null clears; the slug stays. To take it out of the catalogue while it has bookings to come
    /// is refused with 409, unless it is forced. Emits `SERVICE_UPDATED`.
    #[oai(path = "/api/v1/services/:service_id", method = "patch", operation_id = "service_update")]
    async fn update(
        &self,
        guard: Can<ServiceWrite>,
        /// The service's id.
        service_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        intent: Intent,
        change: Body<ServiceUpdate>,
    ) -> Result<Weighed<Reply<Service>>, ApiError> {
        let ask = intent.by(&guard.person);
        Ok(service::update(&guard.scope, service_id.0, &if_match, change.0, ask).await?.map(shown))
    }

    /// Delete a service
    ///
    /// It leaves the catalogue at once. Refused with 409 while it has bookings to come, unless it is forced; these stay
    /// as they are then. Emits `SERVICE_DELETED`.
    #[oai(path = "/api/v1/services/:service_id", method = "delete", operation_id = "service_delete")]
    async fn delete(
        &self,
        guard: Can<ServiceWrite>,
        /// The service's id.
        service_id: Path<Uuid>,
        /// The tag of the state that the decision was made from.
        if_match: IfMatch,
        intent: Intent,
    ) -> Result<Weighed<NoContent>, ApiError> {
        let gone = service::delete(&guard.scope, service_id.0, &if_match, intent.by(&guard.person)).await?;
        Ok(gone.map(|()| NoContent))
    }

    /// Read what a service needs
    ///
    /// Its groups of resources, without deleted ones: one of each group is needed at once.
    #[oai(path = "/api/v1/services/:service_id/resources", method = "get", operation_id = "service_resources_get")]
    async fn resources(
        &self,
        guard: Can<ServiceRead>,
        /// The service's id.
        service_id: Path<Uuid>,
    ) -> Result<Reply<ServiceResources>, ApiError> {
        let set = needs::get(&guard.scope, service_id.0).await?;
        let etag = needs::tag(&set);
        Ok(Reply::new(set).tagged(etag))
    }

    /// Replace what a service needs
    ///
    /// The whole set: `groups`, of each of which so many are needed at once (a therapist and a room), or `resource_ids`
    /// where any of them will do. An empty one means that nobody gives it. A room or a machine without weekly hours of
    /// its own is there whenever the first group is. Every id must be a live resource of the business, else 422. Refused
    /// with 409 when bookings to come would not have what is needed, unless it is forced. Emits `SERVICE_UPDATED`.
    #[oai(path = "/api/v1/services/:service_id/resources", method = "put", operation_id = "service_resources_replace")]
    async fn replace_resources(
        &self,
        guard: Can<ServiceWrite>,
        /// The service's id.
        service_id: Path<Uuid>,
        /// The tag of the set that the change was made from.
        if_match: IfMatch,
        intent: Intent,
        set: Body<ServiceResourcesReplace>,
    ) -> Result<Weighed<Reply<ServiceResources>>, ApiError> {
        let ask = intent.by(&guard.person);
        let set = needs::replace(&guard.scope, service_id.0, &if_match, set.0, ask).await?;
        Ok(set.map(|set| {
            let etag = needs::tag(&set);
            Reply::new(set).tagged(etag)
        }))
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicCatalogueApi {
    /// Show the catalogue
    ///
    /// What the public can book at the business, and the business itself. The same bytes for everybody.
    #[oai(path = "/v1/:slug/services", method = "get", operation_id = "public_service_list")]
    #[expect(clippy::too_many_arguments, reason = "each filter is an argument, so that it stands in the document")]
    async fn list(
        &self,
        guard: Visitor,
        page: Page,
        /// The business's name in addresses.
        #[oai(validator(max_length = 63))]
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// Only these categories; give it more than once for several.
        #[oai(validator(max_items = 20))]
        category: Query<Vec<Text<1, 100>>>,
        /// Only those whose name or description contains this text.
        q: Query<Option<Text<1, 100>>>,
        /// The order.
        sort: Query<Option<ServiceSort>>,
        /// The tag of the answer that the caller has.
        if_none_match: IfNoneMatch,
    ) -> Result<Fresh<Catalogue>, ApiError> {
        let filter = ServiceFilter {
            public: true,
            category: category.0.into_iter().map(Into::into).collect(),
            q: q.0.map(Into::into),
            ..ServiceFilter::default()
        };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        let services = service::list(&guard.scope, walk, &filter).await?;
        Ok(Fresh::of(Catalogue::of(services, &guard.tenant), &if_none_match, Keeper::Everybody))
    }
}
