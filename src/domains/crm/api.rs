//! The operations on customers.

use std::sync::Arc;

use ::entity::customers::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{Customer, CustomerCreate, CustomerSort, CustomerUpdate};
use super::pseudonymize::pseudonymize;
use super::rules;
use super::service::{self, CustomerFilter};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::{CustomerErase, CustomerRead, CustomerWrite};
use crate::error::ApiError;
use crate::guard::{
    Body, Can, Created, Email, IfMatch, Listing, NoContent, OptionalKey, Page, Reply, Tag, Text, Timestamp,
};

/// `/api/v1/customers`
pub struct CustomersApi {
    app: Arc<App>,
}

impl CustomersApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn shown(row: Model) -> Reply<Customer> {
    let etag = row::tag::<Entity>(&row);
    Reply::new(row.into()).tagged(etag)
}

#[OpenApi(tag = "Tag::Customers")]
impl CustomersApi {
    /// List customers
    ///
    /// The newest first, unless another order is asked for.
    #[oai(path = "/api/v1/customers", method = "get", operation_id = "customer_list")]
    async fn list(
        &self,
        guard: Can<CustomerRead>,
        page: Page,
        /// Only the one with this address, in any spelling.
        email: Query<Option<Email>>,
        /// Only those whose name, address or telephone number contains this text.
        q: Query<Option<Text<1, 100>>>,
        /// Only those that changed at this instant or later.
        updated_since: Query<Option<Timestamp>>,
        /// The order.
        sort: Query<Option<CustomerSort>>,
    ) -> Result<Reply<Listing<Customer>>, ApiError> {
        let email = email.0.as_deref().map(|email| rules::comparable(email, "query/email")).transpose();
        let filter = CustomerFilter {
            email: email.map_err(|fault| ApiError::validation(vec![fault]))?,
            q: q.0.map(Into::into),
            updated_since: updated_since.0.map(Into::into),
        };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::list(&guard.scope, walk, &filter).await?.into())
    }

    /// Make a customer
    ///
    /// 409 when another customer of the business has the address. Emits `CUSTOMER_CREATED`.
    #[oai(path = "/api/v1/customers", method = "post", operation_id = "customer_create")]
    async fn create(
        &self,
        guard: Can<CustomerWrite>,
        /// Names this attempt, so that a repeat makes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        new: Body<CustomerCreate>,
    ) -> Result<Created<Customer>, ApiError> {
        let made = service::create(&guard.scope, new.0).await?;
        let etag = row::tag::<Entity>(&made);
        Ok(Created::at(format!("/api/v1/customers/{}", made.id), made.into()).tagged(etag))
    }

    /// Read a customer
    ///
    /// One who is not deleted.
    #[oai(path = "/api/v1/customers/:customer_id", method = "get", operation_id = "customer_get")]
    async fn get(
        &self,
        guard: Can<CustomerRead>,
        /// The customer's id.
        customer_id: Path<Uuid>,
    ) -> Result<Reply<Customer>, ApiError> {
        Ok(shown(service::get(&guard.scope, customer_id.0).await?))
    }

    /// Replace a customer
    ///
    /// What is absent takes its default. Emits `CUSTOMER_UPDATED`.
    #[oai(path = "/api/v1/customers/:customer_id", method = "put", operation_id = "customer_replace")]
    async fn replace(
        &self,
        guard: Can<CustomerWrite>,
        /// The customer's id.
        customer_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        new: Body<CustomerCreate>,
    ) -> Result<Reply<Customer>, ApiError> {
        Ok(shown(service::replace(&guard.scope, customer_id.0, &if_match, new.0).await?))
    }

    /// Change a customer
    ///
    /// What is absent stays, null clears. Emits `CUSTOMER_UPDATED`.
    #[oai(path = "/api/v1/customers/:customer_id", method = "patch", operation_id = "customer_update")]
    async fn update(
        &self,
        guard: Can<CustomerWrite>,
        /// The customer's id.
        customer_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        change: Body<CustomerUpdate>,
    ) -> Result<Reply<Customer>, ApiError> {
        Ok(shown(service::update(&guard.scope, customer_id.0, &if_match, change.0).await?))
    }

    /// Delete a customer
    ///
    /// The address is free again; bookings that were made stay as they are. 409 with the number of `bookings` that are
    /// ahead, while there are any. Emits `CUSTOMER_DELETED`.
    #[oai(path = "/api/v1/customers/:customer_id", method = "delete", operation_id = "customer_delete")]
    async fn delete(
        &self,
        guard: Can<CustomerWrite>,
        /// The customer's id.
        customer_id: Path<Uuid>,
        /// The tag of the state that the decision was made from.
        if_match: IfMatch,
    ) -> Result<NoContent, ApiError> {
        service::delete(&guard.scope, customer_id.0, &if_match).await?;
        Ok(NoContent)
    }
    /// Make a customer unknown
    ///
    /// For good, also for one who was deleted: name, address, telephone number, notes and what bookings say in free
    /// words are gone, marketing is off, hand-picked segments are left. Bookings, amounts and points stay for the
    /// statistics, under a pseudonym. A repeat changes nothing. 409 with the number of `bookings` that are ahead, while
    /// there are any. Emits `CUSTOMER_PSEUDONYMIZED`.
    #[oai(
        path = "/api/v1/customers/:customer_id/pseudonymize",
        method = "post",
        operation_id = "customer_pseudonymize"
    )]
    async fn pseudonymize(
        &self,
        guard: Can<CustomerErase>,
        /// Names this attempt.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The customer's id.
        customer_id: Path<Uuid>,
    ) -> Result<Reply<Customer>, ApiError> {
        Ok(shown(pseudonymize(&guard.scope, customer_id.0).await?))
    }
}
