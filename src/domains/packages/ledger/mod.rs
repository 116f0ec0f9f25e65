//! The ledger: double entry, only ever added to. Each movement takes from one account what it gives to another.
//!
//! A customer's accounts are lots: what they got at once and lose at once. The business's own accounts say where units
//! come from (`issued`) and where they go (`used`, `expired`). Whoever takes from lots holds their rows, so that of many
//! at once each finds what the one before it left; the database has the last word when the transaction commits.

mod entries;
pub mod rules;
mod verbs;

pub use verbs::{Lots, NewLot, consume, expire, give_back, grant, held, take_rest};
