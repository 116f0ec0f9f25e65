//! The verbs of the front desk: one file each.

mod bulk;
mod list;
mod message;
mod update;

use ::entity::enums::CanceledBy;
use chrono::{DateTime, Utc};

use crate::domains::booking::service::NewTime;
use crate::domains::scheduling::slots::Freedom;

pub use bulk::{Action, Done, Shift, act};
pub use list::{DeskFilter, Detailed, export, list};
pub use message::{Letter, Queued, Recipient, Unreachable, send};
pub use update::{Change, update};

/// Another time with whom it is now: one of those that are listed.
fn desk_time(start_at: DateTime<Utc>) -> NewTime {
    NewTime { start_at, resource_id: None, freedom: Freedom::Listed, by: CanceledBy::Staff }
}
