//! The figures of a business.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod dashboard;
