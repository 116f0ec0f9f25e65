//! What is due in a business: memberships whose period is over, and lots that expire.

use ::entity::credits::{Column, Entity};
use ::entity::customer_memberships as members;
use ::entity::enums::{CreditAccountKind, MembershipStatus};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::{credits, ledger, memberships};
use crate::db::Scope;
use crate::error::ApiError;

/// Memberships and lots of one round; what is left waits for the next.
const MOST: u64 = 500;

/// Does what is due; answers how many memberships and lots it was.
///
/// # Errors
/// When the database cannot answer.
pub async fn tend(scope: &Scope) -> Result<usize, ApiError> {
    Ok(renew(scope).await? + expire(scope).await?)
}

async fn renew(scope: &Scope) -> Result<usize, ApiError> {
    let due = members::Entity::find()
        .filter(members::Column::TenantId.eq(scope.tenant()?))
        .filter(members::Column::Status.eq(MembershipStatus::Active))
        .filter(members::Column::PeriodEnds.lte(scope.now()))
        .order_by_asc(members::Column::Id)
        .limit(MOST)
        .all(scope)
        .await?;
    let mut done = 0;
    for membership in due {
        done += usize::from(memberships::renew(scope, membership.id).await?);
    }
    Ok(done)
}

/// Lots of a membership that goes on are its own: what is left of them may go over into its next period.
async fn expire(scope: &Scope) -> Result<usize, ApiError> {
    let ended = members::Entity::find()
        .select_only()
        .column(members::Column::Id)
        .filter(members::Column::TenantId.eq(scope.tenant()?))
        .filter(members::Column::Status.eq(MembershipStatus::Ended));
    let alone =
        Condition::any().add(Column::MembershipId.is_null()).add(Column::MembershipId.in_subquery(ended.into_query()));
    let due = Entity::find()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::Kind.eq(CreditAccountKind::Lot))
        .filter(Column::SweptAt.is_null())
        .filter(Column::ExpiresAt.lte(scope.now()))
        .filter(alone)
        .order_by_asc(Column::Id)
        .limit(MOST)
        .lock(LockType::NoKeyUpdate)
        .all(scope)
        .await?;
    for lot in &due {
        let lost = ledger::expire(scope, Condition::all().add(Column::Id.eq(lot.id)), 0).await?;
        if let Some(customer) = lot.customer_id.filter(|_| lost > 0) {
            scope.emit(credits::expired(customer, lost));
        }
    }
    Entity::update_many()
        .col_expr(Column::SweptAt, Expr::value(scope.now()))
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::Id.is_in(due.iter().map(|lot| lot.id)))
        .exec(scope)
        .await?;
    Ok(due.len())
}
