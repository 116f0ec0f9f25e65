//! `webhook_event_inbox`: what a provider told us, as it came, and what became of it. The platform's own.

use crate::enums::InboxState;
use crate::ids::{TenantId, WebhookEventId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "webhook_event_inbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookEventId,
    #[sea_orm(column_type = "Text")]
    pub provider: String,
    /// `acct_..`; empty for the platform's own.
    #[sea_orm(column_type = "Text")]
    pub account: String,
    /// `evt_..`
    #[sea_orm(column_type = "Text")]
    pub event_id: String,
    /// `payment_intent.succeeded`
    #[sea_orm(column_type = "Text")]
    pub event_type: String,
    pub event_created_at: DateTimeUtc,
    pub livemode: bool,
    /// The body, byte by byte.
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub raw: Vec<u8>,
    pub state: InboxState,
    /// Whose it turned out to be.
    pub tenant_id: Option<TenantId>,
    pub attempts: i32,
    pub next_attempt_at: DateTimeUtc,
    #[sea_orm(column_type = "Text", nullable)]
    pub last_error: Option<String>,
    pub received_at: DateTimeUtc,
    pub processed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
