//! Who takes which time: appointments, and seats in classes.

use ::entity::enums::{AllocationState, BookingSource, BookingStatus, CanceledBy, NoShowFeeStatus};
use ::entity::ids::{BookingId, ClassSessionId, ResourceId, ServiceId};
use ::entity::{booking_allocations, booking_items, bookings, class_sessions};
use chrono::TimeDelta;
use sea_orm::Set;
use serde_json::{Value, json};

use super::super::calendar::{Calendar, Impossible, Place, days_before};
use super::super::fixture::{Booking, Class, Service};
use super::{Maker, named};

impl<'a> Maker<'a> {
    pub(super) fn class(&mut self, calendar: &mut Calendar<'a>, class: &'a Class) -> Result<(), Impossible> {
        let (service, place) = self.placed(calendar, &class.service, &class.by, class.in_days, &class.at)?;
        let (id, resource) = (ClassSessionId(self.id()), named(&self.resources, &class.by)?);
        let taken = i32::try_from(class.customers.len()).map_err(|error| Impossible(error.to_string()))?;
        self.rows.class_sessions.push(class_sessions::ActiveModel {
            tenant_id: Set(self.tenant),
            id: Set(id),
            service_id: Set(named(&self.services, &class.service)?),
            resource_id: Set(resource),
            start_at: Set(place.start),
            end_at: Set(place.end),
            capacity: Set(service.capacity),
            taken: Set(taken),
            created_at: Set(self.begun),
            updated_at: Set(self.begun),
        });
        self.allocate(None, Some(id), resource, place, class.status.into());
        for customer in &class.customers {
            self.booking(service, resource, customer, place, class.status, Some(id), None)?;
        }
        Ok(())
    }

    pub(super) fn appointment(&mut self, calendar: &mut Calendar<'a>, wish: &'a Booking) -> Result<(), Impossible> {
        let (service, place) = self.placed(calendar, &wish.service, &wish.by, wish.in_days, &wish.at)?;
        let resource = named(&self.resources, &wish.by)?;
        let id = self.booking(service, resource, &wish.customer, place, wish.status, None, wish.reason.clone())?;
        self.allocate(Some(id), None, resource, place, wish.status.into());
        Ok(())
    }

    fn placed(
        &self,
        calendar: &mut Calendar<'a>,
        service: &str,
        by: &str,
        in_days: i64,
        at: &str,
    ) -> Result<(&'a Service, Place), Impossible> {
        let missing = |name: &str| Impossible(format!("`{name}` is nowhere in the fixture"));
        let service = self.business.services.iter().find(|own| own.name == service).ok_or_else(|| missing(service))?;
        let resource = self.business.resources.iter().find(|own| own.name == by).ok_or_else(|| missing(by))?;
        if !service.by.contains(&resource.name) {
            return Err(Impossible(format!("{by} does not give {}", service.name)));
        }
        Ok((service, calendar.take(resource, service, in_days, at)?))
    }

    #[expect(clippy::too_many_arguments, reason = "a booking is made of that much, and only here")]
    fn booking(
        &mut self,
        service: &'a Service,
        resource: ResourceId,
        customer: &str,
        place: Place,
        status: BookingStatus,
        class: Option<ClassSessionId>,
        reason: Option<String>,
    ) -> Result<BookingId, Impossible> {
        let (id, service_id) = (BookingId(self.id()), named(&self.services, &service.name)?);
        let booked = days_before(place.start.min(self.now), 3);
        let past = place.start < self.now;
        let met = matches!(status, BookingStatus::Completed);
        let canceled = status == BookingStatus::Canceled;
        self.rows.bookings.push(bookings::ActiveModel {
            tenant_id: Set(self.tenant),
            id: Set(id),
            customer_id: Set(named(&self.customers, customer)?),
            service_id: Set(service_id),
            resource_id: Set(resource),
            class_session_id: Set(class),
            client_generated_id: Set(None),
            service_snapshot: Set(snapshot(service_id, service, &self.business.currency)),
            start_at: Set(place.start),
            end_at: Set(place.end),
            booking_tz: Set(self.business.timezone.clone()),
            status: Set(status),
            source: Set(if past || canceled { BookingSource::Import } else { BookingSource::Public }),
            attendee_count: Set(1),
            total_cents: Set(service.price_cents),
            currency: Set(self.business.currency.clone()),
            notes: Set(None),
            confirmed_at: Set((status != BookingStatus::Pending).then_some(booked)),
            checked_in_at: Set(met.then_some(place.start)),
            completed_at: Set(met.then_some(place.end)),
            canceled_at: Set(canceled.then(|| booked + TimeDelta::hours(20))),
            canceled_by: Set(canceled.then_some(CanceledBy::Customer)),
            cancel_reason: Set(reason),
            no_show_flag: Set(status == BookingStatus::NoShow),
            no_show_fee_status: Set(match status {
                BookingStatus::NoShow => NoShowFeeStatus::Due,
                _ => NoShowFeeStatus::None,
            }),
            rescheduled_from: Set(None),
            created_at: Set(booked),
            updated_at: Set(booked),
            ..Default::default()
        });
        self.rows.items.push(booking_items::ActiveModel {
            tenant_id: Set(self.tenant),
            id: Set(self.id().into()),
            booking_id: Set(id),
            resource_id: Set(resource),
            service_id: Set(service_id),
            start_at: Set(place.start),
            end_at: Set(place.end),
            buffer_before_min: Set(service.buffer_before_min),
            buffer_after_min: Set(service.buffer_after_min),
            price_cents: Set(service.price_cents),
            created_at: Set(booked),
            updated_at: Set(booked),
            ..Default::default()
        });
        Ok(id)
    }

    fn allocate(
        &mut self,
        booking: Option<BookingId>,
        class: Option<ClassSessionId>,
        resource: ResourceId,
        place: Place,
        state: AllocationState,
    ) {
        self.rows.allocations.push(booking_allocations::ActiveModel {
            tenant_id: Set(self.tenant),
            id: Set(self.id().into()),
            booking_id: Set(booking),
            class_session_id: Set(class),
            resource_id: Set(resource),
            start_at: Set(place.occupied.0),
            end_at: Set(place.occupied.1),
            state: Set(state),
            exclusive: Set(true),
            quantity: Set(1),
            ..Default::default()
        });
    }

    /// Who came before is no first-timer.
    pub(super) fn first_bookings(&mut self) {
        for customer in &mut self.rows.customers {
            let own = self.rows.bookings.iter().filter(|booking| booking.customer_id == customer.id);
            let kept = own.filter(|booking| *booking.status.as_ref() != BookingStatus::Canceled);
            let first = kept.map(|booking| *booking.start_at.as_ref()).min();
            customer.customer_first_booking_at = Set(first);
            customer.is_first_time = Set(first.is_none_or(|first| first > self.now));
        }
    }
}

/// What was booked, as it was then.
fn snapshot(id: ServiceId, service: &Service, currency: &str) -> Value {
    json!({
        "id": id, "name": service.name, "category": service.category, "duration_min": service.duration_min,
        "buffer_before_min": service.buffer_before_min, "buffer_after_min": service.buffer_after_min,
        "price_cents": service.price_cents, "currency": currency,
    })
}
