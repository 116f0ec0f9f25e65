//! What the outbox is told about gift cards: never a code, never who. Whoever sends a card to its recipient asks for the
//! code by the card's id.

use ::entity::gift_cards::Model;
use serde_json::json;
use uuid::Uuid;

use crate::db::Event;

/// `GIFT_CARD_CREATED`: issued, or waiting to be paid.
pub fn created(row: &Model) -> Event {
    event("GIFT_CARD_CREATED", row)
}

/// `GIFT_CARD_ACTIVATED`: it can be used from now on.
pub fn activated(row: &Model) -> Event {
    event("GIFT_CARD_ACTIVATED", row)
}

/// `GIFT_CARD_SENT`: to be told to its recipient.
pub fn sent(row: &Model) -> Event {
    event("GIFT_CARD_SENT", row)
}

/// `GIFT_CARD_VOIDED`
pub fn voided(row: &Model) -> Event {
    event("GIFT_CARD_VOIDED", row)
}

/// `GIFT_CARD_REDEEMED`: so much was paid with it.
pub fn redeemed(row: &Model, cents: i64, payment: Option<Uuid>) -> Event {
    moved("GIFT_CARD_REDEEMED", row, cents, payment)
}

/// `GIFT_CARD_RETURNED`: a payment with it failed, and so much is back on it.
pub fn returned(row: &Model, cents: i64, payment: Option<Uuid>) -> Event {
    moved("GIFT_CARD_RETURNED", row, cents, payment)
}

fn moved(code: &'static str, row: &Model, cents: i64, payment: Option<Uuid>) -> Event {
    let mut told = event(code, row);
    told.payload["amount_cents"] = json!(cents);
    told.payload["payment_id"] = json!(payment);
    told
}

fn event(code: &'static str, row: &Model) -> Event {
    let payload = json!({
        "gift_card_id": row.id, "status": row.status, "initial_cents": row.initial_cents,
        "balance_cents": row.balance_cents, "currency": row.currency,
        "purchaser_customer_id": row.purchaser_customer_id, "recipient_customer_id": row.recipient_customer_id,
    });
    Event { code, tenant: None, aggregate_type: "gift_cards", aggregate_id: row.id.0, payload }
}
