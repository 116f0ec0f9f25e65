//! The token of a listed time: what was promised is what is booked, for ten minutes and in this business only.
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{BOOKINGS, Shop, key};
use crate::support::app::Service;

fn customer() -> Value {
    json!({"display_name": "Ana Torres", "email": format!("{}@visitors.example", key())})
}

#[tokio::test]
async fn a_token_keeps_the_price_and_whom_one_meets() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({})).await;
    let slot = shop.free(shop.tomorrow).await.remove(0);
    let token = slot["token"].as_str().unwrap();
    let path = format!("/api/v1/services/{}", shop.service_id);
    let etag = shop.owner.get(&path).await.header("etag").to_owned();
    let change = json!({"price_cents": 9_900});
    shop.owner.clone().with("if-match", &etag).patch(&path, &change).await.expect(200);
    let booking = shop.visit(&json!({"slot_token": token, "customer": customer()})).await.expect(201);
    assert_eq!((&booking["total_amount_cents"], &booking["resource_id"]), (&json!(4500), &slot["resource_id"]));
    assert_eq!(booking["start_at"], slot["start"]);
    // the same again: whom was promised is taken, the other one is not what was promised
    shop.visit(&json!({"slot_token": token, "customer": customer()})).await.refused(409, "TITHI_BOOKING_CONFLICT");
}

#[tokio::test]
async fn what_is_given_beside_a_token_says_the_same() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({"capacity": 3})).await;
    let slots = shop.free(shop.tomorrow).await;
    let other = shop.resources.iter().find(|id| **id != slots[0]["resource_id"]).unwrap();
    let token = slots[0]["token"].clone();
    for (field, value) in [
        ("service_id", json!(service.new_id())),
        ("resource_id", json!(other)),
        ("start_at", slots[1]["start"].clone()),
        ("attendee_count", json!(2)),
    ] {
        let problem = shop
            .visit(&json!({"slot_token": token, "customer": customer(), field: value}))
            .await
            .refused(400, "TITHI_VALIDATION_ERROR");
        assert_eq!(problem["errors"][0]["pointer"], format!("#/{field}"));
    }
    let problem = shop.visit(&json!({"customer": customer()})).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2, "{problem}");
    let same = json!({"slot_token": token, "customer": customer(), "service_id": shop.service_id,
        "resource_id": slots[0]["resource_id"], "start_at": slots[0]["start"], "attendee_count": 1});
    shop.visit(&same).await.expect(201);
}

#[tokio::test]
async fn a_token_is_good_for_ten_minutes_and_for_its_business() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let token = shop.free(shop.tomorrow).await[0]["token"].as_str().unwrap().to_owned();
    let wish = json!({"slot_token": token, "customer": customer()});
    other.visit(&wish).await.refused(400, "TITHI_SLOT_TOKEN_INVALID");
    let mut forged = wish.clone();
    forged["slot_token"] = format!("{}A{}", &token[..40], &token[41..]).into();
    if forged != wish {
        shop.visit(&forged).await.refused(400, "TITHI_SLOT_TOKEN_INVALID");
    }
    forged["slot_token"] = "AZnEkTlqfTCbUjwfCm1".into();
    shop.owner.key(&key()).post(BOOKINGS, &forged).await.refused(400, "TITHI_SLOT_TOKEN_INVALID");
    service.clock.advance(TimeDelta::minutes(11));
    let problem = shop.visit(&wish).await.refused(422, "TITHI_SLOT_TOKEN_EXPIRED");
    assert_eq!(problem["errors"][0]["pointer"], "#/slot_token");
}
