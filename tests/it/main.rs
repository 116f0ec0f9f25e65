//! One test binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod analytics;
mod architecture;
mod booking;
mod catalogue;
mod crm;
mod every_operation;
mod identity;
mod loyalty;
mod onboarding;
mod openapi;
mod openapi_layer;
mod pipeline;
mod platform;
mod private_database;
mod promotions;
mod provider;
mod scheduling;
mod scheduling_availability;
mod scheduling_slots;
mod schema;
mod support;
mod tenancy;
mod watcher;
mod web;
