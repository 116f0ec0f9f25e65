//! The names of the schema's constraints are the contract with the callers' errors: whatever an honest caller can run
//! into is mapped, the rest stands here with the reason. And applying the migrations again changes nothing.
use std::collections::BTreeMap;

use sqlx::Row;
use tithi::db::migrate;
use tithi::error::constraint;

use crate::support::cluster;
use crate::support::database::Database;

/// Constraints that no caller runs into, by reason. The lists only shrink.
const OURS: &[(&str, &[&str])] = &[
    (
        "written by the machinery, from values of its own",
        &[
            "audit_logs_user_id_fkey",
            "events_outbox_key_unique",
            "idempotency_keys_answer",
            "idempotency_keys_expires_at",
            "idempotency_keys_key_unique",
            "refresh_tokens_expires_at",
            "refresh_tokens_replaced",
            "refresh_tokens_replaced_by_fkey",
            "refresh_tokens_session_id_fkey",
            "refresh_tokens_token_hash_unique",
            "refresh_tokens_user_id_fkey",
            "sessions_expires_at",
            "sessions_token_hash_unique",
            "sessions_user_id_fkey",
            "tenant_directory_tenant_unique",
        ],
    ),
    (
        "follows from the booking, whose own constraints speak first",
        &[
            "booking_allocations_booking_id_fkey",
            "booking_allocations_class_session_id_fkey",
            "booking_allocations_held",
            "booking_allocations_held_state",
            "booking_allocations_hold_id_fkey",
            "booking_allocations_owner",
            "booking_allocations_resource_id_fkey",
            "booking_allocations_time_order",
            "booking_items_booking_id_fkey",
            "booking_items_resource_id_fkey",
            "booking_items_service_id_fkey",
            "booking_items_time_order",
            "bookings_class_session_id_fkey",
            "bookings_series_id_fkey",
            "bookings_series_pair",
            "bookings_time_order",
            "bookings_wall",
            "class_sessions_resource_id_fkey",
            "class_sessions_seats",
            "class_sessions_service_id_fkey",
            "class_sessions_time_order",
        ],
    ),
    (
        "follows from the hold or the series, whose service, resource and customer were found before",
        &[
            "booking_holds_booking_id_fkey",
            "booking_holds_class_session_id_fkey",
            "booking_holds_offer_due",
            "booking_holds_redeemed",
            "booking_holds_resource_id_fkey",
            "booking_holds_service_id_fkey",
            "booking_holds_time_order",
            "booking_holds_waitlist_entry_id_fkey",
            "booking_series_booked",
            "booking_series_customer_id_fkey",
            "booking_series_resource_id_fkey",
            "booking_series_service_id_fkey",
            "service_resource_groups_service_id_fkey",
            "waitlist_entries_booking_id_fkey",
            "waitlist_entries_customer_id_fkey",
            "waitlist_entries_hold_id_fkey",
            "waitlist_entries_offered",
            "waitlist_entries_resource_id_fkey",
            "waitlist_entries_service_id_fkey",
            "waitlist_entries_time_order",
        ],
    ),
    (
        "follows from the payment that is billed, or is arithmetic of the machinery",
        &[
            "invoice_items_invoice_id_fkey",
            "invoice_items_position_unique",
            "invoice_items_sum",
            "invoices_booking_id_fkey",
            "invoices_credited",
            "invoices_customer_id_fkey",
            "invoices_invoice_id_fkey",
            "invoices_number_unique",
            "invoices_numbered",
            "invoices_origin",
            "invoices_paid",
            "invoices_payment_unique",
            "invoices_refund",
            "invoices_refund_unique",
            "invoices_sum",
            "invoices_voided",
        ],
    ),
    (
        "a subscription follows from plans that were found before, and is moved by the machinery",
        &[
            "plans_tier_unique",
            "subscription_bills_provider_unique",
            "subscription_bills_subscription_id_fkey",
            "tenant_subscriptions_ended",
            "tenant_subscriptions_grace",
            "tenant_subscriptions_pending",
            "tenant_subscriptions_pending_plan_id_fkey",
            "tenant_subscriptions_plan_id_fkey",
            "tenant_subscriptions_tenant_unique",
            "tenant_subscriptions_trial",
            "user_subscriptions_ended",
            "user_subscriptions_grace",
            "user_subscriptions_pending",
            "user_subscriptions_pending_plan_id_fkey",
            "user_subscriptions_plan_id_fkey",
            "user_subscriptions_trial",
            "user_subscriptions_user_id_fkey",
            "user_subscriptions_user_unique",
        ],
    ),
    (
        "follows from the coupon, the card or the customers, which were found before",
        &[
            "coupon_redemptions_booking_id_fkey",
            "coupon_redemptions_coupon_id_fkey",
            "coupon_redemptions_customer_id_fkey",
            "coupon_services_coupon_id_fkey",
            "coupons_worth",
            "gift_card_transactions_amount",
            "gift_card_transactions_gift_card_id_fkey",
            "gift_cards_pending",
            "gift_cards_purchaser_customer_id_fkey",
            "gift_cards_recipient_customer_id_fkey",
            "referral_codes_customer_id_fkey",
            "referrals_booking_id_fkey",
            "referrals_referee_customer_id_fkey",
            "referrals_referrer_customer_id_fkey",
            "referrals_rewarded",
            "referrals_two",
        ],
    ),
    (
        "follows from the package, the purchase, the lot or the booking, which were found before",
        &[
            "booking_coverages_booking_id_fkey",
            "booking_coverages_customer_id_fkey",
            "credit_transactions_account_id_fkey",
            "credit_transactions_booking_id_fkey",
            "credit_transactions_purchase_id_fkey",
            "credits_customer_id_fkey",
            "credits_holder",
            "credits_lot",
            "credits_membership_id_fkey",
            "credits_package_id_fkey",
            "credits_purchase_id_fkey",
            "credits_sessions",
            "customer_memberships_begun",
            "customer_memberships_customer_id_fkey",
            "customer_memberships_ended",
            "customer_memberships_paused",
            "customer_memberships_plan_id_fkey",
            "membership_plans_package",
            "package_services_package_id_fkey",
            "purchases_customer_id_fkey",
            "purchases_membership_id_fkey",
            "purchases_package_id_fkey",
            "purchases_paid",
            "purchases_subject",
        ],
    ),
    (
        "no operation writes it yet",
        &[
            "bookings_not_from_itself",
            "bookings_rescheduled_from_fkey",
            "branding_tenant_unique",
            "memberships_user_id_fkey",
            "themes_published_unique",
        ],
    ),
    (
        "follows from the payment, whose booking, customer and sums were found or held before",
        &[
            "bookings_no_show_fee",
            "bookings_refunded",
            "payment_customers_customer_id_fkey",
            "payment_methods_active",
            "payment_methods_consent",
            "payment_methods_default",
            "payment_methods_provider_method_unique",
            "payment_methods_provider_setup_unique",
            "payments_application_fee",
            "payments_booking_id_fkey",
            "payments_captured",
            "payments_consent",
            "payments_customer_id_fkey",
            "payments_idempotency_key_unique",
            "payments_provider_charge_id_unique",
            "payments_provider_checkout_id_unique",
            "payments_provider_payment_id_unique",
            "payments_refunded",
            "payments_related_payment_id_fkey",
            "payments_subject",
            "refunds_booking_id_fkey",
            "refunds_idempotency_key_unique",
            "refunds_payment_id_fkey",
            "refunds_provider_refund_id_unique",
        ],
    ),
    ("both columns come from one field of the wire", &["availability_exceptions_pair", "customers_email_pair"]),
];

