//! What is paid for, with the sandbox as the provider: setups, first payments, changes, and calls that get lost.
use chrono::TimeDelta;
use serde_json::{Value, json};
use tithi::jobs::keep_house;
use tithi::ports::payments::sandbox::{FaultRule, Trouble};

use super::{anew, at, codes, standing};
use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::people::Tenant;
use crate::support::stripe::KEY;

/// A business whose trial is over, and its owner.
async fn late(service: &Service) -> (Tenant, Client) {
    let tenant = service.tenant().await;
    service.clock.advance(TimeDelta::days(15));
    let owner = service.owner_of(&tenant).await;
    (tenant, owner)
}

/// The owner goes through a setup with a card, as their browser does with the provider.
async fn set_up(service: &Service, tenant: &Tenant, owner: &Client, card: &str) -> Value {
    let path = at(tenant, "billing/setup");
    let begun = anew(owner).post(&path, &json!({})).await.expect(200);
    let setup = begun["setup_id"].as_str().unwrap();
    let confirmed = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .post(format!("{}v1/setup_intents/{setup}/confirm", service.stripe.url()))
        .bearer_auth(KEY)
        .header("idempotency-key", setup)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("payment_method={card}"))
        .send()
        .await
        .unwrap();
    assert!(confirmed.status().is_success(), "{}", confirmed.text().await.unwrap());
    anew(owner).post(&path, &json!({"setup_id": setup})).await.expect(200)
}

#[tokio::test]
async fn whoever_has_set_up_a_card_buys_and_changes() {
    let service = Service::alone().await;
    let (tenant, owner) = late(&service).await;
    assert_eq!(set_up(&service, &tenant, &owner, "pm_card_visa").await["saved"], true);
    let path = at(&tenant, "subscription");
    let bought = anew(&owner).put(&path, &json!({"plan": "starter"})).await.expect(200);
    assert_eq!((&bought["state"], &bought["provider_status"]), (&json!("active"), &json!("active")));
    assert_eq!((&bought["entitled"], &bought["limits"]["max_users"]), (&json!(true), &json!(10)));
    service.clock.advance(TimeDelta::days(10));
    let owner = service.owner_of(&tenant).await;
    let preview = owner.post(&at(&tenant, "subscription/preview"), &json!({"plan": "professional"})).await.expect(200);
    let due = preview["due_now_cents"].as_i64().unwrap();
    assert!(due > 0 && due < 14_900 && preview["lines"].as_array().unwrap().len() == 2, "{preview}");
    let changed = anew(&owner).put(&path, &json!({"plan": "professional"})).await.expect(200);
    assert_eq!((&changed["plan"]["tier"], &changed["price_cents"]), (&json!("professional"), &json!(14_900)));
    assert_eq!(service.stripe.objects("", "sub_").len(), 1);
    assert_eq!(owner.get("/api/v1/billing").await.expect(200)["has_payment_method"], true);
    // what was previewed is what was billed
    anew(&owner).post(&at(&tenant, "payments"), &json!(null)).await.expect(200);
    let bills = owner.get(&at(&tenant, "invoices")).await.expect(200);
    let amounts: Vec<i64> =
        bills["data"].as_array().unwrap().iter().map(|bill| bill["amount_paid_cents"].as_i64().unwrap()).collect();
    assert!(amounts.contains(&due) && amounts.contains(&4_900), "{amounts:?}");
    assert_eq!(codes(&service, tenant.id.0, None).await.len(), 2);
}

#[tokio::test]
async fn a_first_payment_that_fails_is_paid_later() {
    let service = Service::alone().await;
    let (tenant, owner) = late(&service).await;
    set_up(&service, &tenant, &owner, "pm_card_chargeCustomerFail").await;
    let bought = anew(&owner).put(&at(&tenant, "subscription"), &json!({"plan": "starter"})).await.expect(200);
    assert_eq!((&bought["provider_status"], &bought["entitled"]), (&json!("incomplete"), &json!(false)));
    let paid = anew(&owner).post(&at(&tenant, "payments"), &json!(null)).await.expect(200);
    assert_eq!((&paid["data"][0]["status"], &paid["data"][0]["amount_paid_cents"]), (&json!("paid"), &json!(4_900)));
    assert_eq!(standing(&owner, &tenant).await, ("active".into(), true));
    let again = anew(&owner).post(&at(&tenant, "payments"), &json!(null)).await.expect(200);
    assert_eq!(again["data"], json!([]), "nothing is owed any more");
}

/// The call has its effect and its answer is lost: the round asks again with the same key.
#[tokio::test]
async fn s02_a_purchase_whose_answer_is_lost_is_made_once() {
    let service = Service::alone().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    service.stripe.trouble(FaultRule::every(Trouble::DropAfter).of("POST /v1/subscriptions"));
    let path = at(&tenant, "subscription");
    let lost = anew(&owner).put(&path, &json!({"plan": "starter"})).await;
    lost.refused(502, "TITHI_PAYMENT_STRIPE_ERROR");
    let shown = owner.get(&path).await.expect(200);
    assert_eq!((&shown["pending_plan"], &shown["plan"]["tier"]), (&json!("starter"), &json!("professional")));
    anew(&owner).put(&path, &json!({"plan": "enterprise"})).await.refused(409, "TITHI_CONFLICT");
    service.stripe.calm();
    keep_house(&service.app).await.unwrap();
    assert_eq!(owner.get(&path).await.expect(200)["pending_plan"], "starter", "it may still be under way");
    service.clock.advance(TimeDelta::minutes(3));
    keep_house(&service.app).await.unwrap();
    let owner = service.owner_of(&tenant).await;
    let healed = owner.get(&path).await.expect(200);
    assert_eq!((&healed["pending_plan"], &healed["plan"]["tier"]), (&Value::Null, &json!("starter")));
    assert_eq!(healed["state"], "paid_subscription");
    assert_eq!(service.stripe.objects("", "sub_").len(), 1);
    let keys: std::collections::BTreeSet<_> =
        service.stripe.calls_of("POST /v1/subscriptions").into_iter().map(|call| call.key).collect();
    assert_eq!(keys.len(), 1, "{keys:?}");
}
