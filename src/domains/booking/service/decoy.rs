//! The answer to a program that filled in what people never see: like any other, with nothing behind it. A refusal
//! would tell it what to leave out.

use ::entity::bookings::Model;
use ::entity::enums::{BookingSource, BookingStatus, NoShowFeeStatus};
use ::entity::ids::{BookingId, CustomerId, ResourceId, ServiceId};

use super::create::NewBooking;
use super::take;
use crate::db::Scope;
use crate::domains::scheduling::slots::{Board, Freedom};
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};

/// A booking as it would have been made. Reads what a booking reads, writes nothing and tells nobody.
///
/// # Errors
/// Those of a booking: 404 for a service that is not there, 409 for a time that cannot be had.
pub async fn pretend(scope: &Scope, tenant: &Tenant, new: NewBooking) -> Result<Model, ApiError> {
    metrics::counter!("bookings_honeypot_total").increment(1);
    let (wish, start) = (new.wish(), new.start_at);
    let board = take::board(scope, tenant, &wish, start).await?;
    match likeness(scope, tenant, &board, new) {
        Ok(booking) => Ok(booking),
        Err(refusal) => Err(take::with_others(scope, tenant, &wish, start, refusal).await),
    }
}

fn likeness(scope: &Scope, tenant: &Tenant, board: &Board, new: NewBooking) -> Result<Model, ApiError> {
    let chosen = board.choose(new.start_at, Freedom::Listed)?;
    let met = chosen.resources.first().ok_or_else(|| ApiError::of(Code::SlotUnavailable))?.resource;
    let service = &board.service;
    let waits = service.requires_confirmation || !board.auto_confirm;
    let now = scope.now();
    Ok(Model {
        tenant_id: tenant.id,
        id: BookingId(scope.new_id()),
        customer_id: CustomerId(scope.new_id()),
        service_id: ServiceId(service.id),
        resource_id: ResourceId(met.id),
        class_session_id: None,
        client_generated_id: None,
        service_snapshot: serde_json::json!({ "name": service.name }),
        start_at: chosen.start,
        end_at: chosen.end,
        booking_tz: met.tz.clone().unwrap_or_else(|| tenant.tz.clone()),
        status: if waits { BookingStatus::Pending } else { BookingStatus::Confirmed },
        source: BookingSource::Public,
        attendee_count: i32::try_from(new.attendee_count).unwrap_or(i32::MAX),
        total_cents: service.price_cents.saturating_mul(new.attendee_count.max(1).into()),
        currency: service.currency.clone(),
        notes: new.notes,
        confirmed_at: (!waits).then_some(now),
        checked_in_at: None,
        completed_at: None,
        canceled_at: None,
        canceled_by: None,
        cancel_reason: None,
        no_show_flag: false,
        no_show_fee_status: NoShowFeeStatus::None,
        rescheduled_from: None,
        series_id: None,
        series_index: None,
        itinerary_id: None,
        covered_by: None,
        overbooked: false,
        wall_start: None,
        wall_tz: None,
        tzdata: None,
        created_at: now,
        updated_at: now,
    })
}
