//! Refunds: never more than is left, whoever asks at the same time.
use futures_util::future::join_all;
use tithi::ports::payments::{NewIntent, NewRefund, Provider, ProviderError, RefundStatus};

use super::{Place, charging};

fn of(intent: &str, amount: i64) -> NewRefund {
    NewRefund { intent: intent.to_owned(), amount, refund_application_fee: true, metadata: Default::default() }
}

#[tokio::test]
async fn s12_of_twenty_refunds_of_three_tenths_three_get_through() {
    let place = Place::open().await;
    let intent = place.charge("1", 10_000, "pm_card_visa").await.unwrap();
    let all = (0..20).map(|number| {
        let (place, id) = (&place, &intent.id);
        async move { place.port.create_refund(place.call(&format!("r{number}")), &of(id, 3_000)).await }
    });
    let outcomes = join_all(all).await;
    let done: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
    assert_eq!(done.len(), 3);
    assert!(done.iter().all(|refund| refund.status == RefundStatus::Succeeded && refund.amount == 3_000));
    let over = outcomes.iter().filter(|outcome| matches!(outcome, Err(ProviderError::OverRefund { .. }))).count();
    assert_eq!(over, 17);
    assert_eq!(place.stripe.taken(&place.account), 1_000);
}

#[tokio::test]
async fn s12_after_all_is_back_there_is_nothing_and_a_failed_refund_opens_it_again() {
    let place = Place::open().await;
    let intent = place.charge("1", 4_500, "pm_card_visa").await.unwrap();
    let back = place.port.create_refund(place.call("2"), &of(&intent.id, 4_500)).await.unwrap();
    let again = place.port.create_refund(place.call("3"), &of(&intent.id, 1)).await;
    assert!(matches!(again, Err(ProviderError::OverRefund { .. })), "{again:?}");
    place.stripe.sandbox.fail_refund(&place.account, &back.id).unwrap();
    assert_eq!(place.port.refund(Some(&place.account), &back.id).await.unwrap().status, RefundStatus::Failed);
    place.port.create_refund(place.call("4"), &of(&intent.id, 4_500)).await.unwrap();
    assert_eq!(place.stripe.taken(&place.account), 0);
}

#[tokio::test]
async fn s13_the_platforms_share_goes_back_in_proportion() {
    let place = Place::open().await;
    let new = NewIntent { application_fee: 500, ..charging(10_000, "pm_card_visa") };
    let intent = place.port.create_intent(place.call("1"), &new).await.unwrap();
    place.port.create_refund(place.call("2"), &of(&intent.id, 2_500)).await.unwrap();
    let charge = &place.stripe.charges(&place.account)[0];
    assert_eq!((&charge["application_fee_amount"], &charge["_fee_refunded"]), (&500.into(), &125.into()));
    let sent = &place.stripe.calls_of("POST /v1/refunds")[0].body;
    assert!(sent.contains("refund_application_fee=true"), "{sent}");
}
