//! A business is registered with its owner, its theme and its policies.
use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::json;

use super::{form, key, name, newcomer, register};
use crate::support::app::Service;
use crate::support::client::Client;

#[tokio::test]
async fn a_registered_business_is_live_at_once() {
    let service = Service::start().await;
    let owner = newcomer(&service).await;
    let name = name("Zoë's Hair");
    let wanted = format!("zoes-hair-{}", name.rsplit(' ').next().unwrap());
    // somebody asked before it was there, so that its absence is remembered
    Client::new(&service, "localhost").get(&format!("/v1/{wanted}/info")).await.refused(404, "TITHI_TENANT_NOT_FOUND");

    let mut body = form(&name);
    body["timezone"] = json!("Europe/Berlin");
    body["currency"] = json!("EUR");
    body["category"] = json!("Hair");
    body["logo"] = json!("https://cdn.example/zoe.png");
    body["policies"] = json!({"refund_policy": "None at all."});
    let answer = register(&owner, &body).await;
    let location = answer.header("location").to_owned();
    let made = answer.expect(201);
    assert_eq!(made["slug"], wanted);
    assert_eq!(made["subdomain"], wanted);
    assert_eq!(made["business_name"], name);
    assert_eq!((&made["status"], &made["is_existing"]), (&json!("active"), &json!(false)));
    assert_eq!(
        (&made["currency"], &made["locale"], &made["timezone"]),
        (&json!("EUR"), &json!("en_US"), &json!("Europe/Berlin"))
    );
    assert_eq!(location, format!("/api/v1/tenants/{}", made["id"].as_str().unwrap()));

    let public = service.visitor().get(&format!("/v1/{wanted}/info")).await.expect(200);
    assert_eq!(public["policies"]["refund_policy"], "None at all.");
    assert!(public["policies"]["cancellation_policy"].as_str().unwrap().contains("24 hours"));
    assert_eq!((&public["theme"]["version"], &public["no_show_fee_bps"]), (&json!(1), &json!(300)));
    let own = owner.get(&location).await.expect(200);
    assert_eq!((&own["email"], &own["contact_name"]), (&json!("hello@shop.example"), &json!("Olivia Hart")));

    let id: uuid::Uuid = made["id"].as_str().unwrap().parse().unwrap();
    let mut platform = service.platform().await;
    let codes: Vec<String> = sqlx::query_scalar("SELECT event_code FROM app.events_outbox WHERE tenant_id = $1")
        .bind(id)
        .fetch_all(&mut platform)
        .await
        .unwrap();
    assert_eq!(codes, ["TENANT_ONBOARDED"]);
    let mut audited: Vec<String> = sqlx::query_scalar(
        "SELECT table_name FROM app.audit_logs WHERE tenant_id = $1 AND operation = 'INSERT' AND user_id IS NOT NULL",
    )
    .bind(id)
    .fetch_all(&mut platform)
    .await
    .unwrap();
    audited.sort();
    assert_eq!(audited, ["branding", "memberships", "tenant_subscriptions", "tenants", "themes"]);
}

#[tokio::test]
async fn a_form_needs_a_login_a_key_and_its_fields() {
    let service = Service::start().await;
    let body = form(&name("Salon"));
    service.visitor().key(&key()).post("/onboarding/register", &body).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    let owner = newcomer(&service).await;
    owner.post("/onboarding/register", &body).await.refused(400, "TITHI_IDEMPOTENCY_KEY_MISSING");
    let problem =
        register(&owner, &json!({"business_name": " ", "unknown": 1})).await.refused(400, "TITHI_VALIDATION_ERROR");
    assert!(problem["errors"].as_array().unwrap().len() >= 4, "{problem}");

    let mut wrong = form(&name("Salon"));
    wrong["timezone"] = json!("Mars/Olympus");
    wrong["currency"] = json!("XXX");
    let problem = register(&owner, &wrong).await.refused(422, "TITHI_RULE_VIOLATION");
    let pointers: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].clone()).collect();
    assert_eq!(pointers, ["#/timezone", "#/currency"]);
}

#[tokio::test]
async fn the_same_owner_and_name_is_one_business() {
    let service = Service::start().await;
    let owner = newcomer(&service).await;
    let body = form(&name("Salon"));
    let first_key = key();
    let first = owner.key(&first_key).post("/onboarding/register", &body).await;
    assert_eq!(first.status.as_u16(), 201);

    let replay = owner.key(&first_key).post("/onboarding/register", &body).await;
    assert_eq!((replay.status.as_u16(), replay.header("idempotent-replayed")), (201, "true"));
    assert_eq!(replay.body, first.body);

    let again = register(&owner, &body).await.expect(200);
    assert_eq!((&again["is_existing"], &again["id"]), (&json!(true), &first.json()["id"]));
    let short = owner.post("/api/v1/tenants", &json!({"name": body["business_name"]})).await.expect(200);
    assert_eq!(short["id"], first.json()["id"]);

    let other = newcomer(&service).await;
    let theirs = register(&other, &body).await.expect(201);
    assert_ne!(theirs["id"], first.json()["id"]);
    assert_eq!(theirs["slug"], format!("{}-2", first.json()["slug"].as_str().unwrap()));
}

#[tokio::test]
async fn a_form_sent_twice_at_once_makes_one_business() {
    let service = Service::start().await;
    let owner = newcomer(&service).await;
    let body = form(&name("Salon"));
    let answers = join_all((0..6).map(|_| register(&owner, &body))).await;
    let ids: BTreeSet<_> = answers.iter().map(|answer| answer.json()["id"].to_string()).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 201).count(), 1);
}

#[tokio::test]
async fn twenty_of_one_name_get_twenty_slugs() {
    let service = Service::start().await;
    let body = form(&name("Salon"));
    let owners = join_all((0..20).map(|_| newcomer(&service))).await;
    let answers = join_all(owners.iter().map(|owner| register(owner, &body))).await;
    let slugs: BTreeSet<_> = answers.into_iter().map(|answer| answer.expect(201)["slug"].to_string()).collect();
    assert_eq!(slugs.len(), 20);
}

#[tokio::test]
async fn a_wish_is_given_or_refused() {
    let service = Service::start().await;
    let (first, second) = (newcomer(&service).await, newcomer(&service).await);
    let wish = format!("w{:012x}", rand::random::<u64>() >> 16);
    let with = |wish: &str| {
        let mut body = form(&name("Salon"));
        body["subdomain"] = json!(wish);
        body
    };
    assert_eq!(register(&first, &with(&wish)).await.expect(201)["slug"], wish);
    let problem = register(&second, &with(&wish)).await.refused(409, "TITHI_SLUG_TAKEN");
    let suggestions = problem["suggestions"].as_array().unwrap();
    assert_eq!(suggestions.len(), 5);
    assert_eq!(register(&second, &with(suggestions[0].as_str().unwrap())).await.expect(201)["slug"], suggestions[0]);

    for (wish, reason) in [("admin", "reserved"), ("ab", "length"), ("Not_a_label", "characters")] {
        let problem = register(&second, &with(wish)).await.refused(422, "TITHI_RULE_VIOLATION");
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!("#/subdomain"), &json!(reason))
        );
    }
}
