//! One test binary.
mod architecture;
mod booking;
mod catalogue;
mod crm;
mod every_operation;
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
