//! Subscriptions of one item a month. The plans are ours: a price is made on the spot, of a product that has its id from
//! its name, so that making it twice makes one.

use sha2::{Digest, Sha256};
use stripe_billing::billing_portal_session::CreateBillingPortalSession;
use stripe_billing::invoice::{
    CreatePreviewInvoice, CreatePreviewInvoiceSubscriptionDetails, CreatePreviewInvoiceSubscriptionDetailsItems,
    CreatePreviewInvoiceSubscriptionDetailsItemsPriceData as PreviewPrice,
    CreatePreviewInvoiceSubscriptionDetailsItemsPriceDataRecurring as PreviewRecurring,
    CreatePreviewInvoiceSubscriptionDetailsItemsPriceDataRecurringInterval as PreviewInterval,
    CreatePreviewInvoiceSubscriptionDetailsProrationBehavior as PreviewBehaviour,
};
use stripe_billing::subscription::{
    CancelSubscription, CreateSubscription, CreateSubscriptionItems, CreateSubscriptionItemsPriceData,
    CreateSubscriptionItemsPriceDataRecurring, CreateSubscriptionItemsPriceDataRecurringInterval,
    CreateSubscriptionTrialEnd, RetrieveSubscription, UpdateSubscription, UpdateSubscriptionItems,
    UpdateSubscriptionItemsPriceData, UpdateSubscriptionItemsPriceDataRecurring,
    UpdateSubscriptionItemsPriceDataRecurringInterval, UpdateSubscriptionProrationBehavior,
};
use stripe_product::product::CreateProduct;

use super::{Bag, Stripe, id, invalid, read};
use crate::ports::payments::{
    Call, NewSubscription, Price, Proration, ProviderError, Subscription, SubscriptionChange,
};

pub(super) async fn create(
    stripe: &Stripe,
    call: &Call<'_>,
    new: &NewSubscription,
) -> Result<Subscription, ProviderError> {
    let product = product(stripe, call.account, &new.price).await?;
    let month =
        CreateSubscriptionItemsPriceDataRecurring::new(CreateSubscriptionItemsPriceDataRecurringInterval::Month);
    let mut price = CreateSubscriptionItemsPriceData::new(read::code(new.price.amount.currency), product, month);
    price.unit_amount = Some(new.price.amount.minor);
    let mut item = CreateSubscriptionItems::new();
    item.price_data = Some(price);
    let mut request = CreateSubscription::new()
        .customer(&new.customer)
        .items(vec![item])
        .metadata(new.metadata.clone().into_iter().collect::<Bag>());
    if let Some(at) = new.trial_end {
        request = request.trial_end(CreateSubscriptionTrialEnd::Timestamp(at.timestamp()));
    }
    if let Some(method) = &new.default_method {
        request = request.default_payment_method(method);
    }
    stripe.change(call, request).await.map(read::subscription)
}

pub(super) async fn change(
    stripe: &Stripe,
    call: &Call<'_>,
    subscription: &str,
    change: &SubscriptionChange,
) -> Result<Subscription, ProviderError> {
    if change.cancel_now {
        return stripe.change(call, CancelSubscription::new(id(subscription)?)).await.map(read::subscription);
    }
    let mut request = UpdateSubscription::new(id(subscription)?);
    if let Some(price) = &change.price {
        let month =
            UpdateSubscriptionItemsPriceDataRecurring::new(UpdateSubscriptionItemsPriceDataRecurringInterval::Month);
        let product = product(stripe, call.account, price).await?;
        let mut data = UpdateSubscriptionItemsPriceData::new(read::code(price.amount.currency), product, month);
        data.unit_amount = Some(price.amount.minor);
        let mut item = UpdateSubscriptionItems::new();
        item.id = Some(item_of(stripe, call.account, subscription).await?);
        item.price_data = Some(data);
        // the difference is billed now, as the preview said
        request = request.items(vec![item]).proration_behavior(UpdateSubscriptionProrationBehavior::AlwaysInvoice);
    }
    if let Some(at_end) = change.cancel_at_period_end {
        request = request.cancel_at_period_end(at_end);
    }
    if let Some(method) = &change.default_method {
        request = request.default_payment_method(method);
    }
    stripe.change(call, request).await.map(read::subscription)
}

pub(super) async fn find(
    stripe: &Stripe,
    account: Option<&str>,
    subscription: &str,
) -> Result<Subscription, ProviderError> {
    stripe.look(account, RetrieveSubscription::new(id(subscription)?)).await.map(read::subscription)
}

pub(super) async fn preview(
    stripe: &Stripe,
    account: Option<&str>,
    subscription: &str,
    change: &SubscriptionChange,
) -> Result<Proration, ProviderError> {
    let mut details = CreatePreviewInvoiceSubscriptionDetails::new();
    details.proration_behavior = Some(PreviewBehaviour::AlwaysInvoice);
    details.cancel_now = change.cancel_now.then_some(true);
    details.cancel_at_period_end = change.cancel_at_period_end;
    if let Some(price) = &change.price {
        let product = product(stripe, account, price).await?;
        let month = PreviewRecurring::new(PreviewInterval::Month);
        let mut data = PreviewPrice::new(read::code(price.amount.currency), product, month);
        data.unit_amount = Some(price.amount.minor);
        let mut item = CreatePreviewInvoiceSubscriptionDetailsItems::new();
        item.id = Some(item_of(stripe, account, subscription).await?);
        item.price_data = Some(data);
        details.items = Some(vec![item]);
    }
    // a POST that changes nothing: a key would only bring back an old answer
    let request = CreatePreviewInvoice::new().subscription(id(subscription)?).subscription_details(details);
    let invoice = stripe.look(account, request).await?;
    let unreadable = || ProviderError::Unknown { message: "the preview is in a currency that is none".into() };
    Ok(Proration {
        due_now: invoice.total,
        currency: read::currency(&invoice.currency).ok_or_else(unreadable)?,
        lines: invoice.lines.data.into_iter().map(|line| (line.description.unwrap_or_default(), line.amount)).collect(),
    })
}

pub(super) async fn portal(
    stripe: &Stripe,
    call: &Call<'_>,
    customer: &str,
    return_url: &str,
) -> Result<String, ProviderError> {
    let request = CreateBillingPortalSession::new().customer(customer).return_url(return_url);
    stripe.change(call, request).await.map(|made| made.url)
}

/// The one item of a subscription of ours.
async fn item_of(stripe: &Stripe, account: Option<&str>, subscription: &str) -> Result<String, ProviderError> {
    let found = stripe.look(account, RetrieveSubscription::new(id(subscription)?)).await?;
    let item = found.items.data.first().map(|item| item.id.to_string());
    item.ok_or_else(|| invalid("items", "the subscription has no item"))
}

/// The product that bears this name.
async fn product(stripe: &Stripe, account: Option<&str>, price: &Price) -> Result<String, ProviderError> {
    let digest = Sha256::digest(price.name.as_bytes());
    let name: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let (product, key) = (format!("tithi_{name}"), format!("product:tithi_{name}"));
    let made = stripe.change(&Call { account, key: &key }, CreateProduct::new(&price.name).id(&product)).await;
    match made {
        Ok(_) => Ok(product),
        Err(ProviderError::Invalid { code: Some(code), .. }) if code == "resource_already_exists" => Ok(product),
        Err(error) => Err(error),
    }
}
