//! What is written, read back by another reader.

use icalendar::{CalendarComponent, Component, EventStatus};
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn event(summary: &str) -> Event {
    Event {
        uid: Uuid::from_u128(7),
        sequence: 2,
        status: Status::Tentative,
        start: at("2026-03-02T09:30:00.999999Z"),
        end: at("2026-03-02T10:00:00Z"),
        stamp: at("2026-02-01T00:00:00Z"),
        created: at("2026-01-01T00:00:00Z"),
        changed: at("2026-02-01T00:00:00Z"),
        summary: summary.into(),
        description: None,
        location: Some("Room 1; upstairs".into()),
        organizer: Some(("The salon \"Aurora\", Inc.\n".into(), "hello+a,b?c@aurora.example".into())),
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.strip_suffix("\r\n").unwrap().split("\r\n").collect()
}

#[test]
fn a_calendar_is_as_the_standard_has_it() {
    let calendar =
        Calendar { name: None, method: Some("PUBLISH"), events: vec![event("Cut, wash; dry\\blow\r\n🪒")] };
    let expected = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tithi//Bookings//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "UID:00000000-0000-0000-0000-000000000007",
        "SEQUENCE:2",
        "DTSTAMP:20260201T000000Z",
        "CREATED:20260101T000000Z",
        "LAST-MODIFIED:20260201T000000Z",
        "DTSTART:20260302T093000Z",
        "DTEND:20260302T100000Z",
        "STATUS:TENTATIVE",
        r"SUMMARY:Cut\, wash\; dry\\blow\n🪒",
        r"LOCATION:Room 1\; upstairs",
        "ORGANIZER;CN=\"The salon 'Aurora', Inc.\":mailto:hello+a%2Cb%3Fc@aurora.examp",
        " le",
        "END:VEVENT",
        "END:VCALENDAR",
    ];
    assert_eq!(lines(&calendar.text()), expected);
}

#[test]
fn a_line_is_folded_at_the_last_octet_that_fits() {
    for (length, parts) in [(75 - 8, 1), (76 - 8, 2), (75 - 8 + 74, 2), (75 - 8 + 75, 3)] {
        let calendar = Calendar { events: vec![event(&"x".repeat(length))], ..Calendar::default() };
        let text = calendar.text();
        let from = lines(&text).iter().position(|line| line.starts_with("SUMMARY")).unwrap();
        let to = lines(&text).iter().position(|line| line.starts_with("LOCATION")).unwrap();
        assert_eq!(to - from, parts, "{length}");
    }
}

proptest! {
    #[test]
    fn another_reader_reads_what_was_written(
        summary in "[^\u{0}-\u{8}\u{a}-\u{1f}\u{7f}-\u{9f}]{1,300}", description in "([ -~äß🪒老]|\n|\\\\n){1,400}",
    ) {
        let one = Event { description: Some(description.clone()), ..event(&summary) };
        let text = Calendar { name: Some(summary.clone()), method: None, events: vec![one] }.text();
        for line in lines(&text) {
            prop_assert!(line.len() <= LINE, "{} octets: {line}", line.len());
            prop_assert!(!line.contains(['\r', '\n']));
        }
        let read: icalendar::Calendar = text.parse().unwrap();
        prop_assert_eq!(read.components.len(), 1);
        let CalendarComponent::Event(event) = &read.components[0] else { panic!("no event: {text}") };
        prop_assert_eq!(event.get_summary(), Some(summary.as_str()));
        prop_assert_eq!(event.get_description(), Some(description.as_str()));
        prop_assert_eq!(event.get_status(), Some(EventStatus::Tentative));
        prop_assert_eq!(event.get_sequence(), Some(2));
    }
}
