//! What the provider says of a payer who asked their bank for the money back. It is a mark beside the state: the bank
//! has yet to decide.

use ::entity::payments::Column;
use sea_orm::ActiveValue::Set;
use sea_orm::IntoActiveModel;

use super::Applied;
use super::intent::{Word, advance};
use crate::db::Scope;
use crate::domains::payments::events;
use crate::domains::payments::held::{self, Held};
use crate::domains::payments::rules::state;
use crate::error::ApiError;

/// A dispute, as the provider tells it.
#[derive(Clone, Debug)]
pub struct Dispute {
    /// `dp_..`
    pub id: String,
    /// `needs_response`, `under_review`, `won`, `lost`, ..
    pub status: String,
    pub intent: Option<String>,
    pub charge: Option<String>,
}

/// How far a dispute is: an older word does not open it again.
fn rank(status: &str) -> u8 {
    match status {
        "won" | "lost" | "warning_closed" => 2,
        "under_review" | "warning_under_review" => 1,
        _ => 0,
    }
}

/// Takes in a dispute.
///
/// # Errors
/// When the database cannot answer.
pub async fn apply_dispute(scope: &Scope, dispute: &Dispute) -> Result<Applied, ApiError> {
    let mut found = None;
    for (column, id) in [(Column::ProviderPaymentId, &dispute.intent), (Column::ProviderChargeId, &dispute.charge)] {
        if let (None, Some(id)) = (found, id) {
            found = held::by_provider(scope, column, id, None).await?;
        }
    }
    let Some(id) = found else { return Ok(Applied::Unknown) };
    let held = held::hold(scope, id).await?;
    let before = held.payment.clone();
    // what is disputed was paid
    let Held { booking, payment } = held;
    let payment = if state::is_captured(payment.status) {
        payment
    } else {
        let word = Word::came(dispute.charge.clone());
        advance(scope, Held { booking, payment }, word).await?
    };
    let known = payment.dispute_status.as_deref();
    let first = payment.disputed_at.is_none();
    let further = known.is_none_or(|known| rank(&dispute.status) > rank(known));
    if !first && !further {
        return Ok(Applied::of(&before, &payment));
    }
    let disputed_at = payment.disputed_at.or(Some(scope.now()));
    let mut change = payment.into_active_model();
    change.disputed_at = Set(disputed_at);
    change.dispute_status = Set(Some(dispute.status.chars().take(100).collect()));
    change.provider_dispute_id = Set(Some(dispute.id.clone()));
    let payment = held::save(scope, change).await?;
    scope.emit(events::disputed(&payment));
    metrics::counter!("payments_disputed_total").increment(u64::from(first));
    Ok(Applied::Changed)
}
