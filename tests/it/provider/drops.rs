//! Five hundred payments while every third answer is lost.
use std::sync::Arc;

use futures_util::StreamExt;
use tithi::ports::payments::sandbox::{FaultRule, Trouble};
use tithi::ports::payments::{Provider, ProviderError};

use super::{Place, charging};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn n04_500_payments_with_three_of_ten_answers_lost_are_500_charges() {
    let place = Arc::new(Place::open().await);
    place.stripe.knobs(|knobs| knobs.seed(4));
    place.stripe.trouble(FaultRule::every(Trouble::DropAfter).share(0.3));
    let amount = |number: i64| 1_000 + number * 7;
    let asked = futures_util::stream::iter(0..500_i64).map(|number| {
        let place = Arc::clone(&place);
        async move {
            let key = format!("t1:{number}:create:1");
            // who hears nothing after all attempts asks again with the same key, as a retried request does
            loop {
                match place.port.create_intent(place.call(&key), &charging(amount(number), "pm_card_visa")).await {
                    Ok(intent) => return intent,
                    Err(ProviderError::Unknown { .. }) => {}
                    Err(error) => panic!("{number}: {error}"),
                }
            }
        }
    });
    let intents: Vec<_> = asked.buffer_unordered(16).collect().await;

    let dropped = place.stripe.calls().into_iter().filter(|call| call.status == Some(0)).count();
    assert!(dropped > 150, "only {dropped} answers were lost");
    let ids: std::collections::BTreeSet<_> = intents.iter().map(|intent| intent.id.clone()).collect();
    assert_eq!(ids.len(), 500);
    assert_eq!(place.stripe.charges(&place.account).len(), 500, "charges");
    assert_eq!(place.stripe.objects(&place.account, "pi_").len(), 500, "intents");
    let ours: i64 = intents.iter().map(|intent| intent.amount_received).sum();
    assert_eq!(ours, (0..500).map(amount).sum::<i64>());
    assert_eq!(ours, place.stripe.taken(&place.account), "to the cent");
}
