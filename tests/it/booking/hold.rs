//! A held time: nobody else's until it expires, and then anybody's at once.
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use super::{BOOKINGS, Shop, key, overlaps};
use crate::support::app::Service;
use crate::support::client::Answer;

pub const HOLDS: &str = "/api/v1/availability/holds";

/// Holds a start as a visitor.
pub async fn hold(shop: &Shop, start: &str) -> Answer {
    let wish = json!({"service_id": shop.service_id, "start_at": start});
    shop.stranger.key(&key()).post(HOLDS, &wish).await
}

/// Books a hold as a visitor.
pub async fn redeem(shop: &Shop, hold: &Value) -> Answer {
    let customer = json!({"display_name": "Ana Torres", "email": format!("{}@visitors.example", key())});
    shop.visit(&json!({"hold_token": hold["hold_token"], "customer": customer})).await
}

async fn starts(shop: &Shop) -> Vec<String> {
    let path = format!("/api/v1/availability?service_id={}&date={}", shop.service_id, shop.tomorrow);
    let data = shop.stranger.get(&path).await.expect(200);
    data["data"].as_array().unwrap().iter().map(|slot| slot["start"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_held_time_is_its_holders_alone() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let held = hold(&shop, &start).await.expect(201);
    assert_eq!((&held["status"], &held["total_amount_cents"]), (&json!("held"), &json!(4500)));
    assert_eq!(held["resource_ids"], json!([shop.resources[0]]));
    assert!(!starts(&shop).await.contains(&start), "a held time is not listed");
    shop.visit(&shop.wish(&start)).await.refused(409, "TITHI_BOOKING_CONFLICT");
    hold(&shop, &start).await.refused(409, "TITHI_BOOKING_CONFLICT");
    let booking = redeem(&shop, &held).await.expect(201);
    assert_eq!((&booking["start_at"], &booking["total_amount_cents"]), (&held["start_at"], &json!(4500)));
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
    let path = format!("{HOLDS}/{}", held["hold_token"].as_str().unwrap());
    let read = shop.stranger.get(&path).await.expect(200);
    assert_eq!((&read["status"], &read["booking_id"]), (&json!("redeemed"), &booking["id"]));
    let problem = redeem(&shop, &held).await.refused(409, "TITHI_HOLD_EXPIRED");
    assert_eq!(problem["reason"], "redeemed");
    // giving it up afterwards gives nothing up
    shop.stranger.delete(&path).await.expect(204);
    assert!(!starts(&shop).await.contains(&start));
    let (states, events): (Vec<String>, Vec<String>) = sqlx::query_as(
        "SELECT array(SELECT state FROM app.booking_allocations WHERE tenant_id = $1),
                array(SELECT event_code FROM app.events_outbox WHERE tenant_id = $1 AND event_code LIKE 'BOOKING_%' ORDER BY id)",
    )
    .bind(shop.tenant.id.0)
    .fetch_one(&mut service.platform().await)
    .await
    .unwrap();
    assert_eq!(states, ["confirmed"]);
    assert_eq!(events, ["BOOKING_HOLD_CREATED", "BOOKING_CREATED", "BOOKING_CONFIRMED"]);
}

#[tokio::test]
async fn an_expired_hold_keeps_nobody_out() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let (first, second) = (hold(&shop, &start).await.expect(201), {
        service.clock.advance(TimeDelta::minutes(15));
        assert!(starts(&shop).await.contains(&start), "without any job");
        hold(&shop, &start).await.expect(201)
    });
    let problem = redeem(&shop, &first).await.refused(409, "TITHI_HOLD_EXPIRED");
    assert!(!problem["next_free"].as_array().unwrap().is_empty(), "{problem}");
    // the second one expires too, and nobody has come: it is taken anew
    service.clock.advance(TimeDelta::minutes(16));
    redeem(&shop, &second).await.expect(201);
    redeem(&shop, &first).await.refused(409, "TITHI_HOLD_EXPIRED");
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
}

#[tokio::test]
async fn a_time_is_given_up_and_kept_longer() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let held = hold(&shop, &start).await.expect(201);
    let path = format!("{HOLDS}/{}", held["hold_token"].as_str().unwrap());
    for count in 1..=3 {
        service.clock.advance(TimeDelta::minutes(14));
        let longer = shop.stranger.send(Method::PUT, &format!("{path}/extend"), None).await.expect(200);
        assert_eq!(longer["extensions"], count);
        assert!(!starts(&shop).await.contains(&start));
    }
    let problem =
        shop.stranger.send(Method::PUT, &format!("{path}/extend"), None).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(problem["reason"], "extensions");
    for _ in 0..2 {
        shop.stranger.delete(&path).await.expect(204);
    }
    assert!(starts(&shop).await.contains(&start));
    redeem(&shop, &held).await.refused(409, "TITHI_HOLD_EXPIRED");
    shop.stranger.send(Method::PUT, &format!("{path}/extend"), None).await.refused(409, "TITHI_HOLD_EXPIRED");
}

