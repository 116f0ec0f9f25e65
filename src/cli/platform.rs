//! Looking after the platform itself: its operators are made here, by whoever has the database's
//! credentials, and nowhere else.

use ::entity::ids::UserId;

use crate::db::Scope;
use crate::domains::identity::{self, NewAccount};
use crate::error::ApiError;

/// Makes an operator of the platform and commits. An account that exists becomes one, under the new
/// password; what was logged in under the old one is ended. Hashes on the calling thread.
///
/// # Errors
/// For an address or a password that is not taken (each fault is a field of the error), and when the
/// database does not answer.
pub async fn create_admin(
    platform: &Scope,
    email: &str,
    display_name: &str,
    password: &str,
) -> Result<UserId, ApiError> {
    let new = NewAccount { email: email.into(), password: password.into(), display_name: display_name.into() };
    let user = identity::make_operator(platform, new).await?;
    platform.commit().await?;
    Ok(user)
}
