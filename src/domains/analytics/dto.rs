//! The dashboard on the wire.

use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::guard::{Date, Timestamp};

/// How many bookings begin in these days, by where they are in their life.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(example)]
pub struct BookingCounts {
    /// All of them. Those that were rescheduled count where they went.
    pub total: u64,
    /// Wait to be confirmed.
    pub pending: u64,
    /// Take place.
    pub confirmed: u64,
    /// The customer is there.
    pub checked_in: u64,
    /// Took place.
    pub completed: u64,
    /// Do not take place, and no other took their place.
    pub canceled: u64,
    /// The customer did not come.
    pub no_show: u64,
    /// Could not be made.
    pub failed: u64,
    /// Began in these days until another time took their place; not part of the total.
    pub rescheduled: u64,
}

/// What the bookings that take or took place cost, in one currency: booked, not paid. Payments are not looked at.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(example)]
pub struct RevenueBooked {
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    /// In the currency's minor unit.
    pub total_cents: i64,
    /// Of how many bookings: confirmed, checked in or completed.
    pub bookings: u64,
}

/// The customers of these bookings, each once; canceled bookings left out.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(example)]
pub struct CustomerCounts {
    /// All of them.
    pub total: u64,
    /// Those without a booking before these days.
    pub new: u64,
    /// Those with one.
    pub returning: u64,
}

/// How much of a service, or of who or what gives it, is booked.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(example)]
pub struct BookedMinutes {
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// Bookings that were not canceled.
    pub bookings: u64,
    /// How many come with them.
    pub seats: u64,
    /// Minutes, without buffers. A class counts once, however many sit in it.
    pub booked_min: u64,
    /// Minutes that it is open; of a service those of everybody whom its customers could meet. Null without hours of its
    /// own.
    #[oai(nullable)]
    pub open_min: Option<u64>,
    /// The booked share of them, from 0; over 1 where bookings lie outside of the hours. Null where nothing is open.
    #[oai(nullable)]
    pub utilization: Option<f64>,
}

/// A booking in a line.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(example)]
pub struct DashboardBooking {
    pub id: Uuid,
    /// Where it is in its life.
    pub status: String,
    /// When it begins.
    pub start_at: Timestamp,
    /// When the customer is done.
    pub end_at: Timestamp,
    /// How many come.
    pub attendee_count: i32,
    /// Who booked.
    pub customer_name: String,
    /// What was booked.
    pub service_name: String,
    /// Who or what gives it.
    pub resource_name: String,
}

/// The figures of some days.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(example)]
pub struct Dashboard {
    /// The first day, in the business's zone.
    pub start_date: Date,
    /// The last day, in the business's zone.
    pub end_date: Date,
    /// The business's zone.
    #[oai(validator(max_length = 50))]
    pub timezone: String,
    /// How many bookings begin in these days.
    pub bookings: BookingCounts,
    /// What they cost, by currency.
    #[oai(validator(max_items = 200))]
    pub revenue_booked: Vec<RevenueBooked>,
    /// Who comes.
    pub customers: CustomerCounts,
    /// Of those who came or should have come, the share who did not, from 0 to 1; null while there are none.
    #[oai(nullable)]
    pub no_show_rate: Option<f64>,
    /// The share of the bookings that were canceled, from 0 to 1; null while there are none.
    #[oai(nullable)]
    pub cancellation_rate: Option<f64>,
    /// How much of each service is booked, most first; at most 50.
    #[oai(validator(max_items = 50))]
    pub services: Vec<BookedMinutes>,
    /// How much of each resource is booked, most first; at most 50.
    #[oai(validator(max_items = 50))]
    pub resources: Vec<BookedMinutes>,
    /// How many bookings wait to be confirmed, on any day that is still to come.
    pub pending_count: u64,
    /// What takes place today, from the morning on; at most 20.
    #[oai(validator(max_items = 20))]
    pub today: Vec<DashboardBooking>,
    /// What comes next, today or later; at most 10.
    #[oai(validator(max_items = 10))]
    pub next_bookings: Vec<DashboardBooking>,
}

impl Example for BookingCounts {
    fn example() -> Self {
        Self {
            total: 42,
            pending: 3,
            confirmed: 20,
            checked_in: 1,
            completed: 14,
            canceled: 3,
            no_show: 1,
            failed: 0,
            rescheduled: 2,
        }
    }
}

impl Example for RevenueBooked {
    fn example() -> Self {
        Self { currency: "EUR".into(), total_cents: 157_500, bookings: 35 }
    }
}

impl Example for CustomerCounts {
    fn example() -> Self {
        Self { total: 31, new: 9, returning: 22 }
    }
}

impl Example for BookedMinutes {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0001),
            name: "Haircut".into(),
            bookings: 30,
            seats: 30,
            booked_min: 1_350,
            open_min: Some(2_400),
            utilization: Some(0.5625),
        }
    }
}

impl Example for DashboardBooking {
    fn example() -> Self {
        let start = Timestamp::example();
        Self {
            id: Uuid::from_u128(0x0199_a4c2_8f1e_7d30_9b52_3c1f_0a6d_0004),
            status: "confirmed".into(),
            start_at: start,
            end_at: Timestamp::new(start.get() + chrono::TimeDelta::minutes(45)),
            attendee_count: 1,
            customer_name: "Ana Torres".into(),
            service_name: "Haircut".into(),
            resource_name: "Mia Stone".into(),
        }
    }
}

impl Example for Dashboard {
    fn example() -> Self {
        let day = |text: &str| Date::parse(text).unwrap_or_else(Date::example);
        Self {
            start_date: day("2026-03-02"),
            end_date: day("2026-03-08"),
            timezone: "Europe/Madrid".into(),
            bookings: BookingCounts::example(),
            revenue_booked: vec![RevenueBooked::example()],
            customers: CustomerCounts::example(),
            no_show_rate: Some(0.0625),
            cancellation_rate: Some(0.0714),
            services: vec![BookedMinutes::example()],
            resources: vec![BookedMinutes::example()],
            pending_count: 3,
            today: vec![DashboardBooking::example()],
            next_bookings: vec![DashboardBooking::example()],
        }
    }
}
