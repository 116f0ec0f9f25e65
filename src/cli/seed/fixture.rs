//! The demo businesses as they stand in `fixtures/demo`: readable, with names instead of ids and days
//! relative to the one on which they are filled in.

use std::collections::BTreeMap;

use ::entity::enums::{BookingStatus, MembershipRole, ResourceType};
use serde::Deserialize;

use crate::domains::tenancy::{BookingDefaults, Policies};

/// Every demo business.
pub const TEXTS: [&str; 2] =
    [include_str!("../../../fixtures/demo/salon.json"), include_str!("../../../fixtures/demo/serenity.json")];

/// A business.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Business {
    pub slug: String,
    pub name: String,
    pub category: String,
    pub email: String,
    pub contact: String,
    pub timezone: String,
    pub currency: String,
    pub locale: String,
    pub blurb: String,
    pub brand_color: String,
    pub secondary_color: String,
    pub font_family: String,
    pub no_show_fee_bps: i32,
    pub policies: Policies,
    pub booking: BookingDefaults,
    pub users: Vec<User>,
    pub resources: Vec<Resource>,
    pub services: Vec<Service>,
    pub exceptions: Vec<Exception>,
    pub customers: Vec<Customer>,
    pub bookings: Vec<Booking>,
    pub classes: Vec<Class>,
}

/// Somebody who logs in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    pub role: MembershipRole,
    pub name: String,
    pub email: String,
}

/// Who or what gives services. Hours by weekday, `mon` to `sun`, as `09:00-13:00`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ResourceType,
    /// The e-mail address with which a member of staff logs in.
    pub login: Option<String>,
    pub bio: Option<String>,
    pub hours: BTreeMap<String, Vec<String>>,
}

/// Something to book, and the names of the resources that give it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub name: String,
    pub category: String,
    pub description: Option<String>,
    pub duration_min: i32,
    #[serde(default)]
    pub buffer_before_min: i32,
    #[serde(default)]
    pub buffer_after_min: i32,
    pub interval_min: Option<i32>,
    #[serde(default = "one")]
    pub capacity: i32,
    pub price_cents: i64,
    #[serde(default)]
    pub requires_confirmation: bool,
    pub by: Vec<String>,
}

fn one() -> i32 {
    1
}

/// A day that differs: so many days from today, or the next of a weekday.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    pub in_days: Option<i64>,
    pub next: Option<String>,
    pub open: bool,
    pub from: Option<String>,
    pub to: Option<String>,
    /// Without one, the whole business.
    pub resource: Option<String>,
    pub reason: String,
}

/// Somebody who books.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    #[serde(default)]
    pub marketing: bool,
}

/// An appointment, wished for at a time: it takes the first free one from there on, further away from
/// today, so that the calendar is right on whatever weekday today is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Booking {
    pub in_days: i64,
    pub at: String,
    pub service: String,
    pub by: String,
    pub customer: String,
    pub status: BookingStatus,
    /// Of a cancellation.
    pub reason: Option<String>,
}

/// One start of a class, and who comes; wished for like a booking.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    pub in_days: i64,
    pub at: String,
    pub service: String,
    pub by: String,
    pub status: BookingStatus,
    pub customers: Vec<String>,
}
