//! The token by which a visitor opens a booking again: the booking's id, sealed for its business. Whoever
//! holds the link holds the booking; nobody can make one up.

use ::entity::ids::BookingId;

use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::guard::{Binding, CursorKey};

/// Seals a booking's id.
///
/// # Errors
/// 500 when it cannot be written.
pub fn seal(key: &CursorKey, tenant: &Tenant, booking: BookingId) -> Result<String, ApiError> {
    key.seal(&binding(tenant), &booking)
}

/// The booking of a token.
///
/// # Errors
/// 404 for a token that is none of this business's: as for a booking that is not there.
pub fn open(key: &CursorKey, tenant: &Tenant, token: &str) -> Result<BookingId, ApiError> {
    key.open(&binding(tenant), token).map_err(|_| ApiError::of(Code::BookingNotFound))
}

fn binding(tenant: &Tenant) -> Binding<'static> {
    Binding { tenant: tenant.id.0, sort: "manage", filter: "" }
}
