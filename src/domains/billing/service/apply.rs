//! What the provider tells, taken in. Each of these may be called any number of times and in any order.

use ::entity::enums::{BillStatus, ProviderStatus, SubscriptionState};
use ::entity::ids::{SubscriptionBillId, TenantId, TenantSubscriptionId, UserId};
use ::entity::subscription_bills::{ActiveModel, Column, Entity};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, Statement,
};

use super::enter;
use super::provider::status;
use crate::db::Scope;
use crate::domains::billing::events;
use crate::domains::billing::held::{Held, Subject, find, lock, save};
use crate::domains::billing::plan::Plans;
use crate::domains::billing::rules::life::{ended, meant, path};
use crate::error::ApiError;
use crate::ports::payments::{Bill, Setup, Subscription};

const WHOSE: &str = "\
SELECT tenant_id, NULL::uuid AS user_id FROM app.tenant_subscriptions WHERE provider_customer_id = $1
UNION ALL
SELECT tenant_id, user_id FROM app.user_subscriptions WHERE provider_customer_id = $1
LIMIT 1";

/// Whose a customer of the platform is: the tenant, and the person where it is a person's. Needs a platform Scope.
///
/// # Errors
/// When the database cannot answer.
pub async fn whose(platform: &Scope, customer: &str) -> Result<Option<(TenantId, Option<UserId>)>, ApiError> {
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, WHOSE, [customer.into()]);
    let Some(row) = platform.query_one_raw(statement).await? else { return Ok(None) };
    Ok(Some((row.try_get("", "tenant_id")?, row.try_get::<Option<UserId>>("", "user_id")?)))
}

/// Takes in how a subscription is at the provider, as of when that was so: the time of the event, or of the question.
/// What is older than what is known, or about another subscription than the present one, changes nothing. Answers
/// whether something did.
///
/// # Errors
/// When the database cannot answer.
pub async fn apply_subscription(
    scope: &Scope,
    subject: Subject,
    told: &Subscription,
    as_of: DateTime<Utc>,
) -> Result<bool, ApiError> {
    let Some(mut held) = lock(scope, subject).await? else { return Ok(false) };
    if held.provider_customer_id.as_deref() != Some(told.customer.as_str()) {
        tracing::warn!(subscription = %told.id, "a subscription of another customer was told");
        return Ok(false);
    }
    let before = held.clone();
    if !take(scope, &mut held, told, as_of, false) || held == before {
        return Ok(false);
    }
    save(scope, subject, &mut held).await?;
    if (held.state, held.provider_status, held.cancel_at_period_end)
        != (before.state, before.provider_status, before.cancel_at_period_end)
    {
        let plans = Plans::of(scope, subject.product()).await?;
        scope.emit(events::changed(subject, &held, plans.get(held.plan_id)?));
    }
    Ok(true)
}

/// Takes it into a locked row; false when it is not news. `ours` says that it is the answer to a call of ours.
pub fn take(scope: &Scope, held: &mut Held, told: &Subscription, as_of: DateTime<Utc>, ours: bool) -> bool {
    let Some(word) = status(&told.status) else {
        tracing::warn!(subscription = %told.id, status = ?told.status, "a status that nobody knows");
        return false;
    };
    let over = ended(meant(word));
    let known = held.provider_subscription_id.as_deref() == Some(told.id.as_str());
    if known {
        // what is over stays over; what was said earlier is known better
        if ended(held.state) && !ours || held.provider_seen_at.is_some_and(|seen| as_of < seen) {
            return false;
        }
    } else if held.billed().is_some() || over || !ours && held.pending_plan_id.is_none() {
        // another one is the present one, or nobody of us has bought this one
        return false;
    }
    // what we ended ourselves, for want of payment, ends with the payment, not with another reminder
    let waits = held.state == SubscriptionState::Suspended && word == ProviderStatus::PastDue;
    if let Some(way) = path(held.state, meant(word)).filter(|_| !waits) {
        way.into_iter().for_each(|state| enter(scope, held, state));
    }
    held.provider_subscription_id = Some(told.id.clone());
    held.provider_status = Some(word);
    held.provider_seen_at = Some(as_of);
    held.period_start_at = told.current_period_start.or(held.period_start_at);
    held.period_end_at = told.current_period_end.or(held.period_end_at);
    held.trial_end_at = told.trial_end.or(held.trial_end_at);
    held.cancel_at_period_end = told.cancel_at_period_end && !over;
    true
}

