//! The operations on schedules.

use std::sync::Arc;

use ::entity::work_schedules::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{ScheduleType, WorkSchedule, WorkScheduleCreate, WorkScheduleSort};
use super::service;
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::AvailabilityOwn;
use crate::domains::impact::{Intent, Weighed};
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, IfMatch, Listing, NoContent, OptionalKey, Page, Reply, Tag};

/// `/api/v1/staff/{staff_id}/schedules`
pub struct WorkSchedulesApi {
    app: Arc<App>,
}

impl WorkSchedulesApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn shown(row: Model) -> Reply<WorkSchedule> {
    let etag = row::tag::<Entity>(&row);
    Reply::new(row.into()).tagged(etag)
}

#[OpenApi(tag = "Tag::Staff")]
impl WorkSchedulesApi {
    /// List schedules of a member of staff
    ///
    /// Seasons, other hours and time off, past ones too, in the order in which they were made. For administrators and
    /// the person behind the profile.
    #[oai(path = "/api/v1/staff/:staff_id/schedules", method = "get", operation_id = "staff_schedule_list")]
    async fn list(
        &self,
        guard: Can<AvailabilityOwn>,
        page: Page,
        /// The profile's id.
        staff_id: Path<Uuid>,
        /// Only those of this type.
        schedule_type: Query<Option<ScheduleType>>,
        /// The order.
        sort: Query<Option<WorkScheduleSort>>,
    ) -> Result<Reply<Listing<WorkSchedule>>, ApiError> {
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        let kind = schedule_type.0.map(Into::into);
        Ok(service::list(&guard.scope, &guard.person, staff_id.0, walk, kind).await?.into())
    }

    /// Make a schedule for a member of staff
    ///
    /// Weekly hours of a season, other hours on some dates, or time off. Administrators may, and the person behind the
    /// profile. 409 when it contradicts other hours of theirs, or when bookings would fall out of the hours, unless that
    /// is forced. Emits `STAFF_AVAILABILITY_UPDATED`.
    #[oai(path = "/api/v1/staff/:staff_id/schedules", method = "post", operation_id = "staff_schedule_create")]
    async fn create(
        &self,
        guard: Can<AvailabilityOwn>,
        /// The profile's id.
        staff_id: Path<Uuid>,
        /// Names this attempt, so that a repeat makes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        intent: Intent,
        new: Body<WorkScheduleCreate>,
    ) -> Result<Weighed<Created<WorkSchedule>>, ApiError> {
        let ask = intent.by(&guard.person);
        let made = service::create(&guard.scope, &guard.person, staff_id.0, new.0, ask).await?;
        Ok(made.map(|row| {
            let (etag, path) = (row::tag::<Entity>(&row), format!("/api/v1/staff/{}/schedules/{}", staff_id.0, row.id));
            Created::at(path, row.into()).tagged(etag)
        }))
    }

    /// Read a schedule of a member of staff
    ///
    /// For administrators and the person behind the profile.
    #[oai(path = "/api/v1/staff/:staff_id/schedules/:schedule_id", method = "get", operation_id = "staff_schedule_get")]
    async fn get(
        &self,
        guard: Can<AvailabilityOwn>,
        /// The profile's id.
        staff_id: Path<Uuid>,
        /// The schedule's id.
        schedule_id: Path<Uuid>,
    ) -> Result<Reply<WorkSchedule>, ApiError> {
        Ok(shown(service::get(&guard.scope, &guard.person, staff_id.0, schedule_id.0).await?))
    }

    /// Replace a schedule of a member of staff
    ///
    /// All of it, its type too. Administrators may, and the person behind the profile. 409 when it contradicts other
    /// hours of theirs, or when bookings would fall out of the hours, unless that is forced. Emits
    /// `STAFF_AVAILABILITY_UPDATED`.
    #[oai(
        path = "/api/v1/staff/:staff_id/schedules/:schedule_id",
        method = "put",
        operation_id = "staff_schedule_replace"
    )]
    async fn replace(
        &self,
        guard: Can<AvailabilityOwn>,
        /// The profile's id.
        staff_id: Path<Uuid>,
        /// The schedule's id.
        schedule_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        intent: Intent,
        new: Body<WorkScheduleCreate>,
    ) -> Result<Weighed<Reply<WorkSchedule>>, ApiError> {
        let (which, ask) = ((staff_id.0, schedule_id.0), intent.by(&guard.person));
        Ok(service::replace(&guard.scope, &guard.person, which, &if_match, new.0, ask).await?.map(shown))
    }

    /// Delete a schedule of a member of staff
    ///
    /// With all hours and closures that follow from it. Administrators may, and the person behind the profile. Refused
    /// with 409 when bookings would fall out of the hours, unless it is forced. Emits `STAFF_AVAILABILITY_UPDATED`.
    #[oai(
        path = "/api/v1/staff/:staff_id/schedules/:schedule_id",
        method = "delete",
        operation_id = "staff_schedule_delete"
    )]
    async fn delete(
        &self,
        guard: Can<AvailabilityOwn>,
        /// The profile's id.
        staff_id: Path<Uuid>,
        /// The schedule's id.
        schedule_id: Path<Uuid>,
        /// The tag of the state that the decision was made from.
        if_match: IfMatch,
        intent: Intent,
    ) -> Result<Weighed<NoContent>, ApiError> {
        let (which, ask) = ((staff_id.0, schedule_id.0), intent.by(&guard.person));
        let gone = service::delete(&guard.scope, &guard.person, which, &if_match, ask).await?;
        Ok(gone.map(|()| NoContent))
    }
}
