//! Memberships: each period paid, in the member's own months.
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tithi::jobs;

use super::{PURCHASES, audit, customer, id, left};
use crate::booking::key;
use crate::catalogue::{made, told};
use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::people::Tenant;

const MEMBERSHIPS: &str = "/api/v1/memberships";

/// Moves the clock to an instant, and gives whoever owns the business then.
async fn at(service: &Service, tenant: &Tenant, when: DateTime<Utc>) -> Client {
    service.clock.advance(when - service.clock.now());
    service.owner_of(tenant).await
}

async fn act(owner: &Client, membership: &Value, verb: &str, body: Option<Value>) -> crate::support::client::Answer {
    let path = format!("{MEMBERSHIPS}/{}/{verb}", id(membership));
    owner.key(&key()).send(reqwest::Method::POST, &path, body.as_ref()).await
}

async fn join(owner: &Client, plan: Value, customer: ::entity::ids::CustomerId, with: &str) -> Value {
    let plan = made(owner, &format!("{MEMBERSHIPS}/plans"), &plan).await;
    let body = json!({"customer_id": customer, "plan_id": plan, "paid_with": with, "timezone": "Europe/Berlin"});
    owner.key(&key()).post(MEMBERSHIPS, &body).await.expect(201)
}

fn ends(membership: &Value) -> DateTime<Utc> {
    membership["period_ends"].as_str().unwrap().parse().unwrap()
}

/// Pays at the counter for the period that waits.
async fn pay(owner: &Client, customer: ::entity::ids::CustomerId) -> Value {
    let waiting = owner.get(&format!("{PURCHASES}?customer_id={customer}&status=pending")).await.expect(200);
    let path = format!("{PURCHASES}/{}/settle", id(&waiting["data"][0]));
    owner.key(&key()).post(&path, &json!({"paid_with": "cash"})).await.expect(200)
}

#[tokio::test]
async fn each_period_is_a_purchase_and_carries_over_what_the_plan_says() {
    let service = Service::alone().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let (ana, _) = customer(&owner).await;
    let plan = json!({"name": "Eight", "quantity": 8, "price_cents": 9900, "carry_over_cap": 2});
    let member = join(&owner, plan, ana, "payment").await;
    assert_eq!((&member["status"], &member["period_ends"]), (&"pending".into(), &Value::Null));
    pay(&owner, ana).await;
    let path = format!("{MEMBERSHIPS}/{}", id(&member));
    let member = owner.get(&path).await.expect(200);
    assert_eq!((&member["status"], &member["period"]), (&"active".into(), &0.into()));
    assert_eq!(left(&owner, ana).await, (8, vec![]));
    let first_end = ends(&member);
    jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(owner.get(&path).await.expect(200)["period"], 0, "nothing is due");

    let owner = at(&service, &tenant, first_end).await;
    assert_eq!(left(&owner, ana).await, (0, vec![]), "over, until the round comes by");
    jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(left(&owner, ana).await, (2, vec![]), "what goes over, and nothing that is not paid");
    let member = owner.get(&path).await.expect(200);
    assert_eq!(member["period"], 1);
    assert!(ends(&member) > first_end + TimeDelta::days(27));
    pay(&owner, ana).await;
    assert_eq!(left(&owner, ana).await, (10, vec![]));
    assert_eq!(audit(&service, &tenant).await, [16, 0, 6]);

    // nobody pays for the third one
    let owner = at(&service, &tenant, ends(&member)).await;
    jobs::keep_house(&service.app).await.unwrap();
    let member = owner.get(&path).await.expect(200);
    assert_eq!((&member["period"], left(&owner, ana).await.0), (&2.into(), 2));
    let owner = at(&service, &tenant, ends(&member)).await;
    jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(owner.get(&path).await.expect(200)["status"], "ended");
    let purchases = owner.get(&format!("{PURCHASES}?customer_id={ana}")).await.expect(200);
    let states: Vec<&str> =
        purchases["data"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap()).collect();
    assert_eq!(states, ["canceled", "paid", "paid"]);
    jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(audit(&service, &tenant).await, [16, 0, 16], "what was left has expired");
    let codes: Vec<String> =
        told(&service, &tenant, &id(&member).to_string()).await.into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["CREATED", "BEGUN", "RENEWED", "RENEWED", "ENDED"].map(|what| format!("MEMBERSHIP_{what}")));
}

#[tokio::test]
async fn a_pause_takes_nothing_of_a_period() {
    let service = Service::alone().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let (ana, _) = customer(&owner).await;
    let package = made(&owner, super::PACKAGES, &json!({"name": "Cuts", "sessions": 1, "price_cents": 1})).await;
    let plan = json!({"name": "Two", "quantity": 2, "package_id": package, "price_cents": 9900});
    let member = join(&owner, plan, ana, "cash").await;
    let before = ends(&member);
    assert_eq!(left(&owner, ana).await, (0, vec![2]));
    act(&owner, &member, "resume", None).await.refused(409, "TITHI_CONFLICT");
    let paused_at = service.clock.now() + TimeDelta::days(10);
    let owner = at(&service, &tenant, paused_at).await;
    act(&owner, &member, "pause", None).await.expect(200);
    act(&owner, &member, "pause", None).await.refused(409, "TITHI_CONFLICT");
    let owner = at(&service, &tenant, paused_at + TimeDelta::days(100)).await;
    jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(audit(&service, &tenant).await, [2, 0, 0], "no clock, no end");
    let resumed = act(&owner, &member, "resume", None).await.expect(200);
    let after = ends(&resumed);
    assert!(after >= before + TimeDelta::days(100) && after <= before + TimeDelta::days(101) + TimeDelta::hours(2));
    assert_eq!(left(&owner, ana).await, (0, vec![2]));
    let owner = at(&service, &tenant, after).await;
    jobs::keep_house(&service.app).await.unwrap();
    let next = owner.get(&format!("{MEMBERSHIPS}/{}", id(&member))).await.expect(200);
    assert_eq!((&next["period"], left(&owner, ana).await.1), (&1.into(), vec![2]), "all of it goes over");
    assert!(ends(&next) > after + TimeDelta::days(27));
}

#[tokio::test]
async fn who_cancels_keeps_what_is_paid() {
    let service = Service::alone().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let (ana, ben) = (customer(&owner).await.0, customer(&owner).await.0);
    let plan = json!({"name": "Eight", "quantity": 8, "price_cents": 9900});
    let member = join(&owner, plan.clone(), ana, "cash").await;
    let canceled = act(&owner, &member, "cancel", Some(json!({}))).await.expect(200);
    assert_eq!((&canceled["status"], &canceled["ends_then"]), (&"active".into(), &true.into()));
    let other = join(&owner, plan, ben, "payment").await;
    let now = Some(json!({"at": "now"}));
    assert_eq!(act(&owner, &other, "cancel", now.clone()).await.expect(200)["status"], "ended");
    act(&owner, &other, "cancel", now).await.refused(409, "TITHI_CONFLICT");
    assert_eq!(left(&owner, ana).await, (8, vec![]));
    let owner = at(&service, &tenant, ends(&member)).await;
    jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(owner.get(&format!("{MEMBERSHIPS}/{}", id(&member))).await.expect(200)["status"], "ended");
    jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(audit(&service, &tenant).await, [8, 0, 8]);
}
