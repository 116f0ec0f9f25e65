//! Accounts and entries, as they stand in the tables.

use std::collections::HashMap;

use ::entity::credit_transactions::{ActiveModel, Entity};
use ::entity::credits::{Column as AccountColumn, Entity as Accounts};
use ::entity::enums::{CreditAccountKind, CreditMove, CreditUnit};
use ::entity::ids::{BookingId, CreditAccountId, CreditTransactionId, PurchaseId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Statement, Value};
use uuid::Uuid;

use crate::db::Scope;
use crate::error::ApiError;

const OWN: &str = "\
INSERT INTO app.credits (tenant_id, id, kind, unit, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT (tenant_id, kind, unit) WHERE kind <> 'lot' DO NOTHING";

const BALANCES: &str = "\
SELECT account_id, balance FROM app.credit_balances WHERE tenant_id = $1 AND account_id = ANY ($2)";

/// What a movement is about.
#[derive(Clone, Debug)]
pub struct About {
    pub kind: CreditMove,
    pub booking: Option<BookingId>,
    pub purchase: Option<PurchaseId>,
    pub reason: Option<String>,
}

/// The business's own account of a kind.
pub async fn own(scope: &Scope, kind: CreditAccountKind, unit: CreditUnit) -> Result<CreditAccountId, ApiError> {
    let tenant = scope.tenant()?;
    let find = Accounts::find()
        .filter(AccountColumn::TenantId.eq(tenant))
        .filter(AccountColumn::Kind.eq(kind))
        .filter(AccountColumn::Unit.eq(unit));
    if let Some(account) = find.clone().one(scope).await? {
        return Ok(account.id);
    }
    let values: [Value; 5] =
        [tenant.0.into(), scope.new_id().into(), kind.as_str().into(), unit.as_str().into(), scope.now().into()];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, OWN, values)).await?;
    let account = find.one(scope).await?;
    account.map(|account| account.id).ok_or_else(|| ApiError::internal("an account was neither found nor made"))
}

/// What accounts hold.
pub async fn balances(scope: &Scope, accounts: &[CreditAccountId]) -> Result<HashMap<CreditAccountId, i64>, ApiError> {
    let ids: Vec<Uuid> = accounts.iter().map(|account| account.0).collect();
    let values: [Value; 2] = [scope.tenant()?.0.into(), ids.into()];
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, BALANCES, values)).await?;
    let mut balances = HashMap::with_capacity(rows.len());
    for row in rows {
        balances.insert(CreditAccountId(row.try_get("", "account_id")?), row.try_get("", "balance")?);
    }
    Ok(balances)
}

/// Writes a movement and answers its id. `parts` must sum to zero.
pub async fn write(scope: &Scope, parts: &[(CreditAccountId, i64)], about: &About) -> Result<Uuid, ApiError> {
    if parts.iter().map(|(_, amount)| amount).sum::<i64>() != 0 {
        return Err(ApiError::internal("a movement does not sum to zero"));
    }
    let (tenant, movement) = (scope.tenant()?, scope.new_id());
    let rows = parts.iter().filter(|(_, amount)| *amount != 0).map(|(account, amount)| ActiveModel {
        tenant_id: Set(tenant),
        id: Set(CreditTransactionId(scope.new_id())),
        movement_id: Set(movement),
        account_id: Set(*account),
        kind: Set(about.kind),
        amount: Set(*amount),
        booking_id: Set(about.booking),
        purchase_id: Set(about.purchase),
        reason: Set(about.reason.clone()),
        created_at: Set(scope.now()),
    });
    let rows: Vec<ActiveModel> = rows.collect();
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(scope).await?;
    }
    Ok(movement)
}
