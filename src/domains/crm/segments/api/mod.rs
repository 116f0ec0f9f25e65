//! The operations on segments; `members` has those on who is in one.

mod members;

use std::sync::Arc;

use ::entity::customer_segments::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{Segment, SegmentCreate, SegmentSort, SegmentUpdate};
use super::service::{self, SegmentFilter};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::{SegmentRead, SegmentWrite};
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, IfMatch, Listing, NoContent, OptionalKey, Page, Reply, Tag, Text};

/// All operations on segments.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    (SegmentsApi { app: Arc::clone(app) }, members::SegmentMembersApi::new(app))
}

/// `/api/v1/crm/segments`
struct SegmentsApi {
    app: Arc<App>,
}

fn shown(row: Model) -> Reply<Segment> {
    let etag = row::tag::<Entity>(&row);
    Reply::new(row.into()).tagged(etag)
}

#[OpenApi(tag = "Tag::Segments")]
impl SegmentsApi {
    /// List segments
    ///
    /// By name, unless another order is asked for.
    #[oai(path = "/api/v1/crm/segments", method = "get", operation_id = "segment_list")]
    async fn list(
        &self,
        guard: Can<SegmentRead>,
        page: Page,
        /// Only those whose name or description contains this text.
        q: Query<Option<Text<1, 100>>>,
        /// The order.
        sort: Query<Option<SegmentSort>>,
    ) -> Result<Reply<Listing<Segment>>, ApiError> {
        let filter = SegmentFilter { q: q.0.map(Into::into) };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::list(&guard.scope, walk, &filter).await?.into())
    }

    /// Make a segment
    ///
    /// 409 when another segment has the name, 422 for criteria that nobody can fulfil. Emits `SEGMENT_CREATED`.
    #[oai(path = "/api/v1/crm/segments", method = "post", operation_id = "segment_create")]
    async fn create(
        &self,
        guard: Can<SegmentWrite>,
        /// Names this attempt, so that a repeat makes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        new: Body<SegmentCreate>,
    ) -> Result<Created<Segment>, ApiError> {
        let made = service::create(&guard.scope, new.0).await?;
        let etag = row::tag::<Entity>(&made);
        Ok(Created::at(format!("/api/v1/crm/segments/{}", made.id), made.into()).tagged(etag))
    }

    /// Read a segment
    ///
    /// Its criteria; who is in it is a list of its own.
    #[oai(path = "/api/v1/crm/segments/:segment_id", method = "get", operation_id = "segment_get")]
    async fn get(
        &self,
        guard: Can<SegmentRead>,
        /// The segment's id.
        segment_id: Path<Uuid>,
    ) -> Result<Reply<Segment>, ApiError> {
        Ok(shown(service::get(&guard.scope, segment_id.0).await?))
    }

    /// Replace a segment
    ///
    /// What is absent is cleared; who was picked by hand stays. Emits `SEGMENT_UPDATED`.
    #[oai(path = "/api/v1/crm/segments/:segment_id", method = "put", operation_id = "segment_replace")]
    async fn replace(
        &self,
        guard: Can<SegmentWrite>,
        /// The segment's id.
        segment_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        new: Body<SegmentCreate>,
    ) -> Result<Reply<Segment>, ApiError> {
        Ok(shown(service::replace(&guard.scope, segment_id.0, &if_match, new.0).await?))
    }

    /// Change a segment
    ///
    /// What is absent stays, null clears; criteria are replaced as a whole. Emits `SEGMENT_UPDATED`.
    #[oai(path = "/api/v1/crm/segments/:segment_id", method = "patch", operation_id = "segment_update")]
    async fn update(
        &self,
        guard: Can<SegmentWrite>,
        /// The segment's id.
        segment_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        change: Body<SegmentUpdate>,
    ) -> Result<Reply<Segment>, ApiError> {
        Ok(shown(service::update(&guard.scope, segment_id.0, &if_match, change.0).await?))
    }

    /// Delete a segment
    ///
    /// Its customers stay customers. Emits `SEGMENT_DELETED`.
    #[oai(path = "/api/v1/crm/segments/:segment_id", method = "delete", operation_id = "segment_delete")]
    async fn delete(
        &self,
        guard: Can<SegmentWrite>,
        /// The segment's id.
        segment_id: Path<Uuid>,
        /// The tag of the state that the decision was made from.
        if_match: IfMatch,
    ) -> Result<NoContent, ApiError> {
        service::delete(&guard.scope, segment_id.0, &if_match).await?;
        Ok(NoContent)
    }
}
