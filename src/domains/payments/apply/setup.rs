//! What the provider says of a card that a customer leaves for later.

use super::Applied;
use crate::db::Scope;
use crate::domains::payments::methods;
use crate::error::ApiError;
use crate::ports::payments::Setup;

/// Takes in what a setup looks like now, or looked like once.
///
/// # Errors
/// When the database cannot answer.
pub async fn apply_setup(scope: &Scope, setup: &Setup) -> Result<Applied, ApiError> {
    methods::set_up(scope, setup).await
}
