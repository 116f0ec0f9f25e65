//! The free times of a service, a week at a time.

use chrono::{Days, NaiveDate, NaiveDateTime};
use maud::{Markup, html};

use super::view::{Availability, Service, Slot, amount};

/// Days on one page.
pub const SHOWN: u64 = 7;

pub fn show(slug: &str, service: &Service, first: NaiveDate, today: NaiveDate, found: &Availability) -> Markup {
    let days = (0..SHOWN).filter_map(|n| first.checked_add_days(Days::new(n)));
    let before = first.checked_sub_days(Days::new(SHOWN)).filter(|_| first > today).map(|day| day.max(today));
    let after = first.checked_add_days(Days::new(SHOWN));
    let here = format!("/b/{slug}/services/{}", service.id);
    html! {
        h1 { (service.name) }
        p { (service.duration_min) " min · " (amount(service.price_cents, &service.currency)) }
        nav.weeks aria-label="Weeks" {
            @if let Some(day) = before { a href={ (here) "?from=" (day) } rel="prev" { "Earlier" } }
            @if let Some(day) = after { a href={ (here) "?from=" (day) } rel="next" { "Later" } }
        }
        p.soft { "All times are those of " (found.timezone) "." }
        @if found.data.is_empty() { p { "No time is free in these seven days." } }
        @for day in days {
            @let slots = of_day(&found.data, day);
            @if !slots.is_empty() {
                section {
                    h2 { (day.format("%A, %-d %B %Y")) }
                    ul.times {
                        @for slot in slots {
                            li {
                                a href={ "/b/" (slug) "/book?service=" (service.id) "&slot=" (slot.token) "&at=" (slot.local_start) } {
                                    time datetime=(slot.start) { (clock(&slot.local_start)) } span.off { " with " (slot.resource_name) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn of_day(slots: &[Slot], day: NaiveDate) -> Vec<&Slot> {
    let day = day.to_string();
    slots.iter().filter(|slot| slot.local_start.starts_with(&day)).collect()
}

/// `09:30` of `2026-03-02T09:30`.
fn clock(local: &str) -> &str {
    local.get(11..16).unwrap_or(local)
}

/// `Monday, 2 March 2026 at 09:30` of `2026-03-02T09:30`; the text itself where it is no time.
pub fn in_words(local: &str) -> String {
    let read = NaiveDateTime::parse_from_str(local, "%Y-%m-%dT%H:%M");
    read.map_or_else(|_| local.to_owned(), |time| time.format("%A, %-d %B %Y at %H:%M").to_string())
}
