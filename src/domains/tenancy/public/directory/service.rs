//! Reads the directory: a platform Scope sees every business, and the one filter here says which of them opted in.

use ::entity::enums::TenantStatus;
use ::entity::tenants::{Column, Entity, Model};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::dto::DirectoryEntry;
use crate::config::ServerSettings;
use crate::db::{Scope, keyset};
use crate::error::ApiError;
use crate::guard::{Binding, CursorKey, Listing, Page};

/// A page of the directory, by slug: it is unique, and nobody has another's.
///
/// # Errors
/// 400 for a cursor of another list.
pub async fn list(
    scope: &Scope,
    typed: Option<&str>,
    page: &Page,
    key: &CursorKey,
    server: &ServerSettings,
) -> Result<Listing<DirectoryEntry>, ApiError> {
    // the list is nobody's
    let binding = Binding { tenant: Uuid::nil(), sort: "directory:slug", filter: typed.unwrap_or_default() };
    let after: Option<String> = page.after(key, &binding)?;
    let words = [Column::Name, Column::Category, Column::PublicBlurb];
    let listed = Condition::all()
        .add(Column::IsPublicDirectory.eq(true))
        .add(Column::Status.eq(TenantStatus::Active))
        .add(Column::DeletedAt.is_null())
        .add_option(typed.map(|typed| keyset::search(&words, typed)));
    let rows = Entity::find().filter(listed);
    let total = if page.include_total { Some(rows.clone().count(scope).await?) } else { None };
    let rows = rows.filter(Condition::all().add_option(after.map(|slug| Column::Slug.gt(slug))));
    let rows = rows.order_by_asc(Column::Slug).limit(page.limit + 1).all(scope).await?;
    let list = Listing::of(rows, page, key, &binding, |row| row.slug.clone(), |row| entry(row, server))?;
    Ok(list.with_total(total))
}

fn entry(row: Model, server: &ServerSettings) -> DirectoryEntry {
    DirectoryEntry {
        url: server.tenant_url(&row.slug),
        slug: row.slug,
        name: row.name,
        blurb: row.public_blurb,
        category: row.category,
        timezone: row.tz,
    }
}
