//! `customers`: who books, as one tenant knows them.

use crate::ids::{CustomerId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "customers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CustomerId,
    #[sea_orm(column_type = "Text")]
    pub display_name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub email: Option<String>,
    /// As compared: lower case, no blanks. Written by the service, together with `email`.
    #[sea_orm(column_type = "Text", nullable)]
    pub email_normalized: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub phone: Option<String>,
    pub marketing_opt_in: bool,
    #[sea_orm(column_type = "JsonBinary")]
    pub notification_preferences: Json,
    pub is_first_time: bool,
    pub customer_first_booking_at: Option<DateTimeUtc>,
    pub pseudonymized_at: Option<DateTimeUtc>,
    pub deleted_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
