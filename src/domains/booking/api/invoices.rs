//! What a visitor paid for a booking, on paper, by its token.

use std::sync::Arc;

use ::entity::ids::BookingId;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use crate::app::App;
use crate::domains::booking::{manage, service};
use crate::domains::invoices::{self, Invoice, PdfFile, Printable, Whole};
use crate::error::ApiError;
use crate::guard::{Binding, Listing, Page, Reply, Tag, Visitor};

/// `/v1/b/{slug}/bookings/{manage_token}/invoices`
pub struct PublicInvoicesApi {
    app: Arc<App>,
}

impl PublicInvoicesApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }

    /// The booking that a token opens, and those whose place it took.
    async fn bookings(&self, guard: &Visitor, token: &str) -> Result<Vec<BookingId>, ApiError> {
        let id = manage::open::<BookingId>(&self.app.manage, &guard.tenant, token)?;
        service::chain(&guard.scope, id.0).await
    }

    async fn one(&self, guard: &Visitor, token: &str, invoice: Uuid) -> Result<Whole, ApiError> {
        let bookings = self.bookings(guard, token).await?;
        invoices::of_booking(&guard.scope, &bookings, invoice).await
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicInvoicesApi {
    /// List your booking's invoices
    ///
    /// With their credit notes, the oldest first. After the booking was moved, also what was billed before.
    #[oai(path = "/v1/b/:slug/bookings/:manage_token/invoices", method = "get", operation_id = "public_invoice_list")]
    async fn list(
        &self,
        guard: Visitor,
        page: Page,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The token that was answered when it was booked.
        manage_token: Path<String>,
    ) -> Result<Reply<Listing<Invoice>>, ApiError> {
        let bookings = self.bookings(&guard, &manage_token.0).await?;
        let all = invoices::of_bookings(&guard.scope, &bookings).await?;
        let binding = Binding { tenant: guard.tenant.id.0, sort: "booking_invoices", filter: &manage_token.0 };
        Ok(Listing::part(all, &page, &self.app.cursors, &binding, |invoice| invoice.id)?.into())
    }

    /// Get your invoice as PDF
    ///
    /// A4, with the fonts in it.
    #[oai(
        path = "/v1/b/:slug/bookings/:manage_token/invoices/:invoice_id/pdf",
        method = "get",
        operation_id = "public_invoice_pdf_get"
    )]
    async fn pdf(
        &self,
        guard: Visitor,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The token that was answered when it was booked.
        manage_token: Path<String>,
        /// The invoice's id.
        invoice_id: Path<Uuid>,
    ) -> Result<PdfFile, ApiError> {
        PdfFile::of(&self.one(&guard, &manage_token.0, invoice_id.0).await?)
    }

    /// Get your invoice as a page
    ///
    /// HTML that prints well.
    #[oai(
        path = "/v1/b/:slug/bookings/:manage_token/invoices/:invoice_id/html",
        method = "get",
        operation_id = "public_invoice_html_get"
    )]
    async fn html(
        &self,
        guard: Visitor,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        /// The token that was answered when it was booked.
        manage_token: Path<String>,
        /// The invoice's id.
        invoice_id: Path<Uuid>,
    ) -> Result<Printable, ApiError> {
        Ok(Printable::of(&self.one(&guard, &manage_token.0, invoice_id.0).await?))
    }
}
