//! Memberships on the wire.

use ::entity::{customer_memberships, enums, membership_plans};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::domains::packages::purchases::PaidWith;
use crate::guard::{Patch, Prose, Sort, Text, Timestamp};

/// The orders of a list of plans.
pub type MembershipPlanSort = Sort<membership_plans::Entity>;
/// The orders of a list of memberships.
pub type CustomerMembershipSort = Sort<customer_memberships::Entity>;

/// A plan to be sold: `package_id` makes it sessions of that package, without it is credits.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct MembershipPlanCreate {
    /// What customers read.
    pub name: Text<1, 255>,
    /// More about it.
    #[oai(nullable)]
    pub description: Option<Prose<0, 1000>>,
    /// The package whose sessions it gives; credits when absent.
    #[oai(nullable)]
    pub package_id: Option<Uuid>,
    /// How many sessions or credits each period gives.
    #[oai(validator(minimum(value = "1"), maximum(value = "100000")))]
    pub quantity: i32,
    /// How many months a period has.
    #[oai(default = "one", validator(minimum(value = "1"), maximum(value = "12")))]
    pub period_months: i32,
    /// What a period costs, in the currency's minor unit.
    #[oai(validator(minimum(value = "0"), maximum(value = "100000000000")))]
    pub price_cents: i64,
    /// ISO 4217 code; the business's own when absent.
    #[oai(nullable, validator(pattern = "^[A-Z]{3}$", max_length = 3))]
    pub currency: Option<String>,
    /// How much of what is left goes over into the next period; all of it when absent.
    #[oai(nullable, validator(minimum(value = "0"), maximum(value = "100000")))]
    pub carry_over_cap: Option<i32>,
    /// Whether it is sold.
    #[oai(default = "yes")]
    pub active: bool,
}

fn one() -> i32 {
    1
}

fn yes() -> bool {
    true
}

/// What a PATCH changes: absent keeps, null clears. It counts from the next period on; what a period gives stays.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct MembershipPlanUpdate {
    /// What customers read.
    #[oai(skip_serializing_if_is_none)]
    pub name: Option<Text<1, 255>>,
    /// More about it.
    pub description: Patch<Prose<0, 1000>>,
    /// What a period costs.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "100000000000")))]
    pub price_cents: Option<i64>,
    /// How much of what is left goes over into the next period.
    #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
    pub carry_over_cap: Patch<i32>,
    /// Whether it is sold.
    #[oai(skip_serializing_if_is_none)]
    pub active: Option<bool>,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct MembershipPlan {
    pub id: Uuid,
    pub name: String,
    #[oai(nullable)]
    pub description: Option<String>,
    /// The package whose sessions it gives; null for credits.
    #[oai(nullable)]
    pub package_id: Option<Uuid>,
    /// How many sessions or credits each period gives.
    pub quantity: i32,
    /// How many months a period has.
    pub period_months: i32,
    /// What a period costs, in the currency's minor unit.
    pub price_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// How much of what is left goes over into the next period; null is all of it.
    #[oai(nullable)]
    pub carry_over_cap: Option<i32>,
    /// Whether it is sold.
    pub active: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<membership_plans::Model> for MembershipPlan {
    fn from(row: membership_plans::Model) -> Self {
        Self {
            id: row.id.0,
            name: row.name,
            description: row.description,
            package_id: row.package_id.map(Into::into),
            quantity: row.quantity,
            period_months: row.period_months,
            price_cents: row.price_cents,
            currency: row.currency,
            carry_over_cap: row.carry_over_cap,
            active: row.active,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

/// Where a membership is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum CustomerMembershipStatus {
    /// Its first period waits to be paid.
    Pending,
    Active,
    /// Its clock stands still.
    Paused,
    Ended,
}

impl From<CustomerMembershipStatus> for enums::MembershipStatus {
    fn from(status: CustomerMembershipStatus) -> Self {
        match status {
            CustomerMembershipStatus::Pending => Self::Pending,
            CustomerMembershipStatus::Active => Self::Active,
            CustomerMembershipStatus::Paused => Self::Paused,
            CustomerMembershipStatus::Ended => Self::Ended,
        }
    }
}

/// Who becomes a member.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CustomerMembershipCreate {
    pub customer_id: Uuid,
    /// The plan.
    pub plan_id: Uuid,
    /// How the first period is paid. The others wait to be paid by payments.
    #[oai(default = "payment")]
    pub paid_with: PaidWith,
    /// The IANA zone in which its periods begin and end; the business's own when absent.
    #[oai(nullable)]
    pub timezone: Option<Text<1, 50>>,
}

fn payment() -> PaidWith {
    PaidWith::Payment
}

/// When a membership ends that is canceled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum CancelMembershipAt {
    /// With the period that is paid.
    PeriodEnd,
    Now,
}

/// How a membership is canceled.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CustomerMembershipCancel {
    /// When it ends.
    #[oai(default = "period_end")]
    pub at: CancelMembershipAt,
}

