//! The tenant as every request knows it: what the directory keeps in memory. No secrets, no personal data.

use std::collections::BTreeMap;

use ::entity::ids::TenantId;

use super::BookingDefaults;
use crate::config::Allowance;

/// A tenant, as resolved from the request.
#[derive(Clone, Debug, PartialEq)]
pub struct Tenant {
    pub id: TenantId,
    /// Label of its subdomain and first segment of its public path.
    pub slug: String,
    pub name: String,
    /// Whether it is served at all.
    pub active: bool,
    /// IANA name of its zone.
    pub tz: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Its own limits, by class name.
    pub rate_limits: BTreeMap<String, Allowance>,
    /// Origins beside its own subdomain that may call its API from a browser.
    pub cors_origins: Vec<String>,
    /// How bookings work where a service says nothing of its own. What decides about a time is read with it anew.
    pub booking: BookingDefaults,
}
