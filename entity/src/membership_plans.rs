//! `membership_plans`: what a membership gives in each of its periods: sessions of a package, or credits.

use crate::enums::PlanGrant;
use crate::ids::{MembershipPlanId, PackageId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "membership_plans")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MembershipPlanId,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    pub grants: PlanGrant,
    pub quantity: i32,
    pub package_id: Option<PackageId>,
    pub period_months: i32,
    pub price_cents: i64,
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    /// How much of what is left goes over into the next period; null: all of it.
    pub carry_over_cap: Option<i32>,
    pub active: bool,
    pub deleted_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
