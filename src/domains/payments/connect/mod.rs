//! Connect: the account of a business at the payment provider, on which it is paid.
//!
//! Owns `tenant_billing`; the permissions `billing.*`; the events `PAYMENT_ACCOUNT_*`. Charges are the business's own, so
//! every call about its money names its account. States: none -> made (the provider has questions) -> may charge ->
//! closed to us, which begins anew with another account. What the account may do is said by the provider alone.
//!
//! What must stay true: whose an account is is noted before anything is charged on it (`platform::claim_account`); an
//! account that was closed to us charges nothing from that moment on, whatever comes later about it.

mod api;
mod dto;
mod events;
mod rules;
mod service;

use std::sync::Arc;

use crate::app::App;

pub use service::{Connected, account, apply_account, apply_deauthorized};

/// All operations on the account.
pub fn api(app: &Arc<App>) -> impl poem_openapi::OpenApi + use<> {
    api::ConnectApi::new(app)
}
