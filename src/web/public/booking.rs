//! A booking as its visitor sees it: its state, what is to be paid, and what may be done with it.

use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde::Deserialize;

use super::layout::refused;
use super::times::in_words;
use super::view::{Booking, Payment, amount};
use crate::kernel::zone::Zone;
use crate::web::Refusal;

/// A button that was pressed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Pressed {
    /// Names this attempt: sent twice it happens once.
    pub key: String,
}

/// What the page knows beside the booking.
pub struct Beside<'a> {
    pub slug: &'a str,
    /// A fresh key for each button.
    pub key: String,
    /// The last attempt to pay, if there was one.
    pub attempt: Option<&'a Payment>,
    pub refusal: Option<&'a Refusal>,
}

pub fn show(booking: &Booking, beside: &Beside<'_>) -> Markup {
    let here = format!("/b/{}/bookings/{}", beside.slug, booking.manage_token);
    html! {
        h1 { (title(booking)) }
        @if let Some(refusal) = beside.refusal { (refused(refusal)) }
        dl.facts {
            dt { "What" } dd { (booking.service_name) }
            dt { "When" } dd { (when(booking)) }
            dt { "Price" } dd { (amount(booking.total_amount_cents, &booking.currency)) }
            dt { "State" } dd { (booking.status.replace('_', " ")) }
        }
        (pay(&here, booking, beside))
        @if matches!(booking.status.as_str(), "pending" | "confirmed") {
            p { a href={ "/v1/b/" (beside.slug) "/bookings/" (booking.manage_token) "/calendar.ics" } { "Add it to your calendar" } }
            @if booking.can_cancel {
                form method="post" action={ (here) "/cancel" } {
                    input type="hidden" name="key" value=(beside.key);
                    p { button.button.quiet type="submit" { "Cancel this booking" } }
                }
            }
            p.soft { "Keep the address of this page: it opens your booking again." }
        } @else {
            p { a.button href={ "/b/" (beside.slug) } { "Book again" } }
        }
    }
}

/// What is to be paid, and how the last attempt went.
fn pay(here: &str, booking: &Booking, beside: &Beside<'_>) -> Markup {
    let standing = &booking.payment;
    let failure = beside
        .attempt
        .filter(|attempt| attempt.status != "captured")
        .and_then(|attempt| attempt.failure_message.as_ref());
    html! {
        @if owes(booking) {
            @if let Some(failure) = failure {
                div.refusal role="alert" { p { strong { "The payment did not go through." } } p { (failure) } }
            }
            form method="post" action={ (here) "/pay" } {
                input type="hidden" name="key" value=(beside.key);
                p { "To be paid now: " strong { (amount(standing.due_cents, &booking.currency)) } }
                @if let Some(until) = &standing.due_at { p { "The time is kept for you until " strong { (moment(until, booking)) } "." } }
                p { button.button type="submit" { "Pay " (amount(standing.due_cents, &booking.currency)) } }
            }
        }
        @if standing.paid_cents > 0 { p { "Paid: " strong { (amount(standing.paid_cents, &booking.currency)) } } }
    }
}

/// Whether the booking waits to be paid.
fn owes(booking: &Booking) -> bool {
    booking.status == "pending"
        && booking.payment.due_cents > booking.payment.paid_cents
        && booking.payment.due_at.is_some()
}

fn title(booking: &Booking) -> &'static str {
    match booking.status.as_str() {
        "pending" if owes(booking) => "One step left: the payment",
        "pending" => "Your booking waits to be confirmed",
        "confirmed" => "Your booking is confirmed",
        "canceled" => "Your booking is canceled",
        "failed" => "The time was given back",
        "no_show" => "You were missed",
        _ => "Your booking",
    }
}

fn when(booking: &Booking) -> String {
    format!("{}, {}", moment(&booking.start_at, booking), booking.booking_tz)
}

/// An instant on the clock of where the booking takes place.
fn moment(instant: &str, booking: &Booking) -> String {
    let read = DateTime::parse_from_rfc3339(instant).map(|at| at.with_timezone(&Utc));
    let (Ok(at), Ok(zone)) = (read, Zone::parse(&booking.booking_tz)) else { return instant.to_owned() };
    in_words(&zone.local(at).format("%Y-%m-%dT%H:%M").to_string())
}