fn period_end() -> CancelMembershipAt {
    CancelMembershipAt::PeriodEnd
}

/// A customer's membership.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct CustomerMembership {
    pub id: Uuid,
    pub customer_id: Uuid,
    /// The plan.
    pub plan_id: Uuid,
    pub status: CustomerMembershipStatus,
    /// The zone in which its periods begin and end.
    pub timezone: String,
    /// The number of its present period, from 0.
    pub period: i32,
    /// When that ends.
    #[oai(nullable)]
    pub period_ends: Option<Timestamp>,
    /// Since when its clock stands still.
    #[oai(nullable)]
    pub paused_at: Option<Timestamp>,
    /// Whether it ends with its present period.
    pub ends_then: bool,
    /// When it ended.
    #[oai(nullable)]
    pub ended_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<customer_memberships::Model> for CustomerMembership {
    fn from(row: customer_memberships::Model) -> Self {
        Self {
            id: row.id.0,
            customer_id: row.customer_id.0,
            plan_id: row.plan_id.0,
            status: match row.status {
                enums::MembershipStatus::Pending => CustomerMembershipStatus::Pending,
                enums::MembershipStatus::Active => CustomerMembershipStatus::Active,
                enums::MembershipStatus::Paused => CustomerMembershipStatus::Paused,
                enums::MembershipStatus::Ended => CustomerMembershipStatus::Ended,
            },
            timezone: row.tz,
            period: row.period,
            period_ends: row.period_ends.map(Timestamp::new),
            paused_at: row.paused_at.map(Timestamp::new),
            ends_then: row.ends_then,
            ended_at: row.ended_at.map(Timestamp::new),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0000 + number)
}

impl Example for MembershipPlanCreate {
    fn example() -> Self {
        Self {
            name: Text::of("Eight classes a month"),
            description: None,
            package_id: None,
            quantity: 8,
            period_months: 1,
            price_cents: 9_900,
            currency: None,
            carry_over_cap: Some(2),
            active: true,
        }
    }
}

impl Example for MembershipPlanUpdate {
    fn example() -> Self {
        Self { price_cents: Some(10_900), carry_over_cap: Patch::Clear, ..Self::default() }
    }
}

impl Example for MembershipPlan {
    fn example() -> Self {
        let made = MembershipPlanCreate::example();
        Self {
            id: id(0x26),
            name: made.name.into(),
            description: None,
            package_id: None,
            quantity: made.quantity,
            period_months: made.period_months,
            price_cents: made.price_cents,
            currency: "EUR".into(),
            carry_over_cap: made.carry_over_cap,
            active: true,
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}

impl Example for CustomerMembershipCreate {
    fn example() -> Self {
        let timezone = Some(Text::of("Europe/Berlin"));
        Self { customer_id: id(4), plan_id: id(0x26), paid_with: PaidWith::Cash, timezone }
    }
}

impl Example for CustomerMembershipCancel {
    fn example() -> Self {
        Self { at: CancelMembershipAt::PeriodEnd }
    }
}

impl Example for CustomerMembership {
    fn example() -> Self {
        Self {
            id: id(0x27),
            customer_id: id(4),
            plan_id: id(0x26),
            status: CustomerMembershipStatus::Active,
            timezone: "Europe/Berlin".into(),
            period: 3,
            period_ends: Some(Timestamp::example()),
            paused_at: None,
            ends_then: false,
            ended_at: None,
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}
