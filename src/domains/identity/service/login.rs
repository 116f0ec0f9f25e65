//! Login by password. Every refusal takes the same time and says the same: wrong password, unknown, closed
//! and password-less account, and no member of the business.
//!
//! What must stay true: no transaction is open while a password is hashed; every attempt costs one of the
//! account's allowance before its password is looked at, also where there is no such account.

use std::sync::Arc;

use ::entity::enums::SessionKind;
use ::entity::ids::UserId;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};
use sha2::{Digest, Sha256};

use super::{Entered, bound, memberships, open};
use crate::app::App;
use crate::db::Scope;
use crate::domains::identity::device::Device;
use crate::domains::identity::dto;
use crate::domains::identity::password::Verdict;
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::kernel::contact::normal_email;
use crate::pipeline::rate_limit;

/// A login that is tried.
pub struct Attempt {
    pub email: String,
    pub password: String,
    /// Slug or id of the business to bind the token to.
    pub tenant: Option<String>,
    pub kind: SessionKind,
    pub device: Device,
}

#[derive(FromQueryResult)]
struct Account {
    id: UserId,
    display_name: String,
    primary_email: String,
    password_hash: Option<String>,
    last_login_at: Option<DateTime<Utc>>,
}

/// Logs a person in; `host` is the business that the request names by itself.
///
/// # Errors
/// 401 whatever is wrong with the credentials, 429 while the account is locked, 404 when body and request
/// name two businesses, 403 for a suspended business.
pub async fn login(app: &App, scope: &Scope, host: Option<Arc<Tenant>>, attempt: Attempt) -> Result<Entered, ApiError> {
    let named = name(app, host, attempt.tenant.as_deref()).await?;
    let email = normal_email(&attempt.email).unwrap_or_else(|| attempt.email.to_lowercase());
    let account = find(scope, &email).await?;
    spend_attempt(app, &email, account.as_ref().and_then(|account| account.last_login_at)).await?;
    let stored = account.as_ref().and_then(|account| account.password_hash.clone());
    let verdict = app.passwords.verify(attempt.password, stored).await?;
    let (Some(account), Verdict::Right { stronger }) = (account, verdict) else { return Err(refusal()) };

    let tenant = match named {
        Named::Nothing => None,
        Named::Tenant(tenant) => Some(tenant),
        Named::Unknown => return Err(refusal()),
    };
    let id = tenant.as_ref().map(|tenant| tenant.id);
    let tenants = memberships::of(scope, account.id, id).await?;
    if let Some(tenant) = tenant.filter(|tenant| bound(&tenants, tenant.id).is_none()) {
        return Err(if tenant.active { refusal() } else { ApiError::of(Code::TenantSuspended) });
    }
    let opened = open(app, scope, account.id, id, attempt.kind, attempt.device, stronger).await?;
    let role = id.and_then(|id| bound(&tenants, id)).map(|membership| membership.role.into());
    let context = dto::UserContext {
        user_id: account.id.0,
        email: account.primary_email,
        display_name: account.display_name,
        tenant_id: id.map(|id| id.0),
        role,
    };
    Ok(Entered { opened, tenants, context })
}

fn refusal() -> ApiError {
    ApiError::of(Code::CredentialsInvalid)
}

/// The business that a login is for.
enum Named {
    Nothing,
    Tenant(Arc<Tenant>),
    Unknown,
}

async fn name(app: &App, host: Option<Arc<Tenant>>, body: Option<&str>) -> Result<Named, ApiError> {
    let Some(text) = body else { return Ok(host.map_or(Named::Nothing, Named::Tenant)) };
    let found = match text.parse() {
        Ok(id) => app.directory.by_id(id).await?,
        Err(_) => app.directory.by_slug(text).await?,
    };
    match (host, found) {
        (Some(host), found) if found.as_ref().is_none_or(|found| found.id != host.id) => {
            Err(ApiError::of(Code::TenantMismatch))
        }
        (_, Some(tenant)) => Ok(Named::Tenant(tenant)),
        (_, None) => Ok(Named::Unknown),
    }
}

/// The account of an address, in a transaction of its own that ends here: its connection is not kept
/// while the password waits for its turn.
async fn find(scope: &Scope, email: &str) -> Result<Option<Account>, ApiError> {
    let own = scope.fresh();
    let sql = "SELECT id, display_name, primary_email, password_hash, last_login_at FROM app.users \
               WHERE email_normalized = $1 AND is_active";
    let row = own.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [email.into()])).await;
    own.roll_back().await;
    Ok(row?.map(|row| Account::from_query_result(&row, "")).transpose()?)
}

/// Takes one of the attempts that an account has between two logins. A login opens a fresh bucket, because
/// its instant is part of the key: so only failures add up, and a locked account stays locked for the
/// right password too, without any way to ask a bucket what is left in it.
async fn spend_attempt(app: &App, email: &str, last_login: Option<DateTime<Utc>>) -> Result<(), ApiError> {
    let digest = BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(email.as_bytes())[..16]);
    let since = last_login.map_or(0, |at| at.timestamp_micros());
    let key = rate_limit::key(None, "password", &format!("account:{digest}:{since}"));
    let spent = app.limiter.take("password", &key, app.settings.limits.limit_password).await;
    match spent.refused {
        None => Ok(()),
        Some(wait) => {
            let detail = format!("Too many failed logins. Please wait {wait} seconds.");
            Err(ApiError::new(Code::AccountLocked, detail).retry_after(wait))
        }
    }
}
