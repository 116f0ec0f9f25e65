//! Beginning a business, and what is asked before and after.

use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};
use serde_json::json;
use uuid::Uuid;

use super::dto::{OnboardingRegister, OnboardingStatus, Reason, Step, StepState, SubdomainCheck};
use super::rules;
use crate::config::ServerSettings;
use crate::db::Scope;
use crate::domains::identity::Person;
use crate::domains::tenancy::{self, Made, NewTenant, Policies};
use crate::error::{ApiError, Code};
use crate::kernel::slug::{self, SlugFault};

/// Makes the business, or finds it; a refused wish comes with suggestions.
pub async fn register(scope: &Scope, caller: &Person, form: OnboardingRegister) -> Result<Made, ApiError> {
    let wish = form.subdomain.clone();
    let new = NewTenant {
        name: form.business_name.into(),
        wish: form.subdomain,
        category: form.category.map(Into::into),
        logo_url: form.logo,
        email: Some(form.owner_email.into()),
        contact_name: Some(form.owner_name.into()),
        policies: form.policies.unwrap_or_default().over(Policies::default()),
        timezone: form.timezone.map_or_else(|| "UTC".into(), Into::into),
        currency: form.currency.unwrap_or_else(|| "USD".into()),
        locale: form.locale.unwrap_or_else(|| "en_US".into()),
    };
    match (tenancy::make(scope, caller.user, new).await, wish) {
        (Err(refusal), Some(wish)) if refusal.code() == Code::SlugTaken => {
            let (_, suggestions) = free(scope, &wish).await?;
            Err(refusal.with("suggestions", suggestions))
        }
        (made, _) => made,
    }
}

/// Whether a subdomain can be had, and what is near if not. One statement, whatever the answer.
pub async fn check_subdomain(
    scope: &Scope,
    server: &ServerSettings,
    subdomain: &str,
) -> Result<SubdomainCheck, ApiError> {
    let subdomain = subdomain.trim().to_lowercase();
    let fault = slug::check(&subdomain).err();
    let (wish_is_free, suggestions) = free(scope, &subdomain).await?;
    let reason = match fault {
        Some(SlugFault::Length) => Some(Reason::Length),
        Some(SlugFault::Characters) => Some(Reason::Characters),
        Some(SlugFault::Reserved) => Some(Reason::Reserved),
        None => (!wish_is_free).then_some(Reason::Taken),
    };
    let suggestions = if reason.is_some() { suggestions } else { Vec::new() };
    let shown = if reason.is_some() { suggestions.first() } else { Some(&subdomain) };
    let suggested_url = shown.map(|slug| server.tenant_url(slug));
    Ok(SubdomainCheck { available: reason.is_none(), reason, suggested_url, suggestions, subdomain })
}

/// Whether nobody has the wish, and what nobody has near it.
async fn free(scope: &Scope, wish: &str) -> Result<(bool, Vec<String>), ApiError> {
    let [.., high, low] = *scope.new_id().as_bytes();
    let near = rules::near(wish, u16::from_be_bytes([high, low]) % 9_000);
    let sql = "SELECT d.slug FROM app.tenant_directory d \
               WHERE d.slug IN (SELECT c.slug FROM jsonb_array_elements_text($1) AS c(slug))";
    let asked: Vec<_> = near.iter().map(String::as_str).chain([wish]).collect();
    let values: [sea_orm::Value; 1] = [json!(asked).into()];
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let taken = rows.iter().map(|row| row.try_get::<String>("", "slug")).collect::<Result<Vec<_>, _>>()?;
    let wish_is_free = !taken.iter().any(|slug| slug == wish);
    Ok((wish_is_free, near.into_iter().filter(|slug| !taken.contains(slug)).take(rules::SHOWN).collect()))
}

#[derive(FromQueryResult)]
struct Progress {
    id: Uuid,
    slug: String,
    name: String,
    services: bool,
    staff: bool,
    hours: bool,
    booked: bool,
}

/// How far the person's newest business has come, read from its rows in one statement.
pub async fn status(scope: &Scope, caller: &Person) -> Result<OnboardingStatus, ApiError> {
    let sql = "SELECT t.id, t.slug, t.name, \
                 EXISTS (SELECT FROM app.services s WHERE s.tenant_id = t.id AND s.deleted_at IS NULL AND s.active) AS services, \
                 EXISTS (SELECT FROM app.resources r WHERE r.tenant_id = t.id AND r.deleted_at IS NULL AND r.is_active) AS staff, \
                 EXISTS (SELECT FROM app.availability_rules a WHERE a.tenant_id = t.id) AS hours, \
                 EXISTS (SELECT FROM app.bookings b WHERE b.tenant_id = t.id) AS booked \
               FROM app.memberships m JOIN app.tenants t ON t.id = m.tenant_id \
               WHERE m.user_id = $1 AND m.role = 'owner' AND t.deleted_at IS NULL ORDER BY t.id DESC LIMIT 1";
    let values: [sea_orm::Value; 1] = [caller.user.0.into()];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let found = row.map(|row| Progress::from_query_result(&row, "")).transpose()?;
    let done = found.as_ref().map_or([false; 5], |p| [true, p.services, p.staff, p.hours, p.booked]);
    let all = [Step::Business, Step::Services, Step::Staff, Step::Hours, Step::FirstBooking];
    let steps: Vec<_> = all.into_iter().zip(done).map(|(step, done)| StepState { step, done }).collect();
    let next = steps.iter().find(|state| !state.done).map(|state| state.step);
    let (tenant_id, slug, business_name) = match found {
        Some(found) => (Some(found.id), Some(found.slug), Some(found.name)),
        None => (None, None, None),
    };
    Ok(OnboardingStatus { tenant_id, slug, business_name, steps, complete: next.is_none(), next })
}
