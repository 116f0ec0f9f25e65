//! Customers and what a business knows of them.
//!
//! Owns `customers`; the permissions `customer.*`; the events `CUSTOMER_*`.

mod contact;

pub use contact::{NewContact, find_or_create};
