//! Services with several seats.
use futures_util::future::join_all;
use serde_json::json;

use super::{Shop, overlaps};
use crate::support::app::Service;

#[tokio::test]
async fn of_forty_at_once_five_sit() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"capacity": 5})).await;
    let slot = shop.free(shop.tomorrow).await.remove(0);
    assert_eq!(slot["seats_left"], 5);
    let start = slot["start"].as_str().unwrap();
    let wishes: Vec<_> = (0..40).map(|_| shop.wish(start)).collect();
    let answers = join_all(wishes.iter().map(|wish| shop.visit(wish))).await;
    let mut sitting = 0;
    for answer in answers {
        match answer.status.as_u16() {
            201 => sitting += 1,
            _ => drop(answer.refused(409, "TITHI_BOOKING_CONFLICT")),
        }
    }
    let (sessions, taken): (i64, i64) =
        sqlx::query_as("SELECT count(*), sum(taken) FROM app.class_sessions WHERE tenant_id = $1")
            .bind(shop.tenant.id.0)
            .fetch_one(&mut service.platform().await)
            .await
            .unwrap();
    assert_eq!((sitting, sessions, taken), (5, 1, 5));
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
    assert!(!shop.starts(shop.tomorrow).await.contains(&start.to_owned()), "a full class is not listed");
}

#[tokio::test]
async fn a_party_takes_its_seats_and_gives_them_back() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"capacity": 5})).await;
    let start = shop.starts(shop.tomorrow).await.remove(2);
    let party = |size: u32| {
        let mut wish = shop.wish(&start);
        wish["attendee_count"] = size.into();
        wish
    };
    let three = shop.visit(&party(3)).await.expect(201);
    assert_eq!(three["total_amount_cents"], 3 * 4500);
    let left = |slots: &[serde_json::Value]| {
        slots.iter().find(|slot| slot["start"] == *start).map(|slot| slot["seats_left"].clone())
    };
    assert_eq!(left(&shop.free(shop.tomorrow).await), Some(json!(2)));
    shop.visit(&party(3)).await.refused(409, "TITHI_BOOKING_CONFLICT");
    shop.visit(&party(2)).await.expect(201);
    assert_eq!(left(&shop.free(shop.tomorrow).await), None);
    shop.act(&three, "cancel", Some(&json!({}))).await.expect(200);
    assert_eq!(left(&shop.free(shop.tomorrow).await), Some(json!(3)));
    shop.visit(&party(3)).await.expect(201);

    let problem = shop.visit(&party(6)).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(problem["errors"][0]["pointer"], "#/attendee_count");
}

#[tokio::test]
async fn an_emptied_class_lets_its_room_go() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"capacity": 5, "interval_min": 15})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let booking = shop.visit(&shop.wish(&starts[0])).await.expect(201);
    assert!(!shop.starts(shop.tomorrow).await.contains(&starts[1]), "a quarter of an hour into the class");
    shop.act(&booking, "cancel", Some(&json!({}))).await.expect(200);
    assert_eq!(shop.starts(shop.tomorrow).await, starts);
    shop.visit(&shop.wish(&starts[1])).await.expect(201);
    // the emptied class would overlap the new one
    shop.visit(&shop.wish(&starts[0])).await.refused(409, "TITHI_BOOKING_CONFLICT");
    assert_eq!(overlaps(&service, &shop.tenant).await, 0);
}

/// The last one leaves and somebody joins at the same time: the class has its room again, or another booking would
/// be put on top of it.
#[tokio::test]
async fn who_joins_while_the_last_one_leaves_holds_the_room() {
    let service = Service::alone().await;
    let shop = Shop::open(&service, json!({"capacity": 5})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    shop.visit(&shop.wish(&start)).await.expect(201);
    let mut leaving = service.platform().await;
    for step in [
        "BEGIN",
        "UPDATE app.bookings SET status = 'canceled'",
        "UPDATE app.class_sessions SET taken = 0",
        "UPDATE app.booking_allocations SET state = 'canceled'",
    ] {
        sqlx::raw_sql(step).execute(&mut leaving).await.unwrap();
    }
    let wish = shop.wish(&start);
    let left = async {
        service.database.until_waiting("%INSERT INTO app.class_sessions%").await;
        sqlx::raw_sql("COMMIT").execute(&mut leaving).await.unwrap();
    };
    let (joined, ()) = tokio::join!(shop.visit(&wish), left);
    joined.expect(201);
    let held: (String, i32) = sqlx::query_as(
        "SELECT a.state, c.taken FROM app.booking_allocations a JOIN app.class_sessions c ON c.id = a.class_session_id",
    )
    .fetch_one(&mut leaving)
    .await
    .unwrap();
    assert_eq!(held, ("confirmed".to_owned(), 1));
}

#[tokio::test]
async fn an_emptied_class_ends_when_its_service_does_now() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"capacity": 5})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let booking = shop.visit(&shop.wish(&start)).await.expect(201);
    shop.act(&booking, "cancel", Some(&json!({}))).await.expect(200);
    let longer = json!({"duration_min": 60});
    shop.owner.patch(&format!("/api/v1/services/{}", shop.service_id), &longer).await.expect(200);
    shop.visit(&shop.wish(&start)).await.expect(201);
    let agree: bool = sqlx::query_scalar(
        "SELECT c.end_at - c.start_at = interval '1 hour' AND c.end_at = b.end_at
         FROM app.class_sessions c JOIN app.bookings b ON b.class_session_id = c.id AND b.status = 'confirmed'
         WHERE c.tenant_id = $1",
    )
    .bind(shop.tenant.id.0)
    .fetch_one(&mut service.platform().await)
    .await
    .unwrap();
    assert!(agree);
}
