//! The verbs on the account of a business.

use ::entity::ids::TenantBillingId;
use ::entity::tenant_billing::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    Statement, Value,
};

use super::dto::{ConnectAccount, ConnectOnboarding};
use super::{events, rules};
use crate::app::App;
use crate::db::Scope;
use crate::domains::payments::inbox::PROVIDER;
use crate::domains::platform;
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::ports::payments::{Account, Call, Metadata, NewAccount, OnboardingLink, ProviderError};

/// Where the owner comes back to.
const BACK: &str = "/dashboard/billing";

/// The account on which a business is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connected {
    /// `acct_..`
    pub account_id: String,
    /// Whether cards can be charged on it now.
    pub charges_enabled: bool,
    /// The platform's share of each charge, in hundredths of a percent.
    pub application_fee_bps: u32,
}

/// The account of the Scope's business; nothing before it has one.
///
/// # Errors
/// What the database refused.
pub async fn account(scope: &Scope) -> Result<Option<Connected>, ApiError> {
    Ok(find(scope).await?.and_then(|row| {
        Some(Connected {
            charges_enabled: row.charges_enabled && row.deauthorized_at.is_none(),
            application_fee_bps: u32::try_from(row.application_fee_bps).unwrap_or_default(),
            account_id: row.stripe_account_id?,
        })
    }))
}

/// The account as the owner sees it.
pub async fn get(scope: &Scope) -> Result<ConnectAccount, ApiError> {
    Ok(find(scope).await?.map_or_else(ConnectAccount::none, ConnectAccount::from))
}

/// Makes the account where there is none, and a page on which the provider's questions are answered.
///
/// A crash between any two steps leaves an attempt that the next request takes up under the same key.
///
/// # Errors
/// 502 when the provider does not answer.
pub async fn onboarding(app: &App, scope: &Scope, tenant: &Tenant, email: &str) -> Result<ConnectOnboarding, ApiError> {
    let row = hold(scope, app.settings.payments.application_fee_bps).await?;
    let mut asked = row.clone().into_active_model();
    asked.link_attempts = Set(row.link_attempts + 1);
    asked.updated_at = Set(scope.now());
    let row = asked.update(scope).await?;
    scope.pause().await?;

    let row = match (rules::next(row.stripe_account_id.is_some(), row.deauthorized_at.is_some()), row) {
        (rules::Next::Answer, row) => row,
        (rules::Next::Make, row) => make(app, scope, tenant, &row, email).await?,
    };
    let account = row.stripe_account_id.clone().ok_or_else(|| ApiError::internal("an account was made and is none"))?;
    let key = rules::link_key(tenant.id, row.id, row.link_attempts);
    let back = app.settings.server.tenant_url(&tenant.slug) + BACK;
    let link = OnboardingLink {
        account,
        refresh_url: format!("{back}?connect=again"),
        return_url: format!("{back}?connect=done"),
    };
    let url = app.payments.onboarding_link(Call { account: None, key: &key }, &link).await.map_err(unanswered)?;
    Ok(ConnectOnboarding { url, account: row.into() })
}

/// Asks the provider for the account and writes down whose it is, then what it may do.
async fn make(app: &App, scope: &Scope, tenant: &Tenant, row: &Model, email: &str) -> Result<Model, ApiError> {
    let key = rules::account_key(tenant.id, row.id, row.account_attempts);
    let metadata = Metadata::from([("tenant_id".into(), tenant.id.to_string())]);
    let new = NewAccount { email: Some(email.to_owned()), country: None, metadata };
    let seen_at = scope.now();
    let made = app.payments.create_account(Call { account: None, key: &key }, &new).await.map_err(unanswered)?;
    platform::claim_account(&app.platform, PROVIDER, &made.id, tenant.id).await?;

    let held = lock(scope).await?.ok_or_else(|| ApiError::of(Code::NotFound))?;
    // a twin may have come first, with the same key and so the same account; and it may be closed by now
    let row = if held.account_attempts == row.account_attempts && held.stripe_account_id.as_ref() != Some(&made.id) {
        let mut change = held.into_active_model();
        change.stripe_account_id = Set(Some(made.id.clone()));
        change.deauthorized_at = Set(None);
        write(scope, change, &made, seen_at).await?
    } else {
        held
    };
    scope.pause().await?;
    Ok(row)
}

