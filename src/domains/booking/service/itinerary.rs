//! Books a visit of several services: all of it or nothing, in the order of time, so that two visits that want the same
//! people at once wait for each other and never in a circle.

use ::entity::bookings::Model;
use ::entity::enums::BookingSource;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::create::{NewBooking, Terms, Who, make};
use super::take::Placed;
use super::{take, waitlist};
use crate::db::Scope;
use crate::domains::booking::events;
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};

/// A service of a visit.
#[derive(Clone, Debug)]
pub struct NewLeg {
    pub service_id: Uuid,
    pub start_at: DateTime<Utc>,
    /// Those that the option named, the one whom the customer meets first.
    pub named: Vec<Uuid>,
}

/// A visit to be booked.
#[derive(Clone, Debug)]
pub struct NewItinerary {
    pub legs: Vec<NewLeg>,
    pub who: Who,
    pub attendee_count: u32,
    pub notes: Option<String>,
    pub source: BookingSource,
}

/// A visit that was booked.
pub struct Booked {
    pub itinerary: Uuid,
    /// In the order of time.
    pub bookings: Vec<Model>,
}

/// Books a visit.
///
/// # Errors
/// 404 for a service or customer that is not there, 422 for legs that overlap, 409 when a leg cannot be had: `leg` names
/// it by its place in the request.
pub async fn create(scope: &Scope, tenant: &Tenant, new: NewItinerary) -> Result<Booked, ApiError> {
    let itinerary = scope.new_id();
    let mut legs: Vec<(usize, NewLeg)> = new.legs.into_iter().enumerate().collect();
    legs.sort_by_key(|(_, leg)| leg.start_at);
    let mut bookings: Vec<Model> = Vec::with_capacity(legs.len());
    let mut lapsed = Vec::new();
    let mut who = new.who;
    for (place, leg) in legs {
        if bookings.last().is_some_and(|before| before.end_at > leg.start_at) {
            let sentence = "This service begins before the one before it ends.";
            let overlap = ApiError::new(Code::RuleViolation, sentence).with("leg", place);
            return Err(overlap.with_field(format!("#/legs/{place}/start_at"), "overlap", sentence));
        }
        let start = leg.start_at;
        let booking = NewBooking {
            service_id: leg.service_id,
            resource_id: None,
            start_at: start,
            end_at: None,
            booking_tz: None,
            who,
            attendee_count: new.attendee_count,
            client_generated_id: None,
            notes: new.notes.clone(),
            source: new.source,
            terms: Terms { itinerary: Some(itinerary), named: leg.named, ..Terms::default() },
        };
        let wish = booking.wish();
        match as_listed(scope, tenant, booking).await {
            Ok(placed) => {
                who = Who::Seen(placed.booking.customer_id);
                bookings.push(placed.booking);
                lapsed.extend(placed.lapsed);
            }
            Err(refusal) => {
                let refusal = refusal.with("leg", place);
                return Err(take::with_others(scope, tenant, &wish, start, refusal).await);
            }
        }
    }
    scope.emit(events::itinerary_created(itinerary, &bookings));
    // the last leg may have wanted what lapsed before the first
    waitlist::pass_on(scope, &lapsed, waitlist::ON_THE_WAY).await?;
    Ok(Booked { itinerary, bookings })
}

/// A time may have been listed over everybody who gives the service, or over the one who was asked for: their grids may
/// begin at different minutes.
async fn as_listed(scope: &Scope, tenant: &Tenant, booking: NewBooking) -> Result<Placed, ApiError> {
    let own = booking.terms.named.first().copied();
    let of_all = make(scope, tenant, &booking.wish(), booking.clone()).await;
    match (of_all, own) {
        // the listing refused it, so nothing was written and the transaction goes on
        (Err(refusal), Some(resource)) if refusal.code() == Code::SlotUnavailable => {
            let of_one = NewBooking { resource_id: Some(resource), ..booking };
            make(scope, tenant, &of_one.wish(), of_one.clone()).await.map_err(|error| match error.code() {
                Code::SlotUnavailable | Code::ResourceNotFound => refusal,
                _ => error,
            })
        }
        (result, _) => result,
    }
}
