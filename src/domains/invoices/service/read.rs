//! Finds invoices.

use ::entity::enums::{InvoiceKind, InvoiceStatus};
use ::entity::ids::BookingId;
use ::entity::invoice_items;
use ::entity::invoices::{Column, Entity, Model};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::invoices::Invoice;
use crate::error::{ApiError, Code};
use crate::guard::Listing;

/// What a list of invoices is narrowed by.
#[derive(Clone, Debug, Default)]
pub struct InvoiceFilter {
    pub kind: Option<InvoiceKind>,
    pub status: Option<InvoiceStatus>,
    pub customer: Option<Uuid>,
    pub booking: Option<Uuid>,
    /// Issued on it or later.
    pub from: Option<NaiveDate>,
    /// Issued on it or earlier.
    pub until: Option<NaiveDate>,
}

impl Filter<Entity> for InvoiceFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(self.kind.map(|kind| Column::Kind.eq(kind)))
            .add_option(self.status.map(|status| Column::Status.eq(status)))
            .add_option(self.customer.map(|customer| Column::CustomerId.eq(customer)))
            .add_option(self.booking.map(|booking| Column::BookingId.eq(booking)))
            .add_option(self.from.map(|from| Column::IssuedOn.gte(from)))
            .add_option(self.until.map(|until| Column::IssuedOn.lte(until)))
    }
}

/// A document with its lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    pub invoice: Model,
    /// In their order.
    pub items: Vec<invoice_items::Model>,
    /// The invoice that a credit note takes from, as it is written.
    pub credits: Option<String>,
}

/// A page of invoices.
pub async fn list(scope: &Scope, walk: Walk<'_, Entity>, filter: &InvoiceFilter) -> Result<Listing<Invoice>, ApiError> {
    keyset::list(scope, walk, filter, Invoice::from).await
}

/// One document with its lines.
///
/// # Errors
/// 404.
pub async fn whole(scope: &Scope, id: Uuid) -> Result<Whole, ApiError> {
    filled(scope, row::find::<Entity>(scope, id).await?).await
}

async fn filled(scope: &Scope, invoice: Model) -> Result<Whole, ApiError> {
    use invoice_items::Column as Of;
    let items = invoice_items::Entity::find().filter(Of::TenantId.eq(scope.tenant()?));
    let items = items.filter(Of::InvoiceId.eq(invoice.id)).order_by_asc(Of::Position).all(scope).await?;
    let credits = match invoice.invoice_id {
        Some(credited) => row::find::<Entity>(scope, credited.0).await?.reference,
        None => None,
    };
    Ok(Whole { invoice, items, credits })
}

/// All documents of bookings, the oldest first.
///
/// # Errors
/// When the database cannot answer.
pub async fn of_bookings(scope: &Scope, bookings: &[BookingId]) -> Result<Vec<Invoice>, ApiError> {
    let found = row::live::<Entity>(scope)?.filter(Column::BookingId.is_in(bookings.iter().copied()));
    let found = found.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(scope).await?;
    Ok(found.into_iter().map(Invoice::from).collect())
}

/// One document of one of these bookings.
///
/// # Errors
/// 404, for a document of another booking too.
pub async fn of_booking(scope: &Scope, bookings: &[BookingId], id: Uuid) -> Result<Whole, ApiError> {
    let invoice = row::find::<Entity>(scope, id).await?;
    if !invoice.booking_id.is_some_and(|booking| bookings.contains(&booking)) {
        return Err(ApiError::of(Code::InvoiceNotFound));
    }
    filled(scope, invoice).await
}
