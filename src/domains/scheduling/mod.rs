//! What is free. Who takes it is the booking domain's matter.
//!
//! `rules` is the engine: pure, without IO or a clock of its own. Others call [`rules::slots`] to list,
//! [`rules::check`] before they take a time, and [`rules::explain`] to say why a time is not offered.

pub mod availability;
pub mod rules;
