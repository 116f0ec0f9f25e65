//! Verbs on the tenant of a Scope, and the list of a person's tenants.

use ::entity::enums::MembershipRole;
use ::entity::ids::UserId;
use ::entity::tenants;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    Set, Statement,
};
use uuid::Uuid;

use super::profile::{self, Profile};
use super::{dto, events};
use crate::config::{LimitSettings, ServerSettings};
use crate::db::Scope;
use crate::domains::identity::Person;
use crate::domains::impact::{self, Change, Intent, Loss, Touched, Weighed};
use crate::error::{ApiError, Code};
use crate::guard::{Binding, CursorKey, ETag, IfMatch, Listing, Page};

/// The Scope's tenant.
pub async fn get(scope: &Scope) -> Result<tenants::Model, ApiError> {
    find(scope).await?.one(scope).await?.ok_or_else(|| ApiError::of(Code::TenantNotFound))
}

async fn find(scope: &Scope) -> Result<sea_orm::Select<tenants::Entity>, ApiError> {
    let own = tenants::Entity::find().filter(tenants::Column::Id.eq(scope.tenant()?));
    Ok(own.filter(tenants::Column::DeletedAt.is_null()))
}

/// Changes the Scope's tenant. The row is locked before it is compared, so that two who have seen the
/// same version cannot both write. Another zone is weighed against the bookings to come.
///
/// # Errors
/// 412; 422 for what is not possible; 409 when bookings would lie outside of the hours, unless it is forced.
pub async fn change(
    scope: &Scope,
    person: &Person,
    platform: &LimitSettings,
    if_match: &IfMatch,
    intent: Intent,
    to: impl FnOnce(Profile) -> Profile,
) -> Result<Weighed<tenants::Model>, ApiError> {
    let row = find(scope).await?.lock_exclusive().one(scope).await?;
    let row = row.ok_or_else(|| ApiError::of(Code::TenantNotFound))?;
    if_match.check(&ETag::from_updated_at(row.updated_at))?;
    let before = Profile::of(&row)?;
    let after = to(before.clone());
    let fields = after.changes(&before);
    if !fields.is_empty() {
        profile::check(&before, &after, person.role, platform)?;
    }
    let loss = if after.timezone == before.timezone { Loss::Nothing } else { Loss::Hours };
    let id = row.id.0;
    let change = Change { ask: intent.by(person), touched: Touched::Everybody, loss, table: "tenants", id };
    impact::weigh(scope, &change, async |scope| match fields.is_empty() {
        true => Ok(row),
        false => write(scope, row, after, &fields).await,
    })
    .await
}

async fn write(
    scope: &Scope,
    row: tenants::Model,
    after: Profile,
    fields: &[&'static str],
) -> Result<tenants::Model, ApiError> {
    let mut trust_copy = row.trust_copy_json.clone();
    after.policies.write(&mut trust_copy)?;
    let settings = after.settings.write()?;
    let mut change: tenants::ActiveModel = row.into();
    change.name = Set(after.name);
    change.email = Set(after.email);
    change.category = Set(after.category);
    change.logo_url = Set(after.logo_url);
    change.tz = Set(after.timezone);
    change.currency = Set(after.currency);
    change.locale = Set(after.locale);
    change.public_blurb = Set(after.public_blurb);
    change.is_public_directory = Set(after.is_public_directory);
    change.default_no_show_fee_bps = Set(after.no_show_fee_bps);
    change.trust_copy_json = Set(trust_copy);
    change.settings_json = Set(settings);
    change.updated_at = Set(scope.now());
    let row = change.update(scope).await?;
    scope.emit(events::updated(&row, fields));
    Ok(row)
}

/// A tenant and what the asking person is in it.
#[derive(FromQueryResult)]
struct Belonging {
    #[sea_orm(nested)]
    tenant: tenants::Model,
    role: MembershipRole,
}

/// The person's tenants, the newest first. Needs a platform Scope: they are no one tenant's rows.
pub async fn list(
    scope: &Scope,
    user: UserId,
    page: &Page,
    key: &CursorKey,
    server: &ServerSettings,
) -> Result<Listing<dto::Summary>, ApiError> {
    let binding = Binding { tenant: user.0, sort: "tenants:-id", filter: "" };
    let after: Option<Uuid> = page.after(key, &binding)?;
    let sql = "SELECT t.*, m.role FROM app.memberships m JOIN app.tenants t ON t.id = m.tenant_id \
               WHERE m.user_id = $1 AND t.deleted_at IS NULL AND ($2::uuid IS NULL OR t.id < $2) \
               ORDER BY t.id DESC LIMIT $3";
    let limit = i64::try_from(page.limit).map_err(ApiError::internal)? + 1;
    let values: [sea_orm::Value; 3] = [user.0.into(), after.into(), limit.into()];
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let rows = rows.iter().map(|row| Belonging::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    let total = if page.include_total { Some(count(scope, user).await?) } else { None };
    let list =
        Listing::of(rows, page, key, &binding, |row| row.tenant.id.0, |row| summary(row.tenant, row.role, server));
    Ok(list?.with_total(total))
}

async fn count(scope: &Scope, user: UserId) -> Result<u64, ApiError> {
    let sql = "SELECT count(*) AS count FROM app.memberships m JOIN app.tenants t ON t.id = m.tenant_id \
               WHERE m.user_id = $1 AND t.deleted_at IS NULL";
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [user.0.into()])).await?;
    let count = row.map(|row| row.try_get::<i64>("", "count")).transpose()?;
    Ok(count.unwrap_or(0).unsigned_abs())
}

/// A tenant in a list of a person's.
pub fn summary(row: tenants::Model, role: MembershipRole, server: &ServerSettings) -> dto::Summary {
    dto::Summary {
        id: row.id.0,
        url: server.tenant_url(&row.slug),
        slug: row.slug,
        name: row.name,
        category: row.category,
        logo_url: row.logo_url,
        timezone: row.tz,
        currency: row.currency,
        status: row.status.into(),
        role: role.into(),
        created_at: row.created_at.into(),
    }
}
