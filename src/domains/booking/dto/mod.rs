//! Bookings on the wire: as members see them. `public` is the visitor's side.

mod hold;
mod item;
pub mod itinerary;
mod moved;
mod pay_with;
mod payment;
mod public;
pub mod series;
mod snapshot;
mod status;
mod waitlist;

pub use hold::{Hold, HoldCreate, HoldSort};
pub use item::BookingItem;
pub use moved::MovedBooking;
pub use pay_with::{BookingCoverage, CoveredBy, PayWith, PublicCredits, PublicReferralCode};
pub use payment::BookingPayment;
pub use public::{Own, PublicBooking, PublicBookingCancel, PublicBookingCreate, PublicReschedule};
pub use snapshot::ServiceSnapshot;
pub use status::{BookingCanceledBy, BookingNoShowFee, BookingSource, BookingStatus};
pub use waitlist::{WaitlistEntry, WaitlistJoin, WaitlistSort, WaitlistStatus};

use ::entity::bookings::{Entity, Model};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use self::series::CancelScope;
use crate::domains::scheduling::slots::Freedom;
use crate::guard::{Email, Patch, Prose, Sort, Text, Timestamp};

/// A sealed token, of a listed time or of a hold.
pub type TokenText = Text<1, 4096>;

/// What is written into a field that people never see.
pub type Website = Prose<0, 2000>;

/// The orders of a list of bookings.
pub type BookingSort = Sort<Entity>;

/// Who books.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct BookingCustomer {
    /// The name.
    pub display_name: Text<1, 255>,
    /// The e-mail address, by which a customer is known again.
    pub email: Email,
    /// The phone number.
    #[oai(nullable)]
    pub phone: Option<Text<1, 50>>,
    /// Consent to news of the business. Can be given here, not taken away.
    #[oai(default)]
    pub marketing_opt_in: bool,
}

impl Example for BookingCustomer {
    fn example() -> Self {
        Self {
            display_name: Text::of("Ana Torres"),
            email: Email::of("ana@example.com"),
            phone: Some(Text::of("+1 212 555 0100")),
            marketing_opt_in: false,
        }
    }
}

/// What is told beside a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum BookingExpand {
    /// Everything that it takes.
    Items,
}

/// What a member may do beyond the listed times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum BookingOverride {
    /// Any time, also outside hours, grid and limits, but nobody else's.
    AnyTime,
    /// Over somebody else's time too. Needs the permission `booking.override`; the audit log keeps it.
    Overbook,
}

impl From<BookingOverride> for Freedom {
    fn from(said: BookingOverride) -> Self {
        match said {
            BookingOverride::AnyTime => Self::AnyTime,
            BookingOverride::Overbook => Self::Overbook,
        }
    }
}

/// A booking to be made: for a customer that exists (`customer_id`, members only), or with their details
/// (`customer`).
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct BookingCreate {
    /// The token of a listed time, instead of service, resource and start: its resources and its price are promised.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub slot_token: Option<TokenText>,
    /// The token of a held time, instead of service, resource and start.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub hold_token: Option<TokenText>,
    /// The id of a held time, instead of its token. Members only.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub hold_id: Option<Uuid>,
    /// The service; needed without a token or a hold.
    #[oai(nullable)]
    pub service_id: Option<Uuid>,
    /// Who or what gives it; whoever is free when absent.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
    /// One of the listed free times; needed without a token or a hold.
    #[oai(nullable)]
    pub start_at: Option<Timestamp>,
    /// The end, for checking: it follows from the service.
    #[oai(nullable)]
    pub end_at: Option<Timestamp>,
    /// The zone in which the customer is told the time; the resource's, else the business's, when absent.
    #[oai(nullable)]
    pub booking_tz: Option<Text<1, 50>>,
    /// A customer that exists. Members only.
    #[oai(nullable)]
    pub customer_id: Option<Uuid>,
    /// The details of who books, instead of `customer_id`.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub customer: Option<BookingCustomer>,
    /// How many come; 1, or what the token or the hold says, when absent.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "10000")))]
    pub attendee_count: Option<u32>,
    /// The id that the caller gave the booking while offline: the same one is never booked twice.
    #[oai(nullable)]
    pub client_generated_id: Option<Text<1, 255>>,
    /// Books a time that is not listed. Members only.
    #[oai(rename = "override", nullable)]
    pub beyond: Option<BookingOverride>,
    /// What the business should know.
    #[oai(nullable)]
    pub notes: Option<Prose<0, 5000>>,
    /// Pays with sessions of a package, `{"package": id}`, or with `"credits"` of the customer.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub pay_with: Option<PayWith>,
    /// The token of an earlier booking of the customer, who is proven by it. The public needs it to pay with what the
    /// customer has.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub customer_token: Option<TokenText>,
    /// The code of whoever brought the customer along. It counts with the customer's first booking.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub referral_code: Option<Text<1, 40>>,
    /// Leave it empty. On a page it is there and hidden from people: whoever fills it in is a program, and nothing comes of
    /// it.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub website: Option<Website>,
}

