//! One test binary.
mod openapi_layer;
mod pipeline;
mod private_database;
mod schema;
mod support;
