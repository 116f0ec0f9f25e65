//! The operations on staff profiles.

use std::sync::Arc;

use ::entity::staff_profiles::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{Staff, StaffCreate, StaffReplace, StaffSort};
use super::service::{self, StaffFilter};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::{StaffRead, StaffWrite};
use crate::domains::impact::{Intent, Weighed};
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, IfMatch, Listing, NoContent, OptionalKey, Page, Reply, Tag, Text};

/// `/api/v1/staff`
pub struct StaffApi {
    app: Arc<App>,
}

impl StaffApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn shown(row: Model) -> Reply<Staff> {
    let etag = row::tag::<Entity>(&row);
    Reply::new(row.into()).tagged(etag)
}

#[OpenApi(tag = "Tag::Staff")]
impl StaffApi {
    /// List staff
    ///
    /// The people who perform services, inactive ones too.
    #[oai(path = "/api/v1/staff", method = "get", operation_id = "staff_list")]
    async fn list(
        &self,
        guard: Can<StaffRead>,
        page: Page,
        /// Only active or only inactive ones.
        is_active: Query<Option<bool>>,
        /// Only those whose name contains this text.
        q: Query<Option<Text<1, 100>>>,
        /// The order.
        sort: Query<Option<StaffSort>>,
    ) -> Result<Reply<Listing<Staff>>, ApiError> {
        let filter = StaffFilter { is_active: is_active.0, q: q.0.map(Into::into) };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::list(&guard.scope, walk, &filter).await?.into())
    }

    /// Add a member of staff
    ///
    /// Makes the resource that is booked too, unless one is named. One profile for a membership and for a
    /// resource, else 409. Emits `STAFF_CREATED`.
    #[oai(path = "/api/v1/staff", method = "post", operation_id = "staff_create")]
    async fn create(
        &self,
        guard: Can<StaffWrite>,
        /// Names this attempt, so that a repeat makes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        new: Body<StaffCreate>,
    ) -> Result<Created<Staff>, ApiError> {
        let made = service::create(&guard.scope, new.0).await?;
        let etag = row::tag::<Entity>(&made);
        Ok(Created::at(format!("/api/v1/staff/{}", made.id), made.into()).tagged(etag))
    }

    /// Read a member of staff
    ///
    /// One who is not deleted.
    #[oai(path = "/api/v1/staff/:staff_id", method = "get", operation_id = "staff_get")]
    async fn get(
        &self,
        guard: Can<StaffRead>,
        /// The profile's id.
        staff_id: Path<Uuid>,
    ) -> Result<Reply<Staff>, ApiError> {
        Ok(shown(service::get(&guard.scope, staff_id.0).await?))
    }

    /// Replace a member of staff
    ///
    /// What is absent is cleared; name and activity of the resource follow. To take somebody out of use who has
    /// bookings to come is refused with 409, unless it is forced. Emits `STAFF_UPDATED`.
    #[oai(path = "/api/v1/staff/:staff_id", method = "put", operation_id = "staff_replace")]
    async fn replace(
        &self,
        guard: Can<StaffWrite>,
        /// The profile's id.
        staff_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        intent: Intent,
        new: Body<StaffReplace>,
    ) -> Result<Weighed<Reply<Staff>>, ApiError> {
        let ask = intent.by(&guard.person);
        Ok(service::replace(&guard.scope, staff_id.0, &if_match, new.0, ask).await?.map(shown))
    }

    /// Delete a member of staff
    ///
    /// Their resource goes with them, so that nobody books them any more. Refused with 409 while they have bookings to
    /// come, unless it is forced; these stay as they are then. Emits `STAFF_DELETED`.
    #[oai(path = "/api/v1/staff/:staff_id", method = "delete", operation_id = "staff_delete")]
    async fn delete(
        &self,
        guard: Can<StaffWrite>,
        /// The profile's id.
        staff_id: Path<Uuid>,
        /// The tag of the state that the decision was made from.
        if_match: IfMatch,
        intent: Intent,
    ) -> Result<Weighed<NoContent>, ApiError> {
        let gone = service::delete(&guard.scope, staff_id.0, &if_match, intent.by(&guard.person)).await?;
        Ok(gone.map(|()| NoContent))
    }
}
