//! Nobody is deleted or made unknown while the business waits for them, and nobody books for whom has left.
use futures_util::join;
use serde_json::{Value, json};

use crate::booking::{Shop, key};
use crate::catalogue::made;
use crate::support::app::Service;

const LEFT: &str = "TITHI_CUSTOMER_HAS_BOOKINGS";

async fn ana(shop: &Shop) -> String {
    let body = json!({"display_name": "Ana", "email": format!("{}@example.com", key())});
    format!("/api/v1/customers/{}", made(&shop.owner, "/api/v1/customers", &body).await)
}

fn wish(shop: &Shop, customer: &str, start: &str) -> Value {
    let id = customer.rsplit('/').next().unwrap();
    json!({"service_id": shop.service_id, "start_at": start, "customer_id": id})
}

#[tokio::test]
async fn bookings_ahead_are_counted() {
    let service = Service::start().await;
    let mut shop = Shop::open(&service, json!({})).await;
    let ana = ana(&shop).await;
    let starts = shop.starts(shop.tomorrow).await;
    let first = shop.book(&wish(&shop, &ana, &starts[0])).await.expect(201);
    let second = shop.book(&wish(&shop, &ana, &starts[1])).await.expect(201);
    let erase = format!("{ana}/pseudonymize");
    for bookings in [2, 1] {
        let refused = shop.owner.delete(&ana).await.refused(409, LEFT);
        assert_eq!(refused["bookings"], bookings);
        assert!(refused["detail"].as_str().unwrap().contains(&format!("{bookings} booking")), "{refused}");
        let refused = shop.owner.send(reqwest::Method::POST, &erase, None).await.refused(409, LEFT);
        assert_eq!(refused["bookings"], bookings);
        if bookings == 2 {
            shop.act(&first, "cancel", Some(&json!({}))).await.expect(200);
        }
    }
    // as long as it lasts, the visit is ahead; then it is over, whatever its state
    let end: chrono::DateTime<chrono::Utc> = second["end_at"].as_str().unwrap().parse().unwrap();
    service.clock.advance(end - chrono::TimeDelta::seconds(1) - service.clock.now());
    shop.owner = service.owner_of(&shop.tenant).await;
    shop.owner.delete(&ana).await.refused(409, LEFT);
    service.clock.advance(chrono::TimeDelta::seconds(1));
    shop.owner.delete(&ana).await.expect(204);
}

#[tokio::test]
async fn whoever_has_left_is_not_booked_for() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let (gone, erased) = (ana(&shop).await, ana(&shop).await);
    let start = shop.starts(shop.tomorrow).await.remove(0);
    shop.owner.delete(&gone).await.expect(204);
    shop.owner.send(reqwest::Method::POST, &format!("{erased}/pseudonymize"), None).await.expect(200);
    shop.book(&wish(&shop, &gone, &start)).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    shop.book(&wish(&shop, &erased, &start)).await.refused(422, "TITHI_REFERENCE_NOT_FOUND");
}

/// Both at once: either the booking stands and the customer stays, or the customer leaves and nothing is booked.
#[tokio::test]
async fn who_books_and_who_deletes_at_once_do_not_miss_each_other() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    for start in starts.iter().take(10) {
        let ana = ana(&shop).await;
        let wish = wish(&shop, &ana, start);
        let (booked, deleted) = join!(shop.book(&wish), shop.owner.delete(&ana));
        match (booked.status.as_u16(), deleted.status.as_u16()) {
            (201, 409) | (404 | 422, 204) => {}
            both => panic!("{both:?}: {} {}", booked.json(), deleted.json()),
        }
    }
}

/// The same, with the booking held where it has looked at the customer and not written yet.
#[tokio::test]
async fn a_booking_that_comes_second_sees_that_the_customer_left() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let ana = ana(&shop).await;
    let id: uuid::Uuid = ana.rsplit('/').next().unwrap().parse().unwrap();
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let mut leaving = service.platform().await;
    sqlx::raw_sql("BEGIN").execute(&mut leaving).await.unwrap();
    sqlx::query("UPDATE app.customers SET deleted_at = now() WHERE tenant_id = $1 AND id = $2")
        .bind(shop.tenant.id.0)
        .bind(id)
        .execute(&mut leaving)
        .await
        .unwrap();
    sqlx::query("SELECT FROM app.customers WHERE tenant_id = $1 AND id = $2 FOR UPDATE")
        .bind(shop.tenant.id.0)
        .bind(id)
        .execute(&mut leaving)
        .await
        .unwrap();
    let wish = wish(&shop, &ana, &start);
    let (booked, ()) = join!(shop.book(&wish), async {
        service.database.until_waiting("%INSERT INTO app.bookings%").await;
        sqlx::raw_sql("COMMIT").execute(&mut leaving).await.unwrap();
    });
    booked.refused(422, "TITHI_REFERENCE_NOT_FOUND");
    assert_eq!(shop.starts(shop.tomorrow).await[0], start, "and the time is free");
}
