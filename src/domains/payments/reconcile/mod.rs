//! Reconciling: what we missed of what the provider told us, and whether both still say the same.
//!
//! Reads `payments` and `refunds`, owns nothing. What was not delivered is put into the inbox, like everything that the
//! provider tells us; what has lain open for an hour is looked at anew and taken in by the verbs that take in
//! everything else. So nothing here decides about money: it only asks again.
//!
//! What must stay true: the provider is only asked, never told, and never inside a transaction; all of it may run in
//! several processes at once, and any number of times.

mod compare;
mod missed;
mod open;
mod rules;

pub use compare::{Comparison, Difference, Look, compare, looks};
pub use missed::{accounts, keep, missed};
pub use open::{Open, Seen, behind, look, open, take_in};
