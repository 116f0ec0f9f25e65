//! Subscriptions and what was billed for them, on the wire.

use ::entity::subscription_bills;
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use super::{Plan, PlanLimits, PlanTier, mirrored};
use crate::domains::billing::rules::life::Worth;
use crate::domains::billing::service::Shown;
use crate::guard::{Sort, Timestamp};

/// The orders of a list of bills.
pub type SubscriptionBillSort = Sort<subscription_bills::Entity>;

mirrored! {
    /// Where a subscription is in its life.
    SubscriptionState { FreeTrial, PaidSubscription, Active, PaymentFailed, Suspended, Cancelled, Expired }
}

mirrored! {
    /// What the provider says of a subscription.
    ProviderStatus { Trialing, Active, PastDue, Unpaid, Canceled, Incomplete, IncompleteExpired, Paused }
}

mirrored! {
    /// Whether a bill is to be paid.
    BillStatus { Draft, Open, Uncollectible, Void, Paid }
}

/// What there is of what the plan limits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct SubscriptionUsage {
    /// Members of the organization.
    pub users: Option<i64>,
}

/// What somebody has of the platform.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Subscription {
    /// What was chosen.
    pub plan: Plan,
    pub state: SubscriptionState,
    /// Null while the provider bills nothing.
    #[oai(nullable)]
    pub provider_status: Option<ProviderStatus>,
    /// Whether the plan gives now what it promises.
    pub entitled: bool,
    /// Whether a payment is missing: say so to whoever can pay.
    pub payment_missing: bool,
    /// What it costs here a month, in minor units of `currency`; null is by agreement.
    #[oai(nullable)]
    pub price_cents: Option<i64>,
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    /// The plan that the provider is being asked for.
    #[oai(nullable)]
    pub pending_plan: Option<PlanTier>,
    #[oai(nullable)]
    pub trial_end_at: Option<Timestamp>,
    #[oai(nullable)]
    pub period_start_at: Option<Timestamp>,
    #[oai(nullable)]
    pub period_end_at: Option<Timestamp>,
    /// Until when a payment that failed is waited for.
    #[oai(nullable)]
    pub grace_end_at: Option<Timestamp>,
    /// Whether it ends with what is paid for.
    pub cancel_at_period_end: bool,
    #[oai(nullable)]
    pub ended_at: Option<Timestamp>,
    /// What holds now.
    pub limits: PlanLimits,
    #[oai(validator(max_items = 50))]
    pub features: Vec<String>,
    pub usage: SubscriptionUsage,
}

/// A business's subscription, and where more of it is.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct BillingOverview {
    pub subscription: Subscription,
    /// Whether there is something to pay with.
    pub has_payment_method: bool,
    /// Bills that wait to be paid are at `invoices`; POST to `portal` makes a link to the provider's page.
    #[oai(validator(max_length = 2048))]
    pub portal: String,
    #[oai(validator(max_length = 2048))]
    pub invoices: String,
}

/// What a business was billed for its subscription.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct SubscriptionBill {
    pub id: Uuid,
    /// As it is written on the bill.
    #[oai(nullable, validator(max_length = 100))]
    pub number: Option<String>,
    pub status: BillStatus,
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    /// In minor units; below zero it is a credit.
    pub amount_due_cents: i64,
    pub amount_paid_cents: i64,
    /// The provider's page of it.
    #[oai(nullable, validator(max_length = 2048))]
    pub hosted_url: Option<String>,
    #[oai(nullable, validator(max_length = 2048))]
    pub pdf_url: Option<String>,
    pub issued_at: Timestamp,
    #[oai(nullable)]
    pub paid_at: Option<Timestamp>,
}

impl From<Shown> for Subscription {
    fn from(shown: Shown) -> Self {
        let Shown { held, plan, pending, price, worth, limits, features, usage } = shown;
        let held = held.as_ref();
        Self {
            state: held.map_or(SubscriptionState::Active, |held| held.state.into()),
            provider_status: held.and_then(|held| held.provider_status).map(Into::into),
            entitled: worth != Worth::Nothing,
            payment_missing: worth == Worth::Warned,
            price_cents: price.map(|price| price.minor),
            currency: plan.currency.clone(),
            plan: plan.into(),
            pending_plan: pending.map(|plan| plan.tier.into()),
            trial_end_at: held.and_then(|held| held.trial_end_at).map(Into::into),
            period_start_at: held.and_then(|held| held.period_start_at).map(Into::into),
            period_end_at: held.and_then(|held| held.period_end_at).map(Into::into),
            grace_end_at: held.and_then(|held| held.grace_end_at).map(Into::into),
            cancel_at_period_end: held.is_some_and(|held| held.cancel_at_period_end),
            ended_at: held.and_then(|held| held.ended_at).map(Into::into),
            limits: (&limits).into(),
            features,
            usage: SubscriptionUsage { users: usage.get("max_users").copied() },
        }
    }
}

impl From<subscription_bills::Model> for SubscriptionBill {
    fn from(row: subscription_bills::Model) -> Self {
        Self {
            id: row.id.0,
            number: row.number,
            status: row.status.into(),
            currency: row.currency,
            amount_due_cents: row.amount_due_cents,
            amount_paid_cents: row.amount_paid_cents,
            hosted_url: row.hosted_url,
            pdf_url: row.pdf_url,
            issued_at: row.issued_at.into(),
            paid_at: row.paid_at.map(Into::into),
        }
    }
}

impl Example for SubscriptionUsage {
    fn example() -> Self {
        Self { users: Some(7) }
    }
}

impl Example for Subscription {
    fn example() -> Self {
        Self {
            plan: Plan::example(),
            state: SubscriptionState::FreeTrial,
            provider_status: None,
            entitled: true,
            payment_missing: false,
            price_cents: Some(14_900),
            currency: "USD".into(),
            pending_plan: None,
            trial_end_at: Some(Timestamp::example()),
            period_start_at: None,
            period_end_at: None,
            grace_end_at: None,
            cancel_at_period_end: false,
            ended_at: None,
            limits: PlanLimits::example(),
            features: vec!["advanced_analytics".into()],
            usage: SubscriptionUsage::example(),
        }
    }
}

impl Example for BillingOverview {
    fn example() -> Self {
        Self {
            subscription: Subscription::example(),
            has_payment_method: false,
            portal: "/api/v1/billing/portal".into(),
            invoices: "/api/v1/organizations/0198c0de-7000-7000-8000-000000000001/invoices".into(),
        }
    }
}

impl Example for SubscriptionBill {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0030),
            number: Some("A1B2C3-0001".into()),
            status: BillStatus::Open,
            currency: "USD".into(),
            amount_due_cents: 14_900,
            amount_paid_cents: 0,
            hosted_url: Some("https://pay.example/i/1".into()),
            pdf_url: None,
            issued_at: Timestamp::example(),
            paid_at: None,
        }
    }
}

/// The bills that were paid by one request.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct SubscriptionBillsPaid {
    /// The oldest first.
    #[oai(validator(max_items = 100))]
    pub data: Vec<SubscriptionBill>,
}

impl Example for SubscriptionBillsPaid {
    fn example() -> Self {
        Self { data: vec![SubscriptionBill::example()] }
    }
}
