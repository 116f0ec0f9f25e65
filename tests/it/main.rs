//! One test binary.
mod catalogue;
mod crm;
mod identity;
mod openapi;
mod openapi_layer;
mod pipeline;
mod private_database;
mod scheduling;
mod scheduling_availability;
mod schema;
mod support;
