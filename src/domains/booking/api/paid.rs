//! Who may spend what a customer has bought ahead: staff for whomever they book, the public what is their own. A typed
//! address proves nothing; the token of an earlier booking, which was sent to the customer, does.

use ::entity::ids::BookingId;

use crate::app::App;
use crate::domains::booking::dto::PayWith;
use crate::domains::booking::manage;
use crate::domains::booking::service::{self, Pay};
use crate::error::ApiError;
use crate::guard::Anyone;

/// How a booking is paid instead of with money.
///
/// # Errors
/// 400 when the public shows no token, 404 for a token that is none of this business's.
pub async fn with(
    app: &App,
    guard: &Anyone,
    member: bool,
    with: Option<PayWith>,
    token: Option<&str>,
) -> Result<Option<Pay>, ApiError> {
    let Some(with) = with else { return Ok(None) };
    let proven = match token {
        Some(token) => {
            let id = manage::open::<BookingId>(&app.manage, &guard.tenant, token)?;
            Some(service::get(&guard.scope, id.0).await?.customer_id)
        }
        None if member => None,
        None => {
            let detail = "Give the token of an earlier booking of the customer.";
            return Err(ApiError::field("#/customer_token", "required", detail));
        }
    };
    Ok(Some(Pay { with: with.into(), proven }))
}
