//! Intents: every state, capture and cancellation, amounts of every currency.
use tithi::kernel::money::{Currency, Money};
use tithi::ports::payments::{IntentStatus, NewIntent, Provider, ProviderError};

use super::{Place, charging, euro, wanted};

#[tokio::test]
async fn s10_every_state_of_an_intent_is_read() {
    let place = Place::open().await;
    let waits = place.port.create_intent(place.call("1"), &wanted(euro(4500))).await.unwrap();
    assert_eq!(waits.status, IntentStatus::RequiresPaymentMethod);
    assert!(waits.client_secret.unwrap().starts_with(&waits.id));
    assert!(!waits.live);
    let unconfirmed = NewIntent { confirm: false, ..charging(4500, "pm_card_visa") };
    let unconfirmed = place.port.create_intent(place.call("2"), &unconfirmed).await.unwrap();
    assert_eq!(unconfirmed.status, IntentStatus::RequiresConfirmation);
    let asks = place.charge("3", 4500, "pm_card_authenticationRequired").await.unwrap();
    assert_eq!(asks.status, IntentStatus::RequiresAction);
    let takes_time = place.charge("4", 4500, "pm_usBankAccount_success").await.unwrap();
    assert_eq!(takes_time.status, IntentStatus::Processing);
    let held = NewIntent { manual_capture: true, ..charging(4500, "pm_card_visa") };
    let held = place.port.create_intent(place.call("5"), &held).await.unwrap();
    assert_eq!((held.status, held.amount_received), (IntentStatus::RequiresCapture, 0));
    let done = place.charge("6", 4500, "pm_card_visa").await.unwrap();
    assert_eq!((done.status, done.amount_received), (IntentStatus::Succeeded, 4500));
    assert_eq!(done.metadata["payment_id"], "p1");
    let gone = place.port.cancel_intent(place.call("7"), &unconfirmed.id).await.unwrap();
    assert_eq!(gone.status, IntentStatus::Canceled);
}

#[tokio::test]
async fn s10_a_bank_answers_later_with_yes_or_no() {
    let place = Place::open().await;
    let yes = place.charge("1", 4500, "pm_usBankAccount_success").await.unwrap();
    let no = place.charge("2", 4500, "pm_usBankAccount_insufficientFunds").await.unwrap();
    assert_eq!(place.stripe.settle(), 2);
    let account = Some(place.account.as_str());
    assert_eq!(place.port.intent(account, &yes.id).await.unwrap().status, IntentStatus::Succeeded);
    let no = place.port.intent(account, &no.id).await.unwrap();
    assert_eq!(no.status, IntentStatus::RequiresPaymentMethod);
    assert_eq!(no.last_error.unwrap().0, "insufficient_funds");
    assert_eq!(place.stripe.taken(&place.account), 4500);
}

#[tokio::test]
async fn s11_what_is_held_is_captured_once_and_never_beyond() {
    let place = Place::open().await;
    let held = NewIntent { manual_capture: true, ..charging(4500, "pm_card_visa") };
    let held = place.port.create_intent(place.call("1"), &held).await.unwrap();
    let beyond = place.port.capture_intent(place.call("2"), &held.id, Some(4501)).await;
    assert!(matches!(beyond, Err(ProviderError::Invalid { .. })), "{beyond:?}");
    let part = place.port.capture_intent(place.call("3"), &held.id, Some(2000)).await.unwrap();
    assert_eq!((part.status, part.amount_received), (IntentStatus::Succeeded, 2000));
    let again = place.port.capture_intent(place.call("4"), &held.id, Some(2000)).await;
    assert!(matches!(again, Err(ProviderError::State { .. })), "{again:?}");
    assert_eq!(place.stripe.taken(&place.account), 2000);
}

#[tokio::test]
async fn s11_what_is_over_cannot_be_cancelled_and_the_refusal_brings_the_intent() {
    let place = Place::open().await;
    let done = place.charge("1", 4500, "pm_card_visa").await.unwrap();
    let refused = place.port.cancel_intent(place.call("2"), &done.id).await.unwrap_err();
    let ProviderError::State { intent: Some(intent), .. } = refused else { panic!("{refused:?}") };
    assert_eq!((intent.id, intent.status), (done.id.clone(), IntentStatus::Succeeded));
    let again = place.port.confirm_intent(place.call("3"), &done.id, None, None).await;
    assert!(matches!(again, Err(ProviderError::State { .. })), "{again:?}");

    let held = NewIntent { manual_capture: true, ..charging(4500, "pm_card_visa") };
    let held = place.port.create_intent(place.call("4"), &held).await.unwrap();
    let gone = place.port.cancel_intent(place.call("5"), &held.id).await.unwrap();
    assert_eq!(gone.status, IntentStatus::Canceled);
    assert_eq!(place.stripe.taken(&place.account), 4500, "what was held is let go");
}

#[tokio::test]
async fn s17_amounts_are_minor_units_of_any_currency() {
    let place = Place::open().await;
    for (minor, code) in [(4500, "EUR"), (1250, "JPY"), (12_500, "KWD")] {
        let money = Money::new(minor, Currency::new(code).unwrap());
        let new = NewIntent { amount: money, ..charging(1, "pm_card_visa") };
        let done = place.port.create_intent(place.call(code), &new).await.unwrap();
        assert_eq!((done.amount_received, done.currency.unwrap().code()), (minor, code));
    }
    let odd = NewIntent { amount: Money::new(12_505, Currency::new("KWD").unwrap()), ..charging(1, "pm_card_visa") };
    let odd = place.port.create_intent(place.call("odd"), &odd).await;
    assert!(matches!(odd, Err(ProviderError::Invalid { .. })), "three decimals end with 0 on cards: {odd:?}");
}
