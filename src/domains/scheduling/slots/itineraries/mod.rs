//! Visits of several services: what is asked, and what is answered. The search itself is `rules::visits`; every
//! option was laid on the boards leg by leg, so that what is listed can be booked.

pub mod api;
pub mod dto;
