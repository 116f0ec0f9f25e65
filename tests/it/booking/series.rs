//! Bookings that repeat: on the wall's clock, all or nothing or those that can be had, and canceled together.
use chrono::{Days, NaiveDate, NaiveTime};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{BOOKINGS, Shop, key, overlaps};
use crate::support::app::Service;
use crate::support::client::{Answer, Client};

const SERIES: &str = "/api/v1/booking-series";

/// A shop whose clock stands two days before a date.
async fn before(service: &Service, zone: &str, date: &str, wanted: Value) -> Shop {
    let date: NaiveDate = date.parse().unwrap();
    let before = (date - Days::new(2)).and_time(NaiveTime::MIN).and_utc();
    service.clock.advance(before - service.clock.now());
    Shop::with(service, zone, 1, ("00:00", "24:00"), wanted).await
}

/// What a member sends; `more` is added.
fn wish(shop: &Shop, starts_local: &str, rrule: &str, more: Value) -> Value {
    let customer = json!({"display_name": "Ana Torres", "email": format!("{}@visitors.example", key())});
    let mut wish =
        json!({"service_id": shop.service_id, "starts_local": starts_local, "rrule": rrule, "customer": customer});
    wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    wish
}

async fn make(caller: &Client, wish: &Value) -> Answer {
    caller.key(&key()).post(SERIES, wish).await
}

fn starts(bookings: &Value) -> Vec<&str> {
    bookings.as_array().unwrap().iter().map(|booking| &booking["start_at"].as_str().unwrap()[..16]).collect()
}

fn statuses(bookings: &Value) -> Vec<&str> {
    bookings.as_array().unwrap().iter().map(|booking| booking["status"].as_str().unwrap()).collect()
}

