//! The operations that book a visit of several services.

use std::sync::Arc;

use ::entity::enums::BookingSource;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::{trap, who};
use crate::app::App;
use crate::db::Scope;
use crate::domains::booking::dto::itinerary::{
    BookingItinerary, BookingItineraryCreate, BookingLeg, PublicItinerary, PublicItineraryCreate,
};
use crate::domains::booking::dto::{Booking, PublicBooking};
use crate::domains::booking::manage;
use crate::domains::booking::service::itinerary::{self, NewItinerary, NewLeg};
use crate::domains::booking::service::{self, Who};
use crate::domains::identity::permission::BookingWrite;
use crate::error::{ApiError, Code};
use crate::guard::{Anyone, Body, Created, RequiredKey, Tag, Timestamp, Visitor};

/// `/api/v1/booking-itineraries`
pub struct ItinerariesApi {
    app: Arc<App>,
}

/// `/v1/b/{slug}/booking-itineraries`
pub struct PublicItinerariesApi {
    app: Arc<App>,
}

impl ItinerariesApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

impl PublicItinerariesApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn leg(leg: BookingLeg) -> Result<NewLeg, ApiError> {
    if leg.resource_id.is_none() && !leg.with_resource_ids.is_empty() {
        return Err(ApiError::field("#/legs", "required", "Where with_resource_ids is given, resource_id is too."));
    }
    let named = leg.resource_id.into_iter().chain(leg.with_resource_ids).collect();
    Ok(NewLeg { service_id: leg.service_id, start_at: Timestamp::get(leg.start_at), named })
}

#[OpenApi(tag = "Tag::Bookings")]
impl ItinerariesApi {
    /// Book a visit of several services
    ///
    /// The legs of an option that was found: all of them or nothing. Members book for a customer or with a customer's
    /// details; the public books with its own details, within notice and horizon, and is answered a token for each
    /// booking. When a leg cannot be had, 409 with the next free times of its service; `leg` is its place in the
    /// request. Emits `BOOKING_ITINERARY_CREATED`, and for each booking what a single one emits.
    #[oai(path = "/api/v1/booking-itineraries", method = "post", operation_id = "booking_itinerary_create")]
    async fn create(
        &self,
        guard: Anyone,
        /// Names this attempt, so that a repeat books nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        new: Body<BookingItineraryCreate>,
    ) -> Result<Created<BookingItinerary>, ApiError> {
        let (member, new) = (guard.may::<BookingWrite>(), new.0);
        if guard.member.is_some() && !member {
            return Err(ApiError::new(Code::AuthForbidden, "This needs the permission booking.write."));
        }
        let program = trap::sprung(&guard, new.website.as_ref());
        let visit = NewItinerary {
            legs: new.legs.into_iter().map(leg).collect::<Result<_, _>>()?,
            who: who(new.customer_id, new.customer, member)?,
            attendee_count: new.attendee_count,
            notes: new.notes.map(Into::into),
            source: if member { BookingSource::Staff } else { BookingSource::Public },
        };
        let create = async |scope: &Scope| itinerary::create(scope, &guard.tenant, visit).await;
        let made = trap::unless(program, &guard.scope, create).await?;
        let mut manage_tokens = Vec::new();
        for booking in made.bookings.iter().filter(|_| !member) {
            manage_tokens.push(manage::seal(&self.app.manage, &guard.tenant, booking.id)?);
        }
        let bookings: Vec<Booking> = made.bookings.into_iter().map(Booking::from).collect();
        let location = bookings.first().map(|first| format!("/api/v1/bookings/{}", first.id)).unwrap_or_default();
        Ok(Created::at(location, BookingItinerary { itinerary_id: made.itinerary, bookings, manage_tokens }))
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicItinerariesApi {
    /// Book a visit of several services as a visitor
    ///
    /// The legs of an option that was found: all of them or nothing. When a leg cannot be had, 409 with the next free
    /// times of its service; `leg` is its place in the request. Emits `BOOKING_ITINERARY_CREATED`, and for each
    /// booking what a single one emits.
    #[oai(path = "/v1/b/:slug/booking-itineraries", method = "post", operation_id = "public_itinerary_create")]
    async fn create(
        &self,
        guard: Visitor,
        /// Names this attempt, so that a repeat books nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The business.
        slug: Path<String>,
        new: Body<PublicItineraryCreate>,
    ) -> Result<Created<PublicItinerary>, ApiError> {
        let new = new.0;
        let program = trap::sprung(&guard, new.website.as_ref());
        let visit = NewItinerary {
            legs: new.legs.into_iter().map(leg).collect::<Result<_, _>>()?,
            who: Who::Contact(new.customer.into()),
            attendee_count: new.attendee_count,
            notes: new.notes.map(Into::into),
            source: BookingSource::Public,
        };
        let create = async |scope: &Scope| itinerary::create(scope, &guard.tenant, visit).await;
        let made = trap::unless(program, &guard.scope, create).await?;
        let mut bookings = Vec::with_capacity(made.bookings.len());
        for booking in made.bookings {
            let token = manage::seal(&self.app.manage, &guard.tenant, booking.id)?;
            let own = service::own(&guard.tenant, &booking, guard.scope.now());
            bookings.push(PublicBooking::of(booking, token, own));
        }
        let first = bookings.first().map(|first| first.manage_token.clone()).unwrap_or_default();
        let location = format!("/v1/b/{}/bookings/{first}", slug.0);
        Ok(Created::at(location, PublicItinerary { itinerary_id: made.itinerary, bookings }))
    }
}
