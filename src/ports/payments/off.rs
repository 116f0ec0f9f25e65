//! Nobody who moves money: every call is refused. Cash needs no provider.

use async_trait::async_trait;

use super::{
    Account, Bill, Call, Checkout, Customer, Intent, Method, NewAccount, NewCheckout, NewCustomer, NewIntent,
    NewRefund, NewSetup, NewSubscription, OnboardingLink, Proration, Provider, ProviderError, RawEvent, Refund, Setup,
    Subscription, SubscriptionChange,
};

/// The provider of a service that takes no cards.
#[derive(Debug)]
pub struct Off;

type Refused<T> = Result<T, ProviderError>;

fn off<T>() -> Refused<T> {
    Err(ProviderError::Forbidden { message: "this service takes no cards (TITHI_PAYMENTS=off)".into() })
}

#[async_trait]
impl Provider for Off {
    fn name(&self) -> &'static str {
        "off"
    }

    fn live(&self) -> bool {
        false
    }

    async fn create_customer(&self, _: Call<'_>, _: &NewCustomer) -> Refused<Customer> {
        off()
    }

    async fn create_intent(&self, _: Call<'_>, _: &NewIntent) -> Refused<Intent> {
        off()
    }

    async fn confirm_intent(&self, _: Call<'_>, _: &str, _: Option<&str>, _: Option<&str>) -> Refused<Intent> {
        off()
    }

    async fn capture_intent(&self, _: Call<'_>, _: &str, _: Option<i64>) -> Refused<Intent> {
        off()
    }

    async fn cancel_intent(&self, _: Call<'_>, _: &str) -> Refused<Intent> {
        off()
    }

    async fn intent(&self, _: Option<&str>, _: &str) -> Refused<Intent> {
        off()
    }

    async fn create_setup(&self, _: Call<'_>, _: &NewSetup) -> Refused<Setup> {
        off()
    }

    async fn setup(&self, _: Option<&str>, _: &str) -> Refused<Setup> {
        off()
    }

    async fn method(&self, _: Option<&str>, _: &str) -> Refused<Method> {
        off()
    }

    async fn attach_method(&self, _: Call<'_>, _: &str, _: &str) -> Refused<Method> {
        off()
    }

    async fn detach_method(&self, _: Call<'_>, _: &str) -> Refused<Method> {
        off()
    }

    async fn create_refund(&self, _: Call<'_>, _: &NewRefund) -> Refused<Refund> {
        off()
    }

    async fn refund(&self, _: Option<&str>, _: &str) -> Refused<Refund> {
        off()
    }

    async fn create_checkout(&self, _: Call<'_>, _: &NewCheckout) -> Refused<Checkout> {
        off()
    }

    async fn checkout(&self, _: Option<&str>, _: &str) -> Refused<Checkout> {
        off()
    }

    async fn expire_checkout(&self, _: Call<'_>, _: &str) -> Refused<Checkout> {
        off()
    }

    async fn create_account(&self, _: Call<'_>, _: &NewAccount) -> Refused<Account> {
        off()
    }

    async fn account(&self, _: &str) -> Refused<Account> {
        off()
    }

    async fn onboarding_link(&self, _: Call<'_>, _: &OnboardingLink) -> Refused<String> {
        off()
    }

    async fn create_subscription(&self, _: Call<'_>, _: &NewSubscription) -> Refused<Subscription> {
        off()
    }

    async fn change_subscription(&self, _: Call<'_>, _: &str, _: &SubscriptionChange) -> Refused<Subscription> {
        off()
    }

    async fn subscription(&self, _: Option<&str>, _: &str) -> Refused<Subscription> {
        off()
    }

    async fn preview_change(&self, _: Option<&str>, _: &str, _: &SubscriptionChange) -> Refused<Proration> {
        off()
    }

    async fn portal_link(&self, _: Call<'_>, _: &str, _: &str) -> Refused<String> {
        off()
    }

    async fn bills(&self, _: Option<&str>, _: &str) -> Refused<Vec<Bill>> {
        off()
    }

    async fn pay_bill(&self, _: Call<'_>, _: &str, _: Option<&str>) -> Refused<Bill> {
        off()
    }

    async fn undelivered_events(&self, _: Option<&str>, _: Option<&str>, _: u8) -> Refused<Vec<RawEvent>> {
        off()
    }
}
