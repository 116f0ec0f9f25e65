//! The entities say what the migrations say: every table, every column with its type and nullability, every closed set.
//! Read from the SQL itself, so that it needs no database.

use entity::enums::*;
use entity::*;
use sea_orm::sea_query::ColumnType;
use sea_orm::{ColumnTrait, EntityTrait, Iterable};
use std::collections::{BTreeMap, BTreeSet};

/// Column name to (type, nullable).
type Columns = BTreeMap<String, (String, bool)>;

fn sql() -> String {
    migration::STEPS.iter().map(|step| step.sql).collect()
}

/// The body of every `CREATE TABLE app.x (..);`, then what every `ALTER TABLE app.x ADD COLUMN ..` adds, one a line.
/// Steps that alter columns in other ways must teach this about it.
fn tables() -> BTreeMap<String, Columns> {
    let sql = sql();
    assert!(!sql.contains("DROP COLUMN") && !sql.contains("ALTER COLUMN") && !sql.contains("RENAME"), "not read here");
    let mut tables = BTreeMap::new();
    for part in sql.split("CREATE TABLE app.").skip(1) {
        let Some((name, rest)) = part.split_once(" (\n") else { panic!("no columns: {part:.40}") };
        let Some((body, _)) = rest.split_once("\n);") else { panic!("no end: {name}") };
        tables.insert(name.to_owned(), body.lines().filter_map(column).collect());
    }
    for part in sql.split("ALTER TABLE app.").skip(1) {
        let Some((name, rest)) = part.split_once(char::is_whitespace) else { panic!("no name: {part:.40}") };
        let body = rest.split_once(";\n").map_or(rest, |(body, _)| body);
        let Some(columns): Option<&mut Columns> = tables.get_mut(name) else {
            panic!("altered before it is made: {name}")
        };
        let added = body.lines().filter_map(|line| line.trim_start().strip_prefix("ADD COLUMN "));
        columns.extend(added.filter_map(|line| column(&format!("  {line}"))));
    }
    tables
}

fn column(line: &str) -> Option<(String, (String, bool))> {
    let words: Vec<_> = line.trim_end_matches(',').split_whitespace().collect();
    let indented_once = line.starts_with("  ") && !line.starts_with("   ");
    let (name, kind) = (words.first()?, words.get(1)?);
    // A generated column is the database's own: the entities leave it out.
    if !indented_once || ["--", "CONSTRAINT"].contains(name) || line.contains("GENERATED") {
        return None;
    }
    Some(((*name).to_owned(), ((*kind).to_owned(), !line.contains("NOT NULL"))))
}

fn kind(of: &ColumnType) -> &'static str {
    match of {
        ColumnType::Uuid => "uuid",
        ColumnType::Text => "text",
        ColumnType::Integer => "integer",
        ColumnType::SmallInteger => "smallint",
        ColumnType::BigInteger => "bigint",
        ColumnType::Boolean => "boolean",
        ColumnType::JsonBinary => "jsonb",
        ColumnType::VarBinary(_) => "bytea",
        ColumnType::TimestampWithTimeZone => "timestamptz",
        ColumnType::DateTime => "timestamp",
        ColumnType::Time => "time",
        ColumnType::Date => "date",
        other => panic!("no such column type in the schema: {other:?}"),
    }
}

fn columns<E: EntityTrait>(entity: E) -> (String, Columns) {
    let columns = E::Column::iter().map(|column| {
        let def = column.def();
        (sea_orm::IdenStatic::as_str(&column).to_owned(), (kind(def.get_column_type()).to_owned(), def.is_null()))
    });
    (entity.table_name().to_owned(), columns.collect())
}

