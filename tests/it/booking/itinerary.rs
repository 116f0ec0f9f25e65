//! A visit of several services: found with its resources, booked whole or not at all.
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{BOOKINGS, Shop, key, made, overlaps};
use crate::support::app::Service;

const VISITS: &str = "/api/v1/booking-itineraries";
const SEARCH: &str = "/api/v1/availability/itineraries";

/// A service more, given by some of the resources.
async fn also(shop: &Shop, service: Value, resources: &[&str]) -> String {
    let mut wanted = json!({"name": "Colour", "duration_min": 60, "price_cents": 9000});
    wanted.as_object_mut().unwrap().extend(service.as_object().unwrap().clone());
    let id = made(&shop.owner, "/api/v1/services", &wanted).await;
    let given = json!({"resource_ids": resources});
    shop.owner.put(&format!("/api/v1/services/{id}/resources"), &given).await.expect(200);
    id
}

/// The question for services on the shop's day; `more` is added.
fn search(shop: &Shop, services: &[&str], more: Value) -> Value {
    let services: Vec<Value> = services.iter().map(|id| json!({"service_id": id})).collect();
    let (from, to) = (format!("{}T00:00:00Z", shop.tomorrow), format!("{}T23:59:00Z", shop.tomorrow));
    let mut search = json!({"services": services, "from": from, "to": to});
    search.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    search
}

/// What books an option.
pub fn visit(option: &Value) -> Value {
    let leg = |leg: &Value| {
        json!({"service_id": leg["service_id"], "start_at": leg["start"], "resource_id": leg["resource_id"],
               "with_resource_ids": leg["with_resource_ids"]})
    };
    let legs: Vec<Value> = option["legs"].as_array().unwrap().iter().map(leg).collect();
    let email = format!("{}@visitors.example", key());
    json!({"legs": legs, "customer": {"display_name": "Ana Torres", "email": email}})
}

fn idle(found: &Value) -> Vec<i64> {
    found["data"].as_array().unwrap().iter().map(|option| option["idle_min"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn the_least_idle_time_first_and_what_is_offered_is_booked() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({"buffer_after_min": 15})).await;
    let colour = also(&shop, json!({"interval_min": 30}), &[&shop.resources[0]]).await;
    let question = search(&shop, &[&shop.service_id, &colour], json!({"limit": 20}));
    let found = shop.owner.post(SEARCH, &question).await.expect(200);
    assert_eq!((idle(&found).len(), &found["truncated"]), (20, &json!(false)));
    assert!(idle(&found).is_sorted(), "{found}");
    let best = &found["data"][0];
    // the cut goes to whom the colour does not need: nobody waits
    assert_eq!(best["idle_min"], 0);
    assert_eq!(best["legs"][0]["resource_id"], json!(shop.resources[1]));
    assert_eq!(best["legs"][1]["resource_id"], json!(shop.resources[0]));
    assert_eq!((&best["total_cents"], &best["currency"]), (&json!(13_500), &json!("USD")));
    assert_eq!((&best["start"], &best["end"]), (&best["legs"][0]["start"], &best["legs"][1]["end"]));
    // alone with her, the buffer between the two counts
    let mut alone = question.clone();
    alone["services"][0]["resource_id"] = json!(shop.resources[0]);
    let found = shop.owner.post(SEARCH, &alone).await.expect(200);
    assert!(idle(&found).iter().all(|idle| *idle >= 15), "{found}");
    let answer = shop.owner.key(&key()).post(VISITS, &visit(best)).await.expect(201);
    let bookings = answer["bookings"].as_array().unwrap();
    for (booking, leg) in bookings.iter().zip(best["legs"].as_array().unwrap()) {
        assert_eq!((&booking["start_at"], &booking["end_at"]), (&leg["start"], &leg["end"]));
        assert_eq!(booking["resource_id"], leg["resource_id"]);
        assert_eq!(booking["customer_id"], bookings[0]["customer_id"]);
    }
    assert_eq!(answer["manage_tokens"], json!([]));
    let shared: (i64, i64) = sqlx::query_as(
        "SELECT count(*), count(DISTINCT itinerary_id) FROM app.bookings WHERE tenant_id = $1 AND itinerary_id = $2::uuid",
    )
    .bind(shop.tenant.id.0)
    .bind(answer["itinerary_id"].as_str().unwrap())
    .fetch_one(&mut service.platform().await)
    .await
    .unwrap();
    assert_eq!(shared, (2, 1));
    let told: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM app.events_outbox WHERE tenant_id = $1 AND event_code = 'BOOKING_ITINERARY_CREATED'",
    )
    .bind(shop.tenant.id.0)
    .fetch_one(&mut service.platform().await)
    .await
    .unwrap();
    assert_eq!(told, 1);
}

