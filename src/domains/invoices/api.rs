//! The operations on invoices.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::answer::{PdfFile, Printable};
use super::dto::{Invoice, InvoiceKind, InvoiceSort, InvoiceStatus};
use super::service::{self, InvoiceFilter};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::InvoiceRead;
use crate::error::ApiError;
use crate::guard::{Can, Date, Listing, Page, Reply, Tag};

/// `/api/v1/invoices`
pub struct InvoicesApi {
    app: Arc<App>,
}

impl InvoicesApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Invoices")]
impl InvoicesApi {
    /// List invoices
    ///
    /// With their credit notes, the newest first unless the other order is asked for.
    #[oai(path = "/api/v1/invoices", method = "get", operation_id = "invoice_list")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the operation")]
    async fn list(
        &self,
        guard: Can<InvoiceRead>,
        page: Page,
        /// The order.
        sort: Query<Option<InvoiceSort>>,
        /// Only bills, or only credit notes.
        kind: Query<Option<InvoiceKind>>,
        /// Only those in this state.
        status: Query<Option<InvoiceStatus>>,
        /// Only this customer's.
        customer_id: Query<Option<Uuid>>,
        /// Only this booking's.
        booking_id: Query<Option<Uuid>>,
        /// Issued on this day or later, in the business's own zone.
        issued_from: Query<Option<Date>>,
        /// Issued on this day or earlier.
        issued_until: Query<Option<Date>>,
    ) -> Result<Reply<Listing<Invoice>>, ApiError> {
        let filter = InvoiceFilter {
            kind: kind.0.map(Into::into),
            status: status.0.map(Into::into),
            customer: customer_id.0,
            booking: booking_id.0,
            from: issued_from.0.map(Into::into),
            until: issued_until.0.map(Into::into),
        };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::list(&guard.scope, walk, &filter).await?.into())
    }

    /// Read an invoice
    ///
    /// With its lines. What was issued never changes; whether it is paid, void or credited does.
    #[oai(path = "/api/v1/invoices/:invoice_id", method = "get", operation_id = "invoice_get")]
    async fn get(
        &self,
        guard: Can<InvoiceRead>,
        /// The invoice's id.
        invoice_id: Path<Uuid>,
    ) -> Result<Reply<Invoice>, ApiError> {
        let whole = service::whole(&guard.scope, invoice_id.0).await?;
        let etag = row::tag::<::entity::invoices::Entity>(&whole.invoice);
        Ok(Reply::new(whole.into()).tagged(etag))
    }

    /// Get an invoice as PDF
    ///
    /// A4, with the fonts in it.
    #[oai(path = "/api/v1/invoices/:invoice_id/pdf", method = "get", operation_id = "invoice_pdf_get")]
    async fn pdf(
        &self,
        guard: Can<InvoiceRead>,
        /// The invoice's id.
        invoice_id: Path<Uuid>,
    ) -> Result<PdfFile, ApiError> {
        PdfFile::of(&service::whole(&guard.scope, invoice_id.0).await?)
    }

    /// Get an invoice as a page
    ///
    /// HTML that prints well.
    #[oai(path = "/api/v1/invoices/:invoice_id/html", method = "get", operation_id = "invoice_html_get")]
    async fn html(
        &self,
        guard: Can<InvoiceRead>,
        /// The invoice's id.
        invoice_id: Path<Uuid>,
    ) -> Result<Printable, ApiError> {
        Ok(Printable::of(&service::whole(&guard.scope, invoice_id.0).await?))
    }
}
