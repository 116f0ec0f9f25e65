//! One test binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod analytics;
mod architecture;
mod billing;
mod booking;
mod catalogue;
mod crm;
mod every_operation;
mod identity;
mod invoices;
mod loyalty;
mod onboarding;
mod openapi;
mod openapi_layer;
mod packages;
mod payments;
mod payments_connect;
mod payments_inbox;
mod payments_reconcile;
mod payments_reliability;
mod payments_reports;
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
