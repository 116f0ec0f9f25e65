//! The operations on exceptions.

use std::sync::Arc;

use ::entity::availability_exceptions::Entity;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{AvailabilityException, AvailabilityExceptionCreate, ExceptionSort};
use super::service::{self, ExceptionFilter};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::{AvailabilityRead, AvailabilityWrite};
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

#[OpenApi(tag = "Tag::Availability")]
impl AvailabilityExceptionsApi {
    /// List exceptions
    ///
    /// Dates that differ from the weekly hours, the earliest first unless another order is asked for.
    #[oai(path = "/api/v1/availability/exceptions", method = "get", operation_id = "availability_exception_list")]
    async fn list(
        &self,
        guard: Can<AvailabilityRead>,
        page: Page,
        /// Only those of this resource, without those of the whole business.
        resource_id: Query<Option<Uuid>>,
        /// The first date.
        start_date: Query<Option<Date>>,
        /// The last date, included.
        end_date: Query<Option<Date>>,
        /// The order.
        sort: Query<Option<ExceptionSort>>,
    ) -> Result<Reply<Listing<AvailabilityException>>, ApiError> {
        let filter = ExceptionFilter {
            resource_id: resource_id.0,
            start_date: start_date.0.map(Into::into),
            end_date: end_date.0.map(Into::into),
        };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::list(&guard.scope, walk, &filter).await?.into())
    }

    /// Make an exception
    ///
    /// A date off, or hours on a date that has others. Bookings that were made stay as they are. Emits
    /// `STAFF_AVAILABILITY_UPDATED`.
    #[oai(path = "/api/v1/availability/exceptions", method = "post", operation_id = "availability_exception_create")]
    async fn create(
        &self,
        guard: Can<AvailabilityWrite>,
        /// Names this attempt, so that a repeat makes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        new: Body<AvailabilityExceptionCreate>,
    ) -> Result<Created<AvailabilityException>, ApiError> {
        let made = service::create(&guard.scope, new.0).await?;
        let etag = row::tag::<Entity>(&made);
        Ok(Created::at(format!("/api/v1/availability/exceptions/{}", made.id), made.into()).tagged(etag))
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
        let found = service::get(&guard.scope, exception_id.0).await?;
        let etag = row::tag::<Entity>(&found);
        Ok(Reply::new(found.into()).tagged(etag))
    }

    /// Delete an exception
    ///
    /// The date is like any other again. Emits `STAFF_AVAILABILITY_UPDATED`.
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
    ) -> Result<NoContent, ApiError> {
        service::delete(&guard.scope, exception_id.0, &if_match).await?;
        Ok(NoContent)
    }
}
