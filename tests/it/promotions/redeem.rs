//! Coupons with payments: reserved with one, released when it fails, and never more of them than there are.
use futures_util::future::join_all;
use serde_json::json;
use tithi::domains::promotions::{self, CouponUse, Discount};
use tithi::error::Code;

use super::{COUPONS, customer, money, scope};
use crate::catalogue::{made, told};
use crate::support::app::Service;
use crate::support::people::Tenant;

/// Quotes and redeems in a transaction of its own, as a payment does. Answers the reason of a refusal.
async fn pay(
    service: &Service,
    tenant: &Tenant,
    code: &str,
    by: ::entity::ids::CustomerId,
    payment: uuid::Uuid,
) -> Result<i64, String> {
    let scope = scope(service, tenant);
    let wanted = CouponUse { customer: by, service: None, amount: money(4500, "USD"), at: scope.now() };
    let done = async {
        let discount = promotions::coupon_quote(&scope, code, &wanted).await?;
        promotions::coupon_redeem(&scope, &discount, payment, None).await?;
        Ok::<_, tithi::error::ApiError>(discount.amount.minor)
    };
    match done.await {
        Ok(off) => {
            scope.commit().await.unwrap();
            Ok(off)
        }
        Err(error) => {
            scope.roll_back().await;
            assert_eq!(error.code(), Code::CouponInvalid, "{error}");
            Err(error.extra()["reason"].as_str().unwrap().to_owned())
        }
    }
}

#[tokio::test]
async fn of_forty_at_once_on_a_limit_of_five_exactly_five_redeem() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let id = made(&owner, COUPONS, &json!({"code": "FIVE", "percent_bps": 1000, "max_redemptions": 5})).await;
    let people = join_all((0..8).map(|_| customer(&owner))).await;
    let tries = (0..40).map(|at| pay(&service, &tenant, "five", people[at % 8], service.new_id()));
    let answers = join_all(tries).await;
    let reasons: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    assert_eq!((answers.len() - reasons.len(), reasons.len()), (5, 35));
    assert!(reasons.iter().all(|reason| *reason == "used_up"), "{reasons:?}");
    let coupon = owner.get(&format!("{COUPONS}/{id}")).await.expect(200);
    assert_eq!(coupon["redeemed"], 5);
    let rows = owner.get(&format!("{COUPONS}/{id}/redemptions?include_total=true")).await.expect(200);
    assert_eq!(rows["total"], 5);
    let below = owner.patch(&format!("{COUPONS}/{id}"), &json!({"max_redemptions": 4})).await;
    below.refused(422, "TITHI_RULE_VIOLATION");
}

#[tokio::test]
async fn one_customer_at_once_redeems_as_often_as_each_may() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    made(&owner, COUPONS, &json!({"code": "TWICE", "amount_cents": 500, "max_per_customer": 2})).await;
    let ana = customer(&owner).await;
    let answers = join_all((0..20).map(|_| pay(&service, &tenant, "TWICE", ana, service.new_id()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 2);
    assert!(answers.iter().filter_map(|answer| answer.as_ref().err()).all(|reason| reason == "used_before"));
    assert_eq!(pay(&service, &tenant, "TWICE", customer(&owner).await, service.new_id()).await, Ok(500));
}

#[tokio::test]
async fn a_payment_redeems_once_and_gives_back_once() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let id = made(&owner, COUPONS, &json!({"code": "ONCE", "amount_cents": 500, "max_redemptions": 1})).await;
    let (ana, payment) = (customer(&owner).await, service.new_id());
    let quoted = scope(&service, &tenant);
    let wanted = CouponUse { customer: ana, service: None, amount: money(300, "USD"), at: quoted.now() };
    let discount: Discount = promotions::coupon_quote(&quoted, "once", &wanted).await.unwrap();
    assert_eq!(discount.amount, money(300, "USD"), "no more than is to be paid");
    quoted.roll_back().await;
    for _ in 0..2 {
        let again = scope(&service, &tenant);
        promotions::coupon_redeem(&again, &discount, payment, None).await.unwrap();
        again.commit().await.unwrap();
    }
    let redeemed = async || owner.get(&format!("{COUPONS}/{id}")).await.expect(200)["redeemed"].as_i64().unwrap();
    assert_eq!(redeemed().await, 1);
    assert_eq!(pay(&service, &tenant, "ONCE", ana, service.new_id()).await, Err("used_up".into()));
    let releases = (0..5).map(|_| async {
        let scope = scope(&service, &tenant);
        promotions::coupon_release(&scope, payment).await.unwrap();
        scope.commit().await.unwrap();
    });
    join_all(releases).await;
    assert_eq!(redeemed().await, 0);
    assert_eq!(pay(&service, &tenant, "ONCE", ana, payment).await, Ok(500), "the payment is tried again");
    let codes: Vec<String> = told(&service, &tenant, &id).await.into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["COUPON_CREATED", "COUPON_REDEEMED", "COUPON_RELEASED", "COUPON_REDEEMED"]);
}

#[tokio::test]
async fn a_first_visit_is_the_first_one_only() {
    let service = Service::start().await;
    let shop = crate::booking::Shop::open(&service, json!({})).await;
    let body = json!({"code": "HELLO", "percent_bps": 5000, "first_visit_only": true});
    made(&shop.owner, COUPONS, &body).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let booking = shop.visit(&shop.wish(&start)).await.expect(201);
    let booking = shop.owner.get(&format!("/api/v1/bookings/{}", booking["id"].as_str().unwrap())).await.expect(200);
    let ana = ::entity::ids::CustomerId(booking["customer_id"].as_str().unwrap().parse().unwrap());
    let payment = service.new_id();
    assert_eq!(pay(&service, &shop.tenant, "HELLO", ana, payment).await, Ok(2250), "booked, and never there yet");
    assert_eq!(pay(&service, &shop.tenant, "HELLO", ana, service.new_id()).await, Err("first_visit_only".into()));
    let release = scope(&service, &shop.tenant);
    promotions::coupon_release(&release, payment).await.unwrap();
    release.commit().await.unwrap();
    shop.act(&booking, "check-in", None).await.expect(200);
    assert_eq!(pay(&service, &shop.tenant, "HELLO", ana, service.new_id()).await, Err("first_visit_only".into()));
}
