//! A booking that was made with the code of whoever brought the customer along.

use ::entity::bookings::{Column, Entity, Model};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::db::Scope;
use crate::domains::promotions::{self, Claimed};
use crate::error::ApiError;

/// Notes who brought the customer along, if this is their first booking.
///
/// # Errors
/// 422 for a code that is nobody's.
pub(super) async fn claim(scope: &Scope, booking: &Model, code: &str) -> Result<(), ApiError> {
    let others = Entity::find()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::CustomerId.eq(booking.customer_id))
        .filter(Column::Id.ne(booking.id));
    let first = others.count(scope).await? == 0;
    let claimed = Claimed { customer: booking.customer_id, booking: booking.id, first };
    promotions::referral_claim(scope, code, claimed).await
}
