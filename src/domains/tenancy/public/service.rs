//! Reads what the public may know of the Scope's tenant, in one statement.

use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};
use serde_json::Value;

use super::dto::{Info, Links, Page, Theme};
use crate::config::ServerSettings;
use crate::db::Scope;
use crate::domains::tenancy::Policies;
use crate::error::{ApiError, Code};

#[derive(FromQueryResult)]
struct Row {
    slug: String,
    name: String,
    category: Option<String>,
    logo: Option<String>,
    public_blurb: Option<String>,
    tz: String,
    currency: String,
    locale: String,
    trust_copy_json: Value,
    default_no_show_fee_bps: i32,
    version: i32,
    brand_color: Option<String>,
    secondary_color: Option<String>,
    font_family: Option<String>,
}

/// The facts of the Scope's tenant.
pub async fn info(scope: &Scope, server: &ServerSettings) -> Result<Info, ApiError> {
    let sql = "SELECT t.slug, t.name, t.category, coalesce(h.logo_url, b.logo_url, t.logo_url) AS logo, t.public_blurb, t.tz, \
                 t.currency, t.locale, t.trust_copy_json, t.default_no_show_fee_bps, coalesce(h.version, 0) AS version, \
                 coalesce(h.brand_color, b.primary_color) AS brand_color, b.secondary_color, b.font_family \
               FROM app.tenants t \
               LEFT JOIN app.themes h ON h.tenant_id = t.id AND h.status = 'published' \
               LEFT JOIN app.branding b ON b.tenant_id = t.id \
               WHERE t.id = $1 AND t.deleted_at IS NULL";
    let tenant = scope.tenant()?.0;
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [tenant.into()])).await?;
    let row = row.ok_or_else(|| ApiError::of(Code::TenantNotFound))?;
    let row = Row::from_query_result(&row, "")?;
    let path = |rest: &str| format!("/v1/{}/{rest}", row.slug);
    Ok(Info {
        links: Links {
            site: server.tenant_url(&row.slug),
            services: path("services"),
            availability: format!("/v1/b/{}/availability", row.slug),
            bookings: format!("/v1/b/{}/bookings", row.slug),
        },
        theme: Theme {
            version: row.version,
            brand_color: row.brand_color,
            secondary_color: row.secondary_color,
            font_family: row.font_family,
        },
        policies: Policies::read(&row.trust_copy_json)?,
        no_show_fee_bps: row.default_no_show_fee_bps,
        name: row.name,
        slug: row.slug,
        category: row.category,
        logo: row.logo,
        blurb: row.public_blurb,
        timezone: row.tz,
        currency: row.currency,
        locale: row.locale,
    })
}

/// The public page of the Scope's tenant.
pub async fn page(scope: &Scope, server: &ServerSettings) -> Result<Page, ApiError> {
    let tenant = info(scope, server).await?;
    Ok(Page {
        title: tenant.name.clone(),
        description: tenant.blurb.clone(),
        canonical_url: format!("{}/v1/{}", server.base_url(), tenant.slug),
        tenant,
    })
}
