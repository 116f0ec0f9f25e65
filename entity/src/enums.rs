//! The closed sets of the schema, one enum for each `CHECK (.. IN ..)`; a test holds both together.
//!
//! The words are the same in the database, on the wire and in the OpenAPI document.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:tt),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $(#[sea_orm(string_value = $text)] #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word for it in the database and on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

text_enum! {
    /// `tenants.status`
    TenantStatus { Active = "active", Suspended = "suspended", Closed = "closed" }
}

text_enum! {
    /// `memberships.role`
    MembershipRole { Owner = "owner", Admin = "admin", Staff = "staff", Viewer = "viewer" }
}

text_enum! {
    /// `sessions.kind`
    SessionKind { Browser = "browser", Api = "api" }
}

text_enum! {
    /// `themes.status`
    ThemeStatus { Draft = "draft", Published = "published" }
}

text_enum! {
    /// `services.grid`: where the starts of a service are anchored
    SlotGrid { OpeningStart = "opening_start", FreeStart = "free_start", WallClock = "wall_clock" }
}

text_enum! {
    /// `resources.type`
    ResourceType { Staff = "staff", Room = "room", Equipment = "equipment" }
}

text_enum! {
    /// `availability_rules.rule_type`
    RuleType { Weekly = "weekly" }
}

text_enum! {
    /// `work_schedules.schedule_type`
    ScheduleType { Recurring = "recurring", Override = "override", TimeOff = "time_off" }
}

text_enum! {
    /// `bookings.status`
    BookingStatus { Pending = "pending", Confirmed = "confirmed", CheckedIn = "checked_in", Completed = "completed", Canceled = "canceled", NoShow = "no_show", Failed = "failed" }
}

text_enum! {
    /// `bookings.source`: who made it
    BookingSource { Staff = "staff", Public = "public", Import = "import" }
}

text_enum! {
    /// `bookings.canceled_by`
    CanceledBy { Customer = "customer", Staff = "staff", System = "system" }
}

text_enum! {
    /// `bookings.no_show_fee_status`
    NoShowFeeStatus { None = "none", Due = "due", Charged = "charged", Waived = "waived", Failed = "failed" }
}

text_enum! {
    /// `booking_allocations.state`: the booking's status, or a hold
    AllocationState { Held = "held", Pending = "pending", Confirmed = "confirmed", CheckedIn = "checked_in", Completed = "completed", Canceled = "canceled", NoShow = "no_show", Failed = "failed" }
}

text_enum! {
    /// `loyalty_accounts.tier`, from the lowest
    LoyaltyTier { Bronze = "bronze", Silver = "silver", Gold = "gold", Platinum = "platinum" }
}

text_enum! {
    /// `invoices.kind`, and the series of numbers of each
    InvoiceKind { Invoice = "invoice", CreditNote = "credit_note" }
}

text_enum! {
    /// `invoices.status`
    InvoiceStatus { Draft = "draft", Open = "open", Paid = "paid", Void = "void", Credited = "credited" }
}

text_enum! {
    /// `plans.product`: who buys it
    PlanProduct { Organization = "organization", Personal = "personal" }
}

text_enum! {
    /// `plans.tier`
    PlanTier { Starter = "starter", Professional = "professional", Enterprise = "enterprise", Custom = "custom", Premium = "premium", Pro = "pro" }
}

text_enum! {
    /// `tenant_subscriptions.state`, and of persons
    SubscriptionState { FreeTrial = "free_trial", PaidSubscription = "paid_subscription", Active = "active", PaymentFailed = "payment_failed", Suspended = "suspended", Cancelled = "cancelled", Expired = "expired" }
}

text_enum! {
    /// `tenant_subscriptions.provider_status`, and of persons: the provider's words
    ProviderStatus { Trialing = "trialing", Active = "active", PastDue = "past_due", Unpaid = "unpaid", Canceled = "canceled", Incomplete = "incomplete", IncompleteExpired = "incomplete_expired", Paused = "paused" }
}

text_enum! {
    /// `subscription_bills.status`, in the order in which one follows the other
    BillStatus { Draft = "draft", Open = "open", Uncollectible = "uncollectible", Void = "void", Paid = "paid" }
}

text_enum! {
    /// `coupons.kind`
    CouponKind { Percent = "percent", Amount = "amount" }
}

text_enum! {
    /// `coupon_redemptions.status`
    RedemptionStatus { Redeemed = "redeemed", Released = "released" }
}

text_enum! {
    /// `gift_cards.status`
    GiftCardStatus { Pending = "pending", Active = "active", Void = "void" }
}

text_enum! {
    /// `gift_card_transactions.kind`
    GiftCardMove { Issued = "issued", Redeemed = "redeemed", Returned = "returned", Voided = "voided" }
}

text_enum! {
    /// `referral_settings.reward`: what is given, and in which unit
    ReferralReward { Credits = "credits", Points = "points", CouponAmount = "coupon_amount", CouponPercent = "coupon_percent" }
}

text_enum! {
    /// `referrals.status`
    ReferralStatus { Claimed = "claimed", Rewarded = "rewarded" }
}

text_enum! {
    /// `packages.type`
    PackageType { Sessions = "sessions" }
}

text_enum! {
    /// `membership_plans.grants`
    PlanGrant { Sessions = "sessions", Credits = "credits" }
}

text_enum! {
    /// `customer_memberships.status`
    MembershipStatus { Pending = "pending", Active = "active", Paused = "paused", Ended = "ended" }
}

