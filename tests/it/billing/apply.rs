//! What the provider tells, in any order and any number of times.
use chrono::{DateTime, TimeDelta};
use tithi::domains::billing::rules::life::{ARROWS, ended, meant, worth_of};
use tithi::domains::billing::{Subject, apply_invoice_event, apply_subscription, whose};
use tithi::kernel::money::Currency;
use tithi::ports::payments::{Bill, SubscriptionStatus as Status};

use super::{at, bought, codes, scope, standing, told};
use crate::support::app::Service;
use ::entity::enums::{ProviderStatus, SubscriptionState};

const STATUSES: [(Status, ProviderStatus); 8] = [
    (Status::Trialing, ProviderStatus::Trialing),
    (Status::Active, ProviderStatus::Active),
    (Status::PastDue, ProviderStatus::PastDue),
    (Status::Unpaid, ProviderStatus::Unpaid),
    (Status::Canceled, ProviderStatus::Canceled),
    (Status::Incomplete, ProviderStatus::Incomplete),
    (Status::IncompleteExpired, ProviderStatus::IncompleteExpired),
    (Status::Paused, ProviderStatus::Paused),
];

#[tokio::test]
async fn s16_what_is_given_follows_from_each_of_the_eight_statuses() {
    let service = Service::start().await;
    for (status, ours) in STATUSES {
        let tenant = service.tenant().await;
        let owner = service.owner_of(&tenant).await;
        let customer = format!("cus_{}", tenant.slug);
        bought(&service, &tenant, &customer, "sub_1").await;
        // no trial is left that could be worth something
        service.clock.advance(TimeDelta::days(15));
        let scope = scope(&service, &tenant);
        let as_of = scope.now();
        apply_subscription(&scope, Subject::Business, &told("sub_1", &customer, status), as_of).await.unwrap();
        scope.commit().await.unwrap();
        let owner = owner.bearer(&service.token(tenant.owner, Some(tenant.id)).await);
        let shown = owner.get(&at(&tenant, "subscription")).await.expect(200);
        let worth = worth_of(ours);
        assert_eq!(shown["entitled"], worth != tithi::domains::billing::rules::life::Worth::Nothing, "{ours}");
        assert_eq!(shown["payment_missing"], ours == ProviderStatus::PastDue, "{ours}");
        assert_eq!((&shown["state"], &shown["provider_status"]), (&meant(ours).as_str().into(), &ours.as_str().into()));
    }
}

/// W5: every order of four words ends where the newest one leads.
#[tokio::test]
async fn w05_no_order_of_events_moves_a_subscription_back() {
    let service = Service::start().await;
    let words = [Status::Incomplete, Status::Active, Status::PastDue, Status::Active];
    let mut orders = Vec::new();
    for a in 0..4 {
        for b in (0..4).filter(|b| *b != a) {
            for c in (0..4).filter(|c| ![a, b].contains(c)) {
                orders.push([a, b, c, 6 - a - b - c]);
            }
        }
    }
    assert_eq!(orders.len(), 24);
    for order in orders {
        let tenant = service.tenant().await;
        let customer = format!("cus_{}", tenant.slug);
        bought(&service, &tenant, &customer, "sub_1").await;
        let begun = service.clock.now();
        for at in order.into_iter().chain(order) {
            let scope = scope(&service, &tenant);
            let word = told("sub_1", &customer, words[at].clone());
            let as_of = begun + TimeDelta::seconds(i64::try_from(at).unwrap());
            apply_subscription(&scope, Subject::Business, &word, as_of).await.unwrap();
            scope.commit().await.unwrap();
        }
        assert_eq!(standing(&service.owner_of(&tenant).await, &tenant).await, ("active".into(), true), "{order:?}");
    }
}

