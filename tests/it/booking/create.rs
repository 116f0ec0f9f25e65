//! A booking made by staff.
use serde_json::{Value, json};

use super::{BOOKINGS, Shop, key, made};
use crate::support::app::Service;

#[tokio::test]
async fn staff_books_for_a_customer_it_knows() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let ana = json!({"display_name": "Ana Lima", "email": "ana@customers.example"});
    let customer = made(&shop.owner, "/api/v1/customers", &ana).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let wish =
        json!({"service_id": shop.service_id, "start_at": start, "customer_id": customer, "notes": "Window seat"});
    let staff = service.staff_of(&shop.tenant).await;
    let answer = staff.key(&key()).post(BOOKINGS, &wish).await;
    let location = answer.header("location").to_owned();
    assert!(answer.header("etag").starts_with('"'));
    let booking = answer.expect(201);
    assert_eq!(location, format!("{BOOKINGS}/{}", booking["id"].as_str().unwrap()));
    assert_eq!((&booking["status"], &booking["source"]), (&json!("confirmed"), &json!("staff")));
    assert_eq!((&booking["customer_id"], &booking["resource_id"]), (&json!(customer), &json!(shop.resources[0])));
    assert_eq!((&booking["service_name"], &booking["total_amount_cents"]), (&json!("Cut"), &json!(4500)));
    assert_eq!(booking["booking_tz"], "America/New_York");
    assert_eq!(staff.get(&location).await.expect(200), booking);
    assert_eq!(service.viewer_of(&shop.tenant).await.get(BOOKINGS).await.expect(200)["data"][0], booking);
    // the price of the day stays with the booking
    shop.owner
        .patch(&format!("/api/v1/services/{}", shop.service_id), &json!({"name": "Trim", "price_cents": 1}))
        .await
        .expect(200);
    assert_eq!(staff.get(&location).await.expect(200), booking);
}

#[tokio::test]
async fn a_viewer_reads_and_does_not_book() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let viewer = service.viewer_of(&shop.tenant).await;
    viewer.key(&key()).post(BOOKINGS, &shop.wish(&start)).await.refused(403, "TITHI_AUTH_FORBIDDEN");
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let refused = async |change: Value, status: u16, code: &str, pointer: Option<&str>| {
        let mut wish = shop.wish(&start);
        for (name, value) in change.as_object().unwrap() {
            wish[name] = value.clone();
        }
        let problem = shop.book(&wish).await.refused(status, code);
        assert_eq!(problem["errors"][0]["pointer"].as_str(), pointer, "{change}: {problem}");
    };
    let (invalid, missing) = ("TITHI_VALIDATION_ERROR", "TITHI_SERVICE_NOT_FOUND");
    refused(json!({"start_at": "tomorrow"}), 400, invalid, Some("#/start_at")).await;
    refused(json!({"customer": null}), 400, invalid, Some("#/customer")).await;
    refused(json!({"customer_id": other.service_id}), 400, invalid, Some("#/customer")).await;
    refused(json!({"booking_tz": "Mars/Olympus"}), 400, invalid, Some("#/booking_tz")).await;
    refused(json!({"attendee_count": 0}), 400, invalid, Some("#/attendee_count")).await;
    refused(json!({"attendee_count": 2}), 422, "TITHI_RULE_VIOLATION", Some("#/attendee_count")).await;
    refused(json!({"end_at": start}), 400, invalid, Some("#/end_at")).await;
    refused(json!({"customer": {"display_name": "Ana", "email": "nobody"}}), 400, invalid, Some("#/customer/email"))
        .await;
    refused(json!({"service_id": other.service_id}), 404, missing, None).await;
    refused(json!({"resource_id": other.resources[0]}), 404, "TITHI_RESOURCE_NOT_FOUND", None).await;
    refused(json!({"customer": null, "customer_id": other.service_id}), 404, "TITHI_CUSTOMER_NOT_FOUND", None).await;
}

#[tokio::test]
async fn a_resource_that_is_switched_off_gives_nothing() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let off = format!("/api/v1/resources/{}", shop.resources[0]);
    shop.owner.patch(&off, &json!({"is_active": false})).await.expect(200);
    let slot = shop.free(shop.tomorrow).await.remove(0);
    assert_eq!(slot["resource_ids"], json!([shop.resources[1]]));
    let mut wish = shop.wish(&start);
    wish["resource_id"] = shop.resources[0].clone().into();
    shop.book(&wish).await.refused(404, "TITHI_RESOURCE_NOT_FOUND");
    assert_eq!(shop.book(&shop.wish(&start)).await.expect(201)["resource_id"], shop.resources[1].as_str());
    shop.book(&shop.wish(&start)).await.refused(409, "TITHI_BOOKING_CONFLICT");
}

#[tokio::test]
async fn an_offline_id_is_never_booked_twice() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let mut starts = shop.starts(shop.tomorrow).await;
    let mut wish = shop.wish(&starts.remove(0));
    wish["client_generated_id"] = "till-7-0042".into();
    let first = shop.book(&wish).await.expect(201);
    let again = shop.book(&wish).await.expect(201);
    assert_eq!((&first["id"], &first["client_generated_id"]), (&again["id"], &json!("till-7-0042")));
    // many at once: one booking
    wish["client_generated_id"] = "till-7-0043".into();
    wish["start_at"] = starts.remove(3).into();
    let answers = futures_util::future::join_all((0..8).map(|_| shop.book(&wish))).await;
    let mut ids: Vec<String> = Vec::new();
    for answer in answers {
        match answer.status.as_u16() {
            201 => ids.push(answer.json()["id"].as_str().unwrap().to_owned()),
            _ => drop(answer.expect(409)),
        }
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    let late = shop.book(&wish).await.expect(201);
    assert_eq!(late["id"], ids[0].as_str());
    // a stranger cannot ask for everybody's
    let problem = shop.stranger.key(&key()).post(BOOKINGS, &wish).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(problem["errors"][0]["pointer"], "#/client_generated_id");
}
