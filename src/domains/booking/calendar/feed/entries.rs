//! The entries of a feed: an appointment each, and one for a whole class. Pure.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::domains::booking::calendar::appointment::Appointment;
use crate::domains::booking::calendar::ical::{Event, Status};

/// Entries in the order of the appointments.
pub fn of(appointments: &[Appointment]) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::with_capacity(appointments.len());
    // where a class stands, and how many bookings it has
    let mut classes: HashMap<uuid::Uuid, (usize, usize)> = HashMap::new();
    for one in appointments {
        let mut event = one.event(format!("{}: {}", one.service, one.customer), one.updated_at);
        // it is the reader's own calendar: nobody invited them
        event.organizer = None;
        let Some(class) = one.class_session_id else {
            events.push(event);
            continue;
        };
        match classes.entry(class) {
            Entry::Vacant(first) => {
                first.insert((events.len(), 1));
                // it has members, not a chain
                (event.uid, event.sequence) = (class, 0);
                event.description = Some(one.customer.clone());
                events.push(event);
            }
            Entry::Occupied(mut seen) => {
                let (at, count) = seen.get_mut();
                *count += 1;
                if let Some(whole) = events.get_mut(*at) {
                    join(whole, &event, one, *count);
                }
            }
        }
    }
    events
}

fn join(whole: &mut Event, event: &Event, one: &Appointment, count: usize) {
    whole.summary = format!("{} ({count})", one.service);
    whole.created = whole.created.min(event.created);
    whole.changed = whole.changed.max(event.changed);
    whole.stamp = whole.changed;
    if event.status == Status::Confirmed {
        whole.status = Status::Confirmed;
    }
    if let Some(names) = &mut whole.description {
        names.push('\n');
        names.push_str(&one.customer);
    }
}