#[tokio::test]
async fn what_is_over_or_anothers_changes_nothing() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    bought(&service, &tenant, "cus_own", "sub_1").await;
    let apply = async |id: &str, customer: &str, status: Status, later: i64| {
        let scope = scope(&service, &tenant);
        let as_of = service.clock.now() + TimeDelta::seconds(later);
        let news = apply_subscription(&scope, Subject::Business, &told(id, customer, status), as_of).await.unwrap();
        scope.commit().await.unwrap();
        news
    };
    assert!(!apply("sub_1", "cus_other", Status::Unpaid, 0).await, "another customer's");
    assert!(!apply("sub_2", "cus_own", Status::Unpaid, 0).await, "another subscription");
    assert!(!apply("sub_1", "cus_own", Status::Unknown("strange".into()), 0).await);
    assert!(apply("sub_1", "cus_own", Status::Active, 10).await);
    assert!(!apply("sub_1", "cus_own", Status::Active, 10).await, "no news");
    assert!(!apply("sub_1", "cus_own", Status::Unpaid, 9).await, "older than what is known");
    assert!(apply("sub_1", "cus_own", Status::Canceled, 11).await);
    assert!(!apply("sub_1", "cus_own", Status::Active, 12).await, "what is over stays over");
    assert_eq!(standing(&owner, &tenant).await, ("cancelled".into(), false));
    assert_eq!(codes(&service, tenant.id.0, None).await, ["SUBSCRIPTION_CHANGED", "SUBSCRIPTION_CHANGED"]);
    let platform = service.app.platform.scope(tithi::db::Access::Read);
    assert_eq!(whose(&platform, "cus_own").await.unwrap(), Some((tenant.id, None)));
    assert_eq!(whose(&platform, "cus_nobody").await.unwrap(), None);
}

fn bill(id: &str, customer: &str, status: &str) -> Bill {
    Bill {
        id: id.to_owned(),
        number: Some("A-1".into()),
        status: status.to_owned(),
        customer: Some(customer.to_owned()),
        currency: Currency::new("USD").unwrap(),
        amount_due: 14_900,
        amount_paid: if status == "paid" { 14_900 } else { 0 },
        hosted_url: None,
        pdf_url: None,
        created: DateTime::UNIX_EPOCH,
        paid_at: None,
    }
}

#[tokio::test]
async fn bills_are_kept_as_they_are_told_and_never_reopen() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    bought(&service, &tenant, "cus_bills", "sub_1").await;
    for (status, news) in [("open", true), ("open", false), ("paid", true), ("open", false), ("draft", false)] {
        let scope = scope(&service, &tenant);
        assert_eq!(apply_invoice_event(&scope, &bill("in_1", "cus_bills", status)).await.unwrap(), news, "{status}");
        scope.commit().await.unwrap();
    }
    let other = scope(&service, &tenant);
    assert!(!apply_invoice_event(&other, &bill("in_2", "cus_other", "open")).await.unwrap());
    other.commit().await.unwrap();
    let admin = service.admin_of(&tenant).await;
    let list = admin.get(&at(&tenant, "invoices")).await.expect(200);
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
    assert_eq!((&list["data"][0]["status"], &list["data"][0]["amount_paid_cents"]), (&"paid".into(), &14_900.into()));
    // a bill alone says nothing of what is given
    assert_eq!(standing(&admin, &tenant).await.0, "paid_subscription");
}

/// The arrows of the code are those of the table: each pair of states is tried on a row.
#[tokio::test]
async fn the_trigger_knows_the_same_arrows() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let mut platform = service.platform().await;
    let mut admin = service.database.connect("postgres").await;
    for from in SubscriptionState::ALL {
        for to in SubscriptionState::ALL {
            let step = "UPDATE app.tenant_subscriptions SET state = $2, ended_at = CASE WHEN $3 THEN now() END, grace_end_at = now(), trial_end_at = CASE WHEN $2 = 'free_trial' THEN now() END
                         WHERE tenant_id = $1";
            // put where it begins without being asked how it got there
            let place = format!(
                "BEGIN; SET LOCAL session_replication_role = replica;
                 UPDATE app.tenant_subscriptions SET state = '{from}', grace_end_at = now(), trial_end_at = {},
                   ended_at = {} WHERE tenant_id = '{}'; COMMIT",
                if *from == SubscriptionState::FreeTrial { "now()" } else { "NULL" },
                if ended(*from) { "now()" } else { "NULL" },
                tenant.id
            );
            sqlx::raw_sql(sqlx::AssertSqlSafe(place)).execute(&mut admin).await.unwrap();
            let moved =
                sqlx::query(step).bind(tenant.id.0).bind(to.as_str()).bind(ended(*to)).execute(&mut platform).await;
            let may = from == to || ARROWS.contains(&(*from, *to));
            assert_eq!(moved.is_ok(), may, "{from} to {to}: {moved:?}");
        }
    }
}
