//! `plans`: what the platform sells.

use crate::enums::{PlanProduct, PlanTier};
use crate::ids::PlanId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "plans")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlanId,
    #[sea_orm(column_type = "Text")]
    pub product: PlanProduct,
    #[sea_orm(column_type = "Text")]
    pub tier: PlanTier,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// A month; none is by agreement.
    pub price_cents: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    pub trial_days: i32,
    /// From the smallest.
    pub position: i32,
    /// By name; -1 is without limit.
    #[sea_orm(column_type = "JsonBinary")]
    pub limits: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub features: Json,
    pub is_active: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
