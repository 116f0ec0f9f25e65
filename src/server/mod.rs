//! What the process serves: the documents that describe it.
pub mod docs;
pub mod openapi;
