//! Bookings that are paid with what was bought ahead.
use chrono::{Days, TimeDelta};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{CREDITS, PACKAGES, audit, customer, grant, left, sell, wish};
use crate::booking::{BOOKINGS, Shop, key};
use crate::catalogue::{a_service, made, pointers};
use crate::support::app::Service;

/// A shop with a package of five for its service.
async fn five(shop: &Shop) -> String {
    let body = json!({"name": "Five", "sessions": 5, "price_cents": 20000, "service_ids": [shop.service_id]});
    made(&shop.owner, PACKAGES, &body).await
}

#[tokio::test]
async fn of_thirty_at_once_on_a_package_of_five_exactly_five_are_booked() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 3, json!({})).await;
    let package = five(&shop).await;
    let (ana, _) = customer(&shop.owner).await;
    sell(&shop.owner, &package, ana).await;
    let mut starts = shop.starts(shop.tomorrow).await;
    starts.extend(shop.starts(shop.tomorrow + Days::new(1)).await);
    starts.extend(shop.starts(shop.tomorrow + Days::new(2)).await);
    let pay = json!({ "package": package });
    let tries = starts.iter().take(30).map(|start| {
        let (owner, body) = (shop.owner.key(&key()), wish(&shop, start, ana, &pay));
        async move { owner.post(BOOKINGS, &body).await }
    });
    let answers = join_all(tries).await;
    assert_eq!(answers.len(), 30);
    let mut booked = 0;
    for answer in answers {
        match answer.status.as_u16() {
            201 => {
                assert_eq!(answer.json()["covered_by"], "package");
                booked += 1;
            }
            _ => assert_eq!(answer.refused(409, "TITHI_CREDITS_INSUFFICIENT")["balance"], 0),
        }
    }
    assert_eq!(booked, 5);
    assert_eq!(left(&shop.owner, ana).await, (0, vec![]));
    assert_eq!(audit(&service, &shop.tenant).await, [5, 5, 0]);
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM app.bookings WHERE tenant_id = $1")
        .bind(shop.tenant.id.0)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    assert_eq!(rows, 5, "whoever was refused left no booking behind");
}

#[tokio::test]
async fn what_is_refused_uses_nothing_and_says_why() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"capacity": 4})).await;
    let (owner, start) = (&shop.owner, shop.starts(shop.tomorrow).await.remove(0));
    let (ana, _) = customer(owner).await;
    let dye = made(owner, "/api/v1/services", &a_service("Dye")).await;
    let other = json!({"name": "Dyes", "sessions": 5, "price_cents": 1, "service_ids": [dye]});
    let other = made(owner, PACKAGES, &other).await;
    sell(owner, &other, ana).await;
    let package = five(&shop).await;
    let book = async |pay: Value, seats: i64| {
        let mut body = wish(&shop, &start, ana, &pay);
        body["attendee_count"] = seats.into();
        shop.book(&body).await
    };
    book(json!({ "package": package }), 1).await.refused(409, "TITHI_CREDITS_INSUFFICIENT");
    let wrong = book(json!({ "package": other }), 1).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(pointers(&wrong), ["#/pay_with/package"]);
    book(json!({"package": service.new_id()}), 1).await.refused(422, "TITHI_REFERENCE_NOT_FOUND");
    book(json!("credits"), 1).await.refused(422, "TITHI_RULE_VIOLATION");
    for wrong in [json!("cash"), json!({}), json!({"package": "none"})] {
        book(wrong, 1).await.refused(400, "TITHI_VALIDATION_ERROR");
    }
    let prices = json!({"prices": [{"service_id": shop.service_id, "credits": 3}]});
    owner.put(&format!("{CREDITS}/prices"), &prices).await.expect(200);
    grant(owner, ana, 10).await;
    sell(owner, &package, ana).await;
    assert_eq!(book(json!("credits"), 4).await.refused(409, "TITHI_CREDITS_INSUFFICIENT")["balance"], 10);
    let booked = book(json!("credits"), 3).await.expect(201);
    assert_eq!((&booked["covered_by"], &booked["attendee_count"]), (&"credits".into(), &3.into()));
    // the class is full: the session stays where it was
    assert_eq!(book(json!({ "package": package }), 2).await.status.as_u16(), 409);
    assert_eq!(left(owner, ana).await.0, 1);
    let path = format!("{BOOKINGS}/{}/coverage", booked["id"].as_str().unwrap());
    let coverage = owner.get(&path).await.expect(200);
    assert_eq!((&coverage["units"], &coverage["status"]), (&9.into(), &"consumed".into()));
    assert_eq!(audit(&service, &shop.tenant).await, [20, 9, 0]);
}

