//! The verbs on points. Each movement is one statement that adds the transaction and moves the balance, or does neither.

use ::entity::enums::LoyaltyTier;
use ::entity::ids::{BookingId, CustomerId, TenantId};
use ::entity::loyalty_accounts::{Column, Entity, Model};
use ::entity::loyalty_transactions;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, QueryTrait, Statement, Value,
};
use uuid::Uuid;

use super::dto::{LoyaltyAccount, LoyaltyPoints, LoyaltyTransaction};
use super::{events, program};
use crate::db::Scope;
use crate::db::keyset::{self, Filter, Walk};
use crate::domains::crm;
use crate::domains::tenancy::rules::exponent;
use crate::error::{ApiError, Code};
use crate::guard::Listing;

/// What a completed booking's points are for.
const COMPLETED: &str = "Booking completed";

const OPEN: &str = "\
INSERT INTO app.loyalty_accounts (tenant_id, id, customer_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (tenant_id, customer_id) DO NOTHING";

/// A booking that has earned already adds nothing, and so moves nothing.
const EARN: &str = "\
WITH entry AS (
  INSERT INTO app.loyalty_transactions (tenant_id, id, loyalty_account_id, points_change, reason, booking_id, created_at)
  SELECT a.tenant_id, $3, a.id, $4, $5, $6, $7 FROM app.loyalty_accounts a
  WHERE a.tenant_id = $1 AND a.customer_id = $2 AND a.is_active
  ON CONFLICT (tenant_id, booking_id) DO NOTHING RETURNING loyalty_account_id, points_change
)
UPDATE app.loyalty_accounts a
SET points_balance = a.points_balance + e.points_change, total_earned = a.total_earned + e.points_change, updated_at = $7
FROM entry e WHERE a.tenant_id = $1 AND a.id = e.loyalty_account_id RETURNING a.*";

/// Of many who redeem at once each finds the balance that the one before it left.
const REDEEM: &str = "\
WITH account AS (
  UPDATE app.loyalty_accounts
  SET points_balance = points_balance - $4, total_redeemed = total_redeemed + $4, updated_at = $6
  WHERE tenant_id = $1 AND customer_id = $2 AND is_active AND points_balance >= $4 RETURNING *
), entry AS (
  INSERT INTO app.loyalty_transactions (tenant_id, id, loyalty_account_id, points_change, reason, created_at)
  SELECT tenant_id, $3, id, -$4::bigint, $5, $6 FROM account
)
SELECT * FROM account";

/// Whose movements a list shows.
#[derive(Debug)]
struct Of {
    tenant: TenantId,
    customer: CustomerId,
}

impl Filter<loyalty_transactions::Entity> for Of {
    fn condition(&self) -> Condition {
        let account = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::TenantId.eq(self.tenant))
            .filter(Column::CustomerId.eq(self.customer));
        Condition::all().add(loyalty_transactions::Column::LoyaltyAccountId.in_subquery(account.into_query()))
    }
}

/// The points of a customer; zeros for one who never had any.
pub async fn account(scope: &Scope, customer: Uuid) -> Result<LoyaltyAccount, ApiError> {
    let customer = crm::known(scope, customer).await?;
    let found = find(scope, customer).await?;
    Ok(found.map_or_else(|| LoyaltyAccount::unused(customer), Into::into))
}

/// A page of movements.
pub async fn transactions(
    scope: &Scope,
    walk: Walk<'_, loyalty_transactions::Entity>,
    customer: Uuid,
) -> Result<Listing<LoyaltyTransaction>, ApiError> {
    let filter = Of { tenant: scope.tenant()?, customer: crm::known(scope, customer).await? };
    keyset::list(scope, walk, &filter, LoyaltyTransaction::from).await
}

/// Gives points.
pub async fn earn(scope: &Scope, customer: Uuid, new: LoyaltyPoints) -> Result<LoyaltyAccount, ApiError> {
    let customer = crm::known(scope, customer).await?;
    let account = add(scope, customer, new.points, new.reason.into(), None).await?;
    account.map(Into::into).ok_or_else(stopped)
}

/// Takes points for something.
pub async fn redeem(scope: &Scope, customer: Uuid, spent: LoyaltyPoints) -> Result<LoyaltyAccount, ApiError> {
    Ok(spend(scope, customer, spent.points, &spent.reason).await?.1)
}

