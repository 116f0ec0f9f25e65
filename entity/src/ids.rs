//! Typed ids: a customer's id cannot be passed where a booking's is wanted.
//!
//! They only wrap; making new ones is the business of `kernel::ids`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        /// Asked for by primary keys; a UUID is no counter.
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )+};
}

ids! {
    /// `tenants.id`
    TenantId,
    /// `users.id`
    UserId,
    /// `memberships.id`
    MembershipId,
    /// `sessions.id`
    SessionId,
    /// `refresh_tokens.id`
    RefreshTokenId,
    /// `themes.id`
    ThemeId,
    /// `branding.id`
    BrandingId,
    /// `services.id`
    ServiceId,
    /// `resources.id`
    ResourceId,
    /// `staff_profiles.id`
    StaffProfileId,
    /// `customers.id`
    CustomerId,
    /// `availability_rules.id`
    AvailabilityRuleId,
    /// `availability_exceptions.id`
    AvailabilityExceptionId,
    /// `staff_availability.id`
    StaffAvailabilityId,
    /// `work_schedules.id`
    WorkScheduleId,
    /// `class_sessions.id`
    ClassSessionId,
    /// `bookings.id`
    BookingId,
    /// `booking_items.id`
    BookingItemId,
    /// `booking_allocations.id`
    BookingAllocationId,
    /// `customer_notes.id`
    CustomerNoteId,
    /// `customer_segments.id`
    CustomerSegmentId,
    /// `loyalty_accounts.id`
    LoyaltyAccountId,
    /// `loyalty_transactions.id`
    LoyaltyTransactionId,
    /// `coupons.id`
    CouponId,
    /// `coupon_redemptions.id`
    CouponRedemptionId,
    /// `gift_cards.id`
    GiftCardId,
    /// `gift_card_transactions.id`
    GiftCardTransactionId,
    /// `referral_codes.id`
    ReferralCodeId,
    /// `referrals.id`
    ReferralId,
    /// `packages.id`
    PackageId,
    /// `membership_plans.id`
    MembershipPlanId,
    /// `customer_memberships.id`
    CustomerMembershipId,
    /// `purchases.id`
    PurchaseId,
    /// `credits.id`
    CreditAccountId,
    /// `credit_transactions.id`
    CreditTransactionId,
    /// `booking_coverages.id`
    BookingCoverageId,
    /// `booking_holds.id`
    BookingHoldId,
    /// `waitlist_entries.id`
    WaitlistEntryId,
    /// `booking_series.id`
    BookingSeriesId,
    /// `calendar_feeds.id`
    CalendarFeedId,
    /// `tenant_billing.id`
    TenantBillingId,
    /// `webhook_event_inbox.id`
    WebhookEventId,
    /// `payments.id`
    PaymentId,
    /// `payment_methods.id`
    PaymentMethodId,
    /// `refunds.id`
    RefundId,
    /// `invoices.id`
    InvoiceId,
    /// `invoice_items.id`
    InvoiceItemId,
    /// `plans.id`
    PlanId,
    /// `tenant_subscriptions.id`
    TenantSubscriptionId,
    /// `user_subscriptions.id`
    UserSubscriptionId,
    /// `subscription_bills.id`
    SubscriptionBillId,
    /// `idempotency_keys.id`
    IdempotencyKeyId,
    /// `events_outbox.id`
    OutboxEventId,
    /// `audit_logs.id`
    AuditLogId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_json_and_id_are_one() -> Result<(), Box<dyn std::error::Error>> {
        let text = "0190b6f2-7c3a-7c00-8000-000000000001";
        let id: BookingId = text.parse()?;
        assert_eq!(id.to_string(), text);
        assert_eq!(serde_json::to_string(&id)?, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<BookingId>(&format!("\"{text}\""))?, id);
        assert!("0190b6f2".parse::<BookingId>().is_err());
        Ok(())
    }
}
