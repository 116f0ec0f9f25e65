//! The verbs on subscriptions, one file each.

mod agree;
mod apply;
mod bills;
mod cancel;
mod change;
mod customer;
mod preview;
mod provider;
mod read;
mod setup;
mod tend;
mod usage;

pub use agree::agree;
pub use apply::{apply_invoice_event, apply_setup, apply_subscription, whose};
pub use bills::{list as list_bills, pay as pay_bills};
pub use cancel::cancel;
pub use change::{Wanted, change};
pub use preview::{Preview, preview};
pub use read::{Shown, plans, show};
pub use setup::{Made as SetupMade, portal, setup};
pub use tend::{Due, due, tend};
pub use usage::check_room;

use ::entity::enums::SubscriptionState;

use super::held::Held;
use super::rules::life;
use crate::db::Scope;

/// Moves a locked row to a state, with what goes with it.
fn enter(scope: &Scope, held: &mut Held, state: SubscriptionState) {
    if held.state == state {
        return;
    }
    let now = scope.now();
    held.state = state;
    held.reminders = 0;
    held.grace_end_at = match state {
        SubscriptionState::PaymentFailed => Some(now + chrono::TimeDelta::days(life::GRACE_DAYS)),
        // what it was suspended for
        SubscriptionState::Suspended => held.grace_end_at,
        _ => None,
    };
    held.ended_at = life::ended(state).then_some(now);
}
