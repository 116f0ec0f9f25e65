//! The people who book.
mod contact;
mod customers;
