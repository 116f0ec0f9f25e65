//! `users`: a person's account, in no tenant or in several.
//!
//! A request inserts its own account only: `app.user_id` must be the new id.

use crate::ids::UserId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    #[sea_orm(column_type = "Text")]
    pub display_name: String,
    #[sea_orm(column_type = "Text")]
    pub primary_email: String,
    /// As compared: lower case, no blanks. Written by the service.
    #[sea_orm(column_type = "Text")]
    pub email_normalized: String,
    pub email_verified_at: Option<DateTimeUtc>,
    /// Null: signs in elsewhere.
    #[sea_orm(column_type = "Text", nullable)]
    pub password_hash: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub avatar_url: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub locale: String,
    /// Leave unset on insert: requests have no right to it.
    pub is_super_admin: bool,
    /// Leave unset on insert: requests have no right to it.
    pub is_active: bool,
    /// Leave unset on insert: requests have no right to it.
    pub last_login_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
