//! The request's way, over HTTP.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod booking;
mod envelope;
