//! Invoices on the wire.

use ::entity::{enums, invoice_items, invoices};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use serde_json::Value;
use uuid::Uuid;

use super::party::Party;
use super::rules::percent;
use super::service::Whole;
use crate::guard::{Date, Sort, Timestamp};

/// The orders of a list of invoices.
pub type InvoiceSort = Sort<invoices::Entity>;

macro_rules! mirrored {
    ($(#[$doc:meta])* $name:ident { $($variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
        #[oai(rename_all = "snake_case")]
        pub enum $name {
            $($variant,)+
        }

        impl From<enums::$name> for $name {
            fn from(own: enums::$name) -> Self {
                match own {
                    $(enums::$name::$variant => Self::$variant,)+
                }
            }
        }

        impl From<$name> for enums::$name {
            fn from(wire: $name) -> Self {
                match wire {
                    $($name::$variant => Self::$variant,)+
                }
            }
        }
    };
}

mirrored! {
    /// What a document is: a bill, or what takes from one.
    InvoiceKind { Invoice, CreditNote }
}

mirrored! {
    /// Whether a document is to be paid: `credited` when nothing of it is left.
    InvoiceStatus { Draft, Open, Paid, Void, Credited }
}

/// One line of an invoice. Amounts contain their tax unless they say otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct InvoiceItem {
    #[oai(validator(max_length = 500))]
    pub description: String,
    pub quantity: i32,
    /// Of one piece.
    pub unit_cents: i64,
    pub discount_cents: i64,
    /// Hundredths of a percent: 1900 is 19 %.
    pub tax_bps: i32,
    /// Without tax.
    pub net_cents: i64,
    pub tax_cents: i64,
    pub total_cents: i64,
}

/// An invoice, or a credit note. Amounts are minor units of `currency`.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Invoice {
    pub id: Uuid,
    pub kind: InvoiceKind,
    pub status: InvoiceStatus,
    /// As it is written; numbers of a series have no gaps.
    #[oai(nullable, validator(max_length = 40))]
    pub reference: Option<String>,
    #[oai(nullable)]
    pub customer_id: Option<Uuid>,
    #[oai(nullable)]
    pub booking_id: Option<Uuid>,
    #[oai(nullable)]
    pub payment_id: Option<Uuid>,
    #[oai(nullable)]
    pub refund_id: Option<Uuid>,
    /// The invoice that a credit note takes from.
    #[oai(nullable)]
    pub credits_invoice_id: Option<Uuid>,
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    /// Without tax.
    pub subtotal_cents: i64,
    pub tax_cents: i64,
    pub total_cents: i64,
    /// What credit notes have taken from it.
    pub credited_cents: i64,
    /// The business, as it was.
    pub seller: Party,
    /// The customer, as they were.
    pub buyer: Party,
    /// The lines; in lists they are left out.
    #[oai(skip_serializing_if_is_none, validator(max_items = 1000))]
    pub items: Option<Vec<InvoiceItem>>,
    #[oai(nullable, validator(max_length = 1000))]
    pub note: Option<String>,
    /// The day in the business's own zone.
    #[oai(nullable)]
    pub issued_on: Option<Date>,
    #[oai(nullable)]
    pub issued_at: Option<Timestamp>,
    /// Until when it is to be paid.
    #[oai(nullable)]
    pub due_at: Option<Timestamp>,
    #[oai(nullable)]
    pub paid_at: Option<Timestamp>,
    #[oai(nullable)]
    pub voided_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A side as it is stored; what cannot be read is left out.
pub fn party(json: &Value) -> Party {
    serde_json::from_value(json.clone()).unwrap_or_default()
}

impl From<invoices::Model> for Invoice {
    fn from(row: invoices::Model) -> Self {
        Self {
            id: row.id.0,
            kind: row.kind.into(),
            status: row.status.into(),
            reference: row.reference,
            customer_id: row.customer_id.map(Into::into),
            booking_id: row.booking_id.map(Into::into),
            payment_id: row.payment_id,
            refund_id: row.refund_id,
            credits_invoice_id: row.invoice_id.map(Into::into),
            currency: row.currency,
            subtotal_cents: row.subtotal_cents,
            tax_cents: row.tax_cents,
            total_cents: row.total_cents,
            credited_cents: row.credited_cents,
            seller: party(&row.seller),
            buyer: party(&row.buyer),
            items: None,
            note: row.note,
            issued_on: row.issued_on.map(Into::into),
            issued_at: row.issued_at.map(Into::into),
            due_at: row.due_at.map(Into::into),
            paid_at: row.paid_at.map(Into::into),
            voided_at: row.voided_at.map(Into::into),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

impl From<invoice_items::Model> for InvoiceItem {
    fn from(row: invoice_items::Model) -> Self {
        Self {
            description: row.description,
            quantity: row.quantity,
            unit_cents: row.unit_cents,
            discount_cents: row.discount_cents,
            tax_bps: row.tax_bps,
            net_cents: row.net_cents,
            tax_cents: row.tax_cents,
            total_cents: row.total_cents,
        }
    }
}

impl From<Whole> for Invoice {
    fn from(whole: Whole) -> Self {
        let items = whole.items.into_iter().map(InvoiceItem::from).collect();
        Self { items: Some(items), ..Self::from(whole.invoice) }
    }
}

/// A rate on paper.
pub fn rate(tax_bps: i32) -> String {
    percent(tax_bps.unsigned_abs())
}

impl Example for InvoiceItem {
    fn example() -> Self {
        Self {
            description: "Haircut".into(),
            quantity: 1,
            unit_cents: 4500,
            discount_cents: 0,
            tax_bps: 1900,
            net_cents: 3782,
            tax_cents: 718,
            total_cents: 4500,
        }
    }
}

impl Example for Invoice {
    fn example() -> Self {
        let id = |last: u128| Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0000 + last);
        Self {
            id: id(0x20),
            kind: InvoiceKind::Invoice,
            status: InvoiceStatus::Paid,
            reference: Some("INV-2026-000042".into()),
            customer_id: Some(id(4)),
            booking_id: Some(id(5)),
            payment_id: Some(id(0x21)),
            refund_id: None,
            credits_invoice_id: None,
            currency: "EUR".into(),
            subtotal_cents: 3782,
            tax_cents: 718,
            total_cents: 4500,
            credited_cents: 0,
            seller: Party::example(),
            buyer: Party { name: "Ana Lima".into(), email: Some("ana@example.com".into()), ..Party::default() },
            items: Some(vec![InvoiceItem::example()]),
            note: None,
            issued_on: Date::parse("2026-11-20"),
            issued_at: Some(Timestamp::example()),
            due_at: None,
            paid_at: Some(Timestamp::example()),
            voided_at: None,
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}
