//! Tenancy: businesses and who belongs to them.
//!
//! Owns `tenants`, `tenant_directory`, `memberships`, `themes`, `branding`.

mod tenant;

pub use tenant::Tenant;
