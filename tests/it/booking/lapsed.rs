//! Holds that have expired when somebody takes a time: what is in the way is ended, the rest is left to the round, and
//! nobody does the line's work for it.
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::hold::HOLDS;
use super::{Shop, key, made};
use crate::support::app::Service;

async fn wait(shop: &Shop, service_id: &str, from: &str, until: DateTime<Utc>) -> Value {
    let customer = json!({"display_name": "Ana Torres", "email": format!("{}@visitors.example", key())});
    let wish = json!({"service_id": service_id, "customer": customer, "from_at": from, "until_at": until});
    shop.stranger.post("/api/v1/waitlist", &wish).await.expect(201)
}

async fn held(shop: &Shop, service_id: &str, start: &str) -> Value {
    let wish = json!({"service_id": service_id, "start_at": start});
    shop.owner.key(&key()).post(HOLDS, &wish).await.expect(201)
}

/// How many are offered a time, and how many ended holds the line was not asked about yet.
async fn line(service: &Service, shop: &Shop) -> (i64, i64) {
    sqlx::query_as(
        "SELECT (SELECT count(*) FROM app.waitlist_entries WHERE tenant_id = $1 AND status = 'offered'),
                (SELECT count(*) FROM app.booking_holds WHERE tenant_id = $1 AND offer_due)",
    )
    .bind(shop.tenant.id.0)
    .fetch_one(&mut service.platform().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn who_takes_a_time_does_little_of_the_lines_work_and_the_round_does_the_rest() {
    let service = Service::alone().await;
    let shop = Shop::open(&service, json!({"capacity": 40})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    for _ in 0..12 {
        held(&shop, &shop.service_id, &start).await;
    }
    let after = start.parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(1);
    for _ in 0..15 {
        wait(&shop, &shop.service_id, &start, after).await;
        service.clock.advance(TimeDelta::milliseconds(1));
    }
    assert_eq!(line(&service, &shop).await, (0, 0), "seats that are free are nobody's to be offered");
    service.clock.advance(TimeDelta::minutes(16));
    shop.visit(&shop.wish(&start)).await.expect(201);
    let (offered, due) = line(&service, &shop).await;
    assert!(offered <= 5 && due >= 6, "{offered} offered, {due} left for the round");
    tithi::jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(line(&service, &shop).await, (15, 0));
}

#[tokio::test]
async fn what_is_not_in_the_way_waits_for_the_round() {
    let service = Service::alone().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let (first, other) =
        (held(&shop, &shop.service_id, &starts[0]).await, held(&shop, &shop.service_id, &starts[4]).await);
    service.clock.advance(TimeDelta::minutes(16));
    shop.visit(&shop.wish(&starts[0])).await.expect(201);
    let status = async |hold: &Value| -> String {
        sqlx::query_scalar("SELECT status FROM app.booking_holds WHERE id = $1::uuid")
            .bind(hold["id"].as_str().unwrap())
            .fetch_one(&mut service.platform().await)
            .await
            .unwrap()
    };
    assert_eq!((status(&first).await, status(&other).await), ("expired".to_owned(), "held".to_owned()));
    tithi::jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(status(&other).await, "expired");
}

/// What lapses before the first leg is not offered away before the last one is placed.
#[tokio::test]
async fn a_visit_has_what_lapsed_before_the_line_has() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let long = json!({"name": "Colour", "duration_min": 60, "price_cents": 9000});
    let long = made(&shop.owner, "/api/v1/services", &long).await;
    let given = json!({"resource_ids": shop.resources});
    shop.owner.put(&format!("/api/v1/services/{long}/resources"), &given).await.expect(200);
    held(&shop, &long, &starts[0]).await;
    let second: DateTime<Utc> = starts[1].parse().unwrap();
    let entry = wait(&shop, &shop.service_id, &starts[1], second + TimeDelta::minutes(1)).await;
    service.clock.advance(TimeDelta::minutes(16));
    let legs: Vec<Value> =
        starts[..2].iter().map(|start| json!({"service_id": shop.service_id, "start_at": start})).collect();
    let customer = json!({"display_name": "Ana Torres", "email": "ana@visitors.example"});
    let visit = json!({"legs": legs, "customer": customer});
    let made = shop.stranger.key(&key()).post("/api/v1/booking-itineraries", &visit).await.expect(201);
    assert_eq!(made["bookings"].as_array().unwrap().len(), 2);
    let path = format!("/api/v1/waitlist/{}", entry["entry_token"].as_str().unwrap());
    assert_eq!(shop.stranger.get(&path).await.expect(200)["status"], "waiting");
}
