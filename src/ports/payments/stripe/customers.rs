//! Customers and their stored ways to pay.

use stripe_core::customer::CreateCustomer;
use stripe_payment::payment_method::{AttachPaymentMethod, DetachPaymentMethod, RetrievePaymentMethod};

use super::{Bag, Stripe, id, read};
use crate::ports::payments::{Call, Customer, Method, NewCustomer, ProviderError};

pub(super) async fn create(stripe: &Stripe, call: &Call<'_>, new: &NewCustomer) -> Result<Customer, ProviderError> {
    let mut request = CreateCustomer::new().metadata(new.metadata.clone().into_iter().collect::<Bag>());
    if let Some(name) = &new.name {
        request = request.name(name);
    }
    if let Some(email) = &new.email {
        request = request.email(email);
    }
    let made = stripe.change(call, request).await?;
    Ok(Customer { id: made.id.to_string() })
}

pub(super) async fn method(stripe: &Stripe, account: Option<&str>, method: &str) -> Result<Method, ProviderError> {
    stripe.look(account, RetrievePaymentMethod::new(id(method)?)).await.map(read::method)
}

pub(super) async fn attach(
    stripe: &Stripe,
    call: &Call<'_>,
    method: &str,
    customer: &str,
) -> Result<Method, ProviderError> {
    let request = AttachPaymentMethod::new(id(method)?).customer(customer);
    stripe.change(call, request).await.map(read::method)
}

pub(super) async fn detach(stripe: &Stripe, call: &Call<'_>, method: &str) -> Result<Method, ProviderError> {
    stripe.change(call, DetachPaymentMethod::new(id(method)?)).await.map(read::method)
}
