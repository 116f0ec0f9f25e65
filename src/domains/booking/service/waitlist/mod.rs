//! Who waits for a time, and who is offered one that has become free.
//!
//! A place in line is `queued_at`. The first whose wish fits gets a hold made for them. Whoever lets it pass, or gives
//! it up, stands behind the others again; after three offers they wait no more. Whoever frees or takes a time asks only so
//! many; what is left stands on the hold (`offer_due`) for the round.

mod join;
mod list;
mod offer;
mod served;
mod tend;

pub use join::{NewEntry, join, leave};
pub use list::{WaitlistFilter, find, list};
pub(super) use offer::{AT_EASE, ON_THE_WAY, offer_freed, pass_on};
pub(super) use served::served;
pub use tend::tend;
