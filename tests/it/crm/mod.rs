//! The people who book.
mod contact;
mod customers;
mod history;
mod leaving;
mod logged;
mod notes;
mod pseudonymize;
mod segment_members;
mod segments;
