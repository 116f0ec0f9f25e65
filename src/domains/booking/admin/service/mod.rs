//! The verbs of the front desk: one file each.

mod bulk;
mod list;
mod message;
mod update;

pub use bulk::{Action, Done, Shift, act};
pub use list::{DeskFilter, Detailed, export, list};
pub use message::{Letter, Queued, Recipient, Unreachable, send};
pub use update::{Change, update};
