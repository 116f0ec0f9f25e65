//! Who a customer is, for what must say so on paper.

use ::entity::customers::{Column, Entity};
use ::entity::ids::CustomerId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::db::Scope;
use crate::error::ApiError;

/// A customer's name, and where they are reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// What is known of a customer, of one who was deleted too: what they bought before must still be billed.
///
/// # Errors
/// When the database cannot answer.
pub async fn card(scope: &Scope, customer: CustomerId) -> Result<Option<Card>, ApiError> {
    let found = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(Column::Id.eq(customer));
    Ok(found.one(scope).await?.map(|row| Card { name: row.display_name, email: row.email, phone: row.phone }))
}
