//! SeaORM entities: one file a table, named like it; typed ids in [`ids`], closed sets in [`enums`]. No logic, no HTTP.
//!
//! What must stay true: the fields are the columns of `migration`. Money is minor units, instants are UTC, wall times
//! have no zone of their own. Inside the service write `::entity`, since `sea_orm::prelude` has a module of that name.

pub mod audit_logs;
pub mod availability_exceptions;
pub mod availability_rules;
pub mod booking_allocations;
pub mod booking_holds;
pub mod booking_items;
pub mod booking_series;
pub mod bookings;
pub mod branding;
pub mod calendar_feeds;
pub mod class_sessions;
pub mod coupon_redemptions;
pub mod coupon_services;
pub mod coupons;
pub mod customer_notes;
pub mod customer_segments;
pub mod customers;
pub mod enums;
pub mod events_outbox;
pub mod gift_card_transactions;
pub mod gift_cards;
pub mod idempotency_keys;
pub mod ids;
pub mod loyalty_accounts;
pub mod loyalty_transactions;
pub mod memberships;
pub mod referral_codes;
pub mod referral_settings;
pub mod referrals;
pub mod refresh_tokens;
pub mod resources;
pub mod segment_memberships;
pub mod service_resource_groups;
pub mod service_resources;
pub mod services;
pub mod sessions;
pub mod staff_availability;
pub mod staff_profiles;
pub mod tenant_directory;
pub mod tenants;
pub mod themes;
pub mod users;
pub mod waitlist_entries;
pub mod work_schedules;
