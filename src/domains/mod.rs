//! What the business does, one domain a folder, the same rooms in each.

pub mod catalogue;
pub mod identity;
pub mod tenancy;
