//! What visitors do with their own bookings: within the windows that the business gives them, by any token of a chain.
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{BOOKINGS, Shop, key, overlaps};
use crate::catalogue::told;
use crate::support::app::Service;

const WRONG: &str = "TITHI_BOOKING_INVALID_STATE";

fn token(booking: &Value) -> &str {
    booking["manage_token"].as_str().unwrap()
}

fn start(booking: &Value) -> DateTime<Utc> {
    booking["start_at"].as_str().unwrap().parse().unwrap()
}

/// Moves the clock to as long before a booking.
fn wait_until(service: &Service, booking: &Value, before: TimeDelta) {
    service.clock.advance(start(booking) - before - service.clock.now());
}

async fn codes(service: &Service, shop: &Shop, id: &Value) -> Vec<String> {
    told(service, &shop.tenant, id.as_str().unwrap()).await.into_iter().map(|(code, _)| code).collect()
}

#[tokio::test]
async fn the_window_ends_at_its_last_moment() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow + chrono::Days::new(3)).await;
    let (one, two) = (shop.visit(&shop.wish(&starts[0])).await.expect(201), shop.visit(&shop.wish(&starts[0])).await);
    two.refused(409, "TITHI_BOOKING_CONFLICT");
    let last = start(&one) - TimeDelta::days(1);
    for (may, terms) in [("can_cancel", "cancellation"), ("can_reschedule", "rescheduling")] {
        assert_eq!((&one[may], &one[terms]["reason"]), (&json!(true), &Value::Null));
        assert_eq!(one[terms]["until"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap(), last);
    }
    // the very last moment: another booking is moved in it, and moved back
    wait_until(&service, &one, TimeDelta::days(1));
    let open = shop.opened(token(&one)).await;
    assert_eq!((&open["can_cancel"], &open["can_reschedule"]), (&json!(true), &json!(true)));
    let moved = shop.own(token(&one), "reschedule", &json!({"start_at": starts[0]})).await.expect(201);
    assert_eq!(moved["start_at"], one["start_at"]);

    service.clock.advance(TimeDelta::milliseconds(1));
    let late = shop.opened(token(&one)).await;
    assert_eq!((&late["can_cancel"], &late["cancellation"]["reason"]), (&json!(false), &json!("too_late")));
    for (verb, body) in [("cancel", json!({})), ("reschedule", json!({"start_at": starts[3]}))] {
        let problem = shop.own(token(&one), verb, &body).await.refused(422, "TITHI_RULE_VIOLATION");
        assert_eq!((&problem["reason"], &problem["until"]), (&json!("too_late"), &one["cancellation"]["until"]));
    }
    // members may still
    let owner = service.owner_of(&shop.tenant).await;
    let path = format!("{BOOKINGS}/{}/cancel", moved["id"].as_str().unwrap());
    owner.key(&key()).post(&path, &json!({})).await.expect(200);
}

#[tokio::test]
async fn the_business_sets_the_windows() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    shop.decide(json!({"cancel_window_min": null, "reschedule_window_min": 0})).await;
    let booking = shop.visit(&shop.wish(&starts[0])).await.expect(201);
    assert_eq!((&booking["can_cancel"], &booking["can_reschedule"]), (&json!(false), &json!(true)));
    assert_eq!(booking["cancellation"], json!({"until": null, "reason": "never"}));
    assert_eq!(booking["rescheduling"]["until"], booking["start_at"]);
    let problem = shop.own(token(&booking), "cancel", &json!({})).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(problem["reason"], "never");
    // until it begins
    wait_until(&service, &booking, TimeDelta::seconds(1));
    assert_eq!(shop.opened(token(&booking)).await["can_reschedule"], true);
    service.clock.advance(TimeDelta::seconds(1));
    let problem = shop.own(token(&booking), "reschedule", &json!({"start_at": starts[5]})).await.refused(409, WRONG);
    assert_eq!((&problem["reason"], &problem["state"]), (&json!("begun"), &json!("confirmed")));

    // what is absent of a PUT is the default, null is never
    let owner = service.owner_of(&shop.tenant).await;
    let path = format!("/api/v1/tenants/{}", shop.tenant.id);
    let mut whole = json!({"name": "Salon", "timezone": "UTC", "currency": "USD", "locale": "en_US"});
    whole["booking"] = json!({"notice_min": 0, "auto_confirm": true, "cancel_window_min": null});
    let replaced = owner.put(&path, &whole).await.expect(200);
    assert_eq!(replaced["booking"]["cancel_window_min"], Value::Null);
    assert_eq!(replaced["booking"]["reschedule_window_min"], 1440);
    for bad in [-1, 525_601] {
        let change = json!({"booking": {"cancel_window_min": bad}});
        owner.patch(&path, &change).await.refused(400, "TITHI_VALIDATION_ERROR");
    }
}

