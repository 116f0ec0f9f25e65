//! Businesses, their settings, and what the public sees of them, over HTTP.
mod change;
mod directory;
mod list;
mod public;
mod timezone;
