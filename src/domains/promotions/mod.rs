//! Promotions: what a business gives away or sells ahead.
//!
//! Owns `coupons`, `coupon_services`, `coupon_redemptions`, `gift_cards`, `gift_card_transactions`; the permissions
//! `coupon.*`, `giftcard.*`; the events `COUPON_*`, `GIFT_CARD_*`, which name no code. A coupon is never redeemed more
//! often than it says, a gift card never holds less than nothing: both are held by their row's lock, and last by a
//! constraint.
//!
//! Whoever takes payments comes through [`coupon_quote`], [`coupon_redeem`] and [`coupon_release`], through
//! [`gift_take`] and [`gift_give_back`], and for a gift card that is bought through [`gift_card_due`],
//! [`gift_card_paid`] and [`gift_card_undone`]. Each may be called again with the same payment and does nothing twice.
//! Whoever makes a customer unknown calls [`forget_words`].

mod coupons;
mod gift_cards;

use std::sync::Arc;

use poem_openapi::OpenApi;

use crate::app::App;

pub use crate::kernel::money::Due;
pub use coupons::{CouponUse, Discount, coupon_quote, coupon_redeem, coupon_release};
pub use gift_cards::{
    forget_words, gift_card_due, gift_card_paid, gift_card_undone, gift_code, gift_give_back, gift_take, open_gift_card,
};

/// All operations of the domain.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    (coupons::api(app), gift_cards::api(app))
}
