//! Gift cards: money that was paid ahead, for whoever has the code.
//!
//! States: pending (bought, not paid) -> active -> void. A card's balance is the sum of its movements, which are only
//! ever added. Its code is told once, to whom it is made for, and to its recipient: the table has a digest alone.

mod api;
mod bought;
mod code;
mod dto;
mod events;
mod examples;
mod moves;
mod public;
mod rules;
mod service;

use std::sync::Arc;

use ::entity::{gift_card_transactions as transactions, gift_cards as cards};
use chrono::{DateTime, Utc};
use poem_openapi::OpenApi;

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub use bought::{forget_words, gift_card_due, gift_card_paid, gift_card_undone, gift_code, open_gift_card};
pub use moves::{gift_give_back, gift_take};

/// All operations on gift cards.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    (api::GiftCardsApi::new(app), public::PublicGiftCardsApi::new(app))
}

impl Row for cards::Entity {
    const TENANT: cards::Column = cards::Column::TenantId;
    const ID: cards::Column = cards::Column::Id;
    const DELETED_AT: Option<cards::Column> = None;
    const MISSING: Code = Code::GiftCardNotFound;

    fn updated_at(model: &cards::Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for cards::Entity {
    type Key = cards::Column;
    const KEYS: &'static [(&'static str, cards::Column)] = &[("created_at", cards::Column::CreatedAt)];
    const NEWEST_FIRST: bool = true;
}

impl Row for transactions::Entity {
    const TENANT: transactions::Column = transactions::Column::TenantId;
    const ID: transactions::Column = transactions::Column::Id;
    const DELETED_AT: Option<transactions::Column> = None;
    const MISSING: Code = Code::NotFound;

    /// A movement stays as it was made.
    fn updated_at(model: &transactions::Model) -> DateTime<Utc> {
        model.created_at
    }
}

impl Sortable for transactions::Entity {
    type Key = transactions::Column;
    const KEYS: &'static [(&'static str, transactions::Column)] = &[("created_at", transactions::Column::CreatedAt)];
    const NEWEST_FIRST: bool = true;
}
