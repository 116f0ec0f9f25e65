//! One test binary.
mod catalogue;
mod openapi_layer;
mod pipeline;
mod private_database;
mod schema;
mod support;

mod scheduling;
