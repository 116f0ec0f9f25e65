//! The published documents.
