//! Promotions: what a business gives away or sells ahead.
//!
//! Owns `coupons`, `coupon_services`, `coupon_redemptions`, `gift_cards`, `gift_card_transactions`, `referral_settings`,
//! `referral_codes`, `referrals`; the permissions `coupon.*`, `giftcard.*`, `referral.*`; the events `COUPON_*`,
//! `GIFT_CARD_*`, `REFERRAL_*`, which name no code. A coupon is never redeemed more
//! often than it says, a gift card never holds less than nothing: both are held by their row's lock, and last by a
//! constraint.
//!
//! Whoever takes payments comes through [`coupon_quote`], [`coupon_redeem`] and [`coupon_release`], through
//! [`gift_take`] and [`gift_give_back`], and for a gift card that is bought through [`gift_card_due`],
//! [`gift_card_paid`] and [`gift_card_undone`]. Each may be called again with the same payment and does nothing twice.
//! Whoever makes a customer unknown calls [`forget_words`]. A booking that is made comes through [`referral_claim`], one
//! that took place through [`booking_completed`]; [`give_coupon`] makes one customer a present.

mod coupons;
mod gift_cards;
mod referrals;

use std::sync::Arc;

use poem_openapi::OpenApi;

use crate::app::App;

pub use crate::kernel::money::Due;
pub use coupons::{CouponUse, Discount, GivenCoupon, Worth, coupon_quote, coupon_redeem, coupon_release, give_coupon};
pub use gift_cards::{
    forget_words, gift_card_due, gift_card_paid, gift_card_undone, gift_code, gift_give_back, gift_take, open_gift_card,
};
pub use referrals::{Claimed, booking_completed, referral_claim, referral_code};

/// All operations of the domain.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    (coupons::api(app), gift_cards::api(app), referrals::api(app))
}