/// With what a subject pays from now on. False when the setup has not succeeded, or is another customer's.
///
/// # Errors
/// When the database cannot answer.
pub async fn apply_setup(scope: &Scope, subject: Subject, told: &Setup) -> Result<bool, ApiError> {
    let Some(mut held) = lock(scope, subject).await? else { return Ok(false) };
    let own = held.provider_customer_id.is_some() && held.provider_customer_id == told.customer;
    if !own || told.status != "succeeded" || told.method.is_none() {
        return Ok(false);
    }
    held.provider_method_id = told.method.clone();
    save(scope, subject, &mut held).await?;
    Ok(true)
}

/// Takes in a bill of the platform's to a business. A bill that is paid stays paid, whatever is told later. What the
/// subscription is worth follows from its status, never from this.
///
/// # Errors
/// When the database cannot answer.
pub async fn apply_invoice_event(scope: &Scope, told: &Bill) -> Result<bool, ApiError> {
    let Some(held) = find(scope, Subject::Business).await? else { return Ok(false) };
    if held.provider_customer_id.is_none() || held.provider_customer_id != told.customer {
        return Ok(false);
    }
    let Some(status) = BillStatus::ALL.iter().copied().find(|known| known.as_str() == told.status) else {
        tracing::warn!(bill = %told.id, status = %told.status, "a status that nobody knows");
        return Ok(false);
    };
    let id = SubscriptionBillId(scope.new_id());
    let new = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(id),
        subscription_id: Set(TenantSubscriptionId(held.id)),
        provider_invoice_id: Set(told.id.clone()),
        number: Set(told.number.clone()),
        status: Set(status),
        currency: Set(told.currency.code().to_owned()),
        amount_due_cents: Set(told.amount_due),
        amount_paid_cents: Set(told.amount_paid),
        hosted_url: Set(told.hosted_url.clone()),
        pdf_url: Set(told.pdf_url.clone()),
        issued_at: Set(told.created),
        paid_at: Set(told.paid_at),
        attempts: Set(0),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let once =
        sea_orm::sea_query::OnConflict::columns([Column::TenantId, Column::ProviderInvoiceId]).do_nothing().to_owned();
    let made = Entity::insert(new).on_conflict(once).try_insert().exec_without_returning(scope).await?;
    if matches!(made, sea_orm::TryInsertResult::Inserted(rows) if rows > 0) {
        return Ok(true);
    }
    let known = Entity::find().filter(Column::TenantId.eq(scope.tenant()?));
    let known = known.filter(Column::ProviderInvoiceId.eq(&told.id)).lock_exclusive().one(scope).await?;
    let Some(known) = known.filter(|known| rank(known.status) < rank(status)) else { return Ok(false) };
    let mut change: ActiveModel = known.into();
    change.number = Set(told.number.clone());
    change.status = Set(status);
    change.amount_due_cents = Set(told.amount_due);
    change.amount_paid_cents = Set(told.amount_paid);
    change.hosted_url = Set(told.hosted_url.clone());
    change.pdf_url = Set(told.pdf_url.clone());
    change.paid_at = Set(told.paid_at);
    change.updated_at = Set(scope.now());
    change.update(scope).await?;
    Ok(true)
}

/// One status never follows a later one.
fn rank(status: BillStatus) -> usize {
    BillStatus::ALL.iter().position(|known| *known == status).unwrap_or_default()
}
