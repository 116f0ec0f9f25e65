//! Weekly hours and the dates that differ.
mod exceptions;
mod weekly;
