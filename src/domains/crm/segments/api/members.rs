//! The operations on who is in a segment.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use crate::app::App;
use crate::db::keyset::Walk;
use crate::domains::crm::dto::{Customer, CustomerSort};
use crate::domains::crm::segments::dto::{SegmentPreview, SegmentTrial};
use crate::domains::crm::segments::members;
use crate::domains::identity::permission::{SegmentRead, SegmentWrite};
use crate::error::ApiError;
use crate::guard::{Body, Can, Listing, NoContent, OptionalKey, Page, Reply, Tag};

/// `/api/v1/crm/segments/{segment_id}/customers`
pub struct SegmentMembersApi {
    app: Arc<App>,
}

impl SegmentMembersApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Segments")]
impl SegmentMembersApi {
    /// Try criteria
    ///
    /// How many customers they find now, and the newest five of them. Keeps nothing.
    #[oai(path = "/api/v1/crm/segments/preview", method = "post", operation_id = "segment_preview")]
    async fn preview(
        &self,
        guard: Can<SegmentRead>,
        /// Names this attempt.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        trial: Body<SegmentTrial>,
    ) -> Result<Reply<SegmentPreview>, ApiError> {
        Ok(members::preview(&guard.scope, &guard.tenant, &self.app.cursors, trial.0).await?.into())
    }

    /// List a segment's customers
    ///
    /// Those who fulfil its criteria now and those who were picked by hand, the newest first, unless another order is
    /// asked for. Nobody who was deleted or made unknown is among them.
    #[oai(path = "/api/v1/crm/segments/:segment_id/customers", method = "get", operation_id = "segment_customer_list")]
    async fn list(
        &self,
        guard: Can<SegmentRead>,
        /// The segment's id.
        segment_id: Path<Uuid>,
        page: Page,
        /// The order.
        sort: Query<Option<CustomerSort>>,
    ) -> Result<Reply<Listing<Customer>>, ApiError> {
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(members::list(&guard.scope, &guard.tenant, walk, segment_id.0).await?.into())
    }

    /// Put a customer into a segment
    ///
    /// By hand, whatever the criteria say; one who was put in before stays. Emits `SEGMENT_CUSTOMER_ADDED`.
    #[oai(
        path = "/api/v1/crm/segments/:segment_id/customers/:customer_id",
        method = "put",
        operation_id = "segment_customer_add"
    )]
    async fn add(
        &self,
        guard: Can<SegmentWrite>,
        /// The segment's id.
        segment_id: Path<Uuid>,
        /// The customer's id.
        customer_id: Path<Uuid>,
    ) -> Result<NoContent, ApiError> {
        members::pick(&guard.scope, segment_id.0, customer_id.0).await?;
        Ok(NoContent)
    }

    /// Take a customer out of a segment
    ///
    /// One who was put in by hand; whom the criteria find stays found. Emits `SEGMENT_CUSTOMER_REMOVED`.
    #[oai(
        path = "/api/v1/crm/segments/:segment_id/customers/:customer_id",
        method = "delete",
        operation_id = "segment_customer_remove"
    )]
    async fn remove(
        &self,
        guard: Can<SegmentWrite>,
        /// The segment's id.
        segment_id: Path<Uuid>,
        /// The customer's id.
        customer_id: Path<Uuid>,
    ) -> Result<NoContent, ApiError> {
        members::unpick(&guard.scope, segment_id.0, customer_id.0).await?;
        Ok(NoContent)
    }
}
