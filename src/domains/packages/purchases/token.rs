//! The token by which whoever buys something pays for it: its id, sealed for its business.

use ::entity::ids::PurchaseId;

use crate::db::Scope;
use crate::error::{ApiError, Code};
use crate::guard::{Binding, CursorKey};

/// Seals a purchase's id.
///
/// # Errors
/// 500 when there is no key.
pub fn seal(scope: &Scope, keys: &[CursorKey], purchase: PurchaseId) -> Result<String, ApiError> {
    let key = keys.first().ok_or_else(|| ApiError::internal("there is no key for the links of visitors"))?;
    key.seal(&binding(scope)?, &purchase)
}

/// The purchase of a token.
///
/// # Errors
/// 404 for a token that is none of this business's.
pub fn open_purchase(scope: &Scope, keys: &[CursorKey], token: &str) -> Result<PurchaseId, ApiError> {
    let binding = binding(scope)?;
    let opened = keys.iter().find_map(|key| key.open(&binding, token).ok());
    opened.ok_or_else(|| ApiError::of(Code::PurchaseNotFound))
}

fn binding(scope: &Scope) -> Result<Binding<'static>, ApiError> {
    Ok(Binding { tenant: scope.tenant()?.0, sort: "purchase", filter: "" })
}