#[test]
fn every_table_has_its_entity_with_the_same_columns() {
    let entities: BTreeMap<_, _> = [
        columns(audit_logs::Entity),
        columns(availability_exceptions::Entity),
        columns(availability_rules::Entity),
        columns(booking_allocations::Entity),
        columns(booking_coverages::Entity),
        columns(booking_holds::Entity),
        columns(booking_items::Entity),
        columns(booking_series::Entity),
        columns(bookings::Entity),
        columns(branding::Entity),
        columns(calendar_feeds::Entity),
        columns(class_sessions::Entity),
        columns(connected_accounts::Entity),
        columns(coupon_redemptions::Entity),
        columns(coupon_services::Entity),
        columns(coupons::Entity),
        columns(credit_prices::Entity),
        columns(credit_transactions::Entity),
        columns(credits::Entity),
        columns(customer_memberships::Entity),
        columns(customer_notes::Entity),
        columns(customer_segments::Entity),
        columns(customers::Entity),
        columns(events_outbox::Entity),
        columns(gift_card_transactions::Entity),
        columns(gift_cards::Entity),
        columns(idempotency_keys::Entity),
        columns(invoice_items::Entity),
        columns(invoice_series::Entity),
        columns(invoices::Entity),
        columns(loyalty_accounts::Entity),
        columns(loyalty_settings::Entity),
        columns(loyalty_tiers::Entity),
        columns(loyalty_transactions::Entity),
        columns(membership_plans::Entity),
        columns(memberships::Entity),
        columns(payment_customers::Entity),
        columns(payment_methods::Entity),
        columns(payments::Entity),
        columns(package_services::Entity),
        columns(packages::Entity),
        columns(purchases::Entity),
        columns(plans::Entity),
        columns(referral_codes::Entity),
        columns(referral_settings::Entity),
        columns(referrals::Entity),
        columns(refresh_tokens::Entity),
        columns(refunds::Entity),
        columns(resources::Entity),
        columns(segment_memberships::Entity),
        columns(service_resource_groups::Entity),
        columns(service_resources::Entity),
        columns(services::Entity),
        columns(sessions::Entity),
        columns(staff_availability::Entity),
        columns(staff_profiles::Entity),
        columns(tenant_billing::Entity),
        columns(subscription_bills::Entity),
        columns(tenant_directory::Entity),
        columns(tenant_subscriptions::Entity),
        columns(tenants::Entity),
        columns(themes::Entity),
        columns(user_subscriptions::Entity),
        columns(users::Entity),
        columns(waitlist_entries::Entity),
        columns(webhook_event_inbox::Entity),
        columns(webhook_receipts::Entity),
        columns(work_schedules::Entity),
    ]
    .into();
    let tables = tables();
    assert_eq!(entities.keys().collect::<Vec<_>>(), tables.keys().collect::<Vec<_>>());
    for (name, columns) in &tables {
        assert_eq!(&entities[name], columns, "{name}");
    }
}

/// The words of `CONSTRAINT name CHECK (.. IN (..))`.
fn set(constraint: &str) -> BTreeSet<String> {
    let sql = sql().split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((_, rest)) = sql.split_once(&format!("CONSTRAINT {constraint} CHECK")) else { panic!("no {constraint}") };
    let Some(list) = rest.split_once(" IN (").and_then(|(_, rest)| rest.split_once(')')) else {
        panic!("no set: {constraint}")
    };
    list.0.split(',').map(|word| word.trim().trim_matches('\'').to_owned()).collect()
}

fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> BTreeSet<String> {
    all.iter().map(|one| word(*one).to_owned()).collect()
}

