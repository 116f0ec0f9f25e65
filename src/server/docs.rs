//! The documentation pages.