#[tokio::test]
async fn a_booking_is_canceled_once_and_its_time_is_free() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow + chrono::Days::new(3)).await;
    let booking = shop.visit(&shop.wish(&starts[0])).await.expect(201);
    let path = format!("{}/{}/cancel", shop.page(), token(&booking));
    shop.stranger.post(&path, &json!({})).await.refused(400, "TITHI_IDEMPOTENCY_KEY_MISSING");
    let once = shop.stranger.key(&key());
    let first = once.post(&path, &json!({"reason": "I am ill"})).await;
    let again = once.post(&path, &json!({"reason": "I am ill"})).await;
    assert_eq!((again.header("idempotent-replayed"), &again.body), ("true", &first.body));
    let canceled = first.expect(200);
    assert_eq!((&canceled["status"], &canceled["can_cancel"]), (&json!("canceled"), &json!(false)));
    assert_eq!(canceled["cancellation"]["reason"], "state");
    let problem = shop.own(token(&booking), "cancel", &json!({})).await.refused(409, WRONG);
    assert_eq!((&problem["state"], &problem["reason"]), (&json!("canceled"), &json!("state")));
    assert!(shop.starts(shop.tomorrow + chrono::Days::new(3)).await.contains(&starts[0]));
    let sql = "SELECT canceled_by, cancel_reason FROM app.bookings WHERE tenant_id = $1 AND id = $2::uuid";
    let query = sqlx::query_as::<_, (String, String)>(sql).bind(shop.tenant.id.0).bind(booking["id"].as_str().unwrap());
    let row = query.fetch_one(&mut service.platform().await).await.unwrap();
    assert_eq!(row, ("customer".into(), "I am ill".into()));
    let told = codes(&service, &shop, &booking["id"]).await;
    assert_eq!(told, ["BOOKING_CREATED", "BOOKING_CONFIRMED", "BOOKING_CANCELED"]);
}

#[tokio::test]
async fn the_first_link_leads_through_a_chain() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow + chrono::Days::new(3)).await;
    let first = shop.visit(&shop.wish(&starts[0])).await.expect(201);
    let answer = shop.own(token(&first), "reschedule", &json!({"start_at": starts[2]})).await;
    let location = answer.header("location").to_owned();
    let second = answer.expect(201);
    assert_eq!(location, format!("{}/{}", shop.page(), token(&second)));
    // a member moves it too, and the visitor once more by the oldest link
    let third = shop.act(&second, "reschedule", Some(&json!({"start_at": starts[4]}))).await.expect(201);
    let fourth = shop.own(token(&first), "reschedule", &json!({"start_at": starts[6]})).await.expect(201);
    for old in [token(&first), token(&second), token(&fourth)] {
        assert_eq!(shop.opened(old).await, fourth);
    }
    let seen = shop.owner.get(&format!("{BOOKINGS}/{}", fourth["id"].as_str().unwrap())).await.expect(200);
    assert_eq!((&seen["rescheduled_from"], &seen["status"]), (&third["id"], &json!("confirmed")));
    let told = codes(&service, &shop, &fourth["id"]).await;
    assert_eq!(told, ["BOOKING_RESCHEDULED"]);
    assert_eq!(shop.own(token(&second), "cancel", &json!({})).await.expect(200)["id"], fourth["id"]);
    shop.own(token(&first), "reschedule", &json!({"start_at": starts[0]})).await.refused(409, WRONG);
    let by = "SELECT canceled_by FROM app.bookings WHERE tenant_id = $1 ORDER BY created_at, id";
    let by: Vec<String> =
        sqlx::query_scalar(by).bind(shop.tenant.id.0).fetch_all(&mut service.platform().await).await.unwrap();
    assert_eq!(by.iter().filter(|by| *by == "customer").count(), 3);
    assert_eq!(by.iter().filter(|by| *by == "staff").count(), 1);
}

