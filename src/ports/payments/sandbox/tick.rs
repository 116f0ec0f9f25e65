//! What time does by itself: pages expire, banks answer, periods turn.

use serde_json::Value;

use super::Sandbox;
use super::objects::{checkouts, paying, subscriptions};

impl Sandbox {
    /// Does what is due by the clock.
    pub fn pass(&self) {
        let now = self.clock.now().timestamp();
        let due = self.state().store.due(now);
        for (account, id) in due.into_iter().filter(|(_, id)| !id.starts_with("_dlv_")) {
            self.act(&account, |ctx| {
                let Some(record) = ctx.get(&id).cloned() else { return };
                match record["object"].as_str() {
                    Some("checkout.session") => {
                        checkouts::lapse(ctx, record);
                    }
                    Some("payment_intent") => paying::settle(ctx, record),
                    Some("subscription") => {
                        subscriptions::renew(ctx, record);
                    }
                    _ => {}
                }
            });
        }
    }

    /// Lets the banks answer now, whatever the clock says. Answers how many did.
    pub fn settle(&self) -> usize {
        let due = self.state().store.due(i64::MAX);
        let mut settled = 0;
        for (account, id) in due.into_iter().filter(|(_, id)| id.starts_with("pi_")) {
            settled += 1;
            self.act(&account, |ctx| {
                if let Some(intent) = ctx.get(&id).cloned().filter(|intent: &Value| intent["status"] == "processing") {
                    paying::settle(ctx, intent);
                }
            });
        }
        settled
    }
}
