//! What is sent to change a subscription, and what is answered on the way.

use poem_openapi::Object;
use poem_openapi::types::Example;

use super::{Plan, PlanLimits, PlanTier};
use crate::domains::billing::service::{Preview, SetupMade};
use crate::guard::Text;

/// The plan that is wanted.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields, example)]
pub struct SubscriptionWrite {
    pub plan: PlanTier,
    /// Try it first, without paying; once.
    #[oai(default)]
    pub trial: bool,
}

/// The plan that a person wants.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields, example)]
pub struct PersonalSubscriptionWrite {
    pub plan: PlanTier,
    /// Try it first, without paying; once.
    #[oai(default)]
    pub trial: bool,
}

/// What a person wants: a plan, or an end. One of the two.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct PersonalSubscriptionChange {
    pub plan: Option<PlanTier>,
    /// Try the plan first, without paying; once.
    #[oai(default)]
    pub trial: bool,
    /// End with what is paid for.
    #[oai(default)]
    pub cancel: bool,
}

/// What is agreed with one business; null and absent is the plan's.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields, example)]
pub struct SubscriptionAgreement {
    /// A month, in minor units of the plan's currency.
    #[oai(nullable, validator(minimum(value = "0"), maximum(value = "100000000")))]
    pub price_cents: Option<i64>,
    /// -1 is without limit.
    #[oai(default)]
    pub limits: PlanLimits,
}

/// A limit that what is there passes.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct PlanExcess {
    /// Such as `max_users`.
    #[oai(validator(max_length = 100))]
    pub limit: String,
    pub allowed: i64,
    pub used: i64,
}

/// A part of what is to be paid at once.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct PreviewLine {
    #[oai(validator(max_length = 1000))]
    pub description: String,
    /// Negative is a credit.
    pub amount_cents: i64,
}

/// What a change of plan would mean. Amounts are minor units of the plan's currency.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct SubscriptionPreview {
    pub plan: Plan,
    /// Whether it may be chosen: it is for sale, and what is there fits.
    pub allowed: bool,
    #[oai(validator(max_items = 50))]
    pub excess: Vec<PlanExcess>,
    /// A month; null is by agreement.
    #[oai(nullable)]
    pub price_cents: Option<i64>,
    /// What is to be paid at once; negative is a credit, null is by agreement.
    #[oai(nullable)]
    pub due_now_cents: Option<i64>,
    #[oai(validator(max_items = 100))]
    pub lines: Vec<PreviewLine>,
}

/// The setup that the payer has gone through; none begins one.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields, example)]
pub struct BillingSetupCreate {
    /// As it was answered when it was begun.
    #[oai(nullable)]
    pub setup_id: Option<Text<1, 255>>,
}

/// A setup: the payer's browser goes through it with the provider, by `client_secret`.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct BillingSetup {
    #[oai(validator(max_length = 255))]
    pub setup_id: String,
    /// As the provider says it: `requires_payment_method`, `succeeded` and so on.
    #[oai(validator(max_length = 100))]
    pub status: String,
    /// For the payer's browser only.
    #[oai(nullable, validator(max_length = 1000))]
    pub client_secret: Option<String>,
    /// Whether it is paid with from now on.
    pub saved: bool,
}

/// Where the provider's page leads back to.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct BillingPortal {
    /// A path of this service; the dashboard when absent.
    #[oai(validator(max_length = 500, pattern = "^/[^/\\\\][^\\s\\\\]*$"))]
    pub return_path: Option<String>,
}

/// The provider's page where bills are seen and cards are changed.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct BillingPortalLink {
    /// Good for minutes.
    #[oai(validator(max_length = 2048))]
    pub url: String,
}

impl From<Preview> for SubscriptionPreview {
    fn from(own: Preview) -> Self {
        let Preview { plan, price, excess, due_now, lines } = own;
        Self {
            allowed: excess.is_empty() && price.is_some(),
            plan: plan.into(),
            excess: excess
                .into_iter()
                .map(|one| PlanExcess { limit: one.limit, allowed: one.allowed, used: one.used })
                .collect(),
            price_cents: price.map(|price| price.minor),
            due_now_cents: due_now,
            lines: lines
                .into_iter()
                .map(|(description, amount_cents)| PreviewLine { description, amount_cents })
                .collect(),
        }
    }
}

impl From<SetupMade> for BillingSetup {
    fn from(made: SetupMade) -> Self {
        let SetupMade { setup, saved } = made;
        Self { setup_id: setup.id, status: setup.status, client_secret: setup.client_secret, saved }
    }
}

impl Example for SubscriptionWrite {
    fn example() -> Self {
        Self { plan: PlanTier::Professional, trial: false }
    }
}

impl Example for SubscriptionAgreement {
    fn example() -> Self {
        Self { price_cents: Some(99_000), limits: PlanLimits { max_users: Some(500), ..PlanLimits::default() } }
    }
}

impl Example for PersonalSubscriptionWrite {
    fn example() -> Self {
        Self { plan: PlanTier::Premium, trial: true }
    }
}

impl Example for PersonalSubscriptionChange {
    fn example() -> Self {
        Self { plan: Some(PlanTier::Premium), trial: true, cancel: false }
    }
}

impl Example for SubscriptionPreview {
    fn example() -> Self {
        Self {
            plan: Plan::example(),
            allowed: true,
            excess: Vec::new(),
            price_cents: Some(14_900),
            due_now_cents: Some(6_210),
            lines: vec![PreviewLine {
                description: "Remaining time on Tithi Professional".into(),
                amount_cents: 6_210,
            }],
        }
    }
}

impl Example for BillingSetupCreate {
    fn example() -> Self {
        Self { setup_id: None }
    }
}

impl Example for BillingSetup {
    fn example() -> Self {
        Self {
            setup_id: "seti_1QExample".into(),
            status: "requires_payment_method".into(),
            client_secret: Some("seti_1QExample_secret_abc".into()),
            saved: false,
        }
    }
}

impl Example for BillingPortal {
    fn example() -> Self {
        Self { return_path: Some("/dashboard/billing".into()) }
    }
}

impl Example for BillingPortalLink {
    fn example() -> Self {
        Self { url: "https://billing.example/p/session/1".into() }
    }
}
