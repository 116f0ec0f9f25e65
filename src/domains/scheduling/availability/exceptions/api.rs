//! The operations on exceptions.

use std::sync::Arc;

use ::entity::availability_exceptions::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{AvailabilityException, AvailabilityExceptionCreate, AvailabilityExceptionReplace, ExceptionSort};
use super::service::{self, ExceptionFilter};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::{AvailabilityRead, AvailabilityWrite};
use crate::domains::impact::{Intent, Weighed};
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, Date, IfMatch, Listing, NoContent, OptionalKey, Page, Reply, Tag};

/// `/api/v1/availability/exceptions`
pub struct AvailabilityExceptionsApi {
    app: Arc<App>,
}

impl AvailabilityExceptionsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn shown(row: Model) -> Reply<AvailabilityException> {
    let etag = row::tag::<Entity>(&row);
    Reply::new(row.into()).tagged(etag)
}

#[OpenApi(tag = "Tag::Availability")]
impl AvailabilityExceptionsApi {
    /// List exceptions
    ///
    /// Dates that differ from the weekly hours, the earliest first unless another order is asked for.
    #[oai(path = "/api/v1/availability/exceptions", method = "get", operation_id = "availability_exception_list")]
    #[expect(clippy::too_many_arguments, reason = "each filter is an argument, so that it stands in the document")]
    async fn list(
        &self,
        guard: Can<AvailabilityRead>,
        page: Page,
        /// Only those of this resource, without those of the whole business.
        resource_id: Query<Option<Uuid>>,
        /// Only those that were made together with one call.
        range_id: Query<Option<Uuid>>,
        /// The first date.
        start_date: Query<Option<Date>>,
        /// The last date, included.
        end_date: Query<Option<Date>>,
        /// The order.
        sort: Query<Option<ExceptionSort>>,
    ) -> Result<Reply<Listing<AvailabilityException>>, ApiError> {
        let filter = ExceptionFilter {
            resource_id: resource_id.0,
            range_id: range_id.0,
            start_date: start_date.0.map(Into::into),
            end_date: end_date.0.map(Into::into),
        };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::list(&guard.scope, walk, &filter).await?.into())
    }

    /// Make an exception
    ///
    /// A date off, or hours on a date that has others; with `until_date` the same on each date of a range. A range
    /// answers with its first date, and all of them share a `range_id`. Refused with 409 when bookings would fall out
    /// of the hours, unless it is forced; they stay as they are then. Emits `STAFF_AVAILABILITY_UPDATED`.
    #[oai(path = "/api/v1/availability/exceptions", method = "post", operation_id = "availability_exception_create")]
    async fn create(
        &self,
        guard: Can<AvailabilityWrite>,
        /// Names this attempt, so that a repeat makes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        intent: Intent,
        new: Body<AvailabilityExceptionCreate>,
    ) -> Result<Weighed<Created<AvailabilityException>>, ApiError> {
        let made = service::create(&guard.scope, new.0, intent.by(&guard.person)).await?;
        Ok(made.map(|row| {
            let etag = row::tag::<Entity>(&row);
            Created::at(format!("/api/v1/availability/exceptions/{}", row.id), row.into()).tagged(etag)
        }))
    }

    /// Read an exception
    ///
    /// One date that differs.
    #[oai(
        path = "/api/v1/availability/exceptions/:exception_id",
        method = "get",
        operation_id = "availability_exception_get"
    )]
    async fn get(
        &self,
        guard: Can<AvailabilityRead>,
        /// The exception's id.
        exception_id: Path<Uuid>,
    ) -> Result<Reply<AvailabilityException>, ApiError> {
        Ok(shown(service::get(&guard.scope, exception_id.0).await?))
    }

    /// Replace an exception
    ///
    /// One date, of a range too; whose it is stays. Refused with 409 when bookings would fall out of the hours, unless
    /// it is forced, and when it follows from a schedule of a member of staff. Emits `STAFF_AVAILABILITY_UPDATED`.
    #[oai(
        path = "/api/v1/availability/exceptions/:exception_id",
        method = "put",
        operation_id = "availability_exception_replace"
    )]
    async fn replace(
        &self,
        guard: Can<AvailabilityWrite>,
        /// The exception's id.
        exception_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        intent: Intent,
        new: Body<AvailabilityExceptionReplace>,
    ) -> Result<Weighed<Reply<AvailabilityException>>, ApiError> {
        let ask = intent.by(&guard.person);
        Ok(service::replace(&guard.scope, exception_id.0, &if_match, new.0, ask).await?.map(shown))
    }

    /// Delete an exception
    ///
    /// The date is like any other again, and with `whole_range` each date that was made together with it. Refused with
    /// 409 when bookings would fall out of the hours, unless it is forced, and when it follows from a schedule of a
    /// member of staff. Emits `STAFF_AVAILABILITY_UPDATED`.
    #[oai(
        path = "/api/v1/availability/exceptions/:exception_id",
        method = "delete",
        operation_id = "availability_exception_delete"
    )]
    async fn delete(
        &self,
        guard: Can<AvailabilityWrite>,
        /// The exception's id.
        exception_id: Path<Uuid>,
        /// The tag of the state that the decision was made from.
        if_match: IfMatch,
        /// Every date of its range, not this one alone.
        #[oai(default)]
        whole_range: Query<bool>,
        intent: Intent,
    ) -> Result<Weighed<NoContent>, ApiError> {
        let ask = intent.by(&guard.person);
        let gone = service::delete(&guard.scope, exception_id.0, &if_match, whole_range.0, ask).await?;
        Ok(gone.map(|()| NoContent))
    }
}