impl Example for BookingCreate {
    fn example() -> Self {
        Self {
            slot_token: None,
            hold_token: None,
            hold_id: None,
            service_id: Some(example_id(1)),
            resource_id: Some(example_id(2)),
            start_at: Some(Timestamp::example()),
            end_at: None,
            booking_tz: None,
            customer_id: Some(example_id(3)),
            customer: None,
            attendee_count: Some(1),
            client_generated_id: None,
            beyond: None,
            notes: None,
            pay_with: None,
            customer_token: None,
            referral_code: None,
            website: None,
        }
    }
}

fn one() -> u32 {
    1
}

/// Why a booking is canceled.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct BookingCancel {
    /// How much of its series is canceled with it.
    #[oai(default)]
    pub scope: CancelScope,
    /// The reason, for the record.
    #[oai(nullable)]
    pub reason: Option<Prose<0, 1000>>,
}

impl Example for BookingCancel {
    fn example() -> Self {
        Self { scope: CancelScope::This, reason: Some(Prose::of("The customer called")) }
    }
}

/// What a PATCH changes of a booking: absent keeps, null clears. Its state and its time have operations of their own.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct BookingUpdate {
    /// What the business should know.
    pub notes: Patch<Prose<0, 5000>>,
}

impl Example for BookingUpdate {
    fn example() -> Self {
        Self { notes: Patch::Set(Prose::of("Prefers the chair by the window")) }
    }
}

/// Another time for a booking.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct BookingReschedule {
    /// One of the listed free times; the booking's own time counts as free.
    pub start_at: Timestamp,
    /// Who or what gives it; the same as before when absent.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
    /// Moves it to a time that is not listed.
    #[oai(rename = "override", nullable)]
    pub beyond: Option<BookingOverride>,
}

impl Example for BookingReschedule {
    fn example() -> Self {
        Self { start_at: Timestamp::example(), resource_id: Some(example_id(2)), beyond: None }
    }
}

/// An appointment, as members see it.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct Booking {
    /// The booking's id.
    pub id: Uuid,
    /// The same id.
    pub booking_id: Uuid,
    /// Where it is in its life.
    pub status: BookingStatus,
    /// The service.
    pub service_id: Uuid,
    /// The service's name when it was booked.
    pub service_name: String,
    /// Who or what gives it.
    pub resource_id: Uuid,
    /// Who booked.
    pub customer_id: Uuid,
    /// When it begins.
    pub start_at: Timestamp,
    /// When the customer is done.
    pub end_at: Timestamp,
    /// The zone in which the customer is told the time.
    pub booking_tz: String,
    /// How many come.
    pub attendee_count: i32,
    /// What it costs, in the currency's minor unit.
    pub total_amount_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// The payment that belongs to it, once there is one.
    #[oai(nullable)]
    pub payment_intent_id: Option<String>,
    /// How it stands with the money.
    pub payment: BookingPayment,
    /// What it is paid with instead of money.
    #[oai(nullable)]
    pub covered_by: Option<CoveredBy>,
    /// Where it came from.
    pub source: BookingSource,
    /// What the business should know.
    #[oai(nullable)]
    pub notes: Option<String>,
    /// The id that the caller gave it while offline.
    #[oai(nullable)]
    pub client_generated_id: Option<String>,
    /// When it was confirmed.
    #[oai(nullable)]
    pub confirmed_at: Option<Timestamp>,
    /// When the customer was there.
    #[oai(nullable)]
    pub checked_in_at: Option<Timestamp>,
    /// When it was done.
    #[oai(nullable)]
    pub completed_at: Option<Timestamp>,
    /// When it was canceled.
    #[oai(nullable)]
    pub canceled_at: Option<Timestamp>,
    /// Who canceled it.
    #[oai(nullable)]
    pub canceled_by: Option<BookingCanceledBy>,
    /// Why it was canceled.
    #[oai(nullable)]
    pub cancel_reason: Option<String>,
    /// Whether the customer did not come.
    pub no_show_flag: bool,
    /// What became of the fee for that.
    pub no_show_fee_status: BookingNoShowFee,
    /// The booking that this one took the place of.
    #[oai(nullable)]
    pub rescheduled_from: Option<Uuid>,
    /// The series that it belongs to.
    #[oai(nullable)]
    pub series_id: Option<Uuid>,
    /// Its place in the series, from 0.
    #[oai(nullable)]
    pub series_index: Option<i32>,
    /// The visit of several services that it belongs to.
    #[oai(nullable)]
    pub itinerary_id: Option<Uuid>,
    /// Whether it was made over somebody else's time, on purpose.
    pub overbooked: bool,
    /// Whether it was made at a time that is not listed, on purpose.
    pub unlisted: bool,
    /// The service as it was when it was booked.
    pub service_snapshot: ServiceSnapshot,
    /// Opens the booking again, for the visitor who has made it; members are told none.
    #[oai(skip_serializing_if_is_none)]
    pub manage_token: Option<String>,
    /// Everything that it takes, whom the customer meets first; only with `expand=items`.
    #[oai(skip_serializing_if_is_none)]
    pub items: Option<Vec<BookingItem>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

