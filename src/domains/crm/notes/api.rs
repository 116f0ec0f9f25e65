//! The operations on notes.

use std::sync::Arc;

use ::entity::customer_notes::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{CustomerNote, CustomerNoteSort, CustomerNoteWrite};
use super::service::{self, Asked};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::{CustomerRead, CustomerWrite};
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, IfMatch, Listing, NoContent, OptionalKey, Page, Reply, Tag};

/// `/api/v1/crm/customers/{customer_id}/notes`
pub struct NotesApi {
    app: Arc<App>,
}

impl NotesApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn shown(row: Model) -> Reply<CustomerNote> {
    let etag = row::tag::<Entity>(&row);
    Reply::new(row.into()).tagged(etag)
}

#[OpenApi(tag = "Tag::Customers")]
impl NotesApi {
    /// List a customer's notes
    ///
    /// The newest first, unless another order is asked for.
    #[oai(path = "/api/v1/crm/customers/:customer_id/notes", method = "get", operation_id = "customer_note_list")]
    async fn list(
        &self,
        guard: Can<CustomerRead>,
        /// The customer's id.
        customer_id: Path<Uuid>,
        page: Page,
        /// The order.
        sort: Query<Option<CustomerNoteSort>>,
    ) -> Result<Reply<Listing<CustomerNote>>, ApiError> {
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::list(&guard.scope, walk, customer_id.0).await?.into())
    }

    /// Note something about a customer
    ///
    /// 409 for a customer who was made unknown. Emits `CUSTOMER_NOTE_ADDED`.
    #[oai(path = "/api/v1/crm/customers/:customer_id/notes", method = "post", operation_id = "customer_note_create")]
    async fn create(
        &self,
        guard: Can<CustomerWrite>,
        /// Names this attempt, so that a repeat notes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The customer's id.
        customer_id: Path<Uuid>,
        new: Body<CustomerNoteWrite>,
    ) -> Result<Created<CustomerNote>, ApiError> {
        let made = service::add(&guard.scope, &guard.person, customer_id.0, new.0).await?;
        let etag = row::tag::<Entity>(&made);
        let location = format!("/api/v1/crm/customers/{}/notes/{}", made.customer_id, made.id);
        Ok(Created::at(location, made.into()).tagged(etag))
    }

    /// Read a note
    ///
    /// One that stands.
    #[oai(
        path = "/api/v1/crm/customers/:customer_id/notes/:note_id",
        method = "get",
        operation_id = "customer_note_get"
    )]
    async fn get(
        &self,
        guard: Can<CustomerRead>,
        /// The customer's id.
        customer_id: Path<Uuid>,
        /// The note's id.
        note_id: Path<Uuid>,
    ) -> Result<Reply<CustomerNote>, ApiError> {
        Ok(shown(service::get(&guard.scope, customer_id.0, note_id.0).await?))
    }

    /// Replace a note
    ///
    /// One's own; `note.manage` is needed for somebody else's. Who wrote it stays. Emits `CUSTOMER_NOTE_UPDATED`.
    #[oai(
        path = "/api/v1/crm/customers/:customer_id/notes/:note_id",
        method = "put",
        operation_id = "customer_note_replace"
    )]
    async fn replace(
        &self,
        guard: Can<CustomerWrite>,
        /// The customer's id.
        customer_id: Path<Uuid>,
        /// The note's id.
        note_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        new: Body<CustomerNoteWrite>,
    ) -> Result<Reply<CustomerNote>, ApiError> {
        let asked = Asked { by: &guard.person, customer: customer_id.0, note: note_id.0 };
        Ok(shown(service::replace(&guard.scope, asked, &if_match, new.0).await?))
    }

    /// Delete a note
    ///
    /// One's own; `note.manage` is needed for somebody else's. Nothing of it stays. Emits `CUSTOMER_NOTE_DELETED`.
    #[oai(
        path = "/api/v1/crm/customers/:customer_id/notes/:note_id",
        method = "delete",
        operation_id = "customer_note_delete"
    )]
    async fn delete(
        &self,
        guard: Can<CustomerWrite>,
        /// The customer's id.
        customer_id: Path<Uuid>,
        /// The note's id.
        note_id: Path<Uuid>,
        /// The tag of the state that the decision was made from.
        if_match: IfMatch,
    ) -> Result<NoContent, ApiError> {
        let asked = Asked { by: &guard.person, customer: customer_id.0, note: note_id.0 };
        service::delete(&guard.scope, asked, &if_match).await?;
        Ok(NoContent)
    }
}
