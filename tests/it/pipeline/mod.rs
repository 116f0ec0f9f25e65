//! The request's way, over HTTP.
mod envelope;
