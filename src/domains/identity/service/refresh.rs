//! Exchange of a refresh token: each is good once, its successor ends when the session does. A used one
//! that comes back means that two parties hold it, and nobody can say which of them is the person: the
//! whole session ends (RFC 9700 4.14.2). See `rules::RACE` for two requests at the same moment.

use ::entity::enums::SessionKind;
use ::entity::ids::{SessionId, TenantId, UserId};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};

use super::open::{Opened, token_ends};
use super::{Entered, bound, memberships, sessions};
use crate::app::App;
use crate::db::Scope;
use crate::domains::identity::dto;
use crate::domains::identity::refresh_token::RefreshToken;
use crate::domains::identity::rules::{self, Refusal, TokenState};
use crate::domains::identity::tokens::Claims;
use crate::error::{ApiError, Code};

#[derive(FromQueryResult)]
struct Exchanged {
    session: SessionId,
    ends: DateTime<Utc>,
    email: String,
    display_name: String,
}

/// Exchanges a refresh token for new tokens. `host` is the business that the request names by itself.
///
/// # Errors
/// 401 for a token that does not hold (any more), 404 when it is bound to another business.
pub async fn refresh(app: &App, scope: &Scope, host: Option<TenantId>, token: &str) -> Result<Entered, ApiError> {
    let token = RefreshToken::parse(token).ok_or_else(|| ApiError::of(Code::AuthTokenInvalid))?;
    let (user, tenant) = (token.user(), token.tenant());
    let next = RefreshToken::new(user, tenant);
    let Some(exchanged) = exchange(scope, &token, &next).await? else {
        return Err(refuse(scope, &token).await?);
    };
    // only now is it known that the token is genuine, and with it what it says
    if let (Some(bound), Some(host)) = (tenant, host)
        && bound != host
    {
        return Err(ApiError::of(Code::TenantMismatch));
    }
    let tenants = memberships::of(scope, user, tenant).await?;
    let role = match tenant {
        None => None,
        Some(tenant) => Some(bound(&tenants, tenant).ok_or_else(|| ApiError::of(Code::AuthTokenInvalid))?.role.into()),
    };
    let now = scope.now();
    let expires_at = token_ends(app, SessionKind::Api, now, exchanged.ends);
    let claims = Claims { user, session: Some(exchanged.session), tenant, expires_at };
    let opened = Opened {
        token: app.tokens.issue(&claims, now).map_err(ApiError::internal)?,
        kind: SessionKind::Api,
        expires_at,
        refresh_token: Some(next.reveal()),
    };
    let context = dto::UserContext {
        user_id: user.0,
        email: exchanged.email,
        display_name: exchanged.display_name,
        tenant_id: tenant.map(|id| id.0),
        role,
    };
    Ok(Entered { opened, tenants, context })
}

/// Marks the token used and writes its successor, in one statement: of two at the same moment one waits for
/// the other's row and then finds it used.
async fn exchange(scope: &Scope, token: &RefreshToken, next: &RefreshToken) -> Result<Option<Exchanged>, ApiError> {
    let sql = "WITH used AS (\
                 UPDATE app.refresh_tokens t SET used_at = $3, replaced_by = $4 \
                 FROM app.sessions s JOIN app.users u ON u.id = s.user_id \
                 WHERE t.user_id = $1 AND t.token_hash = $2 AND t.used_at IS NULL AND t.revoked_at IS NULL AND t.expires_at > $3 \
                   AND s.user_id = t.user_id AND s.id = t.session_id AND s.revoked_at IS NULL AND s.expires_at > $3 \
                   AND u.is_active \
                 RETURNING t.user_id, t.session_id AS session, s.expires_at AS ends, u.primary_email AS email, u.display_name), \
               next AS (\
                 INSERT INTO app.refresh_tokens (user_id, id, session_id, token_hash, created_at, expires_at) \
                 SELECT user_id, $4, session, $5, $3, ends FROM used), \
               seen AS (\
                 UPDATE app.sessions s SET last_seen_at = $3 FROM used WHERE s.user_id = used.user_id AND s.id = used.session) \
               SELECT session, ends, email, display_name FROM used";
    let values: [Value; 5] =
        [token.user().0.into(), token.digest().into(), scope.now().into(), scope.new_id().into(), next.digest().into()];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(row.map(|row| Exchanged::from_query_result(&row, "")).transpose()?)
}

#[derive(FromQueryResult)]
struct Known {
    session: SessionId,
    used_at: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
    alive: bool,
}

/// Why a token was not exchanged; ends the session of one that came back.
async fn refuse(scope: &Scope, token: &RefreshToken) -> Result<ApiError, ApiError> {
    let sql = "SELECT t.session_id AS session, t.used_at, t.expires_at, \
                 (t.revoked_at IS NULL AND s.revoked_at IS NULL AND u.is_active) AS alive \
               FROM app.refresh_tokens t JOIN app.sessions s ON s.user_id = t.user_id AND s.id = t.session_id \
                 JOIN app.users u ON u.id = t.user_id \
               WHERE t.user_id = $1 AND t.token_hash = $2";
    let values: [Value; 2] = [token.user().0.into(), token.digest().into()];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let Some(row) = row else { return Ok(ApiError::of(Code::AuthTokenInvalid)) };
    let known = Known::from_query_result(&row, "")?;
    let state = TokenState { used_at: known.used_at, expires_at: known.expires_at, alive: known.alive };
    match rules::judge(state, scope.now()) {
        Refusal::Expired => Ok(ApiError::of(Code::AuthTokenExpired)),
        Refusal::Ended | Refusal::Raced => Ok(ApiError::of(Code::AuthTokenInvalid)),
        Refusal::Reused => {
            end(scope, token.user(), known.session).await?;
            Ok(ApiError::of(Code::AuthTokenInvalid))
        }
    }
}

/// Ends a session in a transaction of its own: the answer is a refusal, and the pipeline rolls the
/// request's transaction back with every refusal, but the end of the session must last.
async fn end(scope: &Scope, user: UserId, session: SessionId) -> Result<(), ApiError> {
    let own = scope.fresh();
    if sessions::revoke(&own, user, session).await? {
        tracing::warn!(%user, %session, "a used refresh token came back: its session was ended");
        metrics::counter!("refresh_token_reuse_total").increment(1);
    }
    own.commit().await?;
    Ok(())
}