#[tokio::test]
async fn any_order_finds_what_the_given_one_does_not() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({})).await;
    let colour = also(&shop, json!({}), &[&shop.resources[1]]).await;
    // mornings only for the colour
    let rule = json!({"exception_date": shop.tomorrow, "resource_id": shop.resources[1], "is_available": true,
                      "start_time": "09:00", "end_time": "10:00"});
    shop.owner.post("/api/v1/availability/exceptions", &rule).await.expect(201);
    let rule = json!({"exception_date": shop.tomorrow, "resource_id": shop.resources[0], "is_available": true,
                      "start_time": "10:00", "end_time": "12:00"});
    shop.owner.post("/api/v1/availability/exceptions", &rule).await.expect(201);
    let mut question = search(&shop, &[&shop.service_id, &colour], json!({}));
    question["services"][0]["resource_id"] = json!(shop.resources[0]);
    assert_eq!(shop.owner.post(SEARCH, &question).await.expect(200)["data"], json!([]));
    question["order"] = json!("any");
    let found = shop.owner.post(SEARCH, &question).await.expect(200);
    assert_eq!(idle(&found), [0, 30]);
    assert_eq!(found["data"][0]["legs"][0]["service_id"], json!(colour));
    question["min_gap_min"] = json!(10);
    assert_eq!(idle(&shop.owner.post(SEARCH, &question).await.expect(200)), [30]);
}

#[tokio::test]
async fn a_visitor_books_a_visit_and_opens_each_part_again() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let colour = also(&shop, json!({}), &[&shop.resources[0]]).await;
    let question = search(&shop, &[&shop.service_id, &colour], json!({}));
    let (slug, page) = (&shop.tenant.slug, shop.page());
    let found = shop.stranger.post(&format!("/v1/b/{slug}/itineraries"), &question).await.expect(200);
    let wish = visit(&found["data"][0]);
    let made = shop.stranger.key(&key()).post(&format!("/v1/b/{slug}/booking-itineraries"), &wish).await.expect(201);
    for booking in made["bookings"].as_array().unwrap() {
        let token = booking["manage_token"].as_str().unwrap();
        assert_eq!(&shop.stranger.get(&format!("{page}/{token}")).await.expect(200), booking);
    }
    // on the business's own host
    let found = shop.stranger.post(SEARCH, &question).await.expect(200);
    let made = shop.stranger.key(&key()).post(VISITS, &visit(&found["data"][0])).await.expect(201);
    let tokens = made["manage_tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 2);
    for (token, booking) in tokens.iter().zip(made["bookings"].as_array().unwrap()) {
        let opened = shop.stranger.get(&format!("{page}/{}", token.as_str().unwrap())).await.expect(200);
        assert_eq!(opened["id"], booking["id"]);
        assert_eq!(booking["source"], "public");
    }
    let mut wish = visit(&found["data"][1]);
    wish["customer"] = json!(null);
    wish["customer_id"] = made["bookings"][0]["customer_id"].clone();
    let problem = shop.stranger.key(&key()).post(VISITS, &wish).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert_eq!(problem["errors"][0]["pointer"], "#/customer_id");
}

