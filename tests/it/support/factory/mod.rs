//! What tests are about, made in one line: it goes past the API, so that a test fails for its own subject only.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod bookable;

pub use bookable::{Bookable, bookable};
