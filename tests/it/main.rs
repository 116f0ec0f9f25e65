//! One test binary.
mod booking;
mod catalogue;
mod every_operation;
mod crm;
mod identity;
mod onboarding;
mod openapi;
mod openapi_layer;
mod pipeline;
mod platform;
mod private_database;

#[cfg(test)]
mod scheduling;
mod scheduling_availability;
mod schema;
mod support;
mod tenancy;
