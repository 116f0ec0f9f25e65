//! From the wire to the verbs and back, and what a form alone cannot say.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use uuid::Uuid;

use crate::domains::booking::admin::dto::{
    BookingActionData, BookingBulkAction, BookingBulkDone, BookingBulkVerb, BookingFilters, BookingMessageCreate,
    BookingUpdateFields, MessageSkipped, SkipReason,
};
use crate::domains::booking::admin::service::{
    Action, Change, DeskFilter, Done, Letter, Queued, Recipient, Shift, Unreachable,
};
use crate::domains::booking::dto::BookingStatus;
use crate::domains::booking::service::BookingFilter;
use crate::error::{ApiError, FieldError};
use crate::guard::{Date, Timestamp};
use crate::kernel::zone::Zone;

/// What a list is to be narrowed by.
pub fn desk_filter(filters: &BookingFilters, zone: &Zone) -> DeskFilter {
    let BookingFilters { status, start_date, end_date, customer, customer_id, service_id, resource_id, q } = filters;
    DeskFilter {
        booking: BookingFilter {
            status: status.iter().copied().map(Into::into).collect(),
            from: start_date.map(|Date(date)| zone.dates(date, date).start),
            to: end_date.map(|Date(date)| zone.dates(date, date).end),
            customer_id: *customer_id,
            customer: customer.clone(),
            service_id: *service_id,
            resource_id: *resource_id,
            updated_since: None,
        },
        q: q.clone(),
    }
}

/// What is to be done, if the data belong to it.
///
/// # Errors
/// 400 with the data that are missing or belong to another action.
pub fn action(wanted: &BookingBulkAction) -> Result<Action, ApiError> {
    let data = wanted.action_data.clone().unwrap_or_default();
    let given = [
        ("reason", data.reason.is_some(), BookingBulkVerb::Cancel),
        ("shift_minutes", data.shift_minutes.is_some(), BookingBulkVerb::Reschedule),
        ("start_at", data.start_at.is_some(), BookingBulkVerb::Reschedule),
        ("subject", data.subject.is_some(), BookingBulkVerb::Message),
        ("message", data.message.is_some(), BookingBulkVerb::Message),
    ];
    let strange: Vec<FieldError> = given
        .iter()
        .filter(|(_, given, of)| *given && *of != wanted.action)
        .map(|(name, _, of)| fault(name, "conflict", format!("This belongs to the action {}.", of.word())))
        .collect();
    if !strange.is_empty() {
        return Err(ApiError::validation(strange));
    }
    let BookingActionData { reason, shift_minutes, start_at, subject, message } = data;
    match wanted.action {
        BookingBulkVerb::Confirm => Ok(Action::Confirm),
        BookingBulkVerb::Cancel => Ok(Action::Cancel { reason: reason.map(Into::into) }),
        BookingBulkVerb::Reschedule => shift(shift_minutes, start_at, &wanted.booking_ids).map(Action::Reschedule),
        BookingBulkVerb::Message => {
            let message = message.ok_or_else(|| required("message", "Say what the customers are to read."))?;
            Ok(Action::Message(Letter { subject: subject.map(Into::into), message: message.into() }))
        }
    }
}

fn shift(
    minutes: Option<i32>,
    starts: Option<BTreeMap<Uuid, Timestamp>>,
    bookings: &[Uuid],
) -> Result<Shift, ApiError> {
    match (minutes, starts) {
        (Some(0), None) => Err(invalid("shift_minutes", "invalid", "Nothing would move by no minutes.")),
        (Some(minutes), None) => Ok(Shift::By(TimeDelta::minutes(minutes.into()))),
        (None, Some(starts)) => {
            let stray = starts.keys().find(|id| !bookings.contains(id));
            if stray.is_some() || bookings.iter().any(|id| !starts.contains_key(id)) {
                return Err(invalid(
                    "start_at",
                    "mismatch",
                    "Give a start for each of the bookings, and for no other.",
                ));
            }
            Ok(Shift::To(starts.into_iter().map(|(id, start)| (id, start.get())).collect()))
        }
        (None, None) => Err(required("shift_minutes", "Give shift_minutes or start_at.")),
        (Some(_), Some(_)) => Err(invalid("start_at", "conflict", "Give shift_minutes or start_at, not both.")),
    }
}

