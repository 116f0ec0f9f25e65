//! Who a verified token is, in a tenant: replaced by the identity slice.

use ::entity::ids::TenantId;

use super::Person;
use super::tokens::Claims;
use crate::db::Scope;
use crate::error::{ApiError, Code};

/// The cookie that carries a browser's session.
pub const SESSION_COOKIE: &str = "tithi_session";

/// Loads the person of verified claims: session alive, account active, role in the tenant.
///
/// # Errors
/// 401 when the session has ended or the account is closed.
pub async fn identify(_: &Scope, _: &Claims, _: Option<TenantId>) -> Result<Person, ApiError> {
    Err(ApiError::of(Code::AuthTokenInvalid))
}
