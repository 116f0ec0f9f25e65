//! Plans on the wire.

use ::entity::plans;
use poem_openapi::Object;
use poem_openapi::types::Example;

use super::mirrored;
use crate::domains::billing::plan::limits;
use crate::domains::billing::rules::fit::Limits;

mirrored! {
    /// Who a plan is for.
    PlanProduct { Organization, Personal }
}

mirrored! {
    /// A plan: `starter`, `professional`, `enterprise` and `custom` for organizations, `starter`, `premium` and `pro`
    /// for persons.
    PlanTier { Starter, Professional, Enterprise, Custom, Premium, Pro }
}

/// What a plan limits; -1 is without limit, and what is absent is not its matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct PlanLimits {
    /// Members of the organization.
    pub max_users: Option<i64>,
    /// Its own sound libraries.
    pub max_sound_libraries: Option<i64>,
    /// Listening sessions.
    pub sessions_per_day: Option<i64>,
    pub minutes_per_session: Option<i64>,
}

impl PlanLimits {
    /// As a table holds them.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        let all = [
            ("max_users", self.max_users),
            ("max_sound_libraries", self.max_sound_libraries),
            ("sessions_per_day", self.sessions_per_day),
            ("minutes_per_session", self.minutes_per_session),
        ];
        all.into_iter().filter_map(|(name, limit)| Some((name.to_owned(), limit?))).collect()
    }
}

impl From<&Limits> for PlanLimits {
    fn from(own: &Limits) -> Self {
        let get = |name: &str| own.iter().find(|(known, _)| *known == name).map(|(_, limit)| limit);
        Self {
            max_users: get("max_users"),
            max_sound_libraries: get("max_sound_libraries"),
            sessions_per_day: get("sessions_per_day"),
            minutes_per_session: get("minutes_per_session"),
        }
    }
}

/// Something that is for sale.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Plan {
    pub product: PlanProduct,
    pub tier: PlanTier,
    #[oai(validator(max_length = 100))]
    pub name: String,
    /// A month, in minor units of `currency`; null is by agreement.
    #[oai(nullable)]
    pub price_cents: Option<i64>,
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    /// How long it may be tried.
    pub trial_days: i32,
    pub limits: PlanLimits,
    #[oai(validator(max_items = 50))]
    pub features: Vec<String>,
}

impl From<plans::Model> for Plan {
    fn from(row: plans::Model) -> Self {
        let features = row.features.as_array().into_iter().flatten();
        Self {
            product: row.product.into(),
            tier: row.tier.into(),
            name: row.name,
            price_cents: row.price_cents,
            currency: row.currency,
            trial_days: row.trial_days,
            limits: (&limits(&row.limits)).into(),
            features: features.filter_map(|name| name.as_str().map(str::to_owned)).collect(),
        }
    }
}

impl Example for PlanLimits {
    fn example() -> Self {
        Self { max_users: Some(50), max_sound_libraries: Some(10), ..Self::default() }
    }
}

impl Example for Plan {
    fn example() -> Self {
        Self {
            product: PlanProduct::Organization,
            tier: PlanTier::Professional,
            name: "Professional".into(),
            price_cents: Some(14_900),
            currency: "USD".into(),
            trial_days: 14,
            limits: PlanLimits::example(),
            features: vec!["advanced_analytics".into()],
        }
    }
}

/// Everything that is for sale: few enough for one page.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Plans {
    /// From the smallest.
    #[oai(validator(max_items = 100))]
    pub data: Vec<Plan>,
}

impl Example for Plans {
    fn example() -> Self {
        Self { data: vec![Plan::example()] }
    }
}
