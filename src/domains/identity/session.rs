//! Who a verified token is, in a tenant: one round trip for session, account and membership.
//!
//! In the tenant's Scope it runs as `tithi_app`: row-level security shows a person the own sessions and
//! account, and the memberships of this tenant. In the platform's Scope the conditions alone decide, so
//! each of them stands in the statement.

use ::entity::enums::MembershipRole;
use ::entity::ids::TenantId;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};
use serde_json::Value as Json;

use super::Person;
use super::tokens::Claims;
use crate::db::Scope;
use crate::error::{ApiError, Code};

/// The cookie that carries a browser's session.
pub const SESSION_COOKIE: &str = "tithi_session";

#[derive(FromQueryResult)]
struct Row {
    email: String,
    super_admin: bool,
    alive: bool,
    role: Option<MembershipRole>,
    permissions: Option<Json>,
}

/// Loads the person of verified claims: session alive, account active, role in the tenant.
///
/// # Errors
/// 401 when the session has ended or the account is closed.
pub async fn identify(scope: &Scope, claims: &Claims, tenant: Option<TenantId>) -> Result<Person, ApiError> {
    let sql = "SELECT u.primary_email AS email, u.is_super_admin AS super_admin, m.role, m.permissions_json AS permissions, \
                 ($2::uuid IS NULL OR s.id IS NOT NULL) AS alive \
               FROM app.users u \
               LEFT JOIN app.sessions s \
                 ON s.user_id = u.id AND s.id = $2 AND s.revoked_at IS NULL AND s.expires_at > $4 \
               LEFT JOIN app.memberships m ON m.tenant_id = $3 AND m.user_id = u.id \
               WHERE u.id = $1 AND u.is_active";
    let values: [Value; 4] =
        [claims.user.0.into(), claims.session.map(|id| id.0).into(), tenant.map(|id| id.0).into(), scope.now().into()];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let row = row.map(|row| Row::from_query_result(&row, "")).transpose()?.filter(|row| row.alive);
    let Some(row) = row else { return Err(ApiError::of(Code::AuthTokenInvalid)) };
    Ok(Person {
        user: claims.user,
        session: claims.session,
        email: row.email,
        role: row.role,
        overrides: match row.permissions {
            Some(Json::Object(overrides)) => overrides,
            _ => serde_json::Map::new(),
        },
        super_admin: row.super_admin,
    })
}