fn fault(name: &str, code: &str, detail: impl Into<String>) -> FieldError {
    FieldError::new(format!("#/action_data/{name}"), code, detail)
}

fn invalid(name: &str, code: &str, detail: &str) -> ApiError {
    ApiError::validation(vec![fault(name, code, detail)])
}

fn required(name: &str, detail: &str) -> ApiError {
    invalid(name, "required", detail)
}

/// What was done, in a sentence and in figures.
pub fn done(action: BookingBulkVerb, done: Done) -> BookingBulkDone {
    let queued = done.queued.unwrap_or_default();
    let count = if action == BookingBulkVerb::Message { queued.queued.len() } else { done.bookings.len() };
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let what = match action {
        BookingBulkVerb::Confirm => "confirmed",
        BookingBulkVerb::Cancel => "canceled",
        BookingBulkVerb::Reschedule => "rescheduled",
        BookingBulkVerb::Message => "queued",
    };
    let thing = if action == BookingBulkVerb::Message { "message" } else { "booking" };
    let message = match count {
        1 => format!("1 {thing} was {what}."),
        count => format!("{count} {thing}s were {what}."),
    };
    let skipped = skipped(&queued);
    BookingBulkDone { message, updated_count: count, action, booking_ids: done.bookings, skipped }
}

/// Who is not written to.
pub fn skipped(queued: &Queued) -> Vec<MessageSkipped> {
    let reason = |why: &Unreachable| match why {
        Unreachable::NoAddress => SkipReason::NoAddress,
        Unreachable::Deleted => SkipReason::CustomerDeleted,
    };
    queued
        .skipped
        .iter()
        .map(|(booking_id, why)| MessageSkipped { booking_id: *booking_id, reason: reason(why) })
        .collect()
}

/// Whose customers are to read a message.
///
/// # Errors
/// 400 unless bookings or a filter are given, and not both.
pub fn recipient(message: &BookingMessageCreate, zone: &Zone) -> Result<Recipient, ApiError> {
    match (&message.booking_ids, &message.filter) {
        (Some(ids), None) => Ok(Recipient::Bookings(ids.clone())),
        (None, Some(filter)) => {
            let filters = BookingFilters {
                status: filter.status.clone(),
                start_date: filter.start_date,
                end_date: filter.end_date,
                customer: None,
                customer_id: filter.customer_id,
                service_id: filter.service_id,
                resource_id: filter.resource_id,
                q: None,
            };
            Ok(Recipient::Passing(Box::new(desk_filter(&filters, zone))))
        }
        (None, None) => Err(ApiError::field("#/booking_ids", "required", "Give booking_ids or filter.")),
        (Some(_), Some(_)) => Err(ApiError::field("#/filter", "conflict", "Give booking_ids or filter, not both.")),
    }
}

/// What is to change of a booking.
///
/// # Errors
/// 400 for nothing, and for another time of what is not to take place.
pub fn change(fields: BookingUpdateFields) -> Result<Change, ApiError> {
    let BookingUpdateFields { status, start_at, end_at, notes } = fields;
    if status.is_none() && start_at.is_none() && end_at.is_none() && notes.is_keep() {
        return Err(ApiError::field("#/update_fields", "too_few", "Say what is to change."));
    }
    if start_at.is_some() && status == Some(BookingStatus::Canceled) {
        let detail = "What does not take place needs no other time.";
        return Err(ApiError::field("#/update_fields/start_at", "conflict", detail));
    }
    Ok(Change {
        status: status.map(Into::into),
        start_at: start_at.map(Timestamp::get),
        end_at: end_at.map(Timestamp::get),
        notes: notes.map(Into::into),
    })
}