text_enum! {
    /// `purchases.kind`
    PurchaseKind { Package = "package", Membership = "membership", Credits = "credits" }
}

text_enum! {
    /// `purchases.status`
    PurchaseStatus { Pending = "pending", Paid = "paid", Undone = "undone", Canceled = "canceled" }
}

text_enum! {
    /// `purchases.paid_with`
    PaidWith { Payment = "payment", Cash = "cash", Given = "given" }
}

text_enum! {
    /// `credits.kind`: a customer's lot, or where units come from and go to
    CreditAccountKind { Lot = "lot", Issued = "issued", Used = "used", Expired = "expired" }
}

text_enum! {
    /// `credits.unit`
    CreditUnit { Credit = "credit", Session = "session" }
}

text_enum! {
    /// `credit_transactions.kind`
    CreditMove { Purchase = "purchase", Grant = "grant", Consume = "consume", GiveBack = "give_back", Expire = "expire", Undo = "undo" }
}

text_enum! {
    /// `booking_coverages.kind`, `bookings.covered_by`
    CoverageKind { Package = "package", Credits = "credits" }
}

text_enum! {
    /// `booking_coverages.status`
    CoverageStatus { Consumed = "consumed", GivenBack = "given_back", Forfeited = "forfeited" }
}

text_enum! {
    /// `loyalty_settings.earn_by`
    LoyaltyEarn { Amount = "amount", Visit = "visit" }
}

text_enum! {
    /// `service_resource_groups.pick`: who of several free ones gets the booking
    GroupPick { FewestBookings = "fewest_bookings", RoundRobin = "round_robin", LeastRecent = "least_recent", Priority = "priority" }
}

text_enum! {
    /// `booking_holds.status`
    HoldStatus { Held = "held", Redeemed = "redeemed", Released = "released", Expired = "expired" }
}

text_enum! {
    /// `waitlist_entries.status`
    WaitlistStatus { Waiting = "waiting", Offered = "offered", Booked = "booked", Left = "left", Expired = "expired" }
}

text_enum! {
    /// `booking_series.status`
    SeriesStatus { Active = "active", Canceled = "canceled" }
}

text_enum! {
    /// `events_outbox.status`
    OutboxStatus { Ready = "ready", Delivered = "delivered", Failed = "failed" }
}

text_enum! {
    /// `webhook_event_inbox.state`
    InboxState { Received = "received", Processed = "processed", Ignored = "ignored", Quarantined = "quarantined", Dead = "dead" }
}

text_enum! {
    /// `services.payment_mode`, `bookings.payment_mode`: what is paid before a booking is confirmed
    PaymentMode { None = "none", Deposit = "deposit", Full = "full" }
}

text_enum! {
    /// `bookings.payment_status`
    BookingPaymentStatus { None = "none", Due = "due", PartlyPaid = "partly_paid", Paid = "paid", PartiallyRefunded = "partially_refunded", Refunded = "refunded" }
}

text_enum! {
    /// `payments.status`
    PaymentStatus { Pending = "pending", RequiresAction = "requires_action", Processing = "processing", Authorized = "authorized", Captured = "captured", PartiallyRefunded = "partially_refunded", Refunded = "refunded", Canceled = "canceled", Failed = "failed" }
}

text_enum! {
    /// `payments.method`
    PaymentMethod { Card = "card", Cash = "cash", ApplePay = "apple_pay", Paypal = "paypal", Other = "other" }
}

text_enum! {
    /// `payments.fee_type`: what it is for
    FeeType { Booking = "booking", NoShowFee = "no_show_fee", Purchase = "purchase", GiftCard = "gift_card" }
}

text_enum! {
    /// `payments.provider`: who moves it; cash and gift cards need nobody
    PaymentProvider { Stripe = "stripe", None = "none" }
}

text_enum! {
    /// `refunds.status`
    RefundStatus { Pending = "pending", Succeeded = "succeeded", Failed = "failed", Canceled = "canceled" }
}

text_enum! {
    /// `refunds.refund_type`
    RefundType { Full = "full", Partial = "partial", NoShowFeeOnly = "no_show_fee_only" }
}

text_enum! {
    /// `payment_methods.status`
    StoredMethodStatus { Pending = "pending", Active = "active", Removed = "removed" }
}

impl From<BookingStatus> for AllocationState {
    /// What a booking of this status does to the time of its resources.
    fn from(status: BookingStatus) -> Self {
        match status {
            BookingStatus::Pending => Self::Pending,
            BookingStatus::Confirmed => Self::Confirmed,
            BookingStatus::CheckedIn => Self::CheckedIn,
            BookingStatus::Completed => Self::Completed,
            BookingStatus::Canceled => Self::Canceled,
            BookingStatus::NoShow => Self::NoShow,
            BookingStatus::Failed => Self::Failed,
        }
    }
}

impl AllocationState {
    /// The states in which a resource's time is taken: the predicate of `booking_no_overlap`.
    pub const BLOCKING: &[Self] = &[Self::Held, Self::Pending, Self::Confirmed, Self::CheckedIn];
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::ActiveEnum;

    #[test]
    fn database_wire_and_word_agree() -> Result<(), serde_json::Error> {
        for status in BookingStatus::ALL {
            assert_eq!(status.to_value(), status.as_str());
            assert_eq!(serde_json::to_value(status)?, status.as_str());
            assert_eq!(AllocationState::from(*status).as_str(), status.as_str());
        }
        assert_eq!(BookingStatus::ALL.len(), 7);
        Ok(())
    }
}
