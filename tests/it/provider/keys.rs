//! Keys: each change has one, the same one brings back the first answer, and another account's is unrelated.
use chrono::TimeDelta;
use tithi::ports::payments::sandbox::{FaultRule, Trouble};
use tithi::ports::payments::{NewCustomer, Provider, ProviderError};

use super::{Place, charging, euro, wanted};

#[tokio::test]
async fn s01_every_change_carries_the_key_that_was_written_down_and_reads_carry_none() {
    let place = Place::open().await;
    let intent = place.port.create_intent(place.call("t1:p1:create:1"), &wanted(euro(4500))).await.unwrap();
    place.port.confirm_intent(place.call("t1:p1:confirm:1"), &intent.id, Some("pm_card_visa"), None).await.unwrap();
    place.port.intent(Some(&place.account), &intent.id).await.unwrap();
    let sent: Vec<_> = place.stripe.calls().into_iter().map(|call| (call.method, call.key)).collect();
    assert_eq!(
        sent,
        [
            ("POST".to_owned(), Some("t1:p1:create:1".to_owned())),
            ("POST".to_owned(), Some("t1:p1:confirm:1".to_owned())),
            ("GET".to_owned(), None),
        ]
    );
    for wrong in [String::new(), "k".repeat(256)] {
        let refused = place.port.create_intent(place.call(&wrong), &wanted(euro(4500))).await;
        assert!(matches!(refused, Err(ProviderError::Invalid { .. })), "{wrong}");
    }
    assert_eq!(place.stripe.calls().len(), 3, "a key that cannot be is not sent");
}

#[tokio::test]
async fn s02_after_a_drop_the_same_key_and_bytes_go_again_and_one_charge_stands() {
    let place = Place::open().await;
    place.stripe.trouble(FaultRule::every(Trouble::DropAfter).times(2));
    let intent = place.charge("t1:p1:create:1", 4500, "pm_card_visa").await.unwrap();
    let calls = place.stripe.calls();
    assert_eq!(calls.len(), 3);
    assert!(calls.iter().all(|call| call.key == calls[0].key && call.body == calls[0].body));
    assert_eq!(calls.iter().map(|call| call.status.unwrap()).collect::<Vec<_>>(), [0, 0, 200]);
    assert!(calls[2].replayed);
    assert_eq!(place.stripe.charges(&place.account).len(), 1);
    assert_eq!(place.stripe.objects(&place.account, "pi_").len(), 1);
    assert_eq!(intent.amount_received, 4500);
}

#[tokio::test]
async fn s02_the_same_call_made_again_later_is_the_same_bytes() {
    let place = Place::open().await;
    for _ in 0..8 {
        place.charge("t1:p1:create:1", 4500, "pm_card_visa").await.unwrap();
    }
    let calls = place.stripe.calls();
    assert!(calls.iter().all(|call| call.body == calls[0].body), "metadata have no order of their own");
    assert_eq!(place.stripe.charges(&place.account).len(), 1);
}

#[tokio::test]
async fn s02_a_saved_500_comes_back_to_its_key_and_looking_finds_what_was_done() {
    let place = Place::open().await;
    place.stripe.trouble(FaultRule::every(Trouble::ErrorAfter).times(1));
    let lost = place.charge("t1:p1:create:1", 4500, "pm_card_visa").await;
    assert!(matches!(lost, Err(ProviderError::Unknown { .. })), "{lost:?}");
    assert_eq!(place.stripe.calls().len(), 4, "tried to the end");
    assert_eq!(place.stripe.charges(&place.account).len(), 1, "and done once");
    let events = place.port.undelivered_events(Some(&place.account), None, 100).await.unwrap();
    let told = events.iter().find(|event| event.kind == "payment_intent.succeeded").unwrap();
    assert_eq!(told.body["data"]["object"]["metadata"]["payment_id"], "p1");
    assert_eq!(told.account.as_deref(), Some(place.account.as_str()));
}

#[tokio::test]
async fn s03_a_key_is_kept_for_a_day() {
    let place = Place::open().await;
    place.charge("k", 4500, "pm_card_visa").await.unwrap();
    place.clock.advance(TimeDelta::hours(23));
    place.charge("k", 4500, "pm_card_visa").await.unwrap();
    assert_eq!(place.stripe.charges(&place.account).len(), 1);
    place.clock.advance(TimeDelta::hours(2));
    place.charge("k", 4500, "pm_card_visa").await.unwrap();
    assert_eq!(place.stripe.charges(&place.account).len(), 2, "after a day the provider has forgotten it");
}

#[tokio::test]
async fn s04_a_key_with_other_parameters_is_a_defect_and_is_not_sent_again() {
    let place = Place::open().await;
    place.charge("k", 4500, "pm_card_visa").await.unwrap();
    let reused = place.charge("k", 4600, "pm_card_visa").await;
    assert!(matches!(reused, Err(ProviderError::KeyReused { .. })), "{reused:?}");
    assert_eq!(place.stripe.calls().len(), 2);
    assert_eq!(place.stripe.charges(&place.account).len(), 1);
}

#[tokio::test]
async fn s04_a_call_that_was_refused_before_it_began_may_be_put_right_under_its_key() {
    let place = Place::open().await;
    let wrong = place.charge("k", 1, "pm_card_visa").await;
    assert!(
        matches!(&wrong, Err(ProviderError::Invalid { code: Some(code), .. }) if code == "amount_too_small"),
        "{wrong:?}"
    );
    place.charge("k", 4500, "pm_card_visa").await.unwrap();
}

#[tokio::test]
async fn the_same_key_on_two_accounts_is_two_keys() {
    let place = Place::open().await;
    let other = place.stripe.account();
    place.charge("k", 4500, "pm_card_visa").await.unwrap();
    let call = tithi::ports::payments::Call { account: Some(&other), key: "k" };
    place.port.create_intent(call, &charging(9900, "pm_card_visa")).await.unwrap();
    assert_eq!((place.stripe.taken(&place.account), place.stripe.taken(&other)), (4500, 9900));
}

#[tokio::test]
async fn s06_the_version_goes_with_every_call() {
    let place = Place::open().await;
    place.port.create_customer(place.call("c1"), &NewCustomer::default()).await.unwrap();
    place.charge("k", 4500, "pm_card_visa").await.unwrap();
    let versions: Vec<_> = place.stripe.calls().into_iter().map(|call| call.version.unwrap()).collect();
    assert_eq!(versions, ["2026-09-30.endive", "2026-09-30.endive"]);
}
