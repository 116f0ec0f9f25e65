//! One test binary.
mod catalogue;
mod identity;
mod openapi;
mod openapi_layer;
mod pipeline;
mod private_database;
mod scheduling;
mod schema;
mod support;