#[tokio::test]
async fn a_visitor_moves_to_what_the_public_may_book() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"notice_min": 4320, "horizon_days": 20})).await;
    let day = shop.tomorrow + chrono::Days::new(5);
    let starts = shop.starts(day).await;
    let booking = shop.visit(&shop.wish(&starts[0])).await.expect(201);
    let soon = shop.starts(shop.tomorrow).await.remove(0);
    let far = shop.starts(shop.tomorrow + chrono::Days::new(40)).await.remove(0);
    for (start, reason) in [(&soon, "notice"), (&far, "window")] {
        let body = json!({"start_at": start});
        let problem = shop.own(token(&booking), "reschedule", &body).await.refused(409, "TITHI_SLOT_UNAVAILABLE");
        assert_eq!(problem["reason"], reason);
        // others are looked for from the wanted time on
        assert_eq!(problem["next_free"].as_array().unwrap().is_empty(), reason == "window", "{problem}");
        let moved = shop.book(&shop.wish(start)).await.expect(201);
        shop.act(&moved, "cancel", Some(&json!({}))).await.expect(200);
    }
    let taken = shop.book(&shop.wish(&starts[3])).await.expect(201);
    let body = json!({"start_at": taken["start_at"]});
    shop.own(token(&booking), "reschedule", &body).await.refused(409, "TITHI_BOOKING_CONFLICT");
    assert_eq!(shop.opened(token(&booking)).await, booking, "nothing has changed");
    shop.own(token(&booking), "reschedule", &json!({"start_at": starts[4], "resource_id": shop.resources[0]}))
        .await
        .refused(400, "TITHI_VALIDATION_ERROR");
}

#[tokio::test]
async fn a_new_time_waits_where_a_public_booking_would() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"requires_confirmation": true})).await;
    let starts = shop.starts(shop.tomorrow + chrono::Days::new(3)).await;
    let booking = shop.visit(&shop.wish(&starts[0])).await.expect(201);
    assert_eq!(shop.act(&booking, "confirm", None).await.expect(200)["status"], "confirmed");
    let moved = shop.own(token(&booking), "reschedule", &json!({"start_at": starts[2]})).await.expect(201);
    assert_eq!(moved["status"], "pending", "the business has agreed to another time, not to this one");
}

#[tokio::test]
async fn a_token_changes_one_booking_of_one_business() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let starts = shop.starts(shop.tomorrow + chrono::Days::new(3)).await;
    let booking = shop.visit(&shop.wish(&starts[0])).await.expect(201);
    let own = token(&booking);
    let mut forged = own.to_owned();
    let at = own.len() / 2;
    forged.replace_range(at..=at, if &own[at..=at] == "A" { "B" } else { "A" });
    for (business, token) in [(&other, own), (&shop, forged.as_str()), (&shop, &own[1..])] {
        let missing = "TITHI_BOOKING_NOT_FOUND";
        business.own(token, "cancel", &json!({})).await.refused(404, missing);
        business.own(token, "reschedule", &json!({"start_at": starts[1]})).await.refused(404, missing);
        let file = format!("{}/{token}/calendar.ics", business.page());
        business.stranger.get(&file).await.refused(404, missing);
    }
    assert_eq!(shop.opened(own).await, booking);
}

#[tokio::test]
async fn of_many_who_change_it_at_once_one_does() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow + chrono::Days::new(3)).await;
    let booking = shop.visit(&shop.wish(&starts[0])).await.expect(201);
    let wishes: Vec<_> = (0..10)
        .map(|number| {
            let verb = if number % 2 == 0 { "cancel" } else { "reschedule" };
            let body = if number % 2 == 0 { json!({}) } else { json!({"start_at": starts[number]}) };
            let shop = &shop;
            let booking = &booking;
            async move { shop.own(token(booking), verb, &body).await }
        })
        .collect();
    let answers = join_all(wishes).await;
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 200 | 201 | 409)), "{answers:?}");
    // moves may follow each other, a cancellation ends it: never two live ones
    let sql = "SELECT count(*) FROM app.bookings WHERE tenant_id = $1 AND status IN ('pending', 'confirmed')";
    let live: i64 =
        sqlx::query_scalar(sql).bind(shop.tenant.id.0).fetch_one(&mut service.platform().await).await.unwrap();
    let canceled = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
    assert_eq!((canceled, live), (1, 0), "one cancels, whoever moved it before");
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
}
