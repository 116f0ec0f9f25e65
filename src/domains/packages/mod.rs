//! Packages: what is bought ahead and used up, and the ledger that counts it.
//!
//! Owns `packages`, `package_services`, `membership_plans`, `customer_memberships`, `purchases`, `credits`, `credit_transactions`, `credit_prices`,
//! `booking_coverages`; the permissions `package.*`, `credit.*`; the events `PACKAGE_*`, `MEMBERSHIP_*`,
//! `PURCHASE_*`, `CREDITS_*`. A
//! purchase: pending -> paid -> undone, or pending -> canceled. The ledger only grows, each of its movements sums to
//! zero, and no lot ever holds less than nothing: the database decides when a transaction commits.
//!
//! Whoever takes payments comes through [`purchase_due`], [`purchase_paid`] and [`purchase_undone`], each safe to be
//! called again. Bookings come through [`consume`], [`give_back`], [`forfeit`] and [`follow`], in their own transaction;
//! others give credits through [`grant_credits`]. A round calls [`tend`].

mod coverage;
mod credits;
mod ledger;
mod memberships;
mod offers;
mod purchases;
mod tend;

use std::sync::Arc;

use poem_openapi::OpenApi;

use crate::app::App;

pub use crate::kernel::money::Due;
pub use coverage::{Cover, PayWith, Usable, consume, coverage_of, follow, forfeit, give_back, usable};
pub use credits::grant_credits;
pub use purchases::{open_purchase, purchase_due, purchase_paid, purchase_undone};
pub use tend::tend;

/// All operations of the domain.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    (offers::api(app), purchases::api(app), credits::api(app), memberships::api(app))
}
