//! Pages for people. They are clients of the service's own API, in this process: whatever a page shows or does went
//! through the same pipeline as everybody's request, so no page can see or do more than its visitor.
//!
//! What must stay true: every page works without scripts; nothing is inline; what a visitor typed is never lost.

mod ask;
pub mod public;

pub use ask::{Api, Ask, Refusal};
