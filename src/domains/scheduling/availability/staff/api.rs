//! The operations on the weekly hours of staff.

use std::sync::Arc;

use ::entity::staff_availability::Entity;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::dto::{StaffAvailability, StaffAvailabilityCreate};
use super::service;
use crate::app::App;
use crate::db::row;
use crate::domains::identity::permission::{AvailabilityOwn, AvailabilityRead};
use crate::domains::impact::{Intent, Weighed};
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, IfMatch, Listing, NoContent, OptionalKey, Page, Reply, Tag};

/// `/api/v1/staff/{staff_id}/availability`
pub struct StaffAvailabilityApi {
    app: Arc<App>,
}

impl StaffAvailabilityApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Staff")]
impl StaffAvailabilityApi {
    /// List weekly hours of a member of staff
    ///
    /// The windows that were set for them here, by weekday and time. What they can be booked for follows from all
    /// rules of their resource: see `/api/v1/availability/rules`.
    #[oai(path = "/api/v1/staff/:staff_id/availability", method = "get", operation_id = "staff_availability_list")]
    async fn list(
        &self,
        guard: Can<AvailabilityRead>,
        page: Page,
        /// The profile's id.
        staff_id: Path<Uuid>,
    ) -> Result<Reply<Listing<StaffAvailability>>, ApiError> {
        Ok(service::list(&guard.scope, &self.app.cursors, &page, staff_id.0).await?.into())
    }

    /// Set weekly hours of a member of staff
    ///
    /// A window that begins at the same time of the same weekday is replaced, any other is added; 409 when it overlaps
    /// another window of theirs. Administrators may, and the person behind the profile. Refused with 409 when bookings
    /// would fall out of the hours, unless it is forced. Emits `STAFF_AVAILABILITY_UPDATED`.
    #[oai(path = "/api/v1/staff/:staff_id/availability", method = "post", operation_id = "staff_availability_create")]
    async fn create(
        &self,
        guard: Can<AvailabilityOwn>,
        /// The profile's id.
        staff_id: Path<Uuid>,
        /// Names this attempt, so that a repeat makes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        intent: Intent,
        new: Body<StaffAvailabilityCreate>,
    ) -> Result<Weighed<Created<StaffAvailability>>, ApiError> {
        let ask = intent.by(&guard.person);
        let set = service::set(&guard.scope, &guard.person, staff_id.0, new.0, ask).await?;
        Ok(set.map(|row| {
            let (etag, path) =
                (row::tag::<Entity>(&row), format!("/api/v1/staff/{}/availability/{}", staff_id.0, row.id));
            Created::at(path, row.into()).tagged(etag)
        }))
    }

    /// Delete weekly hours of a member of staff
    ///
    /// One window. Administrators may, and the person behind the profile. Refused with 409 when bookings would fall out
    /// of the hours, unless it is forced. Emits `STAFF_AVAILABILITY_UPDATED`.
    #[oai(
        path = "/api/v1/staff/:staff_id/availability/:availability_id",
        method = "delete",
        operation_id = "staff_availability_delete"
    )]
    async fn delete(
        &self,
        guard: Can<AvailabilityOwn>,
        /// The profile's id.
        staff_id: Path<Uuid>,
        /// The window's id.
        availability_id: Path<Uuid>,
        /// The tag of the state that the decision was made from.
        if_match: IfMatch,
        intent: Intent,
    ) -> Result<Weighed<NoContent>, ApiError> {
        let ask = intent.by(&guard.person);
        let which = (staff_id.0, availability_id.0);
        let gone = service::delete(&guard.scope, &guard.person, which, &if_match, ask).await?;
        Ok(gone.map(|()| NoContent))
    }
}
