//! `tenant_subscriptions`: what a business has of the platform

use crate::enums::{ProviderStatus, SubscriptionState};
use crate::ids::{PlanId, TenantId, TenantSubscriptionId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "tenant_subscriptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TenantSubscriptionId,
    pub plan_id: PlanId,
    #[sea_orm(column_type = "Text")]
    pub state: SubscriptionState,
    /// What the provider says of it; none while it bills nothing.
    #[sea_orm(column_type = "Text", nullable)]
    pub provider_status: Option<ProviderStatus>,
    /// What it costs and allows here, where that is not the plan's.
    pub custom_price_cents: Option<i64>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub custom_limits: Option<Json>,
    pub trial_end_at: Option<DateTimeUtc>,
    pub period_start_at: Option<DateTimeUtc>,
    pub period_end_at: Option<DateTimeUtc>,
    /// How long a payment that failed is waited for.
    pub grace_end_at: Option<DateTimeUtc>,
    pub cancel_at_period_end: bool,
    pub ended_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub provider_customer_id: Option<String>,
    /// With what it is paid.
    #[sea_orm(column_type = "Text", nullable)]
    pub provider_method_id: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub provider_subscription_id: Option<String>,
    /// As of when the provider said so.
    pub provider_seen_at: Option<DateTimeUtc>,
    /// A change that the provider is being asked for.
    pub pending_plan_id: Option<PlanId>,
    pub pending_at: Option<DateTimeUtc>,
    /// How often the provider was asked to change something.
    pub attempts: i32,
    /// How often somebody was reminded in this state.
    pub reminders: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
