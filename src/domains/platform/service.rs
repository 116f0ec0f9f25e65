//! The verbs of operators, in the platform's Scope.

use ::entity::audit_logs;
use ::entity::enums::TenantStatus;
use ::entity::ids::{AuditLogId, TenantId};
use ::entity::tenants::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::dto::PlatformTenant;
use crate::db::keyset::search;
use crate::db::{Event, Scope};
use crate::domains::identity::Person;
use crate::error::{ApiError, Code};
use crate::guard::{Binding, CursorKey, Listing, Page};

/// What a list of tenants is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct TenantFilter {
    pub status: Option<TenantStatus>,
    pub q: Option<String>,
}

/// A page of all tenants, oldest first.
///
/// # Errors
/// 400 for a cursor of another list.
pub async fn list(
    scope: &Scope,
    cursors: &CursorKey,
    page: &Page,
    filter: &TenantFilter,
) -> Result<Listing<PlatformTenant>, ApiError> {
    let text = format!("{filter:?}");
    let binding = Binding { tenant: Uuid::nil(), sort: "platform_tenants:created_at", filter: &text };
    let mut rows = Entity::find().filter(Column::DeletedAt.is_null()).filter(
        Condition::all()
            .add_option(filter.status.map(|status| Column::Status.eq(status)))
            .add_option(filter.q.as_deref().map(|q| search(&[Column::Name, Column::Slug], q))),
    );
    let total = if page.include_total { Some(rows.clone().count(scope).await?) } else { None };
    if let Some((at, id)) = page.after::<(DateTime<Utc>, Uuid)>(cursors, &binding)? {
        let here = Expr::tuple([Expr::col((Entity, Column::CreatedAt)), Expr::col((Entity, Column::Id))]);
        rows = rows.filter(here.gt(Expr::tuple([Expr::val(at), Expr::val(id)])));
    }
    let rows = rows.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).limit(page.limit + 1).all(scope).await?;
    let list = Listing::of(rows, page, cursors, &binding, |row| (row.created_at, row.id.0), PlatformTenant::from);
    Ok(list?.with_total(total))
}

/// Notes that an operator looked at something.
///
/// # Errors
/// When the audit log cannot be written: then nothing is shown.
pub async fn looked(scope: &Scope, person: &Person, what: &str) -> Result<(), ApiError> {
    note(scope, person, what, "ADMIN_VIEW", None).await
}

/// Notes what an operator did, to which row of a table where it is one.
///
/// # Errors
/// When the audit log cannot be written: then it must not happen either.
pub async fn note(
    scope: &Scope,
    person: &Person,
    table: &str,
    operation: &str,
    record: Option<Uuid>,
) -> Result<(), ApiError> {
    audit_logs::ActiveModel {
        id: Set(AuditLogId(scope.new_id())),
        tenant_id: Set(None),
        table_name: Set(table.to_owned()),
        operation: Set(operation.to_owned()),
        record_id: Set(record),
        old_data: Set(None),
        new_data: Set(None),
        user_id: Set(Some(person.user)),
        created_at: Set(scope.now()),
    }
    .insert(scope)
    .await?;
    Ok(())
}

/// Moves a tenant between active and suspended. One that is there already stays there.
///
/// # Errors
/// 404 for a tenant that is not there, 422 for one that is closed.
pub async fn set_status(scope: &Scope, id: Uuid, status: TenantStatus) -> Result<Model, ApiError> {
    let found =
        Entity::find_by_id(TenantId(id)).filter(Column::DeletedAt.is_null()).lock_exclusive().one(scope).await?;
    let tenant = found.ok_or_else(|| ApiError::of(Code::TenantNotFound))?;
    if tenant.status == TenantStatus::Closed {
        return Err(ApiError::new(Code::RuleViolation, "A business that is closed stays closed."));
    }
    if tenant.status == status {
        return Ok(tenant);
    }
    let mut change: ::entity::tenants::ActiveModel = tenant.into();
    change.status = Set(status);
    let tenant = change.update(scope).await?;
    let code = if status == TenantStatus::Suspended { "TENANT_SUSPENDED" } else { "TENANT_RESUMED" };
    let payload = json!({ "tenant_id": tenant.id, "slug": tenant.slug, "status": tenant.status });
    scope.emit(Event { code, tenant: Some(tenant.id), aggregate_type: "tenants", aggregate_id: tenant.id.0, payload });
    Ok(tenant)
}
