//! One decision about many bookings: all of it, or nothing.
use serde_json::{Value, json};

use super::{all_told, booked, everything, id, noted, post};
use crate::booking::{BOOKINGS, Shop, key};
use crate::catalogue::{audited, pointers};
use crate::support::app::Service;

const BULK: &str = "bulk-actions";

fn ids(bookings: &[Value]) -> Value {
    bookings.iter().map(|booking| booking["id"].clone()).collect()
}

#[tokio::test]
async fn all_are_confirmed_told_and_noted() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"requires_confirmation": true})).await;
    let bookings = booked(&shop, 3).await;
    let before = all_told(&service, &shop).await.len();
    let wanted = json!({"action": "confirm", "booking_ids": ids(&bookings)});
    let done = post(&shop.owner, BULK, &wanted).await.expect(200);
    assert_eq!(done["message"], "3 bookings were confirmed.");
    assert_eq!(
        (&done["updated_count"], &done["action"], &done["booking_ids"]),
        (&json!(3), &json!("confirm"), &ids(&bookings))
    );
    for booking in &bookings {
        let now = shop.owner.get(&format!("{BOOKINGS}/{}", id(booking))).await.expect(200);
        assert_eq!(now["status"], "confirmed");
        assert_eq!(
            audited(&service, &shop.tenant, "bookings", id(booking)).await,
            ["INSERT", "UPDATE", "BULK_CONFIRM"]
        );
    }
    let noted = noted(&service, &shop, "BULK_CONFIRM").await;
    assert_eq!(noted.len(), 3, "by the one who did it");
    assert_eq!(noted[0].1["booking_count"], 3);
    let told = all_told(&service, &shop).await.split_off(before);
    let codes: Vec<&str> = told.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["BOOKING_CONFIRMED", "BOOKING_CONFIRMED", "BOOKING_CONFIRMED", "BULK_BOOKING_ACTION"]);
    let bulk = &told[3].1;
    assert_eq!(
        (&bulk["action"], &bulk["booking_ids"], &bulk["updated_count"]),
        (&json!("confirm"), &ids(&bookings), &json!(3))
    );
    assert_eq!(bulk["bulk_id"], noted[0].1["bulk_id"]);
}

#[tokio::test]
async fn one_of_five_refused_changes_nothing() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"requires_confirmation": true})).await;
    let bookings = booked(&shop, 5).await;
    shop.act(&bookings[3], "cancel", Some(&json!({}))).await.expect(200);
    let before = everything(&service, &shop).await;
    for (action, data) in [
        ("confirm", Value::Null),
        ("cancel", json!({"reason": "Closed"})),
        ("reschedule", json!({"shift_minutes": 180})),
    ] {
        let wanted = json!({"action": action, "booking_ids": ids(&bookings), "action_data": data});
        let problem = post(&shop.owner, BULK, &wanted).await.refused(409, "TITHI_BOOKING_INVALID_STATE");
        assert_eq!(pointers(&problem), ["#/booking_ids/3"], "{action}");
        assert_eq!(problem["booking_id"], bookings[3]["id"], "{action}");
        assert_eq!(everything(&service, &shop).await, before, "{action}");
    }
}

#[tokio::test]
async fn bookings_of_another_business_are_not_there() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let (own, theirs) = (booked(&shop, 2).await, booked(&other, 1).await);
    let before = (everything(&service, &shop).await, everything(&service, &other).await);
    for stranger in [id(&theirs[0]).to_owned(), service.new_id().to_string()] {
        for (action, data) in [
            ("cancel", Value::Null),
            ("reschedule", json!({"shift_minutes": 60})),
            ("message", json!({"message": "Hello"})),
        ] {
            let wanted =
                json!({"action": action, "booking_ids": [own[0]["id"], stranger, own[1]["id"]], "action_data": data});
            let problem = post(&shop.owner, BULK, &wanted).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
            assert_eq!(pointers(&problem), ["#/booking_ids/1"], "{action}");
        }
    }
    assert_eq!((everything(&service, &shop).await, everything(&service, &other).await), before);
}

#[tokio::test]
async fn canceled_times_are_free_and_the_reason_is_kept() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"capacity": 3})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let mut bookings = Vec::new();
    for _ in 0..3 {
        bookings.push(shop.book(&shop.wish(&start)).await.expect(201));
    }
    assert!(!shop.starts(shop.tomorrow).await.contains(&start));
    let wanted =
        json!({"action": "cancel", "booking_ids": ids(&bookings), "action_data": {"reason": "The teacher is ill"}});
    post(&shop.owner, BULK, &wanted).await.expect(200);
    assert!(shop.starts(shop.tomorrow).await.contains(&start), "all seats were given back");
    for booking in &bookings {
        let now = shop.owner.get(&format!("{BOOKINGS}/{}", id(booking))).await.expect(200);
        assert_eq!((&now["status"], &now["cancel_reason"]), (&json!("canceled"), &json!("The teacher is ill")));
    }
}

#[tokio::test]
async fn a_repeat_and_the_old_spelling_do_nothing_twice() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"requires_confirmation": true})).await;
    let bookings = booked(&shop, 2).await;
    let wanted = json!({"action": "confirm", "booking_ids": ids(&bookings)});
    let once = shop.owner.key(&key());
    let first = once.post("/api/v1/admin/bookings/bulk-action", &wanted).await;
    assert_eq!(first.header("link"), "</api/v1/admin/bookings/bulk-actions>; rel=\"successor-version\"");
    let again = once.post("/api/v1/admin/bookings/bulk-actions", &wanted).await;
    assert_eq!((again.header("idempotent-replayed"), &again.body), ("true", &first.body));
    assert_eq!(noted(&service, &shop, "BULK_CONFIRM").await.len(), 2);
    post(&shop.owner, BULK, &wanted).await.refused(409, "TITHI_BOOKING_INVALID_STATE");
}

