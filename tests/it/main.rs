//! One test binary.
mod private_database;
mod support;
