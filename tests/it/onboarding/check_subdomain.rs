//! Is a subdomain free, and what would be.
use serde_json::{Value, json};

use crate::support::app::Service;

async fn check(service: &Service, subdomain: &str) -> Value {
    service.visitor().get(&format!("/onboarding/check-subdomain/{subdomain}")).await.expect(200)
}

#[tokio::test]
async fn every_reason_is_named() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let long = "a".repeat(64);
    for (subdomain, reason) in [
        (tenant.slug.as_str(), "taken"),
        ("admin", "reserved"),
        ("ab", "length"),
        (&long, "length"),
        ("a_b_c", "characters"),
        ("-abc", "characters"),
    ] {
        let answer = check(&service, subdomain).await;
        assert_eq!((&answer["available"], &answer["reason"]), (&json!(false), &json!(reason)), "{subdomain}");
        let suggestions = answer["suggestions"].as_array().unwrap();
        assert_eq!(suggestions.len(), 5, "{subdomain}");
        let first = suggestions[0].as_str().unwrap();
        assert!(answer["suggested_url"].as_str().unwrap().contains(&format!("://{first}.localhost")));
    }
}

#[tokio::test]
async fn a_free_one_is_free_in_any_case() {
    let service = Service::start().await;
    let free = format!("f{:012x}", rand::random::<u64>() >> 16);
    let answer = check(&service, &free.to_uppercase()).await;
    assert_eq!((&answer["subdomain"], &answer["available"]), (&json!(free), &json!(true)));
    assert_eq!((&answer["reason"], &answer["suggestions"]), (&Value::Null, &json!([])));
    assert!(answer["suggested_url"].as_str().unwrap().starts_with(&format!("http://{free}.localhost")));
}

#[tokio::test]
async fn what_is_suggested_is_free() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let first = check(&service, &tenant.slug).await["suggestions"][0].as_str().unwrap().to_owned();
    let mut platform = service.platform().await;
    sqlx::query("INSERT INTO app.tenants (id, slug, name) VALUES ($1, $2, 'Neighbour')")
        .bind(service.new_id())
        .bind(&first)
        .execute(&mut platform)
        .await
        .unwrap();
    let again = check(&service, &tenant.slug).await;
    assert!(!again["suggestions"].as_array().unwrap().contains(&json!(first)), "{again}");
    for suggestion in again["suggestions"].as_array().unwrap() {
        assert_eq!(check(&service, suggestion.as_str().unwrap()).await["available"], true);
    }
}

#[tokio::test]
async fn typing_too_fast_is_slowed_down() {
    let service = Service::with(&["--limit-check", "3/60"]).await;
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(service.visitor().get("/onboarding/check-subdomain/anything").await.status.as_u16());
    }
    assert_eq!(codes, [200, 200, 200, 429]);
}
