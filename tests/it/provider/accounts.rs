//! Accounts: what is one business's is nowhere to be found on another's.
use tithi::ports::payments::{
    Call, NewAccount, NewCustomer, NewIntent, NewSetup, OnboardingLink, Provider, ProviderError,
};

use super::{Place, charging};

#[tokio::test]
async fn s13_every_call_of_a_business_names_its_account_and_finds_nothing_of_anothers() {
    let place = Place::open().await;
    let other = place.stripe.account();
    let customer = place.port.create_customer(place.call("1"), &NewCustomer::default()).await.unwrap();
    let intent = place.charge("2", 4500, "pm_card_visa").await.unwrap();
    let new = NewSetup { customer: customer.id.clone(), metadata: Default::default() };
    let setup = place.port.create_setup(place.call("3"), &new).await.unwrap();
    assert!(place.stripe.calls().iter().all(|call| call.account.as_deref() == Some(place.account.as_str())));

    let there = Some(other.as_str());
    assert!(matches!(place.port.intent(there, &intent.id).await, Err(ProviderError::Missing)));
    assert!(matches!(place.port.intent(None, &intent.id).await, Err(ProviderError::Missing)));
    assert!(matches!(place.port.setup(there, &setup.id).await, Err(ProviderError::Missing)));
    let call = Call { account: there, key: "x" };
    assert!(matches!(place.port.cancel_intent(call, &intent.id).await, Err(ProviderError::Missing)));
    let foreign = NewIntent { customer: Some(customer.id.clone()), ..charging(4500, "pm_card_visa") };
    let call = Call { account: there, key: "y" };
    let foreign = place.port.create_intent(call, &foreign).await;
    assert!(matches!(foreign, Err(ProviderError::Invalid { .. })), "{foreign:?}");
    assert_eq!(place.stripe.charges(&other).len(), 0);
}

#[tokio::test]
async fn s13_the_platforms_share_is_at_most_the_amount_and_only_on_an_account() {
    let place = Place::open().await;
    let share = |fee| NewIntent { application_fee: fee, ..charging(4500, "pm_card_visa") };
    let most = place.port.create_intent(place.call("1"), &share(4500)).await;
    assert!(most.is_ok(), "{most:?}");
    let beyond = place.port.create_intent(place.call("2"), &share(4501)).await;
    assert!(matches!(beyond, Err(ProviderError::Invalid { .. })), "{beyond:?}");
    let own = place.port.create_intent(Call { account: None, key: "3" }, &share(100)).await;
    assert!(matches!(own, Err(ProviderError::Invalid { .. })), "{own:?}");
}

#[tokio::test]
async fn an_account_charges_once_its_owner_has_answered_the_questions() {
    let place = Place::open().await;
    let platform = |key| Call { account: None, key };
    let new = NewAccount { email: None, country: Some("DE".into()), metadata: Default::default() };
    let account = place.port.create_account(platform("1"), &new).await.unwrap();
    assert!(!account.charges_enabled && !account.details_submitted);
    let early =
        place.port.create_intent(Call { account: Some(&account.id), key: "2" }, &charging(4500, "pm_card_visa")).await;
    assert!(matches!(early, Err(ProviderError::Invalid { .. })), "{early:?}");
    let link = OnboardingLink {
        account: account.id.clone(),
        refresh_url: "https://salon.example/again".into(),
        return_url: "https://salon.example/done".into(),
    };
    assert!(place.port.onboarding_link(platform("3"), &link).await.unwrap().contains("/onboarding/"));
    place.stripe.sandbox.enable(&account.id).unwrap();
    assert!(place.port.account(&account.id).await.unwrap().charges_enabled);
    let call = Call { account: Some(&account.id), key: "4" };
    place.port.create_intent(call, &charging(4500, "pm_card_visa")).await.unwrap();
    let told = place.stripe.objects(&account.id, "evt_");
    assert!(told.iter().any(|event| event["type"] == "account.updated"));
}
