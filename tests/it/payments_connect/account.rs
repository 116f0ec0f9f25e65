//! What the provider says of an account, in whatever order it is heard.
use chrono::TimeDelta;
use serde_json::{Value, json};
use tithi::db::Access;
use tithi::domains::payments::connect::{self, Connected};
use tithi::ports::payments::{Account, Metadata};

use crate::payments_inbox::told;
use crate::support::app::Service;
use crate::support::factory::{connected, connected_with_fee};
use crate::support::people::Tenant;

const CONNECT: &str = "/api/v1/billing/connect";

fn said(id: &str, charges_enabled: bool) -> Account {
    let metadata = Metadata::new();
    Account { id: id.to_owned(), charges_enabled, payouts_enabled: true, details_submitted: true, metadata }
}

/// Takes in what was said when the provider was asked so many seconds ago.
async fn apply(service: &Service, tenant: &Tenant, account: &Account, ago: i64) {
    let scope = service.app.db.scope(tenant.id, Access::Write);
    let seen_at = service.clock.now() - TimeDelta::seconds(ago);
    connect::apply_account(&scope, account, seen_at).await.unwrap();
    scope.commit().await.unwrap();
}

async fn account(service: &Service, tenant: &Tenant) -> Option<Connected> {
    let scope = service.app.db.scope(tenant.id, Access::Read);
    let account = connect::account(&scope).await.unwrap();
    scope.roll_back().await;
    account
}

async fn may_charge(service: &Service, tenant: &Tenant) -> bool {
    account(service, tenant).await.is_some_and(|account| account.charges_enabled)
}

#[tokio::test]
async fn s14_a_business_without_an_account_charges_nothing() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    assert_eq!(account(&service, &tenant).await, None);
    let shown = service.owner_of(&tenant).await.get(CONNECT).await.expect(200);
    assert_eq!((&shown["account_id"], &shown["charges_enabled"]), (&Value::Null, &json!(false)));
    // nor does the account of another
    connected(&service, &service.tenant().await).await;
    assert_eq!(account(&service, &tenant).await, None);
    let account_id = connected_with_fee(&service, &tenant, 250).await;
    let expected = Connected { account_id, charges_enabled: true, application_fee_bps: 250 };
    assert_eq!(account(&service, &tenant).await, Some(expected));
}

#[tokio::test]
async fn s14_what_the_provider_says_is_taken_in_and_told_once() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let id = connected(&service, &tenant).await;
    for _ in 0..3 {
        apply(&service, &tenant, &said(&id, false), 0).await;
    }
    assert!(!may_charge(&service, &tenant).await);
    assert_eq!(told(&service, &tenant, "PAYMENT_ACCOUNT_UPDATED").await, 1);
    apply(&service, &tenant, &said(&id, true), 0).await;
    assert!(may_charge(&service, &tenant).await);
    assert_eq!(told(&service, &tenant, "PAYMENT_ACCOUNT_UPDATED").await, 2);
}

#[tokio::test]
async fn w05_an_older_answer_changes_nothing() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let id = connected(&service, &tenant).await;
    apply(&service, &tenant, &said(&id, false), 10).await;
    apply(&service, &tenant, &said(&id, true), 60).await;
    assert!(!may_charge(&service, &tenant).await, "what was said before came after");
    apply(&service, &tenant, &said(&id, true), 5).await;
    assert!(may_charge(&service, &tenant).await);
    // and nothing that is said of another account
    apply(&service, &tenant, &said("acct_of_nobody", false), 0).await;
    assert!(may_charge(&service, &tenant).await);
}

#[tokio::test]
async fn s14_an_account_that_is_closed_to_us_charges_nothing_whatever_is_said_later() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let id = connected(&service, &tenant).await;
    let close = async |account: &str| {
        let scope = service.app.db.scope(tenant.id, Access::Write);
        connect::apply_deauthorized(&scope, account, service.clock.now()).await.unwrap();
        scope.commit().await.unwrap();
    };
    // an account that the business has left is none of its concern
    close("acct_of_before").await;
    assert!(may_charge(&service, &tenant).await);
    close(&id).await;
    close(&id).await;
    assert!(!may_charge(&service, &tenant).await);
    assert_eq!(told(&service, &tenant, "PAYMENT_ACCOUNT_DEAUTHORIZED").await, 1);
    apply(&service, &tenant, &said(&id, true), -60).await;
    assert!(!may_charge(&service, &tenant).await);
    let shown = service.owner_of(&tenant).await.get(CONNECT).await.expect(200);
    assert!(shown["deauthorized_at"].is_string() && shown["charges_enabled"] == false, "{shown}");
}

#[tokio::test]
async fn the_platforms_share_is_not_the_businesss_to_change() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    connected_with_fee(&service, &tenant, 250).await;
    let mut own = service.database.connect("tithi_app").await;
    let sql = format!("BEGIN; SET LOCAL app.tenant_id = '{}'", tenant.id);
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut own).await.unwrap();
    let refused = sqlx::raw_sql("UPDATE app.tenant_billing SET application_fee_bps = 0").execute(&mut own).await;
    assert_eq!(refused.unwrap_err().as_database_error().unwrap().code().as_deref(), Some("42501"));
}
