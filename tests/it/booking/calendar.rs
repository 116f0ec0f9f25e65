//! Appointments as calendar files: read back by a reader of its own.
use chrono::{DateTime, TimeDelta, Utc};
use icalendar::{Calendar, CalendarComponent, Component, Event, EventStatus};
use serde_json::{Value, json};

use super::{BOOKINGS, Shop};
use crate::support::app::Service;
use crate::support::client::{Answer, Client};

/// The entries of a calendar, which is written as the standard has it.
pub fn entries(answer: &Answer) -> (Calendar, Vec<Event>) {
    assert_eq!(answer.status.as_u16(), 200, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    let text = String::from_utf8(answer.body.clone()).unwrap();
    let lines: Vec<&str> = text.strip_suffix("\r\n").unwrap().split("\r\n").collect();
    assert_eq!((lines[0], *lines.last().unwrap()), ("BEGIN:VCALENDAR", "END:VCALENDAR"));
    for line in &lines {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{} octets: {line}", line.len());
    }
    let calendar: Calendar = text.parse().unwrap();
    let events = calendar.components.iter().map(|component| match component {
        CalendarComponent::Event(event) => event.clone(),
        other => panic!("{other:?}"),
    });
    let events = events.collect();
    (calendar, events)
}

async fn file(client: &Client, path: &str) -> Event {
    let answer = client.get(path).await;
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"booking.ics\"");
    assert_eq!(answer.header("cache-control"), "no-store");
    let (calendar, mut events) = entries(&answer);
    assert_eq!((calendar.property_value("METHOD"), calendar.property_value("VERSION")), (Some("PUBLISH"), Some("2.0")));
    assert_eq!(events.len(), 1);
    events.remove(0)
}

fn utc(event: &Event, name: &str) -> DateTime<Utc> {
    let text = event.property_value(name).unwrap();
    chrono::NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").unwrap().and_utc()
}

fn own(shop: &Shop, booking: &Value) -> String {
    format!("{}/{}/calendar.ics", shop.page(), booking["manage_token"].as_str().unwrap())
}

fn member(booking: &Value) -> String {
    format!("{BOOKINGS}/{}/calendar.ics", booking["id"].as_str().unwrap())
}

#[tokio::test]
async fn an_appointment_keeps_its_name_and_counts_its_changes() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"requires_confirmation": true})).await;
    let sql = "UPDATE app.tenants SET email = 'hello@salon.example', name = 'Salon \"Aurora\", Inc.' WHERE id = $1";
    sqlx::query(sql).bind(shop.tenant.id.0).execute(&mut service.platform().await).await.unwrap();
    let starts = shop.starts(shop.tomorrow + chrono::Days::new(3)).await;
    let first = shop.visit(&shop.wish(&starts[0])).await.expect(201);
    let event = file(&shop.stranger, &own(&shop, &first)).await;
    assert_eq!(event.get_uid(), first["id"].as_str());
    assert_eq!((event.get_sequence(), event.get_status()), (Some(0), Some(EventStatus::Tentative)));
    for (name, wanted) in [("DTSTART", "start_at"), ("DTEND", "end_at")] {
        assert_eq!(utc(&event, name), first[wanted].as_str().unwrap().parse::<DateTime<Utc>>().unwrap());
    }
    let made = utc(&event, "DTSTAMP");
    assert!((service.clock.now() - made).abs() < TimeDelta::seconds(1), "{made}");
    assert_eq!(event.get_summary(), Some("Cut (Salon \"Aurora\", Inc.)"));
    let organizer = &event.properties()["ORGANIZER"];
    assert_eq!(organizer.value(), "mailto:hello@salon.example");
    assert_eq!(organizer.params()["CN"].value(), "Salon 'Aurora', Inc.");
    let text = String::from_utf8(shop.stranger.get(&own(&shop, &first)).await.body).unwrap();
    assert!(!text.contains("@visitors.example"), "{text}");

    shop.act(&first, "confirm", None).await.expect(200);
    assert_eq!(file(&shop.stranger, &own(&shop, &first)).await.get_status(), Some(EventStatus::Confirmed));
    let body = json!({"start_at": starts[2]});
    let second = shop.own(first["manage_token"].as_str().unwrap(), "reschedule", &body).await.expect(201);
    let third = shop.act(&second, "reschedule", Some(&json!({"start_at": starts[4]}))).await.expect(201);
    // whichever booking of the chain is asked for
    for path in [own(&shop, &first), own(&shop, &second)] {
        let event = file(&shop.stranger, &path).await;
        assert_eq!((event.get_uid(), event.get_sequence()), (first["id"].as_str(), Some(2)));
        assert_eq!(utc(&event, "DTSTART"), starts[4].parse::<DateTime<Utc>>().unwrap());
    }
    for path in [member(&first), member(&third)] {
        let event = file(&shop.owner, &path).await;
        assert_eq!((event.get_uid(), event.get_sequence()), (first["id"].as_str(), Some(2)));
    }
    shop.own(first["manage_token"].as_str().unwrap(), "cancel", &json!({})).await.expect(200);
    let event = file(&shop.stranger, &own(&shop, &first)).await;
    assert_eq!((event.get_sequence(), event.get_status()), (Some(3), Some(EventStatus::Cancelled)));
}

#[tokio::test]
async fn words_of_any_kind_come_back_as_they_were() {
    let service = Service::start().await;
    let name = "Cut; wash, \\dry\\n 🪒 with a name that is long enough to be folded, 老虎老虎老虎老虎老虎";
    let shop = Shop::open(&service, json!({"name": name})).await;
    let room = "UPDATE app.resources SET type = 'room', name = 'Room 1, upstairs; left' WHERE tenant_id = $1";
    sqlx::query(room).bind(shop.tenant.id.0).execute(&mut service.platform().await).await.unwrap();
    let mut wish = shop.wish(&shop.starts(shop.tomorrow).await[0]);
    wish["customer"]["display_name"] = "Ana, \"the\" Torres; \\ 🎈".into();
    wish["notes"] = "First line\r\nsecond, line;\n\nlast 🪒".into();
    let booking = shop.visit(&wish).await.expect(201);
    let event = file(&shop.owner, &member(&booking)).await;
    assert_eq!(event.get_summary(), Some(format!("{name}: Ana, \"the\" Torres; \\ 🎈").as_str()));
    assert_eq!(event.get_description(), Some("First line\nsecond, line;\n\nlast 🪒"));
    assert_eq!(event.property_value("LOCATION"), Some("Room 1, upstairs; left"));
    assert!(!event.properties().contains_key("ORGANIZER"), "the business has no address");
    let own = file(&shop.stranger, &own(&shop, &booking)).await;
    assert_eq!(own.get_description(), None);
}

#[tokio::test]
async fn members_see_whom_they_may_see() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let booking = shop.visit(&shop.wish(&shop.starts(shop.tomorrow).await[0])).await.expect(201);
    let viewer = service.viewer_of(&shop.tenant).await;
    assert_eq!(file(&viewer, &member(&booking)).await.get_summary(), Some("Cut"), "viewers do not read customers");
    let staff = service.staff_of(&shop.tenant).await;
    assert_eq!(file(&staff, &member(&booking)).await.get_summary(), Some("Cut: Ana Torres"));
    shop.stranger.get(&member(&booking)).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    other.owner.get(&member(&booking)).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
    let nobody = format!("{BOOKINGS}/{}/calendar.ics", service.new_id());
    shop.owner.get(&nobody).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
}
