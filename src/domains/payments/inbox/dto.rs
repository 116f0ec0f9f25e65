//! Events of a provider on the wire: that they came and what became of them, never what they say.

use ::entity::enums::InboxState;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use super::service::InboxRow;
use crate::guard::Timestamp;

/// That an event has come.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct WebhookReceived {
    pub received: bool,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum WebhookState {
    /// It waits to be worked on.
    Received,
    /// It has had its effect.
    Processed,
    /// Its type is of no concern to us.
    Ignored,
    /// It is not what it says it is: another business's, or of the other mode.
    Quarantined,
    /// It was tried too often.
    Dead,
}

impl From<InboxState> for WebhookState {
    fn from(state: InboxState) -> Self {
        match state {
            InboxState::Received => Self::Received,
            InboxState::Processed => Self::Processed,
            InboxState::Ignored => Self::Ignored,
            InboxState::Quarantined => Self::Quarantined,
            InboxState::Dead => Self::Dead,
        }
    }
}

impl From<WebhookState> for InboxState {
    fn from(state: WebhookState) -> Self {
        match state {
            WebhookState::Received => Self::Received,
            WebhookState::Processed => Self::Processed,
            WebhookState::Ignored => Self::Ignored,
            WebhookState::Quarantined => Self::Quarantined,
            WebhookState::Dead => Self::Dead,
        }
    }
}

/// An event that a provider sent.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct WebhookEvent {
    /// Its id in the inbox.
    pub id: Uuid,
    pub provider: String,
    /// The provider's id of the account that it happened on; null for the platform's own.
    #[oai(nullable)]
    pub account: Option<String>,
    /// The provider's id of the event.
    pub event_id: String,
    pub event_type: String,
    /// Whether real money moves.
    pub livemode: bool,
    pub state: WebhookState,
    /// The business that it turned out to be about.
    #[oai(nullable)]
    pub tenant_id: Option<Uuid>,
    /// How often it was worked on.
    pub attempts: i32,
    /// Why it did not work, or why it lies here.
    #[oai(nullable)]
    pub last_error: Option<String>,
    /// When it happened, as the provider says.
    pub event_created_at: Timestamp,
    pub received_at: Timestamp,
    /// When it will be worked on next, at the earliest; null when it will not.
    #[oai(nullable)]
    pub next_attempt_at: Option<Timestamp>,
    /// When it was done with.
    #[oai(nullable)]
    pub processed_at: Option<Timestamp>,
}

impl From<InboxRow> for WebhookEvent {
    fn from(row: InboxRow) -> Self {
        Self {
            id: row.id.0,
            provider: row.provider,
            account: Some(row.account).filter(|account| !account.is_empty()),
            event_id: row.event_id,
            event_type: row.event_type,
            livemode: row.livemode,
            state: row.state.into(),
            tenant_id: row.tenant_id.map(Into::into),
            attempts: row.attempts,
            last_error: row.last_error,
            event_created_at: row.event_created_at.into(),
            received_at: row.received_at.into(),
            next_attempt_at: (row.state == InboxState::Received).then_some(row.next_attempt_at.into()),
            processed_at: row.processed_at.map(Into::into),
        }
    }
}

impl Example for WebhookReceived {
    fn example() -> Self {
        Self { received: true }
    }
}

impl Example for WebhookEvent {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0199_a4c2_8f1e_7d30_9b52_3c1f_0a6d_7e91),
            provider: "stripe".into(),
            account: Some("acct_1Q0a2b3c4d5e6f".into()),
            event_id: "evt_1Q0a2b3c4d5e6f".into(),
            event_type: "payment_intent.succeeded".into(),
            livemode: false,
            state: WebhookState::Dead,
            tenant_id: Some(Uuid::from_u128(0x0199_a4c2_8f1e_7d30_9b52_3c1f_0a6d_7e84)),
            attempts: 16,
            last_error: Some("outcome unknown: no answer within 8 s".into()),
            event_created_at: Timestamp::example(),
            received_at: Timestamp::example(),
            next_attempt_at: None,
            processed_at: None,
        }
    }
}
