//! The operations of the front desk on bookings. `read` lists and exports, `actions` changes.

mod actions;
mod read;
mod sheet;
mod wire;

pub use actions::DeskActionsApi;
pub use read::DeskApi;
