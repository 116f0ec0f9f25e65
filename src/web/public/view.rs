//! What the pages read of the API's answers: the fields that they show.

use serde::Deserialize;
use uuid::Uuid;

use crate::kernel::money::{Currency, Money};

#[derive(Debug, Deserialize)]
pub struct Page {
    pub title: String,
    pub description: Option<String>,
    pub tenant: Business,
}

#[derive(Debug, Deserialize)]
pub struct Business {
    pub name: String,
    pub timezone: String,
    pub locale: String,
    pub policies: Policies,
}

/// What the business promises and asks for, in its own words.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Policies {
    pub cancellation: Option<String>,
    pub no_show: Option<String>,
    pub rescheduling: Option<String>,
    pub payment: Option<String>,
    pub refund: Option<String>,
}

impl Policies {
    /// Title and text of each that there is.
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("Cancellation", &self.cancellation),
            ("Missed appointments", &self.no_show),
            ("Moving an appointment", &self.rescheduling),
            ("Payment", &self.payment),
            ("Refunds", &self.refund),
        ];
        all.into_iter().filter_map(|(title, text)| text.as_deref().filter(|text| !text.is_empty()).map(|t| (title, t)))
    }
}

#[derive(Debug, Deserialize)]
pub struct Services {
    pub data: Vec<Service>,
    pub next_cursor: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Service {
    pub id: Uuid,
    pub name: String,
    pub description: Option<String>,
    pub category: Option<String>,
    pub duration_min: u32,
    pub price_cents: i64,
    pub currency: String,
}

#[derive(Debug, Deserialize)]
pub struct Availability {
    pub data: Vec<Slot>,
    pub timezone: String,
}

#[derive(Debug, Deserialize)]
pub struct Slot {
    pub start: String,
    /// `2026-03-02T09:30` on the clock of the resource.
    pub local_start: String,
    pub resource_name: String,
    pub token: String,
}

#[derive(Debug, Deserialize)]
pub struct Booking {
    pub status: String,
    pub service_name: String,
    pub start_at: String,
    pub booking_tz: String,
    pub total_amount_cents: i64,
    pub currency: String,
    pub manage_token: String,
    pub can_cancel: bool,
    #[serde(default)]
    pub payment: Standing,
}

/// How a booking stands with money.
#[derive(Debug, Default, Deserialize)]
pub struct Standing {
    /// To be paid now, so that the booking stands; zero when nothing is owed.
    pub due_cents: i64,
    pub paid_cents: i64,
    /// Until when the time is kept for the payment.
    pub due_at: Option<String>,
}

/// The last attempt to pay.
#[derive(Debug, Deserialize)]
pub struct Payment {
    pub status: String,
    /// Why it failed, for people.
    pub failure_message: Option<String>,
}

/// A payment that was begun.
#[derive(Debug, Deserialize)]
pub struct Begun {
    /// The provider's page; none when nothing is left to pay.
    pub checkout_url: Option<String>,
}

/// An amount as people read it; the bare number where the currency is unknown.
pub fn amount(minor: i64, currency: &str) -> String {
    Currency::new(currency).map_or_else(|| minor.to_string(), |currency| Money::new(minor, currency).to_string())
}
