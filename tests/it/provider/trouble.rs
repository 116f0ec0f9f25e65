//! Trouble on the way: what passes is waited for, what is final is not, and every call ends.
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tithi::ports::payments::sandbox::{FaultRule, Trouble};
use tithi::ports::payments::{NewIntent, Provider, ProviderError};

use super::{Place, charging};

#[tokio::test]
async fn s05_what_passes_is_waited_for() {
    for trouble in [Trouble::InUse, Trouble::TooMany, Trouble::LockTimeout, Trouble::ErrorBefore, Trouble::DropBefore] {
        let place = Place::open().await;
        place.stripe.trouble(FaultRule::every(trouble).times(2));
        let begun = Instant::now();
        place.charge("k", 4500, "pm_card_visa").await.unwrap();
        assert_eq!(place.stripe.calls().len(), 3, "{trouble:?}");
        assert!(begun.elapsed() > Duration::from_millis(150), "{trouble:?}: with a pause between");
        assert_eq!(place.stripe.charges(&place.account).len(), 1, "{trouble:?}");
    }
}

#[tokio::test]
async fn s05_what_does_not_pass_ends_after_four_attempts() {
    let place = Place::open().await;
    place.stripe.trouble(FaultRule::every(Trouble::TooMany));
    let begun = Instant::now();
    let given_up = place.charge("k", 4500, "pm_card_visa").await;
    assert!(matches!(given_up, Err(ProviderError::Unknown { .. })), "{given_up:?}");
    assert_eq!(place.stripe.calls().len(), 4);
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn s05_a_burst_over_25_a_second_gets_through() {
    let place = Place::open().await;
    place.stripe.sandbox.limit(Some(25));
    let all = (0..40).map(|number| {
        let (place, key) = (&place, format!("k{number}"));
        async move { place.charge(&key, 1000 + number, "pm_card_visa").await.is_ok() }
    });
    let through = join_all(all).await.into_iter().filter(|done| *done).count();
    let refused = place.stripe.calls().into_iter().filter(|call| call.status == Some(429)).count();
    assert!(refused > 0, "the burst was no burst");
    // the rest gave up without an effect: each is either charged once or not at all
    assert_eq!(place.stripe.charges(&place.account).len(), through);
    assert!(through >= 30, "{through} of 40");
}

#[tokio::test]
async fn a_twin_that_runs_meanwhile_waits_for_the_first_and_gets_its_answer() {
    let place = Place::open().await;
    place.stripe.trouble(FaultRule { milliseconds: 120, ..FaultRule::every(Trouble::Slow).times(1) });
    let (first, second) =
        tokio::join!(place.charge("k", 4500, "pm_card_visa"), place.charge("k", 4500, "pm_card_visa"));
    assert_eq!(first.unwrap().id, second.unwrap().id);
    assert!(place.stripe.calls().iter().any(|call| call.status == Some(409)));
    assert_eq!(place.stripe.charges(&place.account).len(), 1);
}

#[tokio::test]
async fn refusals_are_told_apart_and_not_sent_again() {
    let place = Place::open().await;
    let declined = place.charge("d", 4500, "pm_card_chargeDeclinedInsufficientFunds").await.unwrap_err();
    let ProviderError::Declined { code, decline_code, message, intent } = declined else { panic!("{declined:?}") };
    assert_eq!((code.as_str(), decline_code.as_deref()), ("card_declined", Some("insufficient_funds")));
    assert_eq!(message, "Your card has insufficient funds.");
    let intent = intent.unwrap();
    assert_eq!(intent.last_error.unwrap().1.as_deref(), Some("insufficient_funds"));
    assert_eq!(place.stripe.calls().len(), 1);

    let missing = place.port.intent(Some(&place.account), "pi_nothing").await;
    assert!(matches!(missing, Err(ProviderError::Missing)), "{missing:?}");
    let unknown = NewIntent { customer: Some("cus_nobody".into()), ..charging(4500, "pm_card_visa") };
    let unknown = place.port.create_intent(place.call("u"), &unknown).await;
    assert!(
        matches!(&unknown, Err(ProviderError::Invalid { param: Some(param), .. }) if param == "customer"),
        "{unknown:?}"
    );
    let stranger = tithi::ports::payments::Call { account: Some("acct_nobody"), key: "s" };
    let stranger = place.port.create_intent(stranger, &charging(4500, "pm_card_visa")).await;
    assert!(matches!(stranger, Err(ProviderError::Forbidden { .. })), "{stranger:?}");
}

#[tokio::test]
async fn s08_a_charge_without_its_payer_that_asks_for_them_names_the_intent() {
    let place = Place::open().await;
    let new = NewIntent { off_session: true, ..charging(2000, "pm_card_authenticationRequired") };
    let asked = place.port.create_intent(place.call("n"), &new).await.unwrap_err();
    let ProviderError::NeedsPayer { intent } = asked else { panic!("{asked:?}") };
    assert_eq!(intent.last_error.unwrap().0, "authentication_required");
    assert_eq!(place.stripe.calls().len(), 1, "not tried blindly again");
    // the payer comes and confirms it
    let back = "https://salon.example/back";
    let call = place.call("n2");
    let asks =
        place.port.confirm_intent(call, &intent.id, Some("pm_card_authenticationRequired"), Some(back)).await.unwrap();
    assert!(asks.next_action_url.unwrap().ends_with(&format!("/{}", intent.id)));
    place.stripe.answer(&place.account, &intent.id, true).unwrap();
    assert_eq!(place.port.intent(Some(&place.account), &intent.id).await.unwrap().amount_received, 2000);
}

#[tokio::test]
async fn a_provider_that_is_away_is_an_unknown_outcome_in_bounded_time() {
    let place = Place::open().await;
    let port = place.port;
    drop(place.stripe);
    tokio::task::yield_now().await;
    let begun = Instant::now();
    let call = tithi::ports::payments::Call { account: Some(&place.account), key: "k" };
    let away = port.create_intent(call, &charging(4500, "pm_card_visa")).await;
    assert!(matches!(away, Err(ProviderError::Unknown { .. })), "{away:?}");
    assert!(begun.elapsed() < Duration::from_secs(20));
}
