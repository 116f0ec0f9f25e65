//! Messages: queued for those who can be written to, never said to be sent.
use serde_json::{Value, json};

use super::{all_told, booked, everything, id, noted, post};
use crate::booking::Shop;
use crate::catalogue::pointers;
use crate::support::app::Service;

const SEND: &str = "send-message";

async fn without_address(service: &Service, shop: &Shop, booking: &Value, change: &str) {
    sqlx::query(sqlx::AssertSqlSafe(format!("UPDATE app.customers SET {change} WHERE tenant_id = $1 AND id = $2")))
        .bind(shop.tenant.id.0)
        .bind(booking["customer_id"].as_str().unwrap().parse::<uuid::Uuid>().unwrap())
        .execute(&mut service.platform().await)
        .await
        .unwrap();
}

#[tokio::test]
async fn each_customer_with_an_address_has_one_queued() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let bookings = booked(&shop, 3).await;
    without_address(&service, &shop, &bookings[1], "email = NULL, email_normalized = NULL").await;
    without_address(&service, &shop, &bookings[2], "deleted_at = now()").await;
    let before = all_told(&service, &shop).await.len();
    let ids: Vec<&str> = bookings.iter().map(id).collect();
    let wanted = json!({"booking_ids": ids, "subject": "Another door", "message": "Please use the one in the yard."});
    let answer = post(&shop.owner, SEND, &wanted).await.expect(202);
    let skipped = json!([
        {"booking_id": ids[1], "reason": "no_address"}, {"booking_id": ids[2], "reason": "customer_deleted"},
    ]);
    assert_eq!(answer, json!({"queued": 1, "skipped": skipped}));
    let told = all_told(&service, &shop).await.split_off(before);
    assert_eq!(told.len(), 1);
    let (code, payload) = &told[0];
    assert_eq!(code, "BOOKING_MESSAGE_REQUESTED");
    assert_eq!((&payload["booking_id"], &payload["customer_id"]), (&bookings[0]["id"], &bookings[0]["customer_id"]));
    assert_eq!((&payload["subject"], &payload["message"]), (&wanted["subject"], &wanted["message"]));
    assert!(!payload.to_string().contains('@'), "the address is looked up when it is sent");
    let noted = noted(&service, &shop, "SEND_MESSAGE").await;
    assert_eq!(noted.len(), 1);
    assert!(!noted[0].1.to_string().contains("yard"), "the log keeps no letters");

    // the same among the actions
    let wanted = json!({"action": "message", "booking_ids": ids, "action_data": {"message": "See you"}});
    let done = post(&shop.owner, "bulk-actions", &wanted).await.expect(200);
    assert_eq!((&done["message"], &done["updated_count"]), (&json!("1 message was queued."), &json!(1)));
    assert_eq!(done["skipped"], skipped);
    assert!(!done.to_string().contains("sent"));
}

#[tokio::test]
async fn those_who_pass_a_filter_are_meant() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let bookings = booked(&shop, 4).await;
    shop.act(&bookings[0], "cancel", Some(&json!({}))).await.expect(200);
    let queued = async |filter: Value| {
        let wanted = json!({"filter": filter, "message": "Hello"});
        post(&shop.owner, SEND, &wanted).await.expect(202)["queued"].as_u64().unwrap()
    };
    assert_eq!(queued(json!({"status": ["confirmed"]})).await, 3);
    assert_eq!(queued(json!({})).await, 4);
    assert_eq!(
        queued(
            json!({"start_date": shop.tomorrow, "end_date": shop.tomorrow, "customer_id": bookings[1]["customer_id"]})
        )
        .await,
        1
    );
    assert_eq!(queued(json!({"service_id": service.new_id()})).await, 0);
    let other = Shop::open(&service, json!({})).await;
    let theirs = json!({"filter": {"service_id": shop.service_id}, "message": "Hello"});
    assert_eq!(post(&other.owner, SEND, &theirs).await.expect(202)["queued"], 0);
}

#[tokio::test]
async fn a_filter_that_lets_too_many_pass_is_refused() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    booked(&shop, 1).await;
    let sql = "INSERT INTO app.bookings (tenant_id, id, customer_id, service_id, resource_id, start_at, end_at, booking_tz, status, source, currency)
               SELECT b.tenant_id, gen_random_uuid(), b.customer_id, b.service_id, b.resource_id, b.start_at + n * interval '1 hour',
                      b.end_at + n * interval '1 hour', b.booking_tz, 'completed', 'import', b.currency
               FROM app.bookings b, generate_series(1, 500) AS n WHERE b.tenant_id = $1";
    sqlx::query(sql).bind(shop.tenant.id.0).execute(&mut service.platform().await).await.unwrap();
    let before = everything(&service, &shop).await;
    let problem =
        post(&shop.owner, SEND, &json!({"filter": {}, "message": "Hello"})).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(pointers(&problem), ["#/filter"]);
    assert_eq!(everything(&service, &shop).await, before);
    let few = json!({"filter": {"status": ["completed"]}, "message": "Hello"});
    assert_eq!(post(&shop.owner, SEND, &few).await.expect(202)["queued"], 500);
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let (own, theirs) = (booked(&shop, 1).await, booked(&other, 1).await);
    let before = everything(&service, &shop).await;
    let mixed = json!({"booking_ids": [id(&own[0]), id(&theirs[0])], "message": "Hello"});
    let problem = post(&shop.owner, SEND, &mixed).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
    assert_eq!(pointers(&problem), ["#/booking_ids/1"]);
    for (wanted, pointer) in [
        (json!({"message": "Hello"}), "#/booking_ids"),
        (json!({"booking_ids": [id(&own[0])], "filter": {}, "message": "Hello"}), "#/filter"),
        (json!({"booking_ids": [id(&own[0])], "message": " "}), "#/message"),
        (json!({"booking_ids": [id(&own[0])], "message": "x".repeat(2001)}), "#/message"),
    ] {
        let problem = post(&shop.owner, SEND, &wanted).await.refused(400, "TITHI_VALIDATION_ERROR");
        assert_eq!(pointers(&problem), [pointer]);
    }
    for client in [service.viewer_of(&shop.tenant).await, service.staff_of(&shop.tenant).await] {
        post(&client, SEND, &json!({"booking_ids": [id(&own[0])], "message": "Hello"}))
            .await
            .refused(403, "TITHI_AUTH_FORBIDDEN");
    }
    assert_eq!(everything(&service, &shop).await, before);
}
