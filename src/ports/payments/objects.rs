//! What goes to the provider and what comes back: the fields that we use, in our words. Amounts are minor units.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::kernel::money::{Currency, Money};

/// What we want to find on an object again: `tenant_id`, `payment_id`, `booking_id`. Never anything personal.
pub type Metadata = BTreeMap<String, String>;

#[derive(Clone, Debug, Default)]
pub struct NewCustomer {
    pub name: Option<String>,
    pub email: Option<String>,
    pub metadata: Metadata,
}

#[derive(Clone, Debug)]
pub struct Customer {
    /// `cus_..`
    pub id: String,
}

#[derive(Clone, Debug)]
pub struct NewIntent {
    pub amount: Money,
    /// `cus_..`
    pub customer: Option<String>,
    /// `pm_..`; without one the payer gives it later.
    pub method: Option<String>,
    /// Charge at once; needs `method`.
    pub confirm: bool,
    /// Where the payer comes back to when they are asked to confirm it; only with `confirm`.
    pub return_url: Option<String>,
    /// The payer is not there: no way to ask them.
    pub off_session: bool,
    /// Keep the card for later charges without the payer.
    pub keep_card: bool,
    /// Authorise only; capture later.
    pub manual_capture: bool,
    /// The platform's share, at most the amount; only on a connected account.
    pub application_fee: i64,
    pub description: Option<String>,
    pub metadata: Metadata,
}

/// The provider's states of an intent, and room for those it will think of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntentStatus {
    RequiresPaymentMethod,
    RequiresConfirmation,
    RequiresAction,
    Processing,
    RequiresCapture,
    Succeeded,
    Canceled,
    Unknown(String),
}

#[derive(Clone, Debug)]
pub struct Intent {
    /// `pi_..`
    pub id: String,
    pub status: IntentStatus,
    pub amount: i64,
    pub amount_received: i64,
    pub currency: Option<Currency>,
    /// For the payer's browser only.
    pub client_secret: Option<String>,
    pub customer: Option<String>,
    pub method: Option<String>,
    /// `ch_..`
    pub latest_charge: Option<String>,
    /// Where the payer confirms it, when it asks for that.
    pub next_action_url: Option<String>,
    /// Why the last attempt failed: code, decline code, message for people.
    pub last_error: Option<(String, Option<String>, String)>,
    pub metadata: Metadata,
    pub live: bool,
}

#[derive(Clone, Debug)]
pub struct NewSetup {
    /// `cus_..`
    pub customer: String,
    pub metadata: Metadata,
}

#[derive(Clone, Debug)]
pub struct Setup {
    /// `seti_..`
    pub id: String,
    /// `succeeded`, `requires_payment_method`, ..
    pub status: String,
    pub client_secret: Option<String>,
    pub customer: Option<String>,
    pub method: Option<String>,
    pub metadata: Metadata,
}

/// A stored way to pay: all that we may know of a card.
#[derive(Clone, Debug)]
pub struct Method {
    /// `pm_..`
    pub id: String,
    /// `card`, ..
    pub kind: String,
    pub customer: Option<String>,
    pub brand: Option<String>,
    pub last4: Option<String>,
    pub exp_month: Option<i32>,
    pub exp_year: Option<i32>,
}

