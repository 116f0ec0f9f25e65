//! Who takes which time.
//!
//! Owns `bookings`, `booking_items`, `booking_allocations`, `class_sessions`, `calendar_feeds`; the permissions
//! `booking.*` and `calendar.write`; the
//! events `BOOKING_*`. States: pending -> confirmed -> checked_in -> completed; pending or confirmed ->
//! canceled; confirmed -> no_show, once it has begun; pending -> failed. The arrows stand in `rules` and are
//! guarded by a trigger; every step is one guarded update and one event. A rescheduled booking is canceled and
//! followed by one that is linked to it, in one transaction and with one event for both.
//!
//! `admin` is the front desk: many bookings at once, by the same verbs, and all of them with their customers.
//!
//! What must stay true: the listing decides first (for a good message), the exclusion constraint decides
//! last; a refused time costs nothing and names others.

mod admin;
mod api;
mod calendar;
mod dto;
mod events;
mod manage;
pub mod rules;
mod service;

use std::sync::Arc;

use ::entity::bookings::{Column, Entity, Model};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

/// All operations of the domain.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    (
        api::BookingsApi::new(app),
        api::BookingMovesApi::new(app),
        api::MovedBookingsApi::new(app),
        api::PublicBookingsApi::new(app),
        calendar::api(app),
        admin::api(app),
    )
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
