//! What the platform bills for subscriptions.

use stripe_billing::invoice::{ListInvoice, PayInvoice};
use stripe_shared::Invoice;

use super::{Stripe, id, invalid, read};
use crate::ports::payments::{Bill, Call, ProviderError};

/// The newest first; what is older than a hundred is settled.
pub(super) async fn of(stripe: &Stripe, account: Option<&str>, customer: &str) -> Result<Vec<Bill>, ProviderError> {
    let list = stripe.look(account, ListInvoice::new().customer(id(customer)?).limit(100)).await?;
    Ok(list.data.into_iter().filter_map(bill).collect())
}

pub(super) async fn pay(
    stripe: &Stripe,
    call: &Call<'_>,
    invoice: &str,
    method: Option<&str>,
) -> Result<Bill, ProviderError> {
    let mut request = PayInvoice::new(id(invoice)?);
    if let Some(method) = method {
        request = request.payment_method(method);
    }
    let paid = stripe.change(call, request).await?;
    bill(paid).ok_or_else(|| invalid("invoice", "the provider's bill cannot be read"))
}

/// None for one that has no id or currency of ours: a preview.
fn bill(from: Invoice) -> Option<Bill> {
    Some(Bill {
        id: from.id?.to_string(),
        number: from.number,
        status: from.status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
        customer: from.customer.map(|customer| customer.into_id().to_string()),
        currency: read::currency(&from.currency)?,
        amount_due: from.amount_due,
        amount_paid: from.amount_paid,
        hosted_url: from.hosted_invoice_url,
        pdf_url: from.invoice_pdf,
        created: read::instant(from.created)?,
        paid_at: from.status_transitions.paid_at.and_then(read::instant),
    })
}
