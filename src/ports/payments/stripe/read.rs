//! Stripe's objects in our words.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use stripe_shared::{
    ApiErrors, CheckoutSession, PaymentIntent, PaymentIntentStatus, PaymentMethod, SetupIntent, SubscriptionStatus as S,
};
use stripe_types::{Expandable, Object, Timestamp};

use crate::kernel::money::Currency;
use crate::ports::payments::{
    Account, Checkout, Intent, IntentStatus, Metadata, Method, Refund, RefundStatus, Setup, Subscription,
    SubscriptionStatus,
};

/// The id of an object that may have been sent whole.
fn name<T: Object>(object: Expandable<T>) -> String
where
    T::Id: ToString,
{
    object.into_id().to_string()
}

fn sorted(metadata: HashMap<String, String>) -> Metadata {
    metadata.into_iter().collect()
}

/// Stripe's seconds as an instant.
pub(super) fn instant(at: Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(at, 0)
}

/// Stripe's lower-case code as ours.
pub(super) fn currency(code: &stripe_types::Currency) -> Option<Currency> {
    Currency::new(&code.to_string().to_ascii_uppercase())
}

/// Our code as Stripe's.
pub(super) fn code(currency: Currency) -> stripe_types::Currency {
    let Ok(code) = currency.code().to_ascii_lowercase().parse();
    code
}

pub(super) fn intent(from: PaymentIntent) -> Intent {
    let status = match from.status {
        PaymentIntentStatus::RequiresPaymentMethod => IntentStatus::RequiresPaymentMethod,
        PaymentIntentStatus::RequiresConfirmation => IntentStatus::RequiresConfirmation,
        PaymentIntentStatus::RequiresAction => IntentStatus::RequiresAction,
        PaymentIntentStatus::Processing => IntentStatus::Processing,
        PaymentIntentStatus::RequiresCapture => IntentStatus::RequiresCapture,
        PaymentIntentStatus::Succeeded => IntentStatus::Succeeded,
        PaymentIntentStatus::Canceled => IntentStatus::Canceled,
        other => IntentStatus::Unknown(other.as_str().to_owned()),
    };
    Intent {
        id: from.id.to_string(),
        status,
        amount: from.amount,
        amount_received: from.amount_received,
        currency: currency(&from.currency),
        client_secret: from.client_secret,
        customer: from.customer.map(name),
        method: from.payment_method.map(name),
        latest_charge: from.latest_charge.map(name),
        next_action_url: from.next_action.and_then(|next| next.redirect_to_url).and_then(|redirect| redirect.url),
        last_error: from.last_payment_error.map(|error| last_error(*error)),
        metadata: sorted(from.metadata),
        live: from.livemode,
    }
}

fn last_error(error: ApiErrors) -> (String, Option<String>, String) {
    let code = error.code.map(|code| code.as_str().to_owned()).unwrap_or_default();
    (code, error.decline_code, error.message.unwrap_or_default())
}

pub(super) fn setup(from: SetupIntent) -> Setup {
    Setup {
        id: from.id.to_string(),
        status: from.status.as_str().to_owned(),
        client_secret: from.client_secret,
        customer: from.customer.map(name),
        method: from.payment_method.map(name),
        metadata: sorted(from.metadata.unwrap_or_default()),
    }
}

pub(super) fn method(from: PaymentMethod) -> Method {
    let small = |number: i64| i32::try_from(number).ok();
    Method {
        id: from.id.to_string(),
        kind: from.type_.as_str().to_owned(),
        customer: from.customer.map(name),
        brand: from.card.as_ref().map(|card| card.brand.clone()),
        exp_month: from.card.as_ref().and_then(|card| small(card.exp_month)),
        exp_year: from.card.as_ref().and_then(|card| small(card.exp_year)),
        last4: from.card.map(|card| card.last4),
    }
}

pub(super) fn refund(from: stripe_shared::Refund) -> Refund {
    let status = match from.status.as_deref() {
        Some("pending") => RefundStatus::Pending,
        Some("requires_action") => RefundStatus::RequiresAction,
        Some("succeeded") => RefundStatus::Succeeded,
        Some("failed") => RefundStatus::Failed,
        Some("canceled") => RefundStatus::Canceled,
        other => RefundStatus::Unknown(other.unwrap_or_default().to_owned()),
    };
    Refund {
        id: from.id.to_string(),
        status,
        amount: from.amount,
        intent: from.payment_intent.map(name),
        charge: from.charge.map(name),
        failure_reason: from.failure_reason,
        metadata: sorted(from.metadata.unwrap_or_default()),
    }
}

pub(super) fn checkout(from: CheckoutSession) -> Checkout {
    Checkout {
        id: from.id.to_string(),
        url: from.url,
        status: from.status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
        payment_status: from.payment_status.as_str().to_owned(),
        intent: from.payment_intent.map(name),
        setup: from.setup_intent.map(name),
        subscription: from.subscription.map(name),
        customer: from.customer.map(name),
        metadata: sorted(from.metadata.unwrap_or_default()),
    }
}

pub(super) fn account(from: stripe_shared::Account) -> Account {
    Account {
        id: from.id.to_string(),
        charges_enabled: from.charges_enabled.unwrap_or_default(),
        payouts_enabled: from.payouts_enabled.unwrap_or_default(),
        details_submitted: from.details_submitted.unwrap_or_default(),
        metadata: sorted(from.metadata.unwrap_or_default()),
    }
}

/// Its period is that of its first item: ours have one.
pub(super) fn subscription(from: stripe_shared::Subscription) -> Subscription {
    let status = match from.status {
        S::Trialing => SubscriptionStatus::Trialing,
        S::Active => SubscriptionStatus::Active,
        S::PastDue => SubscriptionStatus::PastDue,
        S::Unpaid => SubscriptionStatus::Unpaid,
        S::Canceled => SubscriptionStatus::Canceled,
        S::Incomplete => SubscriptionStatus::Incomplete,
        S::IncompleteExpired => SubscriptionStatus::IncompleteExpired,
        S::Paused => SubscriptionStatus::Paused,
        other => SubscriptionStatus::Unknown(other.as_str().to_owned()),
    };
    let item = from.items.data.first();
    Subscription {
        id: from.id.to_string(),
        status,
        current_period_start: item.and_then(|item| instant(item.current_period_start)),
        current_period_end: item.and_then(|item| instant(item.current_period_end)),
        customer: name(from.customer),
        trial_end: from.trial_end.and_then(instant),
        cancel_at_period_end: from.cancel_at_period_end,
        canceled_at: from.canceled_at.and_then(instant),
        latest_invoice: from.latest_invoice.and_then(Expandable::into_id).map(|id| id.to_string()),
        metadata: sorted(from.metadata),
    }
}