#[tokio::test]
async fn all_of_it_or_nothing_and_the_leg_is_named() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let colour = also(&shop, json!({}), &[&shop.resources[0]]).await;
    let question = search(&shop, &[&shop.service_id, &colour], json!({}));
    let found = shop.owner.post(SEARCH, &question).await.expect(200);
    let wish = visit(&found["data"][0]);
    shop.book(&shop.wish(wish["legs"][1]["start_at"].as_str().unwrap())).await.expect(201);
    let problem = shop.owner.key(&key()).post(VISITS, &wish).await.refused(409, "TITHI_BOOKING_CONFLICT");
    assert_eq!((&problem["leg"], &problem["reason"]), (&json!(1), &json!("booked")));
    assert!(!problem["next_free"].as_array().unwrap().is_empty());
    let seen = shop.owner.get(BOOKINGS).await.expect(200);
    assert_eq!(seen["data"].as_array().unwrap().len(), 1, "the first leg is not left behind");
    // in whatever order they are sent, the place is the request's
    let mut turned = wish.clone();
    turned["legs"].as_array_mut().unwrap().reverse();
    let problem = shop.owner.key(&key()).post(VISITS, &turned).await.refused(409, "TITHI_BOOKING_CONFLICT");
    assert_eq!(problem["leg"], 0);
    let mut at_once = wish.clone();
    at_once["legs"][1]["start_at"] = wish["legs"][0]["start_at"].clone();
    let problem = shop.owner.key(&key()).post(VISITS, &at_once).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(problem["leg"], 1);
    let mut one = wish.clone();
    one["legs"].as_array_mut().unwrap().pop();
    shop.owner.key(&key()).post(VISITS, &one).await.refused(400, "TITHI_VALIDATION_ERROR");
    let other = Shop::open(&service, json!({})).await;
    let problem = other.owner.key(&key()).post(VISITS, &wish).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
    assert_eq!(problem["leg"], 0);
    other.owner.post(SEARCH, &question).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
}

#[tokio::test]
async fn a_question_is_bounded() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let id = shop.service_id.as_str();
    let far = shop.tomorrow + chrono::Days::new(20);
    for (more, pointer) in [
        (json!({"to": format!("{far}T00:00:00Z")}), "#/to"),
        (json!({"to": format!("{}T00:00:00Z", shop.tomorrow)}), "#/to"),
        (json!({"min_gap_min": 40}), "#/min_gap_min"),
        (json!({"max_gap_min": 481}), "#/max_gap_min"),
        (json!({"limit": 21}), "#/limit"),
        (json!({"services": [{"service_id": id}]}), "#/services"),
    ] {
        let answer = shop.owner.post(SEARCH, &search(&shop, &[id, id], more)).await;
        assert_eq!(answer.refused(400, "TITHI_VALIDATION_ERROR")["errors"][0]["pointer"], pointer);
    }
    // five of a kind over two weeks of free days: cut short at the latest by the bound, and right
    let last = shop.tomorrow + chrono::Days::new(13);
    let five = json!({"to": format!("{last}T23:59:00Z"), "order": "any", "max_gap_min": 480});
    let begun = std::time::Instant::now();
    let found = shop.owner.post(SEARCH, &search(&shop, &[id; 5], five)).await.expect(200);
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    assert_eq!(idle(&found), [0; 5]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_one_has_it_whole() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({})).await;
    let colour = also(&shop, json!({}), &[&shop.resources[0]]).await;
    let question = search(&shop, &[&shop.service_id, &colour], json!({"order": "any"}));
    let found = shop.owner.post(SEARCH, &question).await.expect(200);
    let wish = visit(&found["data"][0]);
    let attempts = (0..12).map(|_| {
        let mut wish = wish.clone();
        wish["customer"]["email"] = format!("{}@visitors.example", key()).into();
        let caller = shop.stranger.key(&key());
        async move { caller.post(VISITS, &wish).await.status.as_u16() }
    });
    let mut codes = join_all(attempts).await;
    codes.sort_unstable();
    assert_eq!((codes[0], codes.iter().filter(|code| **code == 409).count()), (201, 11), "{codes:?}");
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM app.bookings WHERE tenant_id = $1")
        .bind(shop.tenant.id.0)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    assert_eq!(rows, 2);
}
