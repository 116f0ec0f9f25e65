//! The verbs on series: one file each.

mod cancel;
mod create;
mod list;

pub use cancel::{cancel, cancel_with};
pub use create::{First, NewSeries, create};
pub use list::{SeriesFilter, get, list};
