//! What the outbox is told about subscriptions.

use ::entity::plans;
use serde_json::json;

use super::held::{Held, Subject};
use crate::db::Event;

/// `SUBSCRIPTION_CHANGED`: another plan, another state.
pub fn changed(subject: Subject, held: &Held, plan: &plans::Model) -> Event {
    event("SUBSCRIPTION_CHANGED", subject, held, plan)
}

/// `TRIAL_EXPIRED`
pub fn trial_expired(subject: Subject, held: &Held, plan: &plans::Model) -> Event {
    event("TRIAL_EXPIRED", subject, held, plan)
}

/// `TRIAL_ENDING`: somebody is to be reminded, for the `reminders`-th time.
pub fn trial_ending(subject: Subject, held: &Held, plan: &plans::Model) -> Event {
    event("TRIAL_ENDING", subject, held, plan)
}

/// `SUBSCRIPTION_PAYMENT_DUE`: somebody is to be reminded, for the `reminders`-th time.
pub fn payment_due(subject: Subject, held: &Held, plan: &plans::Model) -> Event {
    event("SUBSCRIPTION_PAYMENT_DUE", subject, held, plan)
}

fn event(code: &'static str, subject: Subject, held: &Held, plan: &plans::Model) -> Event {
    let user = match subject {
        Subject::Business => None,
        Subject::Person(user) => Some(user),
    };
    let payload = json!({
        "subscription_id": held.id, "user_id": user, "product": plan.product, "plan": plan.tier, "state": held.state,
        "provider_status": held.provider_status, "trial_end_at": held.trial_end_at, "grace_end_at": held.grace_end_at,
        "period_end_at": held.period_end_at, "cancel_at_period_end": held.cancel_at_period_end,
        "reminders": held.reminders,
    });
    Event { code, tenant: None, aggregate_type: subject.table(), aggregate_id: held.id, payload }
}