#[tokio::test]
async fn every_constraint_is_mapped_or_excused() {
    let database = Database::own().await;
    // a check of one column is a copy of what the published schema of the field says first
    let sql = "SELECT c.conname::text AS name, c.contype::text AS kind FROM pg_constraint c
               JOIN pg_namespace n ON n.oid = c.connamespace
               WHERE n.nspname = 'app' AND (c.contype IN ('u', 'x', 'f') OR c.contype = 'c' AND cardinality(c.conkey) > 1)
               UNION SELECT i.relname::text, 'u' FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
               JOIN pg_namespace n ON n.oid = i.relnamespace WHERE n.nspname = 'app' AND x.indisunique AND NOT x.indisprimary";
    let rows = sqlx::query(sql).fetch_all(&mut database.connect("postgres").await).await.unwrap();
    let known: BTreeMap<String, String> = rows.into_iter().map(|row| (row.get("name"), row.get("kind"))).collect();
    assert!(known.len() > 60, "the catalogue was not read");
    let excused = |name: &str| OURS.iter().any(|(_, names)| names.contains(&name));
    let mut found = Vec::new();
    for (name, kind) in &known {
        // the tenant of a row is the Scope's, never the caller's
        let is_tenant = kind == "f" && name.ends_with("_tenant_id_fkey");
        if !is_tenant && constraint::find(name).is_none() && !excused(name) {
            found.push(format!("{name} ({kind}) is neither mapped in src/error/constraint.rs nor excused"));
        }
    }
    for name in OURS.iter().flat_map(|(_, names)| *names) {
        if !known.contains_key(*name) || constraint::find(name).is_some() {
            found.push(format!("{name} needs no excuse any more"));
        }
    }
    // what a trigger raises by name is no constraint of a table
    let of_one_column = "SELECT conname::text FROM pg_constraint WHERE contype = 'c' AND cardinality(conkey) = 1";
    let of_one_column: Vec<String> =
        sqlx::query_scalar(of_one_column).fetch_all(&mut database.connect("postgres").await).await.unwrap();
    let raised = ["booking_transition", "booking_pool_capacity", "payment_transition", "refunds_within_payment"];
    for meaning in constraint::MEANINGS.iter().filter(|meaning| !raised.contains(&meaning.constraint)) {
        if !known.contains_key(meaning.constraint) && !of_one_column.iter().any(|name| name == meaning.constraint) {
            found.push(format!("{} is mapped and is not in the schema", meaning.constraint));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[tokio::test]
async fn applying_the_migrations_again_changes_nothing() {
    let database = Database::empty().await;
    let owner = database.options("tithi_owner");
    let first = migrate::migrate(&owner, true).await.expect("migrate");
    assert!(!first.steps.is_empty() && first.policies);
    let before = dump(&database).await;
    assert!(before.contains("booking_no_overlap") && before.contains("CREATE POLICY"), "the dump holds the schema");
    let again = migrate::migrate(&owner, true).await.expect("migrate again");
    assert_eq!((again.steps.len(), again.policies), (0, true));
    assert_eq!(dump(&database).await, before);
    // and a start that finds everything in place leaves it alone
    assert!(!migrate::migrate(&owner, false).await.expect("start").policies);
}

/// The schema of the database, as the server's own tool writes it.
async fn dump(database: &Database) -> String {
    let sql = "SELECT setting FROM pg_config() WHERE name = 'BINDIR'";
    let tools: String = sqlx::query_scalar(sql).fetch_one(&mut database.connect("postgres").await).await.unwrap();
    let admin = cluster::admin_url();
    let (path, query) =
        admin.split_once('?').map_or((admin.as_str(), String::new()), |(path, query)| (path, format!("?{query}")));
    let server = path.rsplit_once('/').unwrap().0;
    let output = tokio::process::Command::new(format!("{tools}/pg_dump"))
        .arg("--schema-only")
        .arg(format!("--dbname={server}/{}{query}", database.name))
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // newer tools fence the script with a random word
    text.lines()
        .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"))
        .collect::<Vec<_>>()
        .join("\n")
}
