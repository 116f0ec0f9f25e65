//! What is free. Who takes it is the booking domain's matter.
//!
//! Owns `availability_rules`, `availability_exceptions`, `staff_availability`, `work_schedules`; the permissions `availability.*`.
//! `rules` is the engine: pure, without IO or a clock of its own. `slots` feeds it from the database:
//! listing and booking go through the same [`slots::Board`], so what is listed can be booked.

mod availability;
pub mod rules;
pub mod slots;

use std::sync::Arc;

use crate::app::App;

/// The operations of this domain.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    (slots::api(app), availability::api(app))
}
