//! The account on which a business is paid.
mod account;
mod onboarding;
