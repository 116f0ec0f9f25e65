//! The name of a database constraint is the contract between the schema and the caller.
//!
//! A constraint that an honest caller can run into stands here with its code, its field and its
//! sentence; the others fall back to what their SQLSTATE says. Sorted by name.
use super::{ApiError, Code};

/// What breaking one constraint means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    pub constraint: &'static str,
    pub code: Code,
    /// The field of the body that caused it, when it is one field.
    pub pointer: Option<&'static str>,
    pub detail: &'static str,
}

const fn meaning(constraint: &'static str, code: Code, pointer: Option<&'static str>, detail: &'static str) -> Meaning {
    Meaning { constraint, code, pointer, detail }
}

/// Every mapped constraint, sorted by name.
pub const MEANINGS: &[Meaning] = &[
    meaning(
        "availability_exceptions_resource_id_fkey",
        Code::ReferenceNotFound,
        Some("#/resource_id"),
        "This resource does not exist.",
    ),
    meaning(
        "availability_exceptions_whole_minutes",
        Code::RuleViolation,
        Some("#/start_time"),
        "Times are in whole minutes.",
    ),
    meaning(
        "availability_exceptions_window",
        Code::RuleViolation,
        Some("#/end_time"),
        "The end must differ from the beginning.",
    ),
    meaning(
        "availability_exceptions_work_schedule_id_fkey",
        Code::Conflict,
        None,
        "The schedule has just been deleted.",
    ),
    meaning("availability_rules_origin", Code::Conflict, None, "These hours were set elsewhere."),
    meaning(
        "availability_rules_resource_id_fkey",
        Code::ReferenceNotFound,
        Some("#/resource_id"),
        "This resource does not exist.",
    ),
    meaning(
        "availability_rules_staff_availability_id_fkey",
        Code::Conflict,
        None,
        "These hours have just been deleted.",
    ),
    meaning(
        "availability_rules_staff_availability_unique",
        Code::Conflict,
        None,
        "Somebody else has just set these hours.",
    ),
    meaning(
        "availability_rules_validity",
        Code::RuleViolation,
        Some("#/valid_until"),
        "The rule must end after it begins.",
    ),
    meaning(
        "availability_rules_whole_minutes",
        Code::RuleViolation,
        Some("#/start_time"),
        "Times are in whole minutes.",
    ),
    meaning(
        "availability_rules_window",
        Code::RuleViolation,
        Some("#/end_time"),
        "The end must differ from the beginning.",
    ),
    meaning("availability_rules_work_schedule_id_fkey", Code::Conflict, None, "The schedule has just been deleted."),
    meaning(
        "booking_allocations_length",
        Code::RuleViolation,
        Some("#/start_at"),
        "The booking is longer than a booking may be.",
    ),
    meaning("booking_coverages_booking_unique", Code::Conflict, None, "The booking is paid for already."),
    meaning("booking_no_overlap", Code::BookingConflict, Some("#/start_at"), "Somebody else has just taken this time."),
    meaning(
        "booking_pool_capacity",
        Code::BookingConflict,
        Some("#/start_at"),
        "Somebody else has just taken what was left at this time.",
    ),
    meaning(
        "bookings_client_generated_id_unique",
        Code::Conflict,
        Some("#/client_generated_id"),
        "A booking with this id exists already.",
    ),
    meaning(
        "bookings_customer_id_fkey",
        Code::ReferenceNotFound,
        Some("#/customer_id"),
        "This customer does not exist.",
    ),
    meaning(
        "bookings_resource_id_fkey",
        Code::ReferenceNotFound,
        Some("#/resource_id"),
        "This resource does not exist.",
    ),
    meaning("bookings_service_id_fkey", Code::ReferenceNotFound, Some("#/service_id"), "This service does not exist."),
    meaning("calendar_feeds_secret_unique", Code::Conflict, None, "This address is taken. Ask for another one."),
    meaning("calendar_feeds_staff_profile_id_fkey", Code::StaffNotFound, None, "There is no such member of staff."),
    meaning("calendar_feeds_staff_profile_unique", Code::Conflict, None, "This calendar has an address already."),
    meaning(
        "class_sessions_start_unique",
        Code::Conflict,
        Some("#/start_at"),
        "This class begins at this time already.",
    ),
    meaning("coupon_redemptions_payment_unique", Code::Conflict, None, "The payment has a coupon already."),
    meaning(
        "coupon_services_service_id_fkey",
        Code::ReferenceNotFound,
        Some("#/service_ids"),
        "One of the services does not exist.",
    ),
    meaning("coupons_code_unique", Code::Conflict, Some("#/code"), "Another coupon has this code."),
    meaning(
        "coupons_customer_id_fkey",
        Code::ReferenceNotFound,
        Some("#/customer_id"),
        "This customer does not exist.",
    ),
    meaning("coupons_period", Code::RuleViolation, Some("#/ends_at"), "The end must come after the beginning."),
    meaning("coupons_redeemed", Code::RuleViolation, Some("#/max_redemptions"), "It has been used more often already."),
    meaning(
        "credit_prices_service_id_fkey",
        Code::ReferenceNotFound,
        Some("#/prices"),
        "One of the services does not exist.",
    ),
    meaning("credits_own_unique", Code::Conflict, None, "Somebody else has just opened this account. Try again."),
    meaning("customer_notes_created_by_fkey", Code::ReferenceNotFound, None, "This person does not exist."),
    meaning("customer_notes_customer_id_fkey", Code::ReferenceNotFound, None, "This customer does not exist."),
    meaning("customer_segments_name_unique", Code::Conflict, Some("#/name"), "Another segment has this name."),
    meaning("customers_email_unique", Code::EmailTaken, Some("#/email"), "Another customer has this e-mail address."),
    meaning("gift_cards_balance", Code::GiftCardInvalid, None, "There is not so much left on this gift card."),
    meaning("gift_cards_code_unique", Code::Conflict, None, "Another gift card has this code. Try again."),
    meaning("invoice_items_position_unique", Code::Conflict, None, "Two lines cannot stand in one place."),
    meaning("invoices_number_unique", Code::Conflict, None, "Another document has just taken this number. Try again."),
    meaning("invoices_payment_unique", Code::Conflict, None, "This payment is billed already."),
    meaning("invoices_refund_unique", Code::Conflict, None, "This refund has its credit note already."),
    meaning("loyalty_accounts_customer_id_fkey", Code::ReferenceNotFound, None, "This customer does not exist."),
    meaning("loyalty_accounts_customer_unique", Code::Conflict, None, "This customer has an account already."),
    meaning(
        "loyalty_accounts_points_balance",
        Code::PointsInsufficient,
        Some("#/points"),
        "There are not so many points.",
    ),
    meaning("loyalty_accounts_sum", Code::Conflict, Some("#/points"), "The account's points do not add up."),
    meaning("loyalty_tiers_bronze", Code::RuleViolation, Some("#/tiers"), "The lowest tier begins with no points."),
    meaning(
        "loyalty_tiers_threshold_unique",
        Code::RuleViolation,
        Some("#/tiers"),
        "Two tiers cannot begin with the same points.",
    ),
    meaning("loyalty_transactions_booking_id_fkey", Code::ReferenceNotFound, None, "This booking does not exist."),
    meaning("loyalty_transactions_booking_unique", Code::Conflict, None, "This booking has earned its points already."),
    meaning(
        "loyalty_transactions_loyalty_account_id_fkey",
        Code::ReferenceNotFound,
        None,
        "This account does not exist.",
    ),
    meaning(
        "membership_plans_package_id_fkey",
        Code::ReferenceNotFound,
        Some("#/package_id"),
        "This package does not exist.",
    ),
    meaning("memberships_user_unique", Code::Conflict, None, "This person is a member already."),
    meaning(
        "package_services_service_id_fkey",
        Code::ReferenceNotFound,
        Some("#/service_ids"),
        "One of the services does not exist.",
    ),
    meaning(
        "payment_methods_customer_id_fkey",
        Code::ReferenceNotFound,
        Some("#/customer_id"),
        "This customer does not exist.",
    ),
    meaning("payment_methods_default_unique", Code::Conflict, None, "Another card has just become the default."),
    meaning("payment_methods_provider_method_unique", Code::Conflict, None, "This card is stored already."),
    meaning("payment_methods_provider_setup_unique", Code::Conflict, None, "This card is being stored already."),
    meaning("payment_transition", Code::Conflict, None, "The payment's state does not allow that."),
    meaning(
        "payments_gift_card_id_fkey",
        Code::ReferenceNotFound,
        Some("#/gift_card_id"),
        "This gift card does not exist.",
    ),
    meaning("payments_idempotency_key_unique", Code::Conflict, None, "This payment was begun already."),
    meaning("payments_no_show_fee_unique", Code::Conflict, None, "Somebody else charges this fee at this moment."),
    meaning(
        "payments_open_booking_unique",
        Code::Conflict,
        None,
        "Somebody else pays for this booking at this moment.",
    ),
    meaning(
        "payments_open_gift_card_unique",
        Code::Conflict,
        None,
        "Somebody else pays for this gift card at this moment.",
    ),
    meaning(
        "payments_open_purchase_unique",
        Code::Conflict,
        None,
        "Somebody else pays for this purchase at this moment.",
    ),
    meaning("payments_provider_charge_id_unique", Code::Conflict, None, "Another payment has this charge already."),
    meaning("payments_provider_checkout_id_unique", Code::Conflict, None, "Another payment has this page already."),
    meaning("payments_provider_payment_id_unique", Code::Conflict, None, "Another payment has this intent already."),
    meaning(
        "payments_purchase_id_fkey",
        Code::ReferenceNotFound,
        Some("#/purchase_id"),
        "This purchase does not exist.",
    ),
    meaning("plans_tier_unique", Code::Conflict, None, "There is such a plan already."),
    meaning("purchases_period_unique", Code::Conflict, None, "This period of the membership was bought already."),
    meaning("referral_codes_code_unique", Code::Conflict, None, "Another customer has this code. Try again."),
    meaning("referral_codes_customer_unique", Code::Conflict, None, "This customer has a code already."),
    meaning(
        "referral_settings_percent",
        Code::RuleViolation,
        Some("#/referrer_reward"),
        "A share is at most 10000 basis points.",
    ),
    meaning("referrals_referee_unique", Code::Conflict, None, "This customer was brought along already."),
    meaning("refunds_idempotency_key_unique", Code::Conflict, None, "This refund was begun already."),
    meaning("refunds_provider_refund_id_unique", Code::Conflict, None, "This refund is noted already."),
    meaning(
        "refunds_within_payment",
        Code::RefundExceedsPayment,
        Some("#/amount_cents"),
        "There is less left of the payment.",
    ),
    meaning("segment_memberships_customer_id_fkey", Code::ReferenceNotFound, None, "This customer does not exist."),
    meaning("segment_memberships_segment_id_fkey", Code::ReferenceNotFound, None, "This segment does not exist."),
    meaning(
        "service_resources_resource_id_fkey",
        Code::ReferenceNotFound,
        Some("#/resource_ids"),
        "One of the resources does not exist.",
    ),
    meaning("service_resources_service_id_fkey", Code::ReferenceNotFound, None, "This service does not exist."),
    meaning(
        "services_deposit",
        Code::RuleViolation,
        Some("#/payment"),
        "A deposit has one amount, and nothing else has.",
    ),
    meaning("services_no_show_fee", Code::RuleViolation, Some("#/payment"), "The fee for not coming has one amount."),
    meaning(
        "services_occupied_length",
        Code::RuleViolation,
        Some("#/duration_min"),
        "With its buffers the service is longer than a booking may be.",
    ),
    meaning("services_slug_unique", Code::SlugTaken, Some("#/slug"), "Another service has this name."),
    meaning("staff_availability_staff_profile_id_fkey", Code::StaffNotFound, None, "There is no such member of staff."),
    meaning(
        "staff_availability_start_unique",
        Code::Conflict,
        Some("#/start_time"),
        "Somebody else has just set hours that begin at this time.",
    ),
    meaning(
        "staff_availability_whole_minutes",
        Code::RuleViolation,
        Some("#/start_time"),
        "Times are in whole minutes.",
    ),
    meaning(
        "staff_availability_window",
        Code::RuleViolation,
        Some("#/end_time"),
        "The end must differ from the beginning.",
    ),
    meaning(
        "staff_profiles_membership_id_fkey",
        Code::ReferenceNotFound,
        Some("#/membership_id"),
        "This member does not exist.",
    ),
    meaning(
        "staff_profiles_membership_unique",
        Code::Conflict,
        Some("#/membership_id"),
        "This member has a staff profile already.",
    ),
    meaning(
        "staff_profiles_resource_id_fkey",
        Code::ReferenceNotFound,
        Some("#/resource_id"),
        "This resource does not exist.",
    ),
    meaning(
        "staff_profiles_resource_unique",
        Code::Conflict,
        Some("#/resource_id"),
        "This resource belongs to another staff profile.",
    ),
    meaning("subscription_bills_provider_unique", Code::Conflict, None, "This bill is noted already."),
    meaning("tenant_billing_tenant_unique", Code::Conflict, None, "Somebody else has just set this up."),
    meaning("tenant_subscriptions_tenant_unique", Code::Conflict, None, "The organization has a subscription already."),
    meaning("tenants_slug_unique", Code::SlugTaken, Some("#/slug"), "Another business has this name."),
    meaning("themes_version_unique", Code::Conflict, None, "Somebody else has just saved this theme."),
    meaning("user_subscriptions_user_unique", Code::Conflict, None, "This person has a subscription already."),
    meaning("users_email_unique", Code::EmailTaken, Some("#/email"), "This e-mail address is in use."),
    meaning("webhook_event_inbox_event_unique", Code::Conflict, None, "This event is here already."),
    meaning(
        "work_schedules_dates",
        Code::RuleViolation,
        Some("#/valid_until"),
        "The schedule has too many dates, or none.",
    ),
    meaning("work_schedules_staff_profile_id_fkey", Code::StaffNotFound, None, "There is no such member of staff."),
    meaning(
        "work_schedules_validity",
        Code::RuleViolation,
        Some("#/valid_until"),
        "The schedule must end after it begins.",
    ),
];

/// The meaning of the named constraint.
pub fn find(constraint: &str) -> Option<&'static Meaning> {
    let at = MEANINGS.binary_search_by(|meaning| meaning.constraint.cmp(constraint)).ok()?;
    MEANINGS.get(at)
}

impl Meaning {
    pub fn error(&self) -> ApiError {
        let error = ApiError::new(self.code, self.detail);
        match self.pointer {
            Some(pointer) => error.with_field(pointer, kind(self.code), self.detail),
            None => error,
        }
    }
}

fn kind(code: Code) -> &'static str {
    match code {
        Code::EmailTaken | Code::SlugTaken | Code::Conflict => "taken",
        Code::ReferenceNotFound => "not_found",
        Code::BookingConflict | Code::SlotUnavailable => "unavailable",
        _ => "rule",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_each_name_is_found() {
        assert!(MEANINGS.windows(2).all(|pair| pair[0].constraint < pair[1].constraint));
        for meaning in MEANINGS {
            assert_eq!(find(meaning.constraint), Some(meaning));
        }
        assert_eq!(find("nobody"), None);
    }
}
