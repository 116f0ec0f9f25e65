//! Impact: which bookings a change of hours leaves outside of them, or without what their service needs, before anybody
//! is left at a closed door.
//!
//! Owns no table; emits `AVAILABILITY_FORCED` when somebody went ahead all the same. [`weigh`] makes a change and
//! compares the hours before and after it over the active future bookings: pending and confirmed ones, seats of
//! classes too, of the next two years and at most [`MOST`] of them. A booking breaks when it lay inside the hours of
//! each of its resources before the change and does not after it; one that lay outside anyway is not counted. When
//! what is booked leaves altogether, every active future booking of it breaks; when a service needs something else, those
//! that had what it needed and have not any more.
//!
//! Stands below the catalogue and the hours, so that both can ask: it names the engine (`scheduling::rules`) and reads
//! bookings as the listing of free times does, never through the domains above it. A booking that is made while hours
//! change is fine: hours are no constraint. The same reading of hours tells how long somebody is open ([`open_minutes`]).

mod answer;
mod dto;
mod events;
mod query;
mod rules;
mod service;

pub use answer::{Ask, Intent, Weighed};
pub use query::{MOST, Touched};
pub use service::{Change, Loss, open_minutes, weigh};
