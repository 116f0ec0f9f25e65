//! Who takes which time.
//!
//! Owns `bookings`, `booking_items`, `booking_allocations`, `booking_series`, `class_sessions`, `booking_holds`,
//! `waitlist_entries`, `calendar_feeds`; the permissions `booking.*` and `calendar.write`; the events `BOOKING_*` and
//! `WAITLIST_*`. States: pending -> confirmed -> checked_in -> completed; pending or confirmed ->
//! canceled; confirmed -> no_show, once it has begun; pending -> failed. The arrows stand in `rules` and are
//! guarded by a trigger; every step is one guarded update and one event. A rescheduled booking is canceled and
//! followed by one that is linked to it, in one transaction and with one event for both.
//!
//! `admin` is the front desk: many bookings at once, by the same verbs, and all of them with their customers.
//!
//! What must stay true: the listing decides first (for a good message), the exclusion constraint decides
//! last; a refused time costs nothing and names others.
//!
//! CRM asks for what it may not look up itself: [`ahead`], [`has_come`], [`forget_words`], [`leave_lines`], and [`Visits`] as a
//! condition. Payments come through [`hold_for_payment`], [`paid`], [`refunded`], [`fail_unpaid`] and their neighbours: a
//! public booking of a service that is paid before begins pending with `payment_due_at`; paid in time it is confirmed,
//! otherwise it fails and its time is free. A completed booking earns points in its own transaction.

mod admin;
mod api;
mod calendar;
mod dto;
mod events;
mod manage;
pub mod rules;
mod service;

use std::sync::Arc;

use ::entity::booking_series;
use ::entity::bookings::{Column, Entity, Model};
use ::entity::ids::BookingId;
use ::entity::{booking_holds, waitlist_entries};
use chrono::{DateTime, Utc};

pub use service::tend;
pub use service::{
    Credit, account, fail_unpaid, hold_for_payment, no_show_fee, note_intent, of_status, paid, refund_asked, refunded,
    refunds_due, unpaid,
};

use crate::app::App;
use crate::db::Scope;
use crate::db::row::Row;
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::guard::Sortable;

pub use service::{Visits, ahead, forget_words, has_come, leave_lines};

/// The booking that a visitor's token opens, or the one that took its place.
///
/// # Errors
/// 404.
pub async fn opened(app: &App, scope: &Scope, tenant: &Tenant, token: &str) -> Result<Model, ApiError> {
    let id = manage::open::<BookingId>(&app.manage, tenant, token)?;
    service::newest(scope, id.0).await
}

/// The token by which the visitor opens a booking.
///
/// # Errors
/// 500 when it cannot be made.
pub fn token(app: &App, tenant: &Tenant, id: BookingId) -> Result<String, ApiError> {
    manage::seal(&app.manage, tenant, id)
}

/// All operations of the domain.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    let visits = (api::ItinerariesApi::new(app), api::PublicItinerariesApi::new(app));
    (
        api::BookingsApi::new(app),
        api::BookingMovesApi::new(app),
        api::MovedBookingsApi::new(app),
        api::BookingSeriesApi::new(app),
        visits,
        (api::CoverageApi::new(app), api::PublicCreditsApi::new(app)),
        api::CustomerBookingsApi::new(app),
        (api::PublicBookingsApi::new(app), api::PublicInvoicesApi::new(app)),
        api::HoldsApi::new(app),
        api::PublicHoldsApi::new(app),
        api::WaitlistApi::new(app),
        api::PublicWaitlistApi::new(app),
        calendar::api(app),
        admin::api(app),
    )
}

impl Row for booking_holds::Entity {
    const TENANT: booking_holds::Column = booking_holds::Column::TenantId;
    const ID: booking_holds::Column = booking_holds::Column::Id;
    const DELETED_AT: Option<booking_holds::Column> = None;
    const MISSING: Code = Code::HoldNotFound;

    fn updated_at(model: &booking_holds::Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for booking_holds::Entity {
    type Key = booking_holds::Column;
    const KEYS: &'static [(&'static str, booking_holds::Column)] = &[("created_at", booking_holds::Column::CreatedAt)];
    const NEWEST_FIRST: bool = true;
}

impl Row for waitlist_entries::Entity {
    const TENANT: waitlist_entries::Column = waitlist_entries::Column::TenantId;
    const ID: waitlist_entries::Column = waitlist_entries::Column::Id;
    const DELETED_AT: Option<waitlist_entries::Column> = None;
    const MISSING: Code = Code::WaitlistEntryNotFound;

    fn updated_at(model: &waitlist_entries::Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for waitlist_entries::Entity {
    type Key = waitlist_entries::Column;
    const KEYS: &'static [(&'static str, waitlist_entries::Column)] =
        &[("created_at", waitlist_entries::Column::CreatedAt)];
}

impl Row for Entity {
    const TENANT: Column = Column::TenantId;
    const ID: Column = Column::Id;
    const DELETED_AT: Option<Column> = None;
    const MISSING: Code = Code::BookingNotFound;

    fn updated_at(model: &Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for Entity {
    type Key = Column;
    const KEYS: &'static [(&'static str, Column)] = &[("start_at", Column::StartAt), ("created_at", Column::CreatedAt)];
}

impl Row for booking_series::Entity {
    const TENANT: booking_series::Column = booking_series::Column::TenantId;
    const ID: booking_series::Column = booking_series::Column::Id;
    const DELETED_AT: Option<booking_series::Column> = None;
    const MISSING: Code = Code::BookingSeriesNotFound;

    fn updated_at(model: &booking_series::Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for booking_series::Entity {
    type Key = booking_series::Column;
    const KEYS: &'static [(&'static str, booking_series::Column)] =
        &[("created_at", booking_series::Column::CreatedAt)];
    const NEWEST_FIRST: bool = true;
}
