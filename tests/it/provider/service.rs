//! The sandbox inside the service: beside its doors, open to this machine, and only where it is asked for.
use std::sync::Arc;

use secrecy::ExposeSecret;
use serde_json::Value;
use tithi::ports::payments::sandbox::PREFIX;

use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::database::Database;

#[tokio::test]
async fn it_lies_below_its_prefix_and_only_in_its_mode() {
    let service = Service::build(Database::shared().await, &["--payments", "sandbox"], None).await;
    assert!(!service.app.payments.live());
    let anybody = Client::new(&service, "localhost");
    let refused = anybody.get(&format!("{PREFIX}/v1/payment_intents")).await;
    assert_eq!(refused.status, 401, "not without its key");
    assert_eq!(refused.json()["error"]["type"], "invalid_request_error");
    assert_eq!(anybody.clone().bearer("sk_test_guessed").get(&format!("{PREFIX}/v1/customers")).await.status, 401);
    let passed_on = anybody.clone().with("x-forwarded-for", "203.0.113.7").get(&format!("{PREFIX}/v1/customers")).await;
    assert_eq!(passed_on.status, 404, "nor through a proxy");
    let page = anybody.get(&format!("{PREFIX}/pay/platform/cs_test_none")).await;
    assert_eq!(page.status, 404);
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    assert_eq!(anybody.get(&format!("{PREFIX}/style.css")).await.status, 200);
    let [secret] = service.app.webhook_secrets.as_slice() else { panic!("one secret of its own") };
    assert!(secret.expose_secret().starts_with("whsec_") && secret.expose_secret().len() > 40);

    let other = Service::start().await;
    assert!(other.app.sandbox.is_none());
    let nothing = Client::new(&other, "localhost").get(&format!("{PREFIX}/style.css")).await;
    assert_eq!(nothing.status, 404);
    assert_eq!(nothing.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn off_takes_no_cards() {
    let service = Service::build(Database::shared().await, &["--payments", "off"], None).await;
    let refused = service.app.payments.intent(None, "pi_1").await;
    assert!(matches!(refused, Err(tithi::ports::payments::ProviderError::Forbidden { .. })), "{refused:?}");
    assert_eq!(service.app.payments.name(), "off");
    assert!(Arc::strong_count(&service.app.payments) >= 1);
}

#[test]
fn s18_no_operation_takes_a_card_number() {
    let text = include_str!("../../../fixtures/openapi/openapi-3.1.json");
    let document: Value = serde_json::from_str(text).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert!(schemas.len() > 50, "the test looks in the wrong place");
    for (name, schema) in schemas {
        for property in schema["properties"].as_object().into_iter().flat_map(|all| all.keys()) {
            let taken = ["card_number", "pan", "cvc", "cvv", "cvv2", "security_code", "track_data"];
            assert!(!taken.contains(&property.as_str()), "{name} takes {property}");
        }
    }
}
