//! What the business does, one domain a folder, the same rooms in each.

pub mod identity;
pub mod onboarding;
pub mod scheduling;
pub mod tenancy;
