//! Businesses, their settings, and what the public sees of them, over HTTP.
mod change;
mod list;
mod public;
mod timezone;
