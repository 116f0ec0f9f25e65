//! The operations of the domain, folder by folder.

use std::sync::Arc;

use poem_openapi::OpenApi;

use super::checkout::{CheckoutApi, PublicCheckoutApi};
use super::desk::DeskApi;
use super::methods::MethodsApi;
use super::no_show::NoShowApi;
use super::refunds::RefundsApi;
use crate::app::App;

/// All of them.
pub fn all(app: &Arc<App>) -> impl OpenApi + use<> {
    (
        CheckoutApi::new(app),
        DeskApi::new(app),
        RefundsApi::new(app),
        MethodsApi::new(app),
        NoShowApi::new(app),
        PublicCheckoutApi::new(app),
    )
}
