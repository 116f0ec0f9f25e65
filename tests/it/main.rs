//! One test binary.
mod openapi_layer;
mod private_database;
mod scheduling;
mod support;
