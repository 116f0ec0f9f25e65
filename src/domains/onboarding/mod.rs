//! Onboarding: how a business begins.
