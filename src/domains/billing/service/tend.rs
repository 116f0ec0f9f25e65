//! What time does to subscriptions: trials end, grace ends, somebody is reminded, and what was left half done is taken
//! up again.

use ::entity::enums::SubscriptionState;
use ::entity::ids::{TenantId, UserId};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use super::change::carry_out;
use super::enter;
use crate::db::Scope;
use crate::domains::billing::events;
use crate::domains::billing::held::{Held, Subject, lock, save};
use crate::domains::billing::plan::Plans;
use crate::domains::billing::rules::life::reminders;
use crate::error::ApiError;
use crate::ports::payments::Provider;

/// How long a change may be under way before the round takes it up.
const STUCK: TimeDelta = TimeDelta::minutes(2);
/// Subscriptions of one round; what is left waits for the next.
const MOST: i64 = 1_000;

/// The reminders of a trial stand here a second time, so that a round finds nobody for whom there is nothing to do.
const DUE: &str = "\
SELECT tenant_id, NULL::uuid AS user_id FROM app.tenant_subscriptions
WHERE state = 'free_trial' AND (trial_end_at <= $1 OR reminders < 1 AND trial_end_at <= $1 + interval '3 days'
    OR reminders < 2 AND trial_end_at <= $1 + interval '1 day')
  OR state = 'payment_failed' AND (grace_end_at <= $1 OR reminders < 4) OR pending_at <= $2
UNION ALL
SELECT tenant_id, user_id FROM app.user_subscriptions
WHERE state = 'free_trial' AND (trial_end_at <= $1 OR reminders < 1 AND trial_end_at <= $1 + interval '3 days'
    OR reminders < 2 AND trial_end_at <= $1 + interval '1 day')
  OR state = 'payment_failed' AND (grace_end_at <= $1 OR reminders < 4) OR pending_at <= $2
ORDER BY 1, 2 LIMIT $3";

/// A subscription that is to be looked after.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    pub tenant: TenantId,
    pub subject: Subject,
}

/// Those for which time may have done something. Needs a platform Scope.
///
/// # Errors
/// When the database cannot answer.
pub async fn due(platform: &Scope) -> Result<Vec<Due>, ApiError> {
    let now = platform.now();
    let values: [Value; 3] = [now.into(), (now - STUCK).into(), MOST.into()];
    let rows = platform.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, DUE, values)).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let user: Option<UserId> = row.try_get("", "user_id")?;
        let subject = user.map_or(Subject::Business, Subject::Person);
        found.push(Due { tenant: row.try_get("", "tenant_id")?, subject });
    }
    Ok(found)
}

/// Looks after one, in a Scope of its own; answers whether something was done.
///
/// # Errors
/// When the database or the provider cannot answer; it is due again at the next round.
pub async fn tend(scope: &Scope, provider: &dyn Provider, subject: Subject) -> Result<bool, ApiError> {
    let Some(mut held) = lock(scope, subject).await? else { return Ok(false) };
    let plans = Plans::of(scope, subject.product()).await?;
    let mut done = timely(scope, subject, &mut held, &plans)?;
    if done {
        save(scope, subject, &mut held).await?;
    }
    if let Some(pending) = held.pending_plan_id.filter(|_| stuck(&held, scope.now())) {
        let target = plans.get(pending)?.clone();
        scope.pause().await?;
        carry_out(scope, provider, subject, &target).await?;
        done = true;
    }
    Ok(done)
}

fn stuck(held: &Held, now: DateTime<Utc>) -> bool {
    held.pending_at.is_some_and(|since| since + STUCK <= now)
}

fn timely(scope: &Scope, subject: Subject, held: &mut Held, plans: &Plans) -> Result<bool, ApiError> {
    let now = scope.now();
    let plan = plans.get(held.plan_id)?.clone();
    match held.state {
        SubscriptionState::FreeTrial if held.trial_end_at.is_some_and(|end| end <= now) => {
            scope.emit(events::trial_expired(subject, held, &plan));
            // a person goes back to what everybody has; a business has nothing until it chooses
            match plans.free() {
                Some(free) => {
                    held.plan_id = free.id;
                    enter(scope, held, SubscriptionState::Active);
                }
                None => enter(scope, held, SubscriptionState::Expired),
            }
        }
        SubscriptionState::PaymentFailed if held.grace_end_at.is_some_and(|end| end <= now) => {
            enter(scope, held, SubscriptionState::Suspended);
        }
        state => {
            let due = reminders(state, held.trial_end_at, held.grace_end_at, now);
            if due <= held.reminders {
                return Ok(false);
            }
            held.reminders = due;
            let remind = if state == SubscriptionState::FreeTrial { events::trial_ending } else { events::payment_due };
            scope.emit(remind(subject, held, &plan));
            return Ok(true);
        }
    }
    scope.emit(events::changed(subject, held, plans.get(held.plan_id)?));
    Ok(true)
}
