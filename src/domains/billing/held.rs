//! A subscription as it is kept, of a business or of a person: two tables of one shape.

use ::entity::enums::{PlanProduct, ProviderStatus, SubscriptionState};
use ::entity::ids::{PlanId, UserId};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::db::Scope;
use crate::error::ApiError;

/// Whose subscription it is. A person's is found in a Scope of that person only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Business,
    Person(UserId),
}

impl Subject {
    /// What is sold to them.
    #[must_use]
    pub fn product(self) -> PlanProduct {
        match self {
            Self::Business => PlanProduct::Organization,
            Self::Person(_) => PlanProduct::Personal,
        }
    }

    /// The table's name, which is also that of the thing in events.
    #[must_use]
    pub fn table(self) -> &'static str {
        match self {
            Self::Business => "tenant_subscriptions",
            Self::Person(_) => "user_subscriptions",
        }
    }

    fn user(self) -> Option<Uuid> {
        match self {
            Self::Business => None,
            Self::Person(user) => Some(user.0),
        }
    }
}

/// A row of either table.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct Held {
    pub id: Uuid,
    pub plan_id: PlanId,
    pub state: SubscriptionState,
    pub provider_status: Option<ProviderStatus>,
    pub custom_price_cents: Option<i64>,
    pub custom_limits: Option<Json>,
    pub trial_end_at: Option<DateTime<Utc>>,
    pub period_start_at: Option<DateTime<Utc>>,
    pub period_end_at: Option<DateTime<Utc>>,
    pub grace_end_at: Option<DateTime<Utc>>,
    pub cancel_at_period_end: bool,
    pub ended_at: Option<DateTime<Utc>>,
    pub provider_customer_id: Option<String>,
    pub provider_method_id: Option<String>,
    pub provider_subscription_id: Option<String>,
    pub provider_seen_at: Option<DateTime<Utc>>,
    pub pending_plan_id: Option<PlanId>,
    pub pending_at: Option<DateTime<Utc>>,
    pub attempts: i32,
    pub reminders: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, plan_id, state, provider_status, custom_price_cents, custom_limits, trial_end_at, \
    period_start_at, period_end_at, grace_end_at, cancel_at_period_end, ended_at, provider_customer_id, \
    provider_method_id, provider_subscription_id, provider_seen_at, pending_plan_id, pending_at, attempts, reminders, \
    created_at, updated_at";

const CHANGED: &str = "plan_id = $3, state = $4, provider_status = $5, custom_price_cents = $6, custom_limits = $7, \
    trial_end_at = $8, period_start_at = $9, period_end_at = $10, grace_end_at = $11, cancel_at_period_end = $12, \
    ended_at = $13, provider_customer_id = $14, provider_method_id = $15, provider_subscription_id = $16, \
    provider_seen_at = $17, pending_plan_id = $18, pending_at = $19, attempts = $20, reminders = $21, updated_at = $22";

impl Held {
    /// Whether the provider bills it: it was made there, and is not over.
    #[must_use]
    pub fn billed(&self) -> Option<&str> {
        let over = super::rules::life::ended(self.state);
        self.provider_subscription_id.as_deref().filter(|_| !over)
    }

    /// The key of the present call to the provider.
    #[must_use]
    pub fn key(&self, scope_tenant: Uuid, operation: &str) -> String {
        format!("{scope_tenant}:{}:{operation}:{}", self.id, self.attempts)
    }
}

/// The subject's subscription, if there is one.
pub async fn find(scope: &Scope, subject: Subject) -> Result<Option<Held>, ApiError> {
    read(scope, subject, "").await
}

/// The same, locked until the transaction ends.
pub async fn lock(scope: &Scope, subject: Subject) -> Result<Option<Held>, ApiError> {
    read(scope, subject, " FOR UPDATE").await
}

async fn read(scope: &Scope, subject: Subject, how: &str) -> Result<Option<Held>, ApiError> {
    let mut values: Vec<Value> = vec![scope.tenant()?.0.into()];
    let whose = match subject.user() {
        Some(user) => {
            values.push(user.into());
            " AND user_id = $2"
        }
        None => "",
    };
    let sql = format!("SELECT {COLUMNS} FROM app.{} WHERE tenant_id = $1{whose}{how}", subject.table());
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(row.map(|row| Held::from_query_result(&row, "")).transpose()?)
}

/// Makes a person's first one; whoever makes it at the same time is waited for, and theirs counts.
pub async fn begin(
    scope: &Scope,
    subject: Subject,
    plan: PlanId,
    state: SubscriptionState,
    trial_end: Option<DateTime<Utc>>,
) -> Result<bool, ApiError> {
    let (column, place) = match subject {
        Subject::Business => ("", ""),
        Subject::Person(_) => (", user_id", ", $7"),
    };
    let sql = format!(
        "INSERT INTO app.{} (tenant_id, id, plan_id, state, trial_end_at, created_at, updated_at{column}) \
         VALUES ($1, $2, $3, $4, $5, $6, $6{place}) ON CONFLICT DO NOTHING",
        subject.table()
    );
    let mut values: Vec<Value> = vec![
        scope.tenant()?.0.into(),
        scope.new_id().into(),
        plan.0.into(),
        state.as_str().into(),
        trial_end.into(),
        scope.now().into(),
    ];
    values.extend(subject.user().map(Value::from));
    let done = scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(done.rows_affected() > 0)
}

/// Writes a locked row back.
pub async fn save(scope: &Scope, subject: Subject, held: &mut Held) -> Result<(), ApiError> {
    held.updated_at = scope.now();
    let sql = format!("UPDATE app.{} SET {CHANGED} WHERE tenant_id = $1 AND id = $2", subject.table());
    let values: [Value; 22] = [
        scope.tenant()?.0.into(),
        held.id.into(),
        held.plan_id.0.into(),
        held.state.as_str().into(),
        held.provider_status.map(ProviderStatus::as_str).into(),
        held.custom_price_cents.into(),
        held.custom_limits.clone().into(),
        held.trial_end_at.into(),
        held.period_start_at.into(),
        held.period_end_at.into(),
        held.grace_end_at.into(),
        held.cancel_at_period_end.into(),
        held.ended_at.into(),
        held.provider_customer_id.clone().into(),
        held.provider_method_id.clone().into(),
        held.provider_subscription_id.clone().into(),
        held.provider_seen_at.into(),
        held.pending_plan_id.map(|plan| plan.0).into(),
        held.pending_at.into(),
        held.attempts.into(),
        held.reminders.into(),
        held.updated_at.into(),
    ];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(())
}
