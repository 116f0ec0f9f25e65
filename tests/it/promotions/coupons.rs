//! The life of a coupon.
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{COUPONS, customer, traces};
use crate::catalogue::{audited, ids, made, pointers, told};
use crate::support::app::Service;

#[tokio::test]
async fn a_coupon_is_made_read_changed_and_deleted() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let cut = made(&admin, "/api/v1/services", &crate::catalogue::a_service("Cut")).await;
    let body = json!({"code": "Spring-10", "percent_bps": 1000, "max_redemptions": 3, "service_ids": [cut, cut]});
    let answer = admin.post(COUPONS, &body).await;
    let (location, tag) = (answer.header("location").to_owned(), answer.header("etag").to_owned());
    let first = answer.expect(201);
    let id = first["id"].as_str().unwrap().to_owned();
    assert_eq!(
        (&first["code"], &first["kind"], &first["currency"]),
        (&"Spring-10".into(), &"percent".into(), &"USD".into())
    );
    assert_eq!(
        (&first["service_ids"], &first["redeemed"], &first["amount_cents"]),
        (&json!([cut]), &0.into(), &Value::Null)
    );
    let read = admin.get(&location).await;
    assert_eq!(read.header("etag"), tag);
    assert_eq!(read.expect(200), first);
    assert_eq!(admin.get(COUPONS).await.expect(200)["data"][0], first);

    let again = json!({"code": "sPRING-10", "amount_cents": 500});
    let refused = admin.post(COUPONS, &again).await.refused(409, "TITHI_CONFLICT");
    assert_eq!(pointers(&refused), ["#/code"]);
    let changed = json!({"name": "Spring", "max_redemptions": null, "service_ids": []});
    let changed = admin.patch(&location, &changed).await.expect(200);
    assert_eq!(
        (&changed["name"], &changed["max_redemptions"], &changed["service_ids"]),
        (&"Spring".into(), &Value::Null, &json!([]))
    );
    admin.clone().with("if-match", &tag).patch(&location, &json!({})).await.refused(412, "TITHI_PRECONDITION_FAILED");
    admin.patch(&location, &json!({"code": "OTHER"})).await.refused(400, "TITHI_VALIDATION_ERROR");

    admin.delete(&location).await.expect(204);
    admin.get(&location).await.refused(404, "TITHI_COUPON_NOT_FOUND");
    admin.post(COUPONS, &again).await.expect(201);
    assert_eq!(audited(&service, &tenant, "coupons", &id).await, ["INSERT", "UPDATE", "UPDATE"]);
    let codes: Vec<String> = told(&service, &tenant, &id).await.into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["COUPON_CREATED", "COUPON_UPDATED", "COUPON_DELETED"]);
    assert!(!traces(&service, &tenant).await.to_lowercase().contains("spring-10"), "no code is logged or told");
}

#[tokio::test]
async fn a_coupon_says_one_thing_and_what_can_be() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let now = service.clock.now();
    let none = service.new_id();
    for (wrong, status, pointer) in [
        (json!({"code": "TEN"}), 400, "#/percent_bps"),
        (json!({"code": "TEN", "percent_bps": 1, "amount_cents": 1}), 400, "#/amount_cents"),
        (json!({"code": "T N", "percent_bps": 1}), 400, "#/code"),
        (json!({"code": "TEN", "percent_bps": 10001}), 400, "#/percent_bps"),
        (json!({"code": "TEN", "percent_bps": 1, "starts_at": now, "ends_at": now}), 422, "#/ends_at"),
        (json!({"code": "TEN", "percent_bps": 1, "service_ids": [none]}), 422, "#/service_ids"),
    ] {
        let answer = admin.post(COUPONS, &wrong).await;
        assert_eq!(answer.status.as_u16(), status, "{wrong}: {}", answer.json());
        assert_eq!(pointers(&answer.json()), [pointer], "{wrong}");
    }
    let strange = json!({"code": "TEN", "percent_bps": 1, "customer_id": none});
    admin.post(COUPONS, &strange).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    assert!(ids(&admin.get(COUPONS).await.expect(200)).is_empty());
}

#[tokio::test]
async fn a_code_is_tried_and_tells_why_not() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let staff = service.staff_of(&tenant).await;
    let admin = service.admin_of(&tenant).await;
    let (ana, ben) = (customer(&admin).await, customer(&admin).await);
    let cut = made(&admin, "/api/v1/services", &crate::catalogue::a_service("Cut")).await;
    let now = service.clock.now();
    for body in [
        json!({"code": "TEN", "percent_bps": 1000}),
        json!({"code": "YEN", "percent_bps": 1250, "currency": "JPY"}),
        json!({"code": "DINAR", "amount_cents": 1500, "currency": "KWD"}),
        json!({"code": "CUT", "amount_cents": 500, "service_ids": [cut]}),
        json!({"code": "ANA", "amount_cents": 500, "customer_id": ana}),
        json!({"code": "LARGE", "amount_cents": 500, "min_amount_cents": 5000}),
        json!({"code": "OFF", "amount_cents": 500, "active": false}),
        json!({"code": "LATER", "amount_cents": 500, "starts_at": now + TimeDelta::hours(1)}),
    ] {
        admin.post(COUPONS, &body).await.expect(201);
    }
    let trial = |mut body: Value| {
        let staff = staff.clone();
        async move {
            if body["amount_cents"].is_null() {
                body["amount_cents"] = 4599.into();
            }
            let verdict = staff.post(&format!("{COUPONS}/validate"), &body).await.expect(200);
            assert_eq!(verdict["valid"], verdict["reason"].is_null());
            assert_eq!(
                verdict["total_cents"],
                body["amount_cents"].as_i64().unwrap() - verdict["discount_cents"].as_i64().unwrap()
            );
            (verdict["discount_cents"].as_i64().unwrap(), verdict["reason"].as_str().unwrap_or("").to_owned())
        }
    };
    let told = |cents: i64, reason: &str| (cents, reason.to_owned());
    assert_eq!(trial(json!({"code": "ten"})).await, told(460, ""), "rounded half away from zero");
    assert_eq!(trial(json!({"code": "YEN", "currency": "JPY"})).await, told(575, ""));
    assert_eq!(trial(json!({"code": "YEN"})).await, told(0, "other_currency"));
    assert_eq!(trial(json!({"code": "DINAR", "currency": "KWD"})).await, told(1500, ""));
    assert_eq!(trial(json!({"code": "DINAR", "currency": "KWD", "amount_cents": 900})).await, told(900, ""));
    assert_eq!(trial(json!({"code": "CUT"})).await, told(0, "not_for_this_service"));
    assert_eq!(trial(json!({"code": "CUT", "service_id": cut})).await, told(500, ""));
    assert_eq!(trial(json!({"code": "ANA", "customer_id": ana})).await, told(500, ""));
    assert_eq!(trial(json!({"code": "ANA", "customer_id": ben})).await, told(0, "not_for_this_customer"));
    assert_eq!(trial(json!({"code": "LARGE"})).await, told(0, "below_minimum"));
    assert_eq!(trial(json!({"code": "OFF"})).await, told(0, "inactive"));
    assert_eq!(trial(json!({"code": "LATER"})).await, told(0, "not_yet"));
    assert_eq!(trial(json!({"code": "NONE"})).await, told(0, "unknown"));
    let page = format!("/v1/b/{}/coupons/validate", tenant.slug);
    let seen = service.stranger(&tenant).post(&page, &json!({"code": "TEN", "amount_cents": 1000})).await.expect(200);
    assert_eq!(seen["discount_cents"], 100);
}
