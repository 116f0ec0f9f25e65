//! What tests are about, made in one line: it goes past the API, so that a test fails for its own subject only.
mod bookable;

pub use bookable::{Bookable, bookable};
