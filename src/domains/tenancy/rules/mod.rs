//! What a business may be and may set for itself. Pure.

mod currency;
mod limits;
mod look;
mod origin;

pub use currency::{exponent, is_currency};
pub use limits::{CLASSES, LONGEST, RAISE, Rate, may_set};
pub use look::{BRAND_COLOR, SECONDARY_COLOR, default_theme};
pub use origin::is_origin;

/// Share of the price that a missed appointment costs, in hundredths of a percent: 3.00 %.
pub const NO_SHOW_FEE_BPS: i32 = 300;
