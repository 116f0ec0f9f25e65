//! What tests are about, made in one line: it goes past the API, so that a test fails for its own subject only.
mod bookable;
mod connected;

pub use bookable::{Bookable, bookable};
pub use connected::{connect_to, connected, connected_with_fee};
