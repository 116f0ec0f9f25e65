//! Decisions about subscriptions. Pure.

pub mod fit;
pub mod life;