#[tokio::test]
async fn a_hold_belongs_to_its_business_and_its_id_to_members() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let held = hold(&shop, &start).await.expect(201);
    let (id, token) = (held["id"].as_str().unwrap(), held["hold_token"].as_str().unwrap());
    redeem(&other, &held).await.refused(404, "TITHI_HOLD_NOT_FOUND");
    for (client, name) in [(&other.stranger, token), (&other.owner, id), (&shop.stranger, id)] {
        client.get(&format!("{HOLDS}/{name}")).await.refused(404, "TITHI_HOLD_NOT_FOUND");
    }
    let mut wish = shop.wish(&start);
    wish["hold_id"] = id.into();
    shop.stranger.key(&key()).post(BOOKINGS, &wish).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(shop.owner.get(&format!("{HOLDS}/{id}")).await.expect(200)["id"], id);
    let listed = shop.owner.get(&format!("{HOLDS}?live=true")).await.expect(200);
    assert_eq!((&listed["data"][0]["id"], &listed["data"][0]["resource_ids"]), (&json!(id), &held["resource_ids"]));
    // the newest first; the clock goes on from page to page
    service.clock.advance(TimeDelta::seconds(1));
    let later = shop.starts(shop.tomorrow).await.remove(1);
    let second = hold(&shop, &later).await.expect(201);
    let page = shop.owner.get(&format!("{HOLDS}?live=true&limit=1")).await.expect(200);
    assert_eq!(page["data"][0]["id"], second["id"]);
    service.clock.advance(TimeDelta::seconds(1));
    let next = format!("{HOLDS}?live=true&limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
    assert_eq!(shop.owner.get(&next).await.expect(200)["data"][0]["id"], id);
    shop.stranger.get(HOLDS).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    shop.book(&wish).await.expect(201);
    // the public side has the same by the token
    let page = format!("/v1/b/{}/holds/{token}", shop.tenant.slug);
    assert_eq!(service.visitor().get(&page).await.expect(200)["status"], "redeemed");
}

#[tokio::test]
async fn the_round_ends_what_has_expired_and_says_so() {
    let service = Service::alone().await;
    let shop = Shop::open(&service, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    hold(&shop, &start).await.expect(201);
    tithi::jobs::keep_house(&service.app).await.unwrap();
    let status = "SELECT status FROM app.booking_holds";
    let now: String = sqlx::query_scalar(status).fetch_one(&mut service.platform().await).await.unwrap();
    assert_eq!(now, "held");
    service.clock.advance(TimeDelta::minutes(15));
    tithi::jobs::keep_house(&service.app).await.unwrap();
    let then: String = sqlx::query_scalar(status).fetch_one(&mut service.platform().await).await.unwrap();
    assert_eq!(then, "expired");
    let told = "SELECT count(*) FROM app.events_outbox WHERE event_code = 'BOOKING_HOLD_EXPIRED'";
    let told: i64 = sqlx::query_scalar(told).fetch_one(&mut service.platform().await).await.unwrap();
    assert_eq!(told, 1);
}