/// The same for whatever they are exchanged for.
pub async fn spend(
    scope: &Scope,
    customer: Uuid,
    points: i64,
    reason: &str,
) -> Result<(CustomerId, LoyaltyAccount), ApiError> {
    let customer = crm::known(scope, customer).await?;
    let values: [Value; 6] = [
        scope.tenant()?.0.into(),
        customer.0.into(),
        scope.new_id().into(),
        points.into(),
        reason.to_owned().into(),
        scope.now().into(),
    ];
    match moved(scope, REDEEM, values).await? {
        Some(account) => {
            scope.emit(events::redeemed(&account, points));
            Ok((customer, account.into()))
        }
        None => Err(refusal(find(scope, customer).await?)),
    }
}

/// Gives the points of a completed booking, in the booking's own transaction. Each booking earns once; an account
/// that is stopped earns nothing.
///
/// # Errors
/// When the database cannot answer.
pub async fn award(
    scope: &Scope,
    customer: CustomerId,
    booking: BookingId,
    total_cents: i64,
    currency: &str,
) -> Result<(), ApiError> {
    let tier = find(scope, customer).await?.map_or(LoyaltyTier::Bronze, |account| account.tier);
    let points = program::program(scope).await?.earned(total_cents, exponent(currency), tier);
    if points > 0 {
        add(scope, customer, points, COMPLETED.into(), Some(booking)).await?;
    }
    Ok(())
}

/// Gives a customer points for something else, in the transaction of whatever it is. An account that is stopped gets
/// none.
///
/// # Errors
/// When the database cannot answer.
pub async fn give(scope: &Scope, customer: CustomerId, points: i64, reason: &str) -> Result<(), ApiError> {
    add(scope, customer, points, reason.to_owned(), None).await?;
    Ok(())
}

/// Adds points and tells it; `None` when nothing was to be added.
async fn add(
    scope: &Scope,
    customer: CustomerId,
    points: i64,
    reason: String,
    booking: Option<BookingId>,
) -> Result<Option<Model>, ApiError> {
    let tenant = scope.tenant()?.0;
    let open: [Value; 4] = [tenant.into(), scope.new_id().into(), customer.0.into(), scope.now().into()];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, OPEN, open)).await?;
    let values: [Value; 7] = [
        tenant.into(),
        customer.0.into(),
        scope.new_id().into(),
        points.into(),
        reason.into(),
        booking.map(|booking| booking.0).into(),
        scope.now().into(),
    ];
    let Some(account) = moved(scope, EARN, values).await? else { return Ok(None) };
    let account = raise(scope, account).await?;
    scope.emit(events::earned(&account, points, booking));
    Ok(Some(account))
}

/// Brings the tier to where the points are; the row is locked by what moved them.
async fn raise(scope: &Scope, account: Model) -> Result<Model, ApiError> {
    let tier = program::program(scope).await?.tier(account.total_earned);
    if tier == account.tier {
        return Ok(account);
    }
    let mut raised = account.into_active_model();
    raised.tier = Set(tier);
    raised.updated_at = Set(scope.now());
    Ok(raised.update(scope).await?)
}

async fn moved<const N: usize>(scope: &Scope, sql: &str, values: [Value; N]) -> Result<Option<Model>, ApiError> {
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
    Ok(Entity::find().from_raw_sql(statement).one(scope).await?)
}

async fn find(scope: &Scope, customer: CustomerId) -> Result<Option<Model>, ApiError> {
    let accounts = Entity::find().filter(Column::TenantId.eq(scope.tenant()?));
    Ok(accounts.filter(Column::CustomerId.eq(customer)).one(scope).await?)
}

/// Why nothing could be redeemed.
fn refusal(account: Option<Model>) -> ApiError {
    match account {
        Some(account) if !account.is_active => stopped(),
        account => {
            let left = account.map_or(0, |account| account.points_balance);
            ApiError::new(Code::PointsInsufficient, format!("There are {left} points to redeem."))
                .with("points_balance", left)
        }
    }
}

fn stopped() -> ApiError {
    ApiError::new(Code::Conflict, "The account is stopped: its points do not move.")
}
