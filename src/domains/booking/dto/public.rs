//! Bookings on the wire, as the visitors see them who made them.

use ::entity::bookings::Model;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use super::{
    Booking, BookingCustomer, BookingPayment, BookingStatus, PayWith, TokenText, Website, example_id, service_name,
};
use crate::domains::booking::rules::windows::{Reason, Verdict};
use crate::guard::{Prose, Text, Timestamp};

/// A booking to be made, with the customer's details.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct PublicBookingCreate {
    /// The token of a listed time, instead of service, resource and start: its resources and its price are promised.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub slot_token: Option<TokenText>,
    /// The token of a held time, instead of service, resource and start.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub hold_token: Option<TokenText>,
    /// The service; needed without a token.
    #[oai(nullable)]
    pub service_id: Option<Uuid>,
    /// Who or what gives it; whoever is free when absent.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
    /// One of the listed free times; needed without a token.
    #[oai(nullable)]
    pub start_at: Option<Timestamp>,
    /// Who books.
    pub customer: BookingCustomer,
    /// How many come; 1, or what the token says, when absent.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "10000")))]
    pub attendee_count: Option<u32>,
    /// What the business should know.
    #[oai(nullable)]
    pub notes: Option<Prose<0, 5000>>,
    /// Pays with sessions of a package, `{"package": id}`, or with `"credits"` of the customer, who is proven by
    /// `customer_token`.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub pay_with: Option<PayWith>,
    /// The token of an earlier booking of the customer.
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

impl Example for PublicBookingCreate {
    fn example() -> Self {
        Self {
            slot_token: None,
            hold_token: None,
            service_id: Some(example_id(1)),
            resource_id: None,
            start_at: Some(Timestamp::example()),
            customer: BookingCustomer::example(),
            attendee_count: Some(1),
            notes: Some(Prose::of("First visit")),
            pay_with: None,
            customer_token: None,
            referral_code: None,
            website: None,
        }
    }
}

/// Why a visitor cancels their own booking.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct PublicBookingCancel {
    /// The reason, for the record.
    #[oai(nullable)]
    pub reason: Option<Prose<0, 1000>>,
}

impl Example for PublicBookingCancel {
    fn example() -> Self {
        Self { reason: Some(Prose::of("I am ill")) }
    }
}

/// Another time for a visitor's own booking.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct PublicReschedule {
    /// One of the listed free times; the booking's own time counts as free.
    pub start_at: Timestamp,
}

impl Example for PublicReschedule {
    fn example() -> Self {
        Self { start_at: Timestamp::example() }
    }
}

/// Why a visitor may not change a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum PublicBookingReason {
    /// It is canceled, or over, or you are there already.
    State,
    /// It has begun.
    Begun,
    /// The business wants to be asked.
    Never,
    /// It was possible until `until`.
    TooLate,
}

impl From<Reason> for PublicBookingReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::State => Self::State,
            Reason::Begun => Self::Begun,
            Reason::Never => Self::Never,
            Reason::TooLate => Self::TooLate,
        }
    }
}

/// On which terms a visitor may change a booking.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct PublicBookingTerms {
    /// The last moment, which is still in time; null where the business wants to be asked.
    #[oai(nullable)]
    pub until: Option<Timestamp>,
    /// Why not; null while you may.
    #[oai(nullable)]
    pub reason: Option<PublicBookingReason>,
}

impl From<Verdict> for PublicBookingTerms {
    fn from(verdict: Verdict) -> Self {
        Self { until: verdict.until.map(Timestamp::new), reason: verdict.refusal.map(Into::into) }
    }
}

impl Example for PublicBookingTerms {
    fn example() -> Self {
        Self { until: Some(Timestamp::example()), reason: Some(PublicBookingReason::TooLate) }
    }
}

/// What a visitor may do with a booking at this moment.
#[derive(Debug, Clone, Copy)]
pub struct Own {
    pub cancel: Verdict,
    pub reschedule: Verdict,
}

/// An appointment, as the one who made it sees it.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct PublicBooking {
    /// The booking's id.
    pub id: Uuid,
    /// The same id.
    pub booking_id: Uuid,
    /// Where it is in its life.
    pub status: BookingStatus,
    /// The service.
    pub service_id: Uuid,
    /// The service's name.
    pub service_name: String,
    /// Who or what gives it.
    pub resource_id: Uuid,
    /// When it begins.
    pub start_at: Timestamp,
    /// When you are done.
    pub end_at: Timestamp,
    /// The zone of the place.
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
    /// Opens the booking again, for whoever holds it: `/v1/b/{slug}/bookings/{manage_token}`. After it was moved, older
    /// tokens lead to the new booking too.
    pub manage_token: String,
    /// Whether you may cancel it now.
    pub can_cancel: bool,
    /// Until when you may cancel it, and why not.
    pub cancellation: PublicBookingTerms,
    /// Whether you may move it now.
    pub can_reschedule: bool,
    /// Until when you may move it, and why not.
    pub rescheduling: PublicBookingTerms,
}

impl PublicBooking {
    /// The booking, with the token that opens it and what may be done with it.
    pub fn of(row: Model, manage_token: String, own: Own) -> Self {
        Self {
            payment: BookingPayment::of(&row),
            id: row.id.0,
            booking_id: row.id.0,
            status: row.status.into(),
            service_id: row.service_id.0,
            service_name: service_name(&row),
            resource_id: row.resource_id.0,
            start_at: Timestamp::new(row.start_at),
            end_at: Timestamp::new(row.end_at),
            booking_tz: row.booking_tz,
            attendee_count: row.attendee_count,
            total_amount_cents: row.total_cents,
            currency: row.currency,
            payment_intent_id: row.payment_intent_id,
            manage_token,
            can_cancel: own.cancel.refusal.is_none(),
            cancellation: own.cancel.into(),
            can_reschedule: own.reschedule.refusal.is_none(),
            rescheduling: own.reschedule.into(),
        }
    }
}

impl Example for PublicBooking {
    fn example() -> Self {
        let booking = Booking::example();
        Self {
            id: booking.id,
            booking_id: booking.id,
            status: booking.status,
            service_id: booking.service_id,
            service_name: booking.service_name,
            resource_id: booking.resource_id,
            start_at: booking.start_at,
            end_at: booking.end_at,
            booking_tz: booking.booking_tz,
            attendee_count: 1,
            total_amount_cents: booking.total_amount_cents,
            currency: booking.currency,
            payment_intent_id: None,
            payment: BookingPayment::example(),
            manage_token: "AZnEkTlqfTCbUjwfCm1-hA.3q2-7wAAAAA".into(),
            can_cancel: true,
            cancellation: PublicBookingTerms { reason: None, ..PublicBookingTerms::example() },
            can_reschedule: false,
            rescheduling: PublicBookingTerms { until: None, reason: Some(PublicBookingReason::Never) },
        }
    }
}
