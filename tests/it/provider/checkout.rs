//! Checkout sessions: paid once, whichever buttons are pressed; expired, they take nothing.
use chrono::TimeDelta;
use tithi::ports::payments::{CheckoutLine, CheckoutMode, NewCheckout, NewCustomer, Provider, ProviderError};

use super::{Place, euro};

fn session(place: &Place) -> NewCheckout {
    NewCheckout {
        mode: CheckoutMode::Payment,
        lines: vec![
            CheckoutLine { name: "Massage".into(), amount: euro(4500), quantity: 1 },
            CheckoutLine { name: "Oil".into(), amount: euro(250), quantity: 2 },
        ],
        customer: None,
        success_url: "https://salon.example/done".into(),
        cancel_url: "https://salon.example/back".into(),
        expires_at: Some(place.clock.now() + TimeDelta::minutes(30)),
        keep_card: false,
        application_fee: 100,
        price: None,
        trial_days: None,
        metadata: [("payment_id".to_owned(), "p1".to_owned())].into(),
    }
}

#[tokio::test]
async fn a_session_is_paid_once_and_its_intent_carries_the_metadata() {
    let place = Place::open().await;
    let open = place.port.create_checkout(place.call("1"), &session(&place)).await.unwrap();
    assert_eq!((open.status.as_str(), open.payment_status.as_str()), ("open", "unpaid"));
    assert!(open.url.unwrap().ends_with(&open.id));
    place.stripe.pay(&place.account, &open.id, "pm_card_visa").unwrap();
    assert!(place.stripe.pay(&place.account, &open.id, "pm_card_visa").is_err(), "once");
    let paid = place.port.checkout(Some(&place.account), &open.id).await.unwrap();
    assert_eq!((paid.status.as_str(), paid.payment_status.as_str(), paid.url), ("complete", "paid", None));
    let intent = place.port.intent(Some(&place.account), &paid.intent.unwrap()).await.unwrap();
    assert_eq!((intent.amount_received, intent.metadata["payment_id"].as_str()), (5000, "p1"));
    let late = place.port.expire_checkout(place.call("2"), &open.id).await;
    assert!(matches!(late, Err(ProviderError::State { .. })), "{late:?}");
}

#[tokio::test]
async fn a_declined_card_leaves_the_session_open_for_another() {
    let place = Place::open().await;
    let open = place.port.create_checkout(place.call("1"), &session(&place)).await.unwrap();
    let why = place.stripe.pay(&place.account, &open.id, "pm_card_chargeDeclinedInsufficientFunds").unwrap_err();
    assert_eq!(why, "Your card has insufficient funds.");
    place.stripe.pay(&place.account, &open.id, "pm_card_visa").unwrap();
    assert_eq!(place.stripe.taken(&place.account), 5000);
    assert_eq!(place.stripe.objects(&place.account, "pi_").len(), 1, "one intent, two attempts");
}

#[tokio::test]
async fn only_a_yes_to_the_bank_pays() {
    for confirmed in [true, false] {
        let place = Place::open().await;
        let open = place.port.create_checkout(place.call("1"), &session(&place)).await.unwrap();
        let asked = place.stripe.pay(&place.account, &open.id, "pm_card_authenticationRequired").unwrap();
        assert_eq!(place.stripe.taken(&place.account), 0, "nothing before the answer");
        place.stripe.answer(&place.account, asked["payment_intent"].as_str().unwrap(), confirmed).unwrap();
        let after = place.port.checkout(Some(&place.account), &open.id).await.unwrap();
        let expected = if confirmed { ("complete", "paid", 5000) } else { ("open", "unpaid", 0) };
        let taken = place.stripe.taken(&place.account);
        assert_eq!((after.status.as_str(), after.payment_status.as_str(), taken), expected);
    }
}

#[tokio::test]
async fn an_expired_session_takes_nothing_and_says_so() {
    let place = Place::open().await;
    let first = place.port.create_checkout(place.call("1"), &session(&place)).await.unwrap();
    let gone = place.port.expire_checkout(place.call("2"), &first.id).await.unwrap();
    assert_eq!((gone.status.as_str(), gone.url), ("expired", None));
    assert!(place.stripe.pay(&place.account, &first.id, "pm_card_visa").is_err());

    let second = place.port.create_checkout(place.call("3"), &session(&place)).await.unwrap();
    let asked = place.stripe.pay(&place.account, &second.id, "pm_card_authenticationRequired").unwrap();
    place.clock.advance(TimeDelta::minutes(31));
    let lapsed = place.port.checkout(Some(&place.account), &second.id).await.unwrap();
    assert_eq!(lapsed.status, "expired");
    let intent = asked["payment_intent"].as_str().unwrap();
    assert!(place.stripe.answer(&place.account, intent, true).is_err(), "what was begun is cancelled");
    assert_eq!(place.stripe.taken(&place.account), 0);
}

#[tokio::test]
async fn s07_a_card_is_kept_for_its_owner() {
    let place = Place::open().await;
    let customer = place.port.create_customer(place.call("1"), &NewCustomer::default()).await.unwrap();
    let new = NewCheckout {
        mode: CheckoutMode::Setup,
        lines: Vec::new(),
        customer: Some(customer.id.clone()),
        application_fee: 0,
        ..session(&place)
    };
    let open = place.port.create_checkout(place.call("2"), &new).await.unwrap();
    place.stripe.pay(&place.account, &open.id, "pm_card_visa").unwrap();
    let done = place.port.checkout(Some(&place.account), &open.id).await.unwrap();
    assert_eq!(done.payment_status, "no_payment_required");
    let setup = place.port.setup(Some(&place.account), &done.setup.unwrap()).await.unwrap();
    assert_eq!((setup.status.as_str(), setup.metadata["payment_id"].as_str()), ("succeeded", "p1"));
    let kept = place.port.method(Some(&place.account), &setup.method.unwrap()).await.unwrap();
    assert_eq!((kept.customer, kept.last4.as_deref(), kept.kind.as_str()), (Some(customer.id), Some("4242"), "card"));
    let loose = place.port.detach_method(place.call("3"), &kept.id).await.unwrap();
    assert_eq!(loose.customer, None);
}