#[derive(Clone, Debug)]
pub struct NewRefund {
    /// `pi_..`
    pub intent: String,
    /// Minor units.
    pub amount: i64,
    /// Gives the platform's share back in proportion.
    pub refund_application_fee: bool,
    pub metadata: Metadata,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundStatus {
    Pending,
    RequiresAction,
    Succeeded,
    Failed,
    Canceled,
    Unknown(String),
}

#[derive(Clone, Debug)]
pub struct Refund {
    /// `re_..`
    pub id: String,
    pub status: RefundStatus,
    pub amount: i64,
    pub intent: Option<String>,
    pub charge: Option<String>,
    pub failure_reason: Option<String>,
    pub metadata: Metadata,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckoutMode {
    Payment,
    Setup,
    Subscription,
}

#[derive(Clone, Debug)]
pub struct CheckoutLine {
    pub name: String,
    /// Of one piece.
    pub amount: Money,
    pub quantity: u32,
}

#[derive(Clone, Debug)]
pub struct NewCheckout {
    pub mode: CheckoutMode,
    pub lines: Vec<CheckoutLine>,
    pub customer: Option<String>,
    pub success_url: String,
    pub cancel_url: String,
    /// 30 minutes to 24 hours ahead.
    pub expires_at: Option<DateTime<Utc>>,
    /// Keep the card for later charges without the payer.
    pub keep_card: bool,
    pub application_fee: i64,
    /// `price_..` of a subscription.
    pub price: Option<String>,
    pub trial_days: Option<u32>,
    pub metadata: Metadata,
}

#[derive(Clone, Debug)]
pub struct Checkout {
    /// `cs_..`
    pub id: String,
    /// Where the payer pays; gone once it is complete or expired.
    pub url: Option<String>,
    /// `open`, `complete`, `expired`
    pub status: String,
    /// `paid`, `unpaid`, `no_payment_required`
    pub payment_status: String,
    pub intent: Option<String>,
    pub setup: Option<String>,
    pub subscription: Option<String>,
    pub customer: Option<String>,
    pub metadata: Metadata,
}

#[derive(Clone, Debug)]
pub struct NewAccount {
    pub email: Option<String>,
    /// ISO 3166 code.
    pub country: Option<String>,
    pub metadata: Metadata,
}

#[derive(Clone, Debug)]
pub struct Account {
    /// `acct_..`
    pub id: String,
    pub charges_enabled: bool,
    pub payouts_enabled: bool,
    pub details_submitted: bool,
    pub metadata: Metadata,
}

#[derive(Clone, Debug)]
pub struct OnboardingLink {
    pub account: String,
    pub refresh_url: String,
    pub return_url: String,
}

/// One price, made on the spot: the plans are ours, the provider only bills them.
#[derive(Clone, Debug)]
pub struct Price {
    /// What the bill calls it.
    pub name: String,
    /// A month.
    pub amount: Money,
}

#[derive(Clone, Debug)]
pub struct NewSubscription {
    /// `cus_..`
    pub customer: String,
    pub price: Price,
    pub trial_end: Option<DateTime<Utc>>,
    /// `pm_..`
    pub default_method: Option<String>,
    pub metadata: Metadata,
}

#[derive(Clone, Debug, Default)]
pub struct SubscriptionChange {
    pub price: Option<Price>,
    pub cancel_at_period_end: Option<bool>,
    /// Ends at once.
    pub cancel_now: bool,
    pub default_method: Option<String>,
}

/// S16: what a subscription is worth follows from this alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionStatus {
    Trialing,
    Active,
    PastDue,
    Unpaid,
    Canceled,
    Incomplete,
    IncompleteExpired,
    Paused,
    Unknown(String),
}

#[derive(Clone, Debug)]
pub struct Subscription {
    /// `sub_..`
    pub id: String,
    pub status: SubscriptionStatus,
    pub customer: String,
    pub current_period_start: Option<DateTime<Utc>>,
    pub current_period_end: Option<DateTime<Utc>>,
    pub trial_end: Option<DateTime<Utc>>,
    pub cancel_at_period_end: bool,
    pub canceled_at: Option<DateTime<Utc>>,
    pub latest_invoice: Option<String>,
    pub metadata: Metadata,
}

/// What a change of plan costs at once.
#[derive(Clone, Debug)]
pub struct Proration {
    /// Minor units due now; negative is a credit.
    pub due_now: i64,
    pub currency: Currency,
    /// What each line says, and its amount.
    pub lines: Vec<(String, i64)>,
}

/// What was billed for a subscription.
#[derive(Clone, Debug)]
pub struct Bill {
    /// `in_..`
    pub id: String,
    /// As it is written on the bill.
    pub number: Option<String>,
    /// `draft`, `open`, `paid`, `uncollectible`, `void`
    pub status: String,
    /// `cus_..`
    pub customer: Option<String>,
    pub currency: Currency,
    /// Below zero it is a credit.
    pub amount_due: i64,
    pub amount_paid: i64,
    /// The provider's page of it.
    pub hosted_url: Option<String>,
    pub pdf_url: Option<String>,
    pub created: DateTime<Utc>,
    pub paid_at: Option<DateTime<Utc>>,
}

/// An event as the provider wrote it.
#[derive(Clone, Debug)]
pub struct RawEvent {
    /// `evt_..`
    pub id: String,
    pub account: Option<String>,
    pub kind: String,
    pub created: DateTime<Utc>,
    pub live: bool,
    pub body: Value,
}
