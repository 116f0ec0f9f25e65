//! The outside world: one folder a subject, each with a trait in its `mod.rs`, one file a vendor, and a sandbox that
//! stands in for it. Knows no domain.

pub mod payments;
