//! A booking made by the public: on the page, on the business's host, and by its token again.
use serde_json::json;

use super::{BOOKINGS, Shop, key, made};
use crate::support::app::Service;

#[tokio::test]
async fn a_visitor_books_and_opens_it_again() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let visitor = service.visitor();
    let (page, wish, once) = (shop.page(), shop.wish(&start), key());
    let first = visitor.key(&once).post(&page, &wish).await;
    let again = visitor.key(&once).post(&page, &wish).await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), ("", "true"));
    let location = first.header("location").to_owned();
    let booking = first.expect(201);
    assert_eq!(booking["status"], "confirmed");
    for hidden in ["customer_id", "notes", "source", "created_at"] {
        assert!(booking.get(hidden).is_none(), "{hidden}");
    }
    let token = booking["manage_token"].as_str().unwrap();
    assert_eq!(location, format!("{page}/{token}"));
    assert_eq!(visitor.get(&location).await.expect(200), booking);
    // the id is not the token
    visitor.get(&format!("{page}/{}", booking["id"].as_str().unwrap())).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
    let seen = shop.owner.get(BOOKINGS).await.expect(200);
    assert_eq!((&seen["data"][0]["id"], &seen["data"][0]["source"]), (&booking["id"], &json!("public")));
}

#[tokio::test]
async fn a_token_opens_one_booking_of_one_business() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let booking = shop.visit(&shop.wish(&start)).await.expect(201);
    let token = booking["manage_token"].as_str().unwrap();
    let open = async |shop: &Shop, token: &str| shop.stranger.get(&format!("{}/{token}", shop.page())).await;
    open(&shop, token).await.expect(200);
    open(&other, token).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
    for at in [0, token.len() / 2, token.len() - 2] {
        let mut forged = token.to_owned();
        let swapped = if &forged[at..=at] == "A" { "B" } else { "A" };
        forged.replace_range(at..=at, swapped);
        open(&shop, &forged).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
    }
    open(&shop, &token[..token.len() - 4]).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
}

#[tokio::test]
async fn the_public_books_on_the_business_s_host_too() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let mut starts = shop.starts(shop.tomorrow).await;
    let made_here = shop.stranger.key(&key()).post(BOOKINGS, &shop.wish(&starts.remove(0))).await.expect(201);
    assert_eq!(made_here["source"], "public");
    // what members see of it stays theirs
    let path = format!("{BOOKINGS}/{}", made_here["id"].as_str().unwrap());
    shop.stranger.get(&path).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    let ana = json!({"display_name": "Ana Lima", "email": "ana@customers.example"});
    let customer = made(&shop.owner, "/api/v1/customers", &ana).await;
    let mut wish = shop.wish(&starts.remove(0));
    wish["customer"] = json!(null);
    wish["customer_id"] = customer.into();
    let problem = shop.stranger.key(&key()).post(BOOKINGS, &wish).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(problem["errors"][0]["pointer"], "#/customer_id");
}

#[tokio::test]
async fn notice_and_horizon_are_for_the_public() {
    let service = Service::start().await;
    let shop =
        Shop::with(&service, "UTC", 1, ("00:00", "24:00"), json!({"notice_min": 4320, "horizon_days": 10})).await;
    let soon = shop.starts(shop.tomorrow).await.remove(0);
    let far = shop.starts(shop.tomorrow + chrono::Days::new(20)).await.remove(0);
    for (start, reason) in [(&soon, "notice"), (&far, "window")] {
        let problem = shop.visit(&shop.wish(start)).await.refused(409, "TITHI_SLOT_UNAVAILABLE");
        assert_eq!(problem["reason"], reason);
        shop.book(&shop.wish(start)).await.expect(201);
    }
    let (slug, service_id) = (&shop.tenant.slug, &shop.service_id);
    let listed = format!("/v1/b/{slug}/availability?service_id={service_id}&date={}", shop.tomorrow);
    assert_eq!(shop.stranger.get(&listed).await.expect(200)["data"], json!([]));
}

#[tokio::test]
async fn nobody_books_the_past() {
    let service = Service::start().await;
    let shop = Shop::with(&service, "UTC", 1, ("00:00", "24:00"), json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    service.clock.advance(chrono::TimeDelta::days(3));
    let owner = service.owner_of(&shop.tenant).await;
    for caller in [&owner, &shop.stranger] {
        let problem =
            caller.key(&key()).post(BOOKINGS, &shop.wish(&start)).await.refused(409, "TITHI_SLOT_UNAVAILABLE");
        assert_eq!(problem["reason"], "past");
        assert!(problem["next_free"][0]["start"].as_str().unwrap() > start.as_str(), "{problem}");
    }
}

#[tokio::test]
async fn a_service_that_is_switched_off_is_not_there() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    shop.owner.patch(&format!("/api/v1/services/{}", shop.service_id), &json!({"active": false})).await.expect(200);
    shop.visit(&shop.wish(&start)).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
    shop.owner.delete(&format!("/api/v1/services/{}", shop.service_id)).await.expect(204);
    shop.book(&shop.wish(&start)).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
}
