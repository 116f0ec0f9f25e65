//! Subscriptions: what the preview says is what a change costs.
use chrono::TimeDelta;
use tithi::ports::payments::{
    Call, NewCustomer, NewSubscription, Price, Provider, ProviderError, SubscriptionChange, SubscriptionStatus,
};

use super::{Place, euro};

const PLATFORM: Option<&str> = None;

fn call(key: &str) -> Call<'_> {
    Call { account: PLATFORM, key }
}

fn plan(name: &str, minor: i64) -> Price {
    Price { name: name.to_owned(), amount: euro(minor) }
}

async fn subscriber(place: &Place, card: &str) -> (String, String) {
    let customer = place.port.create_customer(call("c"), &NewCustomer::default()).await.unwrap();
    let method = place.port.attach_method(call("a"), card, &customer.id).await.unwrap();
    (customer.id, method.id)
}

fn new(customer: &str, method: Option<&str>) -> NewSubscription {
    NewSubscription {
        customer: customer.to_owned(),
        price: plan("Starter", 2_900),
        trial_end: None,
        default_method: method.map(str::to_owned),
        metadata: [("tenant_id".to_owned(), "t1".to_owned())].into(),
    }
}

#[tokio::test]
async fn a_subscription_lives_is_changed_and_ends() {
    let place = Place::open().await;
    let (customer, method) = subscriber(&place, "pm_card_visa").await;
    let made = place.port.create_subscription(call("1"), &new(&customer, Some(&method))).await.unwrap();
    assert_eq!((made.status, made.customer.as_str()), (SubscriptionStatus::Active, customer.as_str()));
    let (from, to) = (made.current_period_start.unwrap(), made.current_period_end.unwrap());
    assert!((to - from).num_days() >= 28);

    place.clock.advance((to - from) / 2);
    let dearer = SubscriptionChange { price: Some(plan("Growth", 9_900)), ..Default::default() };
    let preview = place.port.preview_change(PLATFORM, &made.id, &dearer).await.unwrap();
    assert_eq!((preview.due_now, preview.lines.len()), (3_500, 2));
    assert!(preview.lines[0].1 < 0 && preview.lines[0].0.contains("Starter"), "{preview:?}");
    let changed = place.port.change_subscription(call("2"), &made.id, &dearer).await.unwrap();
    let invoice = place.stripe.objects("", &changed.latest_invoice.unwrap());
    assert_eq!(invoice[0]["amount_paid"], 3_500, "as the preview said");

    place.clock.advance(to - place.clock.now() + TimeDelta::seconds(1));
    let next = place.port.subscription(PLATFORM, &made.id).await.unwrap();
    assert_eq!((next.status, next.current_period_start), (SubscriptionStatus::Active, Some(to)));
    let at_end = SubscriptionChange { cancel_at_period_end: Some(true), ..Default::default() };
    assert!(place.port.change_subscription(call("3"), &made.id, &at_end).await.unwrap().cancel_at_period_end);
    place.clock.advance(TimeDelta::days(32));
    let ended = place.port.subscription(PLATFORM, &made.id).await.unwrap();
    assert_eq!(ended.status, SubscriptionStatus::Canceled);
}

#[tokio::test]
async fn a_trial_needs_no_card_and_a_plan_does() {
    let place = Place::open().await;
    let customer = place.port.create_customer(call("c"), &NewCustomer::default()).await.unwrap();
    let refused = place.port.create_subscription(call("1"), &new(&customer.id, None)).await;
    assert!(matches!(refused, Err(ProviderError::Invalid { .. })), "{refused:?}");
    let trial_end = Some(place.clock.now() + TimeDelta::days(14));
    let trial = NewSubscription { trial_end, ..new(&customer.id, None) };
    let trial = place.port.create_subscription(call("2"), &trial).await.unwrap();
    assert_eq!((trial.status, trial.trial_end), (SubscriptionStatus::Trialing, trial_end));
    place.clock.advance(TimeDelta::days(15));
    let unpaid = place.port.subscription(PLATFORM, &trial.id).await.unwrap();
    assert_eq!(unpaid.status, SubscriptionStatus::PastDue, "nothing to charge");
}

#[tokio::test]
async fn s16_a_card_that_fails_leaves_it_past_due_and_ending_it_ends_it() {
    let place = Place::open().await;
    let (customer, method) = subscriber(&place, "pm_card_chargeCustomerFail").await;
    let made = place.port.create_subscription(call("1"), &new(&customer, Some(&method))).await.unwrap();
    assert_eq!(made.status, SubscriptionStatus::Incomplete);
    let now = SubscriptionChange { cancel_now: true, ..Default::default() };
    let ended = place.port.change_subscription(call("2"), &made.id, &now).await.unwrap();
    assert_eq!(ended.status, SubscriptionStatus::Canceled);
    assert!(place.port.portal_link(call("3"), &customer, "https://a.example").await.unwrap().contains("/portal/"));
}
