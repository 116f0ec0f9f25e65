//! The operations of the front desk on services.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::dto::{ServiceBulkUpdate, ServiceBulkUpdated};
use super::service as desk;
use crate::app::App;
use crate::db::keyset::Walk;
use crate::domains::catalogue::services::dto::{Service, ServiceSort};
use crate::domains::catalogue::services::service::{self, ServiceFilter};
use crate::domains::identity::permission::ServiceWrite;
use crate::domains::impact::Intent;
use crate::error::ApiError;
use crate::guard::{Body, Can, Listing, Page, Reply, RequiredKey, Tag, Text};

/// `/api/v1/admin/services`
pub struct AdminServicesApi {
    app: Arc<App>,
}

impl AdminServicesApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Admin")]
impl AdminServicesApi {
    /// List all services
    ///
    /// Inactive ones too, with everything that is known of them. As they are now.
    #[oai(path = "/api/v1/admin/services", method = "get", operation_id = "admin_service_list")]
    async fn list(
        &self,
        guard: Can<ServiceWrite>,
        page: Page,
        /// Only those whose name or description contains this text.
        q: Query<Option<Text<1, 100>>>,
        /// Only these categories; give it more than once for several.
        #[oai(validator(max_items = 20))]
        category: Query<Vec<Text<1, 100>>>,
        /// Only active or only inactive ones.
        active: Query<Option<bool>>,
        /// The order.
        sort: Query<Option<ServiceSort>>,
    ) -> Result<Reply<Listing<Service>>, ApiError> {
        let filter = ServiceFilter {
            category: category.0.into_iter().map(Into::into).collect(),
            active: active.0,
            q: q.0.map(Into::into),
            ..ServiceFilter::default()
        };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(Reply::new(service::list(&guard.scope, walk, &filter).await?))
    }

    /// Change many services at once
    ///
    /// All of them, or none: a service that is not there (404) or may not be so (422) is named by its pointer, and as
    /// `service_id` where a rule was broken. 409 while a service that becomes inactive has bookings to come, unless it is
    /// forced. Emits `SERVICE_UPDATED` for each.
    #[oai(path = "/api/v1/admin/services/bulk-update", method = "post", operation_id = "admin_service_bulk_update")]
    async fn bulk_update(
        &self,
        guard: Can<ServiceWrite>,
        /// Names this attempt, so that a repeat changes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        wanted: Body<ServiceBulkUpdate>,
    ) -> Result<Reply<ServiceBulkUpdated>, ApiError> {
        let ask = Intent { force: wanted.0.force, dry_run: false }.by(&guard.person);
        let updated_count = desk::bulk_update(&guard.scope, &wanted.0, ask).await?;
        Ok(Reply::new(ServiceBulkUpdated { updated_count }))
    }
}
