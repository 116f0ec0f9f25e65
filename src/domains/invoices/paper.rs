//! What stands on a document, in words: the one source of the page and of the PDF.

use std::collections::BTreeMap;

use ::entity::enums::{InvoiceKind, InvoiceStatus};
use chrono::{DateTime, Utc};

use super::dto::{party, rate};
use super::rules::amount;
use super::service::Whole;
use crate::kernel::money::{Currency, Money};

/// A document, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// `Invoice INV-2026-000001`
    pub title: String,
    /// What must be seen at once: that it is paid, void, credited.
    pub mark: Option<&'static str>,
    /// BCP 47.
    pub language: String,
    /// What it is about: dates, the document that it belongs to.
    pub facts: Vec<(&'static str, String)>,
    /// The first line is the name.
    pub seller: Vec<String>,
    pub buyer: Vec<String>,
    pub lines: Vec<Line>,
    /// The last one is what counts.
    pub sums: Vec<(String, String)>,
    pub note: Option<String>,
}

/// One line of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub description: String,
    pub quantity: String,
    pub price: String,
    pub discount: String,
    pub rate: String,
    pub amount: String,
}

impl Paper {
    /// What a document says.
    pub fn of(whole: &Whole) -> Self {
        let row = &whole.invoice;
        // the table holds nothing but codes
        let currency = Currency::new(&row.currency);
        let minor = |minor: i64| currency.map_or_else(|| minor.to_string(), |currency| amount(minor, currency));
        let money = |minor: i64| currency.map_or_else(|| minor.to_string(), |of| Money::new(minor, of).to_string());
        let name = match row.kind {
            InvoiceKind::Invoice => "Invoice",
            InvoiceKind::CreditNote => "Credit note",
        };
        let mark = match (row.kind, row.status) {
            (InvoiceKind::CreditNote, _) | (_, InvoiceStatus::Open) => None,
            (_, InvoiceStatus::Draft) => Some("DRAFT"),
            (_, InvoiceStatus::Paid) => Some("PAID"),
            (_, InvoiceStatus::Void) => Some("VOID"),
            (_, InvoiceStatus::Credited) => Some("CREDITED"),
        };
        let day = |at: Option<DateTime<Utc>>| at.map(|at| at.date_naive().to_string());
        let facts = [
            ("Date", row.issued_on.map(|day| day.to_string())),
            ("Takes from", whole.credits.clone()),
            ("Due", day(row.due_at)),
            ("Paid", day(row.paid_at).filter(|_| row.kind == InvoiceKind::Invoice)),
            ("Void since", day(row.voided_at)),
        ];
        let lines = whole.items.iter().map(|item| Line {
            description: item.description.clone(),
            quantity: item.quantity.to_string(),
            price: minor(item.unit_cents),
            discount: if item.discount_cents == 0 { String::new() } else { minor(item.discount_cents) },
            rate: rate(item.tax_bps),
            amount: minor(item.total_cents),
        });
        let mut taxes: BTreeMap<i32, i64> = BTreeMap::new();
        for item in whole.items.iter().filter(|item| item.tax_bps > 0) {
            *taxes.entry(item.tax_bps).or_default() += item.tax_cents;
        }
        let mut sums = Vec::new();
        if !taxes.is_empty() {
            sums.push(("Without tax".to_owned(), money(row.subtotal_cents)));
        }
        sums.extend(taxes.into_iter().map(|(bps, tax)| (format!("Tax {}", rate(bps)), money(tax))));
        if row.credited_cents > 0 {
            sums.push(("Credited since".to_owned(), money(row.credited_cents)));
        }
        sums.push(("Total".to_owned(), money(row.total_cents)));
        Self {
            title: row.reference.as_ref().map_or_else(|| name.to_owned(), |reference| format!("{name} {reference}")),
            mark,
            language: "en".to_owned(),
            facts: facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
            seller: party(&row.seller).lines(),
            buyer: party(&row.buyer).lines(),
            lines: lines.collect(),
            sums,
            note: row.note.clone(),
        }
    }
}
