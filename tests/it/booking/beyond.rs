//! Times that are not listed: any time for the front desk, somebody else's only on purpose.
use serde_json::{Value, json};

use super::{BOOKINGS, Shop, key};
use crate::support::app::Service;

#[tokio::test]
async fn the_desk_books_any_time_but_nobody_elses() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"limits": [{"per": "day", "max_bookings": 1}]})).await;
    let staff = service.staff_of(&shop.tenant).await;
    // 06:07 in New York: closed, and off the grid
    let early = format!("{}T11:07:00Z", shop.tomorrow);
    let mut wish = shop.wish(&early);
    staff.key(&key()).post(BOOKINGS, &wish).await.refused(409, "TITHI_SLOT_UNAVAILABLE");
    wish["override"] = "any_time".into();
    shop.stranger.key(&key()).post(BOOKINGS, &wish).await.refused(400, "TITHI_VALIDATION_ERROR");
    let booking = staff.key(&key()).post(BOOKINGS, &wish).await.expect(201);
    assert_eq!(
        (&booking["start_at"], &booking["overbooked"]),
        (&json!(format!("{}T11:07:00.000000Z", shop.tomorrow)), &json!(false))
    );
    // whoever looks later sees that it was on purpose: in the booking, in the log, and in what is told
    assert_eq!(booking["unlisted"], true);
    let told = "SELECT (SELECT new_data -> 'unlisted' FROM app.audit_logs WHERE tenant_id = $1 AND record_id = $2 AND operation = 'INSERT'),
                       (SELECT payload -> 'unlisted' FROM app.events_outbox WHERE aggregate_id = $2 AND event_code = 'BOOKING_CREATED')";
    let id: uuid::Uuid = booking["id"].as_str().unwrap().parse().unwrap();
    let query = sqlx::query_as(told).bind(shop.tenant.id.0).bind(id);
    let told: (Value, Value) = query.fetch_one(&mut service.platform().await).await.unwrap();
    assert_eq!(told, (json!(true), json!(true)));
    let mut over = shop.wish(&format!("{}T11:20:00Z", shop.tomorrow));
    over["override"] = "any_time".into();
    staff.key(&key()).post(BOOKINGS, &over).await.refused(409, "TITHI_BOOKING_CONFLICT");
}

#[tokio::test]
async fn over_somebody_elses_time_books_who_may_and_the_log_knows() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let first = shop.book(&shop.wish(&start)).await.expect(201);
    let mut wish = shop.wish(&start);
    wish["override"] = "overbook".into();
    let staff = service.staff_of(&shop.tenant).await;
    staff.key(&key()).post(BOOKINGS, &wish).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    let second = shop.book(&wish).await.expect(201);
    assert_eq!((&second["overbooked"], &second["unlisted"]), (&json!(true), &json!(true)));
    assert_eq!(first["unlisted"], false);
    let logged: Vec<Value> = sqlx::query_scalar(
        "SELECT new_data -> 'overbooked' FROM app.audit_logs
         WHERE tenant_id = $1 AND table_name = 'bookings' AND operation = 'INSERT' AND user_id IS NOT NULL
         ORDER BY created_at",
    )
    .bind(shop.tenant.id.0)
    .fetch_all(&mut service.platform().await)
    .await
    .unwrap();
    assert_eq!(logged, [json!(false), json!(true)]);
    // the first goes, the second still has the time: nobody is booked over it unasked
    shop.act(&first, "cancel", Some(&json!({}))).await.expect(200);
    assert!(!shop.starts(shop.tomorrow).await.contains(&start));
    shop.book(&shop.wish(&start)).await.refused(409, "TITHI_BOOKING_CONFLICT");
}

#[tokio::test]
async fn what_is_listed_is_listed_however_freely_it_was_asked_for() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let mut wish = shop.wish(&start);
    wish["override"] = "any_time".into();
    let booking = shop.book(&wish).await.expect(201);
    assert_eq!(booking["unlisted"], false);
    let away = json!({"start_at": format!("{}T11:07:00Z", shop.tomorrow), "override": "any_time"});
    let moved = shop.act(&booking, "reschedule", Some(&away)).await.expect(201);
    assert_eq!((&moved["unlisted"], &moved["overbooked"]), (&json!(true), &json!(false)));
}
