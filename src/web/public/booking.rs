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
    /// What is owed and how it stands, where there is anything to pay.
    pub payment: Option<&'a Payment>,
    pub refusal: Option<&'a Refusal>,
}

pub fn show(booking: &Booking, beside: &Beside<'_>) -> Markup {
    let here = format!("/b/{}/bookings/{}", beside.slug, booking.manage_token);
    html! {
        h1 { (title(booking, beside.payment)) }
        @if let Some(refusal) = beside.refusal { (refused(refusal)) }
        dl.facts {
            dt { "What" } dd { (booking.service_name) }
            dt { "When" } dd { (when(booking)) }
            dt { "Price" } dd { (amount(booking.total_amount_cents, &booking.currency)) }
            dt { "State" } dd { (booking.status.replace('_', " ")) }
        }
        @if let Some(payment) = beside.payment { (pay(&here, &beside.key, payment)) }
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
fn pay(here: &str, key: &str, payment: &Payment) -> Markup {
    html! {
        @if let Some(failure) = &payment.failure_message {
            div.refusal role="alert" { p { strong { "The payment did not go through." } } p { (failure) } }
        }
        @if payment.due_cents > 0 {
            form method="post" action={ (here) "/pay" } {
                input type="hidden" name="key" value=(key);
                p { "To be paid now: " strong { (amount(payment.due_cents, &payment.currency)) } }
                @if let Some(until) = &payment.due_at { p.soft { "The time is kept for you until " (until) "." } }
                p { button.button type="submit" { "Pay " (amount(payment.due_cents, &payment.currency)) } }
            }
        } @else if payment.paid_cents > 0 {
            p { "Paid: " strong { (amount(payment.paid_cents, &payment.currency)) } }
        }
    }
}

fn title(booking: &Booking, payment: Option<&Payment>) -> &'static str {
    match booking.status.as_str() {
        "pending" if payment.is_some_and(|payment| payment.due_cents > 0) => "One step left: the payment",
        "pending" => "Your booking waits to be confirmed",
        "confirmed" => "Your booking is confirmed",
        "canceled" => "Your booking is canceled",
        "failed" => "The time was given back",
        "no_show" => "You were missed",
        _ => "Your booking",
    }
}

fn when(booking: &Booking) -> String {
    let read = DateTime::parse_from_rfc3339(&booking.start_at).map(|at| at.with_timezone(&Utc));
    let (Ok(start), Ok(zone)) = (read, Zone::parse(&booking.booking_tz)) else { return booking.start_at.clone() };
    let local = zone.local(start).format("%Y-%m-%dT%H:%M").to_string();
    format!("{}, {}", in_words(&local), booking.booking_tz)
}
