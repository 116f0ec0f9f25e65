//! One test binary.
mod catalogue;
mod every_operation;
mod identity;
mod onboarding;
mod openapi;
mod openapi_layer;
mod pipeline;
mod private_database;

#[cfg(test)]
mod scheduling;
mod schema;
mod support;
mod tenancy;
