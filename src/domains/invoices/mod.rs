//! Invoices: what was sold and what was given back, on paper.
//!
//! Owns `invoices`, `invoice_items`, `invoice_series`; the permission `invoice.read`; the events `INVOICE_*`. States:
//! draft -> open or paid; open -> paid, void or credited; paid -> credited. A draft is being written and is never seen
//! outside its transaction.
//!
//! What must stay true: numbers count up by one in each series (invoices, credit notes) and year of the business's own
//! calendar. The number is taken last, under the series' row lock, in the transaction that issues the document: one
//! that is rolled back leaves no gap. A payment has one invoice and a refund one credit note, whoever asks how often.
//! What was issued never changes; both sides stand on it as they were. Amounts contain their tax, which is rounded once
//! on each line.
//!
//! Others come through [`issue`], [`credit_note`], [`settle`] and [`void`], and show what is theirs with
//! [`of_bookings`] and [`of_booking`].

mod answer;
mod api;
mod dto;
mod events;
mod page;
mod paper;
mod party;
mod pdf;
mod rules;
mod service;

use std::sync::Arc;

use ::entity::invoices::{Column, Entity, Model};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub use answer::{PdfFile, Printable};
pub use dto::Invoice;
pub use service::{NewInvoice, NewLine, Whole, credit_note, issue, of_booking, of_bookings, settle, void};

/// All operations of the domain.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::InvoicesApi::new(app)
}

impl Row for Entity {
    const TENANT: Column = Column::TenantId;
    const ID: Column = Column::Id;
    const DELETED_AT: Option<Column> = None;
    const MISSING: Code = Code::InvoiceNotFound;

    fn updated_at(model: &Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for Entity {
    type Key = Column;
    const KEYS: &'static [(&'static str, Column)] = &[("created_at", Column::CreatedAt)];
    const NEWEST_FIRST: bool = true;
}
