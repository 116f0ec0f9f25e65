//! The front desk: bookings with their customers and services beside them, as a list and as a sheet, and many
//! bookings at once.
//!
//! What must stay true: many at once are done by the verbs of one (`booking::service`) in one transaction, so that
//! each is refused as it would be alone, and then none is done. Whoever looks at customers' details or changes many at
//! once leaves a note in the audit log. Nothing is sent from here: a message is an event that waits for its consumer.

mod api;
mod dto;
mod events;
mod service;

use std::sync::Arc;

use crate::app::App;

/// The operations of the front desk on bookings.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    (api::DeskApi::new(app), api::DeskActionsApi::new(app))
}
