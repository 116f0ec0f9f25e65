//! One test binary.
mod private_database;
mod schema;
mod support;
