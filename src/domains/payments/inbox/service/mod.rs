//! The verbs on the inbox: a request receives; the worker claims, works and settles; operators list and replay.

mod claim;
mod effect;
mod figures;
mod operate;
mod place;
mod receive;
mod settle;

pub use claim::{Claimed, claim};
pub use effect::effect;
pub use figures::{State, backlog};
pub use operate::{InboxFilter, InboxRow, list, replay};
pub use receive::{receive, store};
pub use settle::{Outcome, settle};
