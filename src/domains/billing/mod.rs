//! Billing: what the platform sells to businesses and to persons.
//!
//! Owns `plans`, `tenant_subscriptions`, `user_subscriptions`, `subscription_bills`; the permissions `subscription.*` and,
//! with the payments, `billing.*`; the events `SUBSCRIPTION_*` and `TRIAL_*`. States: free_trial -> paid_subscription ->
//! active; free_trial -> expired; active -> payment_failed -> active or suspended -> active or cancelled; active ->
//! cancelled. The arrows stand in `rules::life` and are guarded by a trigger. A business begins with a trial, whoever
//! makes it; a person has the free plan until they choose.
//!
//! What must stay true: what a subscription is worth follows from the provider's status alone, never from a bill; what
//! the provider said earlier never undoes what it said later; a change is written down with its key before the provider
//! is asked, and whoever asks for it again, the round too, asks with the same key. A subscription that is worth nothing
//! takes nothing away that is there: it keeps more from being added ([`check_room`]), and the platform decides on the
//! rest. A person's rows are read in a Scope of that person.
//!
//! The inbox comes through [`whose`], [`apply_subscription`], [`apply_setup`] and [`apply_invoice_event`], the round
//! through [`due`] and [`tend`].

mod api;
mod dto;
mod events;
mod held;
mod plan;
pub mod rules;
mod service;

use std::sync::Arc;

use ::entity::subscription_bills::{Column, Entity, Model};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub use held::Subject;
pub use service::{Due, apply_invoice_event, apply_setup, apply_subscription, check_room, due, tend, whose};

/// All operations of the domain.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    (
        api::OrganizationsApi::new(app),
        api::BillingApi::new(app),
        api::PlansApi,
        api::PersonApi::new(app),
        api::AgreementApi::new(app),
    )
}

impl Row for Entity {
    const TENANT: Column = Column::TenantId;
    const ID: Column = Column::Id;
    const DELETED_AT: Option<Column> = None;
    const MISSING: Code = Code::InvoiceNotFound;

    fn updated_at(model: &Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for Entity {
    type Key = Column;
    const KEYS: &'static [(&'static str, Column)] = &[("created_at", Column::CreatedAt)];
    const NEWEST_FIRST: bool = true;
}
