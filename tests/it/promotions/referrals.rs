//! Who brings whom along, and what both get for it.
use ::entity::ids::CustomerId;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{COUPONS, key};
use crate::booking::Shop;
use crate::catalogue::pointers;
use crate::loyalty::accounts;
use crate::support::app::Service;

const REFERRALS: &str = "/api/v1/promotions/referrals";

/// Books as the public; gives the booking as staff see it, its token and who booked.
async fn visit(shop: &Shop, at: usize, email: &str, code: Option<&str>) -> (Value, String, CustomerId) {
    let start = shop.starts(shop.tomorrow).await.remove(at);
    let mut wish = shop.wish(&start);
    wish["customer"]["email"] = email.into();
    if let Some(code) = code {
        wish["referral_code"] = code.into();
    }
    let booked = shop.visit(&wish).await.expect(201);
    let token = booked["manage_token"].as_str().unwrap().to_owned();
    let booking = shop.owner.get(&format!("/api/v1/bookings/{}", booked["id"].as_str().unwrap())).await.expect(200);
    let customer = CustomerId(booking["customer_id"].as_str().unwrap().parse().unwrap());
    (booking, token, customer)
}

async fn code(shop: &Shop, token: &str) -> String {
    let path = format!("{}/{token}/referral-code", shop.page());
    let told = shop.stranger.key(&key()).send(reqwest::Method::POST, &path, None).await.expect(200);
    told["code"].as_str().unwrap().to_owned()
}

async fn settle(shop: &Shop, reward: &str, referrer: i64, referee: i64) {
    let body = json!({"enabled": true, "reward": reward, "referrer_reward": referrer, "referee_reward": referee, "valid_days": 30});
    shop.owner.put(&format!("{REFERRALS}/settings"), &body).await.expect(200);
}

async fn complete(shop: &Shop, booking: &Value) {
    shop.act(booking, "check-in", None).await.expect(200);
    // of all who do it at once one does, and both are rewarded once
    let answers = join_all((0..4).map(|_| shop.act(booking, "complete", None))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 200).count(), 1);
}

async fn referrals(shop: &Shop) -> Vec<Value> {
    shop.owner.get(REFERRALS).await.expect(200)["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn both_are_rewarded_once_when_the_first_booking_took_place() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    settle(&shop, "credits", 5, 3).await;
    let (_, ana_token, ana) = visit(&shop, 0, "ana@example.com", None).await;
    let ana_code = code(&shop, &ana_token).await;
    assert_eq!(code(&shop, &ana_token).await, ana_code, "the same for good");
    let asked = json!({"customer_id": ana});
    assert_eq!(shop.owner.post(&format!("{REFERRALS}/codes"), &asked).await.expect(200)["code"], ana_code.as_str());
    let (first, _, ben) = visit(&shop, 1, "ben@example.com", Some(&ana_code.to_lowercase())).await;
    let (second, _, _) = visit(&shop, 2, "ben@example.com", None).await;
    let claimed = referrals(&shop).await;
    assert_eq!((claimed.len(), &claimed[0]["status"], &claimed[0]["reward"]), (1, &"claimed".into(), &Value::Null));
    let credits = async |customer: CustomerId| {
        shop.owner.get(&format!("/api/v1/credits?customer_id={customer}")).await.expect(200)["balance"]
            .as_i64()
            .unwrap()
    };
    assert_eq!((credits(ana).await, credits(ben).await), (0, 0), "nothing before it took place");
    complete(&shop, &first).await;
    complete(&shop, &second).await;
    assert_eq!((credits(ana).await, credits(ben).await), (5, 3));
    let rewarded = referrals(&shop).await;
    let told = (&rewarded[0]["status"], &rewarded[0]["referrer_reward"], &rewarded[0]["referee_reward"]);
    assert_eq!(told, (&"rewarded".into(), &5.into(), &3.into()));
}

#[tokio::test]
async fn points_and_coupons_are_rewards_too() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let (_, token, ana) = visit(&shop, 0, "ana@example.com", None).await;
    let ana_code = code(&shop, &token).await;
    settle(&shop, "points", 200, 100).await;
    let (first, _, ben) = visit(&shop, 1, "ben@example.com", Some(&ana_code)).await;
    complete(&shop, &first).await;
    let points = async |customer: CustomerId| {
        shop.owner.get(&accounts(&customer.to_string())).await.expect(200)["points_balance"].as_i64().unwrap()
    };
    assert_eq!((points(ana).await, points(ben).await), (200, 145), "and what the booking earned");
    settle(&shop, "coupon_percent", 1000, 0).await;
    let (first, _, _) = visit(&shop, 2, "eva@example.com", Some(&ana_code)).await;
    complete(&shop, &first).await;
    let coupons = shop.owner.get(COUPONS).await.expect(200);
    let all = coupons["data"].as_array().unwrap();
    assert_eq!(all.len(), 1, "0 is nothing");
    assert_eq!((&all[0]["customer_id"], &all[0]["percent_bps"]), (&json!(ana), &1000.into()));
    assert_eq!((&all[0]["max_redemptions"], all[0]["ends_at"].is_null()), (&1.into(), false));
    let wrong = json!({"enabled": true, "reward": "coupon_percent", "referrer_reward": 10001, "referee_reward": 0});
    shop.owner.put(&format!("{REFERRALS}/settings"), &wrong).await.refused(422, "TITHI_RULE_VIOLATION");
}

#[tokio::test]
async fn nobody_brings_themselves_nor_who_was_here_before() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let (_, token, _) = visit(&shop, 0, "ana@example.com", None).await;
    let ana_code = code(&shop, &token).await;
    // the business gives nothing yet
    visit(&shop, 1, "early@example.com", Some(&ana_code)).await;
    settle(&shop, "points", 200, 100).await;
    let start = shop.starts(shop.tomorrow).await.remove(3);
    let mut wish = shop.wish(&start);
    wish["referral_code"] = "NOBODYHASIT".into();
    let refused = shop.visit(&wish).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(pointers(&refused), ["#/referral_code"]);
    // told apart from nothing: who is known here is nobody's business
    visit(&shop, 4, "ana@example.com", Some(&ana_code)).await;
    visit(&shop, 5, "early@example.com", Some(&ana_code)).await;
    assert!(referrals(&shop).await.is_empty());
}
