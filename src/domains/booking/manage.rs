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
pub fn seal(keys: &[CursorKey], tenant: &Tenant, booking: BookingId) -> Result<String, ApiError> {
    let key = keys.first().ok_or_else(|| ApiError::internal("there is no key for the links of bookings"))?;
    key.seal(&binding(tenant), &booking)
}

/// The booking of a token.
///
/// # Errors
/// 404 for a token that is none of this business's: as for a booking that is not there.
pub fn open(keys: &[CursorKey], tenant: &Tenant, token: &str) -> Result<BookingId, ApiError> {
    let opened = keys.iter().find_map(|key| key.open(&binding(tenant), token).ok());
    opened.ok_or_else(|| ApiError::of(Code::BookingNotFound))
}

fn binding(tenant: &Tenant) -> Binding<'static> {
    Binding { tenant: tenant.id.0, sort: "manage", filter: "" }
}