#[tokio::test]
async fn a_visitor_spends_what_is_proven_to_be_theirs() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let package = five(&shop).await;
    let starts = shop.starts(shop.tomorrow).await;
    let first = shop.wish(&starts[0]);
    let token = shop.visit(&first).await.expect(201)["manage_token"].as_str().unwrap().to_owned();
    let ana = shop.owner.get("/api/v1/customers").await.expect(200)["data"][0]["id"].as_str().unwrap().parse().unwrap();
    let ana = ::entity::ids::CustomerId(ana);
    sell(&shop.owner, &package, ana).await;
    let mut wish = first.clone();
    wish["start_at"] = starts[1].clone().into();
    wish["pay_with"] = json!({ "package": package });
    let refused = shop.visit(&wish).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(pointers(&refused), ["#/customer_token"], "an address proves nothing");
    wish["customer_token"] = "AZnEkTlqfTCbUjwfCm1-hA.3q2-7wAAAAA".into();
    shop.visit(&wish).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
    let thief = shop.visit(&shop.wish(&starts[2])).await.expect(201);
    wish["customer_token"] = thief["manage_token"].clone();
    let refused = shop.visit(&wish).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(pointers(&refused), ["#/customer_token"]);
    assert_eq!(left(&shop.owner, ana).await, (0, vec![5]));
    wish["customer_token"] = token.clone().into();
    let page = format!("{}/{token}/credits", shop.page());
    let could = shop.stranger.get(&page).await.expect(200);
    assert_eq!((&could["lots"][0]["package_id"], &could["lots"][0]["balance"]), (&json!(package), &5.into()));
    let booked = shop.visit(&wish).await.expect(201);
    assert_eq!(left(&shop.owner, ana).await, (0, vec![4]));
    // within the window: a day and more ahead
    let own = booked["manage_token"].as_str().unwrap();
    shop.own(own, "cancel", &json!({})).await.expect(200);
    assert_eq!(left(&shop.owner, ana).await, (0, vec![5]));
    assert_eq!(audit(&service, &shop.tenant).await, [5, 0, 0]);
    // nor is it the address that a member's own API would believe
    wish["start_at"] = starts[3].clone().into();
    wish.as_object_mut().unwrap().remove("customer_token");
    shop.stranger.key(&key()).post(BOOKINGS, &wish).await.refused(400, "TITHI_VALIDATION_ERROR");
}

#[tokio::test]
async fn a_series_is_paid_time_by_time_or_not_at_all() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let package = five(&shop).await;
    let (ana, _) = customer(&shop.owner).await;
    sell(&shop.owner, &package, ana).await;
    let starts = shop.starts(shop.tomorrow + Days::new(1)).await;
    let series = async |count: u32, at: usize| {
        let rrule = format!("FREQ=DAILY;COUNT={count}");
        let mut body = wish(&shop, &starts[at], ana, &json!({ "package": package }));
        body["rrule"] = rrule.into();
        shop.owner.key(&key()).post("/api/v1/booking-series", &body).await
    };
    series(6, 0).await.refused(409, "TITHI_CREDITS_INSUFFICIENT");
    assert_eq!(left(&shop.owner, ana).await, (0, vec![5]), "nothing was booked");
    let made = series(4, 0).await.expect(201);
    assert_eq!(left(&shop.owner, ana).await, (0, vec![1]));
    let path = format!("/api/v1/booking-series/{}/cancel", made["series"]["id"].as_str().unwrap());
    shop.owner.key(&key()).post(&path, &json!({})).await.expect(200);
    assert_eq!(left(&shop.owner, ana).await, (0, vec![5]), "each of them in time");
    assert_eq!(audit(&service, &shop.tenant).await, [5, 0, 0]);
}

#[tokio::test]
async fn what_was_used_goes_along_comes_back_in_time_and_is_forfeited_after_it() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let package = five(&shop).await;
    let (ana, _) = customer(&shop.owner).await;
    sell(&shop.owner, &package, ana).await;
    let day = shop.tomorrow + Days::new(3);
    let starts = shop.starts(day).await;
    let pay = json!({ "package": package });
    let book = async |at: usize| shop.book(&wish(&shop, &starts[at], ana, &pay)).await.expect(201);
    let (first, second) = (book(0).await, book(1).await);
    assert_eq!(left(&shop.owner, ana).await, (0, vec![3]));
    let moved = shop.act(&first, "reschedule", Some(&json!({"start_at": starts[4]}))).await.expect(201);
    assert_eq!(
        (&moved["covered_by"], left(&shop.owner, ana).await),
        (&"package".into(), (0, vec![3])),
        "it goes along"
    );
    let coverage = async |booking: &Value| {
        let path = format!("{BOOKINGS}/{}/coverage", booking["id"].as_str().unwrap());
        shop.owner.get(&path).await.expect(200)["status"].clone()
    };
    assert_eq!((coverage(&first).await, coverage(&moved).await), (Value::Null, "consumed".into()));
    let back = async |booking: &Value| {
        let path = format!("{BOOKINGS}/{}/coverage/give-back", booking["id"].as_str().unwrap());
        shop.owner.key(&key()).send(reqwest::Method::POST, &path, None).await
    };
    back(&moved).await.refused(409, "TITHI_BOOKING_INVALID_STATE");
    shop.act(&moved, "cancel", Some(&json!({}))).await.expect(200);
    assert_eq!((coverage(&moved).await, left(&shop.owner, ana).await), ("given_back".into(), (0, vec![4])));
    // less than a day before it begins
    let start: chrono::DateTime<chrono::Utc> = starts[1].parse().unwrap();
    service.clock.advance(start - TimeDelta::hours(2) - service.clock.now());
    let owner = service.owner_of(&shop.tenant).await;
    let path = format!("{BOOKINGS}/{}", second["id"].as_str().unwrap());
    owner.key(&key()).post(&format!("{path}/cancel"), &json!({})).await.expect(200);
    assert_eq!(owner.get(&format!("{path}/coverage")).await.expect(200)["status"], "forfeited");
    assert_eq!(left(&owner, ana).await, (0, vec![4]));
    let backs = join_all((0..6).map(|_| {
        let (owner, path) = (owner.key(&key()), format!("{path}/coverage/give-back"));
        async move { owner.send(reqwest::Method::POST, &path, None).await.expect(200)["status"].clone() }
    }))
    .await;
    assert!(backs.iter().all(|status| status == "given_back"), "{backs:?}");
    assert_eq!(left(&owner, ana).await, (0, vec![5]), "given back once");
    assert_eq!(audit(&service, &shop.tenant).await, [5, 0, 0]);
}
