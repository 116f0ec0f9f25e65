//! What the business does.

pub mod scheduling;