/// Events of a tenant, with how often each was told.
async fn told(service: &Service, shop: &Shop) -> Vec<(String, i64)> {
    sqlx::query_as(
        "SELECT event_code, count(*) FROM app.events_outbox WHERE tenant_id = $1 AND event_code LIKE 'BOOKING_%'
         GROUP BY 1 ORDER BY 1",
    )
    .bind(shop.tenant.id.0)
    .fetch_all(&mut service.platform().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn the_clock_on_the_wall_stays_when_the_clocks_change() {
    let cases = [
        ("America/New_York", "2027-03-07", "09:00", ["03-07T14:00", "03-14T13:00", "03-21T13:00"]),
        ("America/New_York", "2027-10-31", "09:00", ["10-31T13:00", "11-07T14:00", "11-14T14:00"]),
        ("Europe/Berlin", "2027-03-21", "09:00", ["03-21T08:00", "03-28T07:00", "04-04T07:00"]),
        ("Europe/Berlin", "2027-10-24", "09:00", ["10-24T07:00", "10-31T08:00", "11-07T08:00"]),
    ];
    for (zone, date, time, expected) in cases {
        let service = Service::start().await;
        let shop = before(&service, zone, date, json!({})).await;
        let weekly = wish(&shop, &format!("{date}T{time}"), "FREQ=WEEKLY;COUNT=3", json!({}));
        let made = make(&shop.owner, &weekly).await.expect(201);
        let told: Vec<&str> = starts(&made["booked"]).iter().map(|start| &start[5..]).collect();
        assert_eq!(told, expected, "{zone} {date}");
        assert_eq!(made["series"]["starts_local"], format!("{date}T{time}"));
        assert_eq!((&made["series"]["timezone"], &made["series"]["occurrences"]), (&json!(zone), &json!(3)));
        assert_eq!(made["skipped"], json!([]));
    }
}

#[tokio::test]
async fn dates_that_a_month_does_not_have_are_left_out() {
    let service = Service::start().await;
    let shop = before(&service, "America/New_York", "2027-01-31", json!({})).await;
    let last = wish(&shop, "2027-01-31T09:00", "FREQ=MONTHLY;COUNT=4", json!({}));
    let made = make(&shop.owner, &last).await.expect(201);
    let expected = ["2027-01-31T14:00", "2027-03-31T13:00", "2027-05-31T13:00", "2027-07-31T13:00"];
    assert_eq!(starts(&made["booked"]), expected);
    let friday = wish(&shop, "2027-02-26T10:00", "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20270430", json!({}));
    let made = make(&shop.owner, &friday).await.expect(201);
    assert_eq!(starts(&made["booked"]), ["2027-02-26T15:00", "2027-03-26T14:00", "2027-04-30T14:00"]);
    assert_eq!(made["series"]["rrule"], "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20270430");
}

#[tokio::test]
async fn a_rule_that_is_none_is_refused_in_words() {
    let service = Service::start().await;
    let shop = before(&service, "UTC", "2027-03-01", json!({})).await;
    for (rrule, said) in [
        ("FREQ=YEARLY;COUNT=2", "YEARLY"),
        ("FREQ=WEEKLY", "needs an end"),
        ("FREQ=DAILY;COUNT=105", "104"),
        ("FREQ=MONTHLY;COUNT=30", "2 years"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=2", "does not name"),
        ("FREQ=DAILY;UNTIL=20260101", "ends before"),
        ("every Monday", "NAME=value"),
    ] {
        let answer = make(&shop.owner, &wish(&shop, "2027-03-01T09:00", rrule, json!({}))).await;
        let problem = answer.refused(400, "TITHI_VALIDATION_ERROR");
        assert_eq!(problem["errors"][0]["pointer"], "#/rrule", "{rrule}");
        assert!(problem["errors"][0]["detail"].as_str().unwrap().contains(said), "{problem}");
    }
    for (more, pointer) in [
        (json!({"start_at": "2027-03-01T09:00:00Z"}), "#/starts_local"),
        (json!({"starts_local": "2027-02-30T09:00"}), "#/starts_local"),
        (json!({"starts_local": null}), "#/start_at"),
        (json!({"customer": null}), "#/customer"),
    ] {
        let answer = make(&shop.owner, &wish(&shop, "2027-03-01T09:00", "FREQ=DAILY;COUNT=2", more)).await;
        assert_eq!(answer.refused(400, "TITHI_VALIDATION_ERROR")["errors"][0]["pointer"], pointer);
    }
}

#[tokio::test]
async fn all_or_nothing_names_everything_that_cannot_be_had() {
    let service = Service::start().await;
    let shop = before(&service, "UTC", "2027-03-01", json!({})).await;
    let daily = |more: Value| wish(&shop, "2027-03-01T09:00", "FREQ=DAILY;COUNT=5", more);
    shop.book(&shop.wish("2027-03-02T09:00:00Z")).await.expect(201);
    let closure = json!({"exception_date": "2027-03-04", "is_available": false});
    shop.owner.post("/api/v1/availability/exceptions", &closure).await.expect(201);
    let problem = make(&shop.owner, &daily(json!({}))).await.refused(409, "TITHI_BOOKING_CONFLICT");
    let refused = problem["refused"].as_array().unwrap();
    let told: Vec<_> =
        refused.iter().map(|one| (one["index"].as_i64().unwrap(), one["reason"].as_str().unwrap())).collect();
    assert_eq!(told, [(1, "booked"), (3, "exception")]);
    assert_eq!(refused[0]["next_free"][0]["start"], "2027-03-02T09:30:00.000000Z");
    assert_eq!(problem["detail"], "2 of the 5 times cannot be had.");
    // nothing is left behind
    let seen = shop.owner.get(BOOKINGS).await.expect(200);
    assert_eq!(seen["data"].as_array().unwrap().len(), 1);
    assert_eq!(shop.owner.get(SERIES).await.expect(200)["data"], json!([]));
    let made = make(&shop.owner, &daily(json!({"on_conflict": "skip"}))).await.expect(201);
    assert_eq!(starts(&made["booked"]), ["2027-03-01T09:00", "2027-03-03T09:00", "2027-03-05T09:00"]);
    let skipped: Vec<_> = made["skipped"].as_array().unwrap().iter().map(|one| &one["reason"]).collect();
    assert_eq!(skipped, ["booked", "exception"]);
    assert_eq!((&made["series"]["occurrences"], &made["series"]["booked"]), (&json!(5), &json!(3)));
    let events = told_of(&service, &shop).await;
    assert_eq!(events, [("BOOKING_CONFIRMED", 4), ("BOOKING_CREATED", 4), ("BOOKING_SERIES_CREATED", 1)]);
    // where nothing can be had there is nothing to make
    let none = wish(&shop, "2027-03-04T09:00", "FREQ=DAILY;COUNT=1", json!({"on_conflict": "skip"}));
    make(&shop.owner, &none).await.refused(409, "TITHI_SLOT_UNAVAILABLE");
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
}

async fn told_of(service: &Service, shop: &Shop) -> Vec<(&'static str, i64)> {
    let known = [
        "BOOKING_CANCELED",
        "BOOKING_CONFIRMED",
        "BOOKING_CREATED",
        "BOOKING_SERIES_CANCELED",
        "BOOKING_SERIES_CREATED",
    ];
    let told = told(service, shop).await;
    let name = |told: &String| *known.iter().find(|known| *known == told).unwrap();
    told.iter().map(|(code, count)| (name(code), *count)).collect()
}

/// A limit counts the series's own bookings too.
#[tokio::test]
async fn the_bookings_of_a_series_count_for_each_other() {
    let service = Service::start().await;
    let shop = before(&service, "UTC", "2027-03-01", json!({})).await;
    sqlx::query(
        "UPDATE app.services SET limits_json = '[{\"per\": \"week\", \"max_bookings\": 2}]' WHERE tenant_id = $1",
    )
    .bind(shop.tenant.id.0)
    .execute(&mut service.platform().await)
    .await
    .unwrap();
    // 1 March 2027 is a Monday
    let daily = wish(&shop, "2027-03-01T09:00", "FREQ=DAILY;COUNT=9", json!({"on_conflict": "skip"}));
    let made = make(&shop.owner, &daily).await.expect(201);
    assert_eq!(
        starts(&made["booked"]),
        ["2027-03-01T09:00", "2027-03-02T09:00", "2027-03-08T09:00", "2027-03-09T09:00"]
    );
    assert!(made["skipped"].as_array().unwrap().iter().all(|one| one["reason"] == "limit"), "{made}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_at_once_one_has_it_whole() {
    let service = Service::start().await;
    let shop = before(&service, "America/New_York", "2027-03-08", json!({})).await;
    for round in 0..4 {
        let rule = "FREQ=DAILY;COUNT=12";
        // the second begins three days later, so that they meet in the middle
        let first = wish(&shop, &format!("2027-03-08T{:02}:00", 9 + round), rule, json!({}));
        let second = wish(&shop, &format!("2027-03-11T{:02}:00", 9 + round), rule, json!({}));
        let answers = join_all([make(&shop.owner, &first), make(&shop.owner, &second)]).await;
        let mut codes: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        codes.sort_unstable();
        assert_eq!(codes, [201, 409], "{answers:?}");
        let lost = answers.into_iter().find(|answer| answer.status.as_u16() == 409).unwrap();
        let problem = lost.refused(409, "TITHI_BOOKING_CONFLICT");
        assert_eq!(problem["refused"].as_array().unwrap().len(), 9, "{problem}");
    }
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM app.bookings WHERE tenant_id = $1")
        .bind(shop.tenant.id.0)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    assert_eq!(rows, 48, "whoever was refused left nothing behind");
}

#[tokio::test]
async fn what_lies_ahead_is_canceled_and_the_past_stays() {
    let service = Service::start().await;
    let shop = before(&service, "UTC", "2027-03-01", json!({})).await;
    let made = make(&shop.owner, &wish(&shop, "2027-03-01T09:00", "FREQ=DAILY;COUNT=6", json!({}))).await.expect(201);
    let booked = made["booked"].as_array().unwrap().clone();
    let path = format!("{SERIES}/{}", made["series"]["id"].as_str().unwrap());
    // the first two have passed
    service.clock.advance(chrono::TimeDelta::days(4));
    let owner = service.owner_of(&shop.tenant).await;
    let cancel = async |body: &Value| owner.key(&key()).post(&format!("{path}/cancel"), body).await;
    let following = json!({"scope": "following", "from_booking_id": booked[4]["id"], "reason": "Moves away"});
    let done = cancel(&following).await.expect(200);
    assert_eq!(starts(&done["canceled"]), ["2027-03-05T09:00", "2027-03-06T09:00"]);
    assert_eq!(done["canceled"][0]["cancel_reason"], "Moves away");
    assert_eq!(done["series"]["status"], "active");
    cancel(&following).await.refused(409, "TITHI_BOOKING_INVALID_STATE");
    // from a booking that has passed on: the past stays all the same
    let first = format!("{BOOKINGS}/{}/cancel", booked[0]["id"].as_str().unwrap());
    let done = owner.key(&key()).post(&first, &json!({"scope": "this"})).await.expect(200);
    assert_eq!(done["status"], "canceled");
    let done = cancel(&json!({"scope": "all"})).await.expect(200);
    assert_eq!(starts(&done["canceled"]), ["2027-03-03T09:00", "2027-03-04T09:00"]);
    assert_eq!(done["series"]["status"], "canceled");
    cancel(&json!({})).await.refused(409, "TITHI_BOOKING_INVALID_STATE");
    let read = owner.get(&path).await.expect(200);
    assert_eq!(statuses(&read["bookings"]), ["canceled", "confirmed", "canceled", "canceled", "canceled", "canceled"]);
    // the times are free again
    owner.key(&key()).post(BOOKINGS, &shop.wish("2027-03-05T09:00:00Z")).await.expect(201);
    for (body, pointer) in [
        (json!({"scope": "following"}), "#/from_booking_id"),
        (json!({"scope": "all", "from_booking_id": booked[4]["id"]}), "#/from_booking_id"),
        (json!({"scope": "following", "from_booking_id": service.new_id()}), "#/from_booking_id"),
    ] {
        assert_eq!(cancel(&body).await.refused(400, "TITHI_VALIDATION_ERROR")["errors"][0]["pointer"], pointer);
    }
}

#[tokio::test]
async fn a_booking_takes_its_series_along() {
    let service = Service::start().await;
    let shop = before(&service, "UTC", "2027-03-01", json!({})).await;
    let weekly = wish(&shop, "2027-03-01T09:00", "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=6", json!({}));
    let made = make(&shop.owner, &weekly).await.expect(201);
    let booked = made["booked"].as_array().unwrap();
    let path = format!("{SERIES}/{}", made["series"]["id"].as_str().unwrap());
    // a booking that was moved keeps its place
    let moved = json!({"start_at": "2027-03-12T15:00:00Z"});
    let moved = shop.act(&booked[4], "reschedule", Some(&moved)).await.expect(201);
    let canceled = shop.act(&booked[3], "cancel", Some(&json!({"scope": "following"}))).await.expect(200);
    assert_eq!((&canceled["id"], &canceled["status"]), (&booked[3]["id"], &json!("canceled")));
    let read = shop.owner.get(&path).await.expect(200);
    let expected = ["confirmed", "confirmed", "confirmed", "canceled", "canceled", "canceled", "canceled"];
    assert_eq!(statuses(&read["bookings"]), expected);
    assert!(read["bookings"].as_array().unwrap().iter().any(|booking| booking["id"] == moved["id"]));
    assert_eq!(read["series"]["status"], "active");
    shop.act(&booked[3], "cancel", Some(&json!({"scope": "all"}))).await.refused(409, "TITHI_BOOKING_INVALID_STATE");
    shop.act(&booked[0], "cancel", Some(&json!({"scope": "all"}))).await.expect(200);
    assert_eq!(shop.owner.get(&path).await.expect(200)["series"]["status"], "canceled");
    let alone = shop.book(&shop.wish("2027-03-01T12:00:00Z")).await.expect(201);
    let problem = shop.act(&alone, "cancel", Some(&json!({"scope": "all"}))).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(problem["errors"][0]["pointer"], "#/scope");
    let events = told(&service, &shop).await;
    assert!(events.contains(&("BOOKING_SERIES_CANCELED".to_owned(), 2)), "{events:?}");
    assert!(events.contains(&("BOOKING_CANCELED".to_owned(), 6)), "{events:?}");
}

#[tokio::test]
async fn a_series_is_its_own_business_s() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let customer = json!({"display_name": "Ana Torres", "email": "ana@customers.example"});
    let new =
        json!({"service_id": shop.service_id, "start_at": start, "rrule": "FREQ=DAILY;COUNT=2", "customer": customer});
    make(&other.owner, &new).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
    make(&shop.stranger, &new).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    let made = make(&shop.owner, &new).await.expect(201);
    assert_eq!(made["booked"][0]["start_at"], start);
    let path = format!("{SERIES}/{}", made["series"]["id"].as_str().unwrap());
    other.owner.get(&path).await.refused(404, "TITHI_BOOKING_SERIES_NOT_FOUND");
    let cancel = other.owner.key(&key()).post(&format!("{path}/cancel"), &json!({})).await;
    cancel.refused(404, "TITHI_BOOKING_SERIES_NOT_FOUND");
    assert_eq!(other.owner.get(SERIES).await.expect(200)["data"], json!([]));
    let listed = shop.owner.get(&format!("{SERIES}?status=active&service_id={}", shop.service_id)).await.expect(200);
    assert_eq!(listed["data"], json!([made["series"]]));
    assert_eq!(shop.owner.get(&format!("{SERIES}?status=canceled")).await.expect(200)["data"], json!([]));
}

/// A series of a class takes seats, and gives them back.
#[tokio::test]
async fn a_class_every_week() {
    let service = Service::start().await;
    let shop = before(&service, "UTC", "2027-03-01", json!({"capacity": 3, "duration_min": 60})).await;
    let weekly = |seats: i64| wish(&shop, "2027-03-01T09:00", "FREQ=WEEKLY;COUNT=3", json!({"attendee_count": seats}));
    let two = make(&shop.owner, &weekly(2)).await.expect(201);
    let problem = make(&shop.owner, &weekly(2)).await;
    assert_eq!(problem.status.as_u16(), 409);
    assert_eq!(problem.json()["refused"].as_array().unwrap().len(), 3);
    make(&shop.owner, &weekly(1)).await.expect(201);
    let path = format!("{SERIES}/{}/cancel", two["series"]["id"].as_str().unwrap());
    shop.owner.key(&key()).post(&path, &json!({})).await.expect(200);
    make(&shop.owner, &weekly(2)).await.expect(201);
    // more than there are seats is no matter of time
    make(&shop.owner, &weekly(4)).await.refused(422, "TITHI_RULE_VIOLATION");
}
