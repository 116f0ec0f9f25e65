//! Reads and replaces a business's program.

use ::entity::loyalty_settings::{self as settings, Model as Settings};
use ::entity::loyalty_tiers as tiers;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, Statement, Value};

use super::dto::{LoyaltyProgram, LoyaltyStep};
use crate::db::Scope;
use crate::domains::loyalty::rules::{self, Program, Step};
use crate::error::{ApiError, Code};

/// Brings every account to the tier that its points lead to by now.
const RAISE: &str = "\
WITH reached AS (
  SELECT a.id, coalesce((SELECT t.tier FROM app.loyalty_tiers t WHERE t.tenant_id = $1 AND t.threshold <= a.total_earned
    ORDER BY t.threshold DESC LIMIT 1), 'bronze') AS tier
  FROM app.loyalty_accounts a WHERE a.tenant_id = $1
)
UPDATE app.loyalty_accounts a SET tier = r.tier, updated_at = $2 FROM reached r
WHERE a.tenant_id = $1 AND a.id = r.id AND a.tier <> r.tier";

/// How points are earned now.
///
/// # Errors
/// When the database cannot answer.
pub async fn program(scope: &Scope) -> Result<Program, ApiError> {
    let steps = steps(scope).await?;
    let said = said(scope).await?;
    let default = Program::default();
    Ok(Program {
        earn_by: said.as_ref().map_or(default.earn_by, |said| said.earn_by),
        points: said.as_ref().map_or(default.points, |said| said.points.into()),
        steps: if steps.is_empty() { default.steps } else { steps },
    })
}

/// What the business said; `None` when it never did.
pub(super) async fn said(scope: &Scope) -> Result<Option<Settings>, ApiError> {
    let find = settings::Entity::find().filter(settings::Column::TenantId.eq(scope.tenant()?));
    Ok(find.one(scope).await?)
}

/// The program as it is shown.
pub async fn shown(scope: &Scope) -> Result<LoyaltyProgram, ApiError> {
    let (said, now) = (said(scope).await?, program(scope).await?);
    let step = |step: Step| LoyaltyStep {
        tier: step.tier.into(),
        threshold: step.threshold,
        multiplier_bps: step.multiplier_bps,
    };
    Ok(LoyaltyProgram {
        earn_by: now.earn_by.into(),
        points: i32::try_from(now.points).unwrap_or(i32::MAX),
        points_per_credit: said.as_ref().and_then(|said| said.points_per_credit),
        points_per_unit: said.as_ref().and_then(|said| said.points_per_unit),
        valid_days: said.and_then(|said| said.valid_days),
        tiers: now.steps.into_iter().map(step).collect(),
    })
}

/// Says how points are earned from now on. Accounts move to the tiers that their points lead to by the new ones.
///
/// # Errors
/// 422 for tiers out of order.
pub async fn replace(scope: &Scope, new: LoyaltyProgram) -> Result<LoyaltyProgram, ApiError> {
    let step = |step: &LoyaltyStep| Step {
        tier: step.tier.into(),
        threshold: step.threshold,
        multiplier_bps: step.multiplier_bps,
    };
    let steps: Vec<Step> = new.tiers.iter().map(step).collect();
    if !rules::in_order(&steps) {
        let detail = "Tiers begin with bronze at no points; each higher one begins later.";
        return Err(ApiError::new(Code::RuleViolation, detail).with_field("#/tiers", "order", detail));
    }
    write_settings(scope, &new).await?;
    write_tiers(scope, &steps).await?;
    let values: [Value; 2] = [scope.tenant()?.0.into(), scope.now().into()];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, RAISE, values)).await?;
    shown(scope).await
}

async fn steps(scope: &Scope) -> Result<Vec<Step>, ApiError> {
    let rows = tiers::Entity::find()
        .filter(tiers::Column::TenantId.eq(scope.tenant()?))
        .order_by_asc(tiers::Column::Threshold)
        .all(scope)
        .await?;
    let step = |row: tiers::Model| Step {
        tier: row.tier,
        threshold: row.threshold,
        multiplier_bps: u32::try_from(row.multiplier_bps).unwrap_or(rules::ONCE),
    };
    Ok(rows.into_iter().map(step).collect())
}

async fn write_settings(scope: &Scope, new: &LoyaltyProgram) -> Result<(), ApiError> {
    use settings::{ActiveModel, Column, Entity};
    let row = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        earn_by: Set(new.earn_by.into()),
        points: Set(new.points),
        points_per_credit: Set(new.points_per_credit),
        points_per_unit: Set(new.points_per_unit),
        valid_days: Set(new.valid_days),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let columns = [
        Column::EarnBy,
        Column::Points,
        Column::PointsPerCredit,
        Column::PointsPerUnit,
        Column::ValidDays,
        Column::UpdatedAt,
    ];
    let known = OnConflict::column(Column::TenantId).update_columns(columns).to_owned();
    Entity::insert(row).on_conflict(known).exec_without_returning(scope).await?;
    Ok(())
}

async fn write_tiers(scope: &Scope, steps: &[Step]) -> Result<(), ApiError> {
    use tiers::{ActiveModel, Column, Entity};
    let tenant = scope.tenant()?;
    Entity::delete_many().filter(Column::TenantId.eq(tenant)).exec(scope).await?;
    let rows = steps.iter().map(|step| ActiveModel {
        tenant_id: Set(tenant),
        tier: Set(step.tier),
        threshold: Set(step.threshold),
        multiplier_bps: Set(i32::try_from(step.multiplier_bps).unwrap_or(i32::MAX)),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    });
    Entity::insert_many(rows).exec_without_returning(scope).await?;
    Ok(())
}
