//! Opening a session: the row, its first refresh token and the account's last login in one statement, then
//! a signed token for the client.

use ::entity::enums::SessionKind;
use ::entity::ids::{SessionId, TenantId, UserId};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use crate::app::App;
use crate::db::Scope;
use crate::domains::identity::device::Device;
use crate::domains::identity::refresh_token::RefreshToken;
use crate::domains::identity::tokens::Claims;
use crate::error::{ApiError, Code};

/// What a client holds after a login.
pub struct Opened {
    /// The access token, or the cookie's token when the session is a browser's.
    pub token: String,
    pub kind: SessionKind,
    /// When the token stops holding.
    pub expires_at: DateTime<Utc>,
    pub refresh_token: Option<String>,
}

/// Opens a session for an account whose holder has proved to be it. `stronger` replaces the password's hash.
///
/// # Errors
/// 401 when the account is closed.
pub async fn open(
    app: &App,
    scope: &Scope,
    user: UserId,
    tenant: Option<TenantId>,
    kind: SessionKind,
    device: Device,
    stronger: Option<String>,
) -> Result<Opened, ApiError> {
    let now = scope.now();
    let ends = now + TimeDelta::days(app.settings.tokens.refresh_token_days.into());
    let session = SessionId(scope.new_id());
    let refresh = (kind == SessionKind::Api).then(|| RefreshToken::new(user, tenant));
    // updated_at is named, or the trigger would write the database's clock beside ours
    let sql = "WITH opened AS (\
                 INSERT INTO app.sessions (user_id, id, kind, user_agent, ip, created_at, last_seen_at, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $6, $7) RETURNING user_id, id), \
               first AS (\
                 INSERT INTO app.refresh_tokens (user_id, id, session_id, token_hash, created_at, expires_at) \
                 SELECT user_id, $8, id, $9, $6, $7 FROM opened WHERE $9::bytea IS NOT NULL) \
               UPDATE app.users SET last_login_at = $6, updated_at = $6, password_hash = coalesce($10, password_hash) \
               WHERE id = $1 AND is_active";
    let values: [Value; 10] = [
        user.0.into(),
        session.0.into(),
        kind.as_str().into(),
        device.user_agent.into(),
        device.ip.into(),
        now.into(),
        ends.into(),
        scope.new_id().into(),
        refresh.as_ref().map(RefreshToken::digest).into(),
        stronger.into(),
    ];
    let done = scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    if done.rows_affected() == 0 {
        return Err(ApiError::of(Code::CredentialsInvalid));
    }
    let expires_at = token_ends(app, kind, now, ends);
    let claims = Claims { user, session: Some(session), tenant, expires_at };
    let token = app.tokens.issue(&claims, now).map_err(ApiError::internal)?;
    Ok(Opened { token, kind, expires_at, refresh_token: refresh.map(|token| token.reveal()) })
}

/// A cookie's token holds as long as its session, which is looked up at each request; an access token is
/// short-lived, for those who only verify its signature.
pub(super) fn token_ends(app: &App, kind: SessionKind, now: DateTime<Utc>, ends: DateTime<Utc>) -> DateTime<Utc> {
    match kind {
        SessionKind::Browser => ends,
        SessionKind::Api => ends.min(now + TimeDelta::minutes(app.settings.tokens.access_token_minutes.into())),
    }
}
