//! What the process needs before it can speak to the provider.
use std::time::Duration;

use secrecy::SecretString;
use tithi::config::PaymentMode;
use tithi::ports::payments::stripe::Stripe;
use tithi::ports::payments::{Call, NewCustomer, Provider, ProviderError};

use crate::support::app::settings;

fn faults(flags: &[&str]) -> Vec<&'static str> {
    settings(flags).validate().into_iter().map(|fault| fault.setting).collect()
}

#[tokio::test]
async fn tls_needs_nothing_installed_and_two_providers_do_no_harm() {
    // a port that nobody listens on, reached by TLS: it fails as a call, it does not panic
    let port =
        Stripe::new("https://127.0.0.1:9/".into(), &SecretString::from("sk_test_x"), Duration::from_secs(1)).unwrap();
    let lost = port.create_customer(Call { account: None, key: "k" }, &NewCustomer::default()).await;
    assert!(matches!(lost, Err(ProviderError::Unknown { .. })), "{lost:?}");
    let _ = rustls::crypto::ring::default_provider().install_default();
    assert!(
        Stripe::new("https://127.0.0.1:9/".into(), &SecretString::from("sk_test_x"), Duration::from_secs(1)).is_ok()
    );
}

#[test]
fn a_live_key_is_known_and_a_key_is_never_shown() {
    let stripe =
        |key: &str| Stripe::new("http://localhost/".into(), &SecretString::from(key), Duration::from_secs(1)).unwrap();
    assert!(stripe("sk_live_abc").live() && stripe("rk_live_abc").live());
    assert!(!stripe("sk_test_abc").live());
    assert!(!format!("{:?}", stripe("sk_live_abc")).contains("sk_live_abc"));
}

#[test]
fn without_a_key_it_is_the_sandbox_and_in_production_that_must_be_said() {
    assert_eq!(settings(&[]).payments.mode(), PaymentMode::Sandbox);
    assert_eq!(settings(&["--stripe-secret-key", "sk_test_x"]).payments.mode(), PaymentMode::Stripe);
    assert_eq!(settings(&["--stripe-secret-key", ""]).payments.mode(), PaymentMode::Sandbox);
    let production = ["--profile", "production"];
    assert!(faults(&production).contains(&"STRIPE_SECRET_KEY"));
    for said in ["sandbox", "off"] {
        assert!(!faults(&[&production[..], &["--payments", said]].concat()).contains(&"STRIPE_SECRET_KEY"), "{said}");
    }
    let key = ["--stripe-secret-key", "sk_live_x"];
    assert!(faults(&[&production[..], &key].concat()).contains(&"STRIPE_WEBHOOK_SECRET"));
    assert_eq!(faults(&["--payments", "stripe"]), ["STRIPE_SECRET_KEY"]);
    assert_eq!(faults(&["--stripe-secret-key", "pk_test_x"]), ["STRIPE_SECRET_KEY"]);
    assert_eq!(faults(&["--stripe-webhook-secret", "whsec_a,nonsense"]), ["STRIPE_WEBHOOK_SECRET"]);
    assert_eq!(faults(&["--stripe-url", "stripe.example"]), ["TITHI_STRIPE_URL"]);
    let two = settings(&["--stripe-webhook-secret", "whsec_a, whsec_b,"]);
    assert_eq!(two.payments.webhook_secrets().count(), 2);
}
