//! Against Stripe itself, in test mode: only where `STRIPE_TEST_KEY` holds a key of it. `STRIPE_TEST_ACCOUNT` is a
//! connected account that may charge; without one the platform's own is used.
use std::time::Duration;

use secrecy::SecretString;
use tithi::ports::payments::stripe::Stripe;
use tithi::ports::payments::{
    Call, CheckoutLine, CheckoutMode, IntentStatus, NewCheckout, NewCustomer, NewIntent, NewRefund, NewSetup, Provider,
    ProviderError,
};

use super::{charging, euro};

#[expect(clippy::disallowed_methods, reason = "whether a test asks Stripe is no setting of the service")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[tokio::test]
async fn stripe_itself_takes_what_the_sandbox_takes() {
    let Some(key) = variable("STRIPE_TEST_KEY") else {
        println!("skipped: STRIPE_TEST_KEY is not set");
        return;
    };
    assert!(key.contains("_test_"), "a key of test mode");
    let account = variable("STRIPE_TEST_ACCOUNT");
    let account = account.as_deref();
    let port =
        Stripe::new("https://api.stripe.com/".into(), &SecretString::from(key), Duration::from_secs(20)).unwrap();
    let run = format!("{:016x}", rand::random::<u64>());
    let name = |what: &str| format!("tithi-test:{run}:{what}");

    let customer =
        port.create_customer(Call { account, key: &name("customer") }, &NewCustomer::default()).await.unwrap();
    let fee = if account.is_some() { 100 } else { 0 };
    let new = NewIntent { customer: Some(customer.id.clone()), application_fee: fee, ..charging(4500, "pm_card_visa") };
    let paid = port.create_intent(Call { account, key: &name("pay") }, &new).await.unwrap();
    assert_eq!((&paid.status, paid.amount_received, paid.live), (&IntentStatus::Succeeded, 4500, false));
    assert_eq!(
        port.create_intent(Call { account, key: &name("pay") }, &new).await.unwrap().id,
        paid.id,
        "the same key"
    );
    let other = port.create_intent(Call { account, key: &name("pay") }, &NewIntent { amount: euro(4600), ..new }).await;
    assert!(matches!(other, Err(ProviderError::KeyReused { .. })), "{other:?}");
    let refused = port.cancel_intent(Call { account, key: &name("cancel") }, &paid.id).await;
    assert!(matches!(refused, Err(ProviderError::State { intent: Some(_), .. })), "{refused:?}");

    let declined = port
        .create_intent(Call { account, key: &name("decline") }, &charging(4500, "pm_card_visa_chargeDeclined"))
        .await;
    assert!(matches!(declined, Err(ProviderError::Declined { .. })), "{declined:?}");
    let away = NewIntent { off_session: true, ..charging(4500, "pm_card_authenticationRequired") };
    let away = port.create_intent(Call { account, key: &name("away") }, &away).await;
    assert!(matches!(away, Err(ProviderError::NeedsPayer { .. })), "{away:?}");

    let back = |amount| NewRefund {
        intent: paid.id.clone(),
        amount,
        refund_application_fee: account.is_some(),
        metadata: Default::default(),
    };
    port.create_refund(Call { account, key: &name("refund-1") }, &back(1500)).await.unwrap();
    let beyond = port.create_refund(Call { account, key: &name("refund-2") }, &back(4500)).await;
    assert!(matches!(beyond, Err(ProviderError::OverRefund { .. })), "{beyond:?}");
    port.create_refund(Call { account, key: &name("refund-3") }, &back(3000)).await.unwrap();
    let again = port.create_refund(Call { account, key: &name("refund-4") }, &back(1)).await;
    assert!(matches!(again, Err(ProviderError::OverRefund { .. })), "{again:?}");

    let setup = NewSetup { customer: customer.id.clone(), metadata: Default::default() };
    let setup = port.create_setup(Call { account, key: &name("setup") }, &setup).await.unwrap();
    assert_eq!(setup.status, "requires_payment_method");
    let checkout = NewCheckout {
        mode: CheckoutMode::Payment,
        lines: vec![CheckoutLine { name: "Massage".into(), amount: euro(4500), quantity: 1 }],
        customer: Some(customer.id),
        success_url: "https://example.com/done".into(),
        cancel_url: "https://example.com/back".into(),
        expires_at: None,
        keep_card: true,
        application_fee: fee,
        price: None,
        trial_days: None,
        metadata: Default::default(),
    };
    let session = port.create_checkout(Call { account, key: &name("session") }, &checkout).await.unwrap();
    assert_eq!(session.status, "open");
    assert_eq!(
        port.expire_checkout(Call { account, key: &name("expire") }, &session.id).await.unwrap().status,
        "expired"
    );
    let late = port.expire_checkout(Call { account, key: &name("expire-2") }, &session.id).await;
    assert!(matches!(late, Err(ProviderError::State { .. })), "{late:?}");
    let missing = port.intent(account, "pi_nothing").await;
    assert!(matches!(missing, Err(ProviderError::Missing)), "{missing:?}");
}
