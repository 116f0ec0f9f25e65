//! The tokens by which a visitor opens again what is theirs: its id, sealed for its business and for its kind. Whoever
//! holds the link holds the booking, the held time or the place in line; nobody can make one up.

use ::entity::ids::{BookingHoldId, BookingId, WaitlistEntryId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::guard::{Binding, CursorKey};

/// An id that visitors are given in a sealed form only.
pub trait Sealed: Serialize + DeserializeOwned {
    /// Keeps the kinds apart: the token of one opens no other.
    const KIND: &'static str;
    /// Says that there is nothing of that token.
    const MISSING: Code;
}

impl Sealed for BookingId {
    const KIND: &'static str = "manage";
    const MISSING: Code = Code::BookingNotFound;
}

impl Sealed for BookingHoldId {
    const KIND: &'static str = "hold";
    const MISSING: Code = Code::HoldNotFound;
}

impl Sealed for WaitlistEntryId {
    const KIND: &'static str = "waitlist";
    const MISSING: Code = Code::WaitlistEntryNotFound;
}

/// Seals an id.
///
/// # Errors
/// 500 when it cannot be written.
pub fn seal<I: Sealed>(keys: &[CursorKey], tenant: &Tenant, id: I) -> Result<String, ApiError> {
    let key = keys.first().ok_or_else(|| ApiError::internal("there is no key for the links of visitors"))?;
    key.seal(&binding::<I>(tenant), &id)
}

/// The id of a token.
///
/// # Errors
/// 404 for a token that is none of this business's: as for what is not there.
pub fn open<I: Sealed>(keys: &[CursorKey], tenant: &Tenant, token: &str) -> Result<I, ApiError> {
    let opened = keys.iter().find_map(|key| key.open(&binding::<I>(tenant), token).ok());
    opened.ok_or_else(|| ApiError::of(I::MISSING))
}

fn binding<I: Sealed>(tenant: &Tenant) -> Binding<'static> {
    Binding { tenant: tenant.id.0, sort: I::KIND, filter: "" }
}