/// Asks the provider what the account may do now. Nothing, before there is one or after it was closed to us.
///
/// # Errors
/// 502 when the provider does not answer.
pub async fn refresh(app: &App, scope: &Scope) -> Result<ConnectAccount, ApiError> {
    let Some(row) = find(scope).await? else { return Ok(ConnectAccount::none()) };
    let Some(account) = row.stripe_account_id.clone().filter(|_| row.deauthorized_at.is_none()) else {
        return Ok(row.into());
    };
    scope.pause().await?;
    let seen_at = scope.now();
    let account = app.payments.account(&account).await.map_err(unanswered)?;
    apply_account(scope, &account, seen_at).await?;
    get(scope).await
}

/// Takes in what the provider said of an account when it was asked at `seen_at`. Of an account that the business has
/// left, or that is closed to us, nothing is taken in; nor what was said before something that is known already.
///
/// # Errors
/// What the database refused.
pub async fn apply_account(scope: &Scope, account: &Account, seen_at: DateTime<Utc>) -> Result<(), ApiError> {
    let Some(row) = lock(scope).await? else { return Ok(()) };
    let own = row.stripe_account_id.as_deref() == Some(&*account.id) && row.deauthorized_at.is_none();
    if own && row.account_seen_at.is_none_or(|known| known <= seen_at) {
        write(scope, row.into_active_model(), account, seen_at).await?;
    }
    Ok(())
}

/// Takes in that an account is closed to us: nothing is charged on it from now on.
///
/// # Errors
/// What the database refused.
pub async fn apply_deauthorized(scope: &Scope, account: &str, at: DateTime<Utc>) -> Result<(), ApiError> {
    let Some(row) = lock(scope).await? else { return Ok(()) };
    if row.stripe_account_id.as_deref() != Some(account) || row.deauthorized_at.is_some() {
        return Ok(());
    }
    let attempts = row.account_attempts;
    let mut change = row.into_active_model();
    change.charges_enabled = Set(false);
    change.payouts_enabled = Set(false);
    change.deauthorized_at = Set(Some(at));
    // the next account is another one, so it is asked for under another key
    change.account_attempts = Set(attempts + 1);
    change.updated_at = Set(scope.now());
    let row = change.update(scope).await?;
    scope.emit(events::deauthorized(&row));
    Ok(())
}

/// Writes what the provider said, and tells of it when it is something new.
async fn write(
    scope: &Scope,
    mut change: ::entity::tenant_billing::ActiveModel,
    account: &Account,
    seen_at: DateTime<Utc>,
) -> Result<Model, ApiError> {
    change.charges_enabled.set_if_not_equals(account.charges_enabled);
    change.payouts_enabled.set_if_not_equals(account.payouts_enabled);
    change.details_submitted.set_if_not_equals(account.details_submitted);
    let is_new = change.is_changed();
    change.account_seen_at = Set(Some(seen_at));
    if is_new {
        change.updated_at = Set(scope.now());
    }
    let row = change.update(scope).await?;
    if is_new {
        scope.emit(events::updated(&row));
    }
    Ok(row)
}

async fn find(scope: &Scope) -> Result<Option<Model>, ApiError> {
    Ok(Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).one(scope).await?)
}

async fn lock(scope: &Scope) -> Result<Option<Model>, ApiError> {
    Ok(Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).lock_exclusive().one(scope).await?)
}

const OPEN: &str = "
INSERT INTO app.tenant_billing (tenant_id, id, application_fee_bps, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (tenant_id) DO NOTHING";

/// The row of the business, locked; made where there is none.
async fn hold(scope: &Scope, fee_bps: u32) -> Result<Model, ApiError> {
    if let Some(row) = lock(scope).await? {
        return Ok(row);
    }
    let fee = i32::try_from(fee_bps).unwrap_or_default();
    let id = TenantBillingId(scope.new_id());
    let values: [Value; 4] = [scope.tenant()?.0.into(), id.0.into(), fee.into(), scope.now().into()];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, OPEN, values)).await?;
    lock(scope).await?.ok_or_else(|| ApiError::internal("a row was made and is not there"))
}

fn unanswered(error: ProviderError) -> ApiError {
    ApiError::of(Code::PaymentStripeError).caused_by(error)
}
