//! Payments: how money comes in, goes back, and is accounted for.

pub mod connect;
pub mod inbox;

use std::sync::Arc;

use crate::app::App;

/// All operations of the domain.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    (inbox::api(app), connect::api(app))
}
