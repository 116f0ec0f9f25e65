//! The OpenAPI layer, tried on a small API of its own: two blocks on one path, a described reference,
//! a union, a list, a patch.
#![expect(clippy::unwrap_used, reason = "what cannot fail in a test is a failed test when it does")]

mod body;
mod constraints;
mod document;
mod pages;
mod sample;