impl From<Model> for Booking {
    fn from(row: Model) -> Self {
        Self {
            payment: BookingPayment::of(&row),
            id: row.id.0,
            booking_id: row.id.0,
            status: row.status.into(),
            service_id: row.service_id.0,
            service_name: service_name(&row),
            service_snapshot: ServiceSnapshot::of(&row.service_snapshot),
            manage_token: None,
            resource_id: row.resource_id.0,
            customer_id: row.customer_id.0,
            start_at: Timestamp::new(row.start_at),
            end_at: Timestamp::new(row.end_at),
            booking_tz: row.booking_tz,
            attendee_count: row.attendee_count,
            total_amount_cents: row.total_cents,
            currency: row.currency,
            payment_intent_id: row.payment_intent_id,
            covered_by: row.covered_by.map(Into::into),
            source: row.source.into(),
            notes: row.notes,
            client_generated_id: row.client_generated_id,
            confirmed_at: row.confirmed_at.map(Timestamp::new),
            checked_in_at: row.checked_in_at.map(Timestamp::new),
            completed_at: row.completed_at.map(Timestamp::new),
            canceled_at: row.canceled_at.map(Timestamp::new),
            canceled_by: row.canceled_by.map(Into::into),
            cancel_reason: row.cancel_reason,
            no_show_flag: row.no_show_flag,
            no_show_fee_status: row.no_show_fee_status.into(),
            rescheduled_from: row.rescheduled_from.map(|booking| booking.0),
            series_id: row.series_id.map(|series| series.0),
            series_index: row.series_index,
            itinerary_id: row.itinerary_id,
            overbooked: row.overbooked,
            unlisted: row.unlisted,
            items: None,
            created_at: Timestamp::new(row.created_at),
            updated_at: Timestamp::new(row.updated_at),
        }
    }
}

impl Example for Booking {
    fn example() -> Self {
        let start = Timestamp::example();
        Self {
            id: example_id(4),
            booking_id: example_id(4),
            status: BookingStatus::Confirmed,
            service_id: example_id(1),
            service_name: "Haircut".into(),
            resource_id: example_id(2),
            customer_id: example_id(3),
            start_at: start,
            end_at: Timestamp::new(start.get() + chrono::TimeDelta::minutes(45)),
            booking_tz: "America/New_York".into(),
            attendee_count: 1,
            total_amount_cents: 4_500,
            currency: "USD".into(),
            payment_intent_id: None,
            payment: BookingPayment::example(),
            covered_by: None,
            source: BookingSource::Staff,
            notes: None,
            client_generated_id: None,
            confirmed_at: Some(start),
            checked_in_at: None,
            completed_at: None,
            canceled_at: None,
            canceled_by: None,
            cancel_reason: None,
            no_show_flag: false,
            no_show_fee_status: BookingNoShowFee::None,
            rescheduled_from: None,
            series_id: None,
            series_index: None,
            itinerary_id: None,
            overbooked: false,
            unlisted: false,
            service_snapshot: ServiceSnapshot::example(),
            manage_token: None,
            items: Some(vec![BookingItem::example()]),
            created_at: start,
            updated_at: start,
        }
    }
}

fn service_name(row: &Model) -> String {
    row.service_snapshot["name"].as_str().unwrap_or_default().to_owned()
}

pub fn example_id(number: u128) -> Uuid {
    Uuid::from_u128(0x0199_a4c2_8f1e_7d30_9b52_3c1f_0a6d_0000 + number)
}
