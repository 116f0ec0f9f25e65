//! One test binary.
mod catalogue;
mod onboarding;
mod openapi;
mod openapi_layer;
mod pipeline;
mod private_database;
mod scheduling;
mod schema;
mod support;
mod tenancy;