#[test]
fn every_closed_set_has_the_words_of_its_check() {
    let pairs = [
        ("tenants_status", words(TenantStatus::ALL, TenantStatus::as_str)),
        ("tenant_directory_status", words(TenantStatus::ALL, TenantStatus::as_str)),
        ("memberships_role", words(MembershipRole::ALL, MembershipRole::as_str)),
        ("sessions_kind", words(SessionKind::ALL, SessionKind::as_str)),
        ("themes_status", words(ThemeStatus::ALL, ThemeStatus::as_str)),
        ("services_grid", words(SlotGrid::ALL, SlotGrid::as_str)),
        ("resources_type", words(ResourceType::ALL, ResourceType::as_str)),
        ("availability_rules_rule_type", words(RuleType::ALL, RuleType::as_str)),
        ("work_schedules_schedule_type", words(ScheduleType::ALL, ScheduleType::as_str)),
        ("bookings_status", words(BookingStatus::ALL, BookingStatus::as_str)),
        ("bookings_source", words(BookingSource::ALL, BookingSource::as_str)),
        ("bookings_canceled_by", words(CanceledBy::ALL, CanceledBy::as_str)),
        ("bookings_no_show_fee_status", words(NoShowFeeStatus::ALL, NoShowFeeStatus::as_str)),
        ("booking_allocations_state", words(AllocationState::ALL, AllocationState::as_str)),
        ("invoice_series_series", words(InvoiceKind::ALL, InvoiceKind::as_str)),
        ("invoices_kind", words(InvoiceKind::ALL, InvoiceKind::as_str)),
        ("invoices_status", words(InvoiceStatus::ALL, InvoiceStatus::as_str)),
        ("plans_product", words(PlanProduct::ALL, PlanProduct::as_str)),
        ("plans_tier", words(PlanTier::ALL, PlanTier::as_str)),
        ("tenant_subscriptions_state", words(SubscriptionState::ALL, SubscriptionState::as_str)),
        ("tenant_subscriptions_provider_status", words(ProviderStatus::ALL, ProviderStatus::as_str)),
        ("user_subscriptions_state", words(SubscriptionState::ALL, SubscriptionState::as_str)),
        ("user_subscriptions_provider_status", words(ProviderStatus::ALL, ProviderStatus::as_str)),
        ("subscription_bills_status", words(BillStatus::ALL, BillStatus::as_str)),
        ("loyalty_accounts_tier", words(LoyaltyTier::ALL, LoyaltyTier::as_str)),
        ("service_resource_groups_pick", words(GroupPick::ALL, GroupPick::as_str)),
        ("booking_holds_status", words(HoldStatus::ALL, HoldStatus::as_str)),
        ("booking_holds_source", words(BookingSource::ALL, BookingSource::as_str)),
        ("waitlist_entries_status", words(WaitlistStatus::ALL, WaitlistStatus::as_str)),
        ("waitlist_entries_source", words(BookingSource::ALL, BookingSource::as_str)),
        ("booking_series_status", words(SeriesStatus::ALL, SeriesStatus::as_str)),
        ("services_payment_mode", words(PaymentMode::ALL, PaymentMode::as_str)),
        ("bookings_payment_mode", words(PaymentMode::ALL, PaymentMode::as_str)),
        ("bookings_payment_status", words(BookingPaymentStatus::ALL, BookingPaymentStatus::as_str)),
        ("payments_status", words(PaymentStatus::ALL, PaymentStatus::as_str)),
        ("payments_method", words(PaymentMethod::ALL, PaymentMethod::as_str)),
        ("payments_fee_type", words(FeeType::ALL, FeeType::as_str)),
        ("payments_provider", words(PaymentProvider::ALL, PaymentProvider::as_str)),
        ("payment_customers_provider", words(PaymentProvider::ALL, PaymentProvider::as_str)),
        ("payment_methods_provider", words(PaymentProvider::ALL, PaymentProvider::as_str)),
        ("payment_methods_status", words(StoredMethodStatus::ALL, StoredMethodStatus::as_str)),
        ("refunds_provider", words(PaymentProvider::ALL, PaymentProvider::as_str)),
        ("refunds_refund_type", words(RefundType::ALL, RefundType::as_str)),
        ("refunds_status", words(RefundStatus::ALL, RefundStatus::as_str)),
        ("coupons_kind", words(CouponKind::ALL, CouponKind::as_str)),
        ("coupon_redemptions_status", words(RedemptionStatus::ALL, RedemptionStatus::as_str)),
        ("gift_cards_status", words(GiftCardStatus::ALL, GiftCardStatus::as_str)),
        ("gift_cards_source", words(BookingSource::ALL, BookingSource::as_str)),
        ("gift_card_transactions_kind", words(GiftCardMove::ALL, GiftCardMove::as_str)),
        ("referral_settings_reward", words(ReferralReward::ALL, ReferralReward::as_str)),
        ("referrals_reward", words(ReferralReward::ALL, ReferralReward::as_str)),
        ("referrals_status", words(ReferralStatus::ALL, ReferralStatus::as_str)),
        ("packages_type", words(PackageType::ALL, PackageType::as_str)),
        ("purchases_kind", words(PurchaseKind::ALL, PurchaseKind::as_str)),
        ("purchases_status", words(PurchaseStatus::ALL, PurchaseStatus::as_str)),
        ("purchases_paid_with", words(PaidWith::ALL, PaidWith::as_str)),
        ("membership_plans_grants", words(PlanGrant::ALL, PlanGrant::as_str)),
        ("customer_memberships_status", words(MembershipStatus::ALL, MembershipStatus::as_str)),
        ("credits_kind", words(CreditAccountKind::ALL, CreditAccountKind::as_str)),
        ("credits_unit", words(CreditUnit::ALL, CreditUnit::as_str)),
        ("purchases_source", words(BookingSource::ALL, BookingSource::as_str)),
        ("credit_transactions_kind", words(CreditMove::ALL, CreditMove::as_str)),
        ("booking_coverages_kind", words(CoverageKind::ALL, CoverageKind::as_str)),
        ("booking_coverages_status", words(CoverageStatus::ALL, CoverageStatus::as_str)),
        ("loyalty_settings_earn_by", words(LoyaltyEarn::ALL, LoyaltyEarn::as_str)),
        ("loyalty_tiers_tier", words(LoyaltyTier::ALL, LoyaltyTier::as_str)),
        ("bookings_covered_by", words(CoverageKind::ALL, CoverageKind::as_str)),
        ("events_outbox_status", words(OutboxStatus::ALL, OutboxStatus::as_str)),
        ("webhook_event_inbox_state", words(InboxState::ALL, InboxState::as_str)),
    ];
    for (constraint, expected) in pairs {
        assert_eq!(set(constraint), expected, "{constraint}");
    }
}

/// The exclusion constraint's predicate is the list that the service reads by.
#[test]
fn blocking_states_are_the_predicate_of_the_constraint() {
    let sql = sql();
    let Some((_, rest)) = sql.split_once("WHERE (exclusive AND state IN (") else { panic!("no predicate") };
    let Some((list, _)) = rest.split_once(')') else { panic!("no end") };
    let states: BTreeSet<_> = list.split(',').map(|word| word.trim().trim_matches('\'').to_owned()).collect();
    assert_eq!(states, words(AllocationState::BLOCKING, AllocationState::as_str));
}
