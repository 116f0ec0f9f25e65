//! The businesses of a person, read from the platform's side: login happens before any tenant is chosen.

use ::entity::enums::MembershipRole;
use ::entity::ids::{TenantId, UserId};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};

use crate::db::Scope;
use crate::domains::identity::dto::TenantMembership;

/// More than anybody belongs to; the tenant that is asked for always stands among them.
const MOST: i64 = 100;

/// A person's place in a business.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Membership {
    pub id: TenantId,
    pub slug: String,
    pub name: String,
    pub role: MembershipRole,
}

impl From<Membership> for TenantMembership {
    fn from(membership: Membership) -> Self {
        Self { id: membership.id.0, slug: membership.slug, name: membership.name, role: membership.role.into() }
    }
}

/// The active businesses of a person by name, `wanted` first.
pub async fn of(scope: &Scope, user: UserId, wanted: Option<TenantId>) -> Result<Vec<Membership>, DbErr> {
    let sql = "SELECT t.id, t.slug, t.name, m.role FROM app.memberships m JOIN app.tenants t ON t.id = m.tenant_id \
               WHERE m.user_id = $1 AND t.status = 'active' AND t.deleted_at IS NULL \
               ORDER BY t.id IS DISTINCT FROM $2, t.name, t.id LIMIT $3";
    let values: [sea_orm::Value; 3] = [user.0.into(), wanted.map(|id| id.0).into(), MOST.into()];
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    rows.iter().map(|row| Membership::from_query_result(row, "")).collect()
}