#[tokio::test]
async fn data_must_belong_to_the_action() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let one = service.new_id();
    let cases = [
        (json!({"action": "confirm", "booking_ids": [one], "action_data": {"reason": "x"}}), "#/action_data/reason"),
        (json!({"action": "cancel", "booking_ids": [one], "action_data": {"message": "x"}}), "#/action_data/message"),
        (json!({"action": "reschedule", "booking_ids": [one]}), "#/action_data/shift_minutes"),
        (
            json!({"action": "reschedule", "booking_ids": [one], "action_data": {"shift_minutes": 0}}),
            "#/action_data/shift_minutes",
        ),
        (
            json!({"action": "reschedule", "booking_ids": [one], "action_data": {"shift_minutes": 5, "start_at": {one.to_string(): "2026-03-02T09:30:00Z"}}}),
            "#/action_data/start_at",
        ),
        (
            json!({"action": "reschedule", "booking_ids": [one], "action_data": {"start_at": {service.new_id().to_string(): "2026-03-02T09:30:00Z"}}}),
            "#/action_data/start_at",
        ),
        (json!({"action": "message", "booking_ids": [one]}), "#/action_data/message"),
        (
            json!({"action": "message", "booking_ids": [one], "action_data": {"message": "x".repeat(2001)}}),
            "#/action_data/message",
        ),
        (json!({"action": "check_in", "booking_ids": [one]}), "#/action"),
        (json!({"action": "confirm", "booking_ids": []}), "#/booking_ids"),
        (json!({"action": "confirm", "booking_ids": [one, one]}), "#/booking_ids"),
        (json!({"action": "confirm", "booking_ids": vec![one; 101]}), "#/booking_ids"),
    ];
    for (wanted, pointer) in cases {
        let problem = post(&shop.owner, BULK, &wanted).await.refused(400, "TITHI_VALIDATION_ERROR");
        assert!(pointers(&problem).iter().any(|at| at == pointer), "{wanted}: {problem}");
    }
}

#[tokio::test]
async fn it_is_for_admins_who_may_change_bookings() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"requires_confirmation": true})).await;
    let bookings = booked(&shop, 1).await;
    let before = all_told(&service, &shop).await.len();
    let wanted = json!({"action": "confirm", "booking_ids": ids(&bookings)});
    let deprived = async |permission: &str| {
        sqlx::query("UPDATE app.memberships SET permissions_json = jsonb_build_object($3::text, false) WHERE tenant_id = $1 AND user_id = $2")
            .bind(shop.tenant.id.0)
            .bind(shop.tenant.admin.0)
            .bind(permission)
            .execute(&mut service.platform().await)
            .await
            .unwrap();
        service.admin_of(&shop.tenant).await
    };
    for client in [
        service.viewer_of(&shop.tenant).await,
        service.staff_of(&shop.tenant).await,
        deprived("booking.write").await,
        deprived("booking.admin").await,
    ] {
        post(&client, BULK, &wanted).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    }
    assert_eq!(all_told(&service, &shop).await.len(), before);
    assert!(noted(&service, &shop, "BULK_CONFIRM").await.is_empty());
}

#[tokio::test]
async fn two_decisions_at_once_are_made_one_after_the_other() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"requires_confirmation": true})).await;
    let bookings = booked(&shop, 8).await;
    let mut turned = bookings.clone();
    turned.reverse();
    let wanted = [&bookings, &turned].map(|order| json!({"action": "confirm", "booking_ids": ids(order)}));
    let attempts = (0..6).map(|number| post(&shop.owner, BULK, &wanted[number % 2]));
    let answers = futures_util::future::join_all(attempts.collect::<Vec<_>>()).await;
    let done = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
    assert_eq!(done, 1);
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 200 | 409)));
    assert_eq!(noted(&service, &shop, "BULK_CONFIRM").await.len(), 8);
}

/// Services in bulk are weighed as one is: what has bookings to come does not vanish by the way.
#[tokio::test]
async fn services_with_bookings_to_come_stay_active_unless_it_is_forced() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    booked(&shop, 1).await;
    let idle = json!({"name": "Colour", "duration_min": 60, "price_cents": 9000});
    let idle = crate::booking::made(&shop.owner, "/api/v1/services", &idle).await;
    let mut wanted = json!({"service_ids": [idle, shop.service_id], "update_fields": {"active": false}});
    let update = async |wanted: &Value| shop.owner.key(&key()).post("/api/v1/admin/services/bulk-update", wanted).await;
    let problem = update(&wanted).await;
    assert_eq!(problem.status.as_u16(), 409);
    let problem = problem.json();
    assert_eq!(
        (pointers(&problem), &problem["service_id"]),
        (vec!["#/service_ids/1".to_owned()], &json!(shop.service_id))
    );
    assert_eq!(shop.owner.get(&format!("/api/v1/services/{idle}")).await.expect(200)["active"], true);
    wanted["force"] = true.into();
    assert_eq!(update(&wanted).await.expect(200)["updated_count"], 2);
    assert_eq!(shop.owner.get(&format!("/api/v1/services/{idle}")).await.expect(200)["active"], false);
}
