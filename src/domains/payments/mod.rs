//! Payments: money that comes in and goes back.
//!
//! Owns `payments`, `payment_methods`, `refunds`, `payment_customers` and, in their folders, `tenant_billing` (`connect`)
//! and the provider's inbox (`inbox`); the permissions `payment.*` and `billing.*`; the events
//! `PAYMENT_*` and `NO_SHOW_FEE_CAPTURED`. A payment is for exactly one of a booking, a purchase and a gift card. It
//! begins pending; a card's goes on by what the provider says (requires_action, processing, authorized, failed, which may
//! be tried again), until it is captured or canceled; from captured it goes to partially_refunded and refunded.
//!
//! What must stay true:
//! - A row is committed before the provider is asked, with the key of that call; nothing is asked inside a transaction.
//!   A crash between two steps is healed by whoever asks again, by the provider's word (`apply`), or by `tend`.
//! - Words of the provider are taken in any order and any number of times, and by whoever hears them first: what
//!   follows from a payment (the booking is confirmed, the invoice is issued) follows once.
//! - Whoever changes a payment holds its booking first, then the payment, so that two never wait in a circle.
//! - One payment is under way for one thing; refunds never exceed what was captured.
//!
//! Whoever makes a customer unknown calls [`forget`].
//!
//! `checkout` begins and confirms, `desk` is cash and the lists, `refunds` gives back, `methods` keeps cards, `no_show`
//! charges who did not come, `apply` takes the provider's words, `tend` looks after what was left lying. `connect` is the
//! account on which a business is paid, `inbox` hears the provider, `reconcile` asks it again, `reports` adds up.

mod api;
mod apply;
mod bill;
mod checkout;
pub mod connect;
mod desk;
mod dto;
mod events;
mod held;
pub mod inbox;
mod methods;
mod no_show;
mod provider;
pub mod reconcile;
mod refunds;
mod reports;
pub mod rules;
mod settle;
mod tend;

use std::sync::Arc;

use ::entity::{payment_methods, payments, refunds as refund_rows};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub use apply::{Applied, Dispute, apply_checkout, apply_dispute, apply_intent, apply_refund, apply_setup};
pub use methods::forget;
pub use tend::{Tended, tend};

/// All operations of the domain.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    (api::all(app), connect::api(app), inbox::api(app), reports::api(app))
}

impl Row for payments::Entity {
    const TENANT: payments::Column = payments::Column::TenantId;
    const ID: payments::Column = payments::Column::Id;
    const DELETED_AT: Option<payments::Column> = None;
    const MISSING: Code = Code::PaymentNotFound;

    fn updated_at(model: &payments::Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for payments::Entity {
    type Key = payments::Column;
    const KEYS: &'static [(&'static str, payments::Column)] =
        &[("created_at", payments::Column::CreatedAt), ("amount_cents", payments::Column::AmountCents)];
    const NEWEST_FIRST: bool = true;
}

impl Row for refund_rows::Entity {
    const TENANT: refund_rows::Column = refund_rows::Column::TenantId;
    const ID: refund_rows::Column = refund_rows::Column::Id;
    const DELETED_AT: Option<refund_rows::Column> = None;
    const MISSING: Code = Code::NotFound;

    fn updated_at(model: &refund_rows::Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Row for payment_methods::Entity {
    const TENANT: payment_methods::Column = payment_methods::Column::TenantId;
    const ID: payment_methods::Column = payment_methods::Column::Id;
    const DELETED_AT: Option<payment_methods::Column> = None;
    const MISSING: Code = Code::PaymentMethodNotFound;

    fn updated_at(model: &payment_methods::Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for payment_methods::Entity {
    type Key = payment_methods::Column;
    const KEYS: &'static [(&'static str, payment_methods::Column)] =
        &[("created_at", payment_methods::Column::CreatedAt)];
    const NEWEST_FIRST: bool = true;
}
