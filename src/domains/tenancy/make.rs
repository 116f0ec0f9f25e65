//! Making a business: the tenant, its owner, its look and its policies in one statement.

use ::entity::ids::UserId;
use ::entity::tenants;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};
use serde_json::json;

use super::{BookingDefaults, Policies, Settings, events, profile, rules};
use crate::db::Scope;
use crate::error::{ApiError, Code, FieldError};
use crate::kernel::slug::{self, SlugFault};

/// How often a free slug is looked for again after another transaction took it meanwhile. Businesses of
/// one name wait for each other, so only different names that meet in one numbered slug ever come here.
const ATTEMPTS: u32 = 8;

/// Numbers that are tried after a name that is taken, before chance is asked.
const NUMBERS: u32 = 60;

/// What a business is made of.
#[derive(Clone, Debug)]
pub struct NewTenant {
    pub name: String,
    /// The subdomain that the owner wishes for; without one it is made of the name.
    pub wish: Option<String>,
    pub category: Option<String>,
    pub logo_url: Option<String>,
    /// How customers reach the business: its own address, which need not be the owner's.
    pub email: Option<String>,
    pub contact_name: Option<String>,
    pub policies: Policies,
    pub timezone: String,
    pub currency: String,
    pub locale: String,
}

/// A business and whether it was there before.
#[derive(Clone, Debug)]
pub struct Made {
    pub tenant: tenants::Model,
    pub existing: bool,
}

/// Makes a business, or finds the one of that name which the owner made before: whoever sends the form
/// twice has one business. Needs a platform Scope; the slug is live once its transaction commits.
///
/// # Errors
/// 409 when the wished subdomain is taken, 422 when it, the zone or the currency is not possible.
pub async fn make(scope: &Scope, owner: UserId, new: NewTenant) -> Result<Made, ApiError> {
    profile::check_place(&new.timezone, &new.currency)?;
    if let Some(wish) = &new.wish {
        slug::check(wish).map_err(wish_refused)?;
    }
    let base = slug::from_name(&new.name);
    lock(scope, &base).await?;
    if let Some(tenant) = made_before(scope, owner, &new.name).await? {
        return Ok(Made { tenant, existing: true });
    }
    for _ in 0..ATTEMPTS {
        let slugs = match &new.wish {
            Some(wish) => vec![wish.clone()],
            None => numbered(&base, scope),
        };
        if let Some(tenant) = insert(scope, owner, &new, slugs).await? {
            scope.emit(events::onboarded(&tenant, owner));
            return Ok(Made { tenant, existing: false });
        }
        if new.wish.is_some() {
            let detail = "Another business has this subdomain.";
            return Err(ApiError::new(Code::SlugTaken, detail).with_field("#/subdomain", "taken", detail));
        }
    }
    Err(ApiError::of(Code::ServiceUnavailable).retry_after(1))
}

fn wish_refused(fault: SlugFault) -> ApiError {
    let code = match fault {
        SlugFault::Length => "length",
        SlugFault::Characters => "characters",
        SlugFault::Reserved => "reserved",
    };
    profile::refusal(vec![FieldError::new("#/subdomain", code, format!("The subdomain {}.", fault.sentence()))])
}

/// `salon`, `salon-2`, .. `salon-60`, and last one that nobody can have guessed.
fn numbered(base: &str, scope: &Scope) -> Vec<String> {
    let chance = scope.new_id().simple().to_string();
    let numbers = (2..=NUMBERS).map(|number| format!("{base}-{number}"));
    let all = std::iter::once(base.to_owned()).chain(numbers).chain([format!("{base}-{}", &chance[20..])]);
    all.filter(|slug| slug::check(slug).is_ok()).collect()
}

/// One business of a name at a time: they get consecutive numbers, and a form that is sent twice at the
/// same moment finds its first business.
async fn lock(scope: &Scope, base: &str) -> Result<(), ApiError> {
    let sql = "SELECT pg_advisory_xact_lock(hashtextextended('tenant_slug:' || $1, 0))";
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [base.into()])).await?;
    Ok(())
}

async fn made_before(scope: &Scope, owner: UserId, name: &str) -> Result<Option<tenants::Model>, ApiError> {
    let sql = "SELECT t.* FROM app.memberships m JOIN app.tenants t ON t.id = m.tenant_id \
               WHERE m.user_id = $1 AND m.role = 'owner' AND lower(t.name) = lower($2) AND t.deleted_at IS NULL \
               ORDER BY t.id LIMIT 1";
    let values: [sea_orm::Value; 2] = [owner.0.into(), name.into()];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(row.map(|row| tenants::Model::from_query_result(&row, "")).transpose()?)
}

/// Takes the first free slug of the list; `None` when there is none, or when it was taken meanwhile.
async fn insert(
    scope: &Scope,
    owner: UserId,
    new: &NewTenant,
    slugs: Vec<String>,
) -> Result<Option<tenants::Model>, ApiError> {
    const SQL: &str = "\
        WITH pick AS (
          SELECT c.slug FROM jsonb_array_elements_text($1) WITH ORDINALITY AS c(slug, n)
          WHERE NOT EXISTS (SELECT FROM app.tenants t WHERE t.slug = c.slug) ORDER BY c.n LIMIT 1
        ), made AS (
          INSERT INTO app.tenants (id, slug, name, email, category, logo_url, tz, currency, locale, trust_copy_json,
            settings_json, default_no_show_fee_bps, created_at, updated_at)
          SELECT $2, pick.slug, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13 FROM pick
          ON CONFLICT (slug) DO NOTHING RETURNING *
        ), member AS (
          INSERT INTO app.memberships (tenant_id, id, user_id, role, created_at, updated_at)
          SELECT made.id, $14, $15, 'owner', $13, $13 FROM made
        ), theme AS (
          INSERT INTO app.themes (tenant_id, id, version, name, brand_color, logo_url, theme_json, status, created_at, updated_at)
          SELECT made.id, $16, 1, 'Default', $17, $6, $18, 'published', $13, $13 FROM made
        ), look AS (
          INSERT INTO app.branding (tenant_id, id, logo_url, primary_color, secondary_color, created_at, updated_at)
          SELECT made.id, $19, $6, $17, $20, $13, $13 FROM made
        )
        SELECT * FROM made";
    let settings = Settings::of(BookingDefaults::default(), new.contact_name.clone());
    let mut trust_copy = json!({});
    new.policies.write(&mut trust_copy)?;
    let values: [sea_orm::Value; 20] = [
        json!(slugs).into(),
        scope.new_id().into(),
        new.name.clone().into(),
        new.email.clone().into(),
        new.category.clone().into(),
        new.logo_url.clone().into(),
        new.timezone.clone().into(),
        new.currency.clone().into(),
        new.locale.clone().into(),
        trust_copy.into(),
        settings.write()?.into(),
        rules::NO_SHOW_FEE_BPS.into(),
        scope.now().into(),
        scope.new_id().into(),
        owner.0.into(),
        scope.new_id().into(),
        rules::BRAND_COLOR.into(),
        rules::default_theme().into(),
        scope.new_id().into(),
        rules::SECONDARY_COLOR.into(),
    ];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, SQL, values)).await?;
    Ok(row.map(|row| tenants::Model::from_query_result(&row, "")).transpose()?)
}
