//! Memberships: so many sessions or credits in each period, for as long as each period is paid.
//!
//! States: pending -> active <-> paused -> ended. Periods are counted in the member's zone from the day on which the
//! first was paid. A round begins the next one, which is a purchase that waits to be paid; a period that nobody paid
//! ends the membership. What is left of a period goes over into the next as far as the plan says.

mod api;
mod dto;
mod events;
mod life;
mod plans;
pub mod rules;
mod service;

use std::sync::Arc;

use ::entity::{customer_memberships as members, membership_plans};
use chrono::{DateTime, Utc};
use poem_openapi::OpenApi;

use crate::app::App;
use crate::db::row::Row;
use crate::error::Code;
use crate::guard::Sortable;

pub(super) use life::{hold, paid, renew};

/// All operations on memberships and their plans.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    (plans::MembershipPlansApi::new(app), api::MembershipsApi::new(app))
}

impl Row for membership_plans::Entity {
    const TENANT: membership_plans::Column = membership_plans::Column::TenantId;
    const ID: membership_plans::Column = membership_plans::Column::Id;
    const DELETED_AT: Option<membership_plans::Column> = Some(membership_plans::Column::DeletedAt);
    const MISSING: Code = Code::MembershipPlanNotFound;

    fn updated_at(model: &membership_plans::Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for membership_plans::Entity {
    type Key = membership_plans::Column;
    const KEYS: &'static [(&'static str, membership_plans::Column)] =
        &[("created_at", membership_plans::Column::CreatedAt), ("name", membership_plans::Column::Name)];
}

impl Row for members::Entity {
    const TENANT: members::Column = members::Column::TenantId;
    const ID: members::Column = members::Column::Id;
    const DELETED_AT: Option<members::Column> = None;
    const MISSING: Code = Code::MembershipNotFound;

    fn updated_at(model: &members::Model) -> DateTime<Utc> {
        model.updated_at
    }
}

impl Sortable for members::Entity {
    type Key = members::Column;
    const KEYS: &'static [(&'static str, members::Column)] = &[("created_at", members::Column::CreatedAt)];
    const NEWEST_FIRST: bool = true;
}
