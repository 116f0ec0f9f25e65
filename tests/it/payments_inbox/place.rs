//! Whose an event is, and what is not what it says it is.
use serde_json::json;
use tithi::jobs;

use super::{deauthorized, deliver, event, send, service, state};
use crate::support::factory::connected;

#[tokio::test]
async fn w06_a_type_that_nobody_knows_is_stored_and_ignored() {
    let service = service().await;
    let tenant = service.tenant().await;
    let account = connected(&service, &tenant).await;
    for kind in ["account.made.up", "v2.core.new_thing", "balance.available"] {
        let mut event =
            event(&service, kind, Some(&account), json!({"id": "x", "state": "unheard_of", "new": {"a": [1]}}));
        event["something_new"] = json!({"deep": [1, {"a": null}]});
        assert_eq!(deliver(&service, &event).await, "ignored", "{kind}");
    }
}

#[tokio::test]
async fn w07_an_event_of_an_account_that_nobody_has_lies_in_quarantine() {
    let service = service().await;
    let tenant = service.tenant().await;
    // however well it names somebody
    let object = json!({"id": "ca_1", "metadata": {"tenant_id": tenant.id}});
    let event = event(&service, "account.application.deauthorized", Some("acct_of_nobody"), object);
    assert_eq!(deliver(&service, &event).await, "quarantined");
    assert_eq!(state(&service, &event).await.2.as_deref(), Some("nobody has this account"));
}

#[tokio::test]
async fn w07_an_object_that_names_another_business_lies_in_quarantine() {
    let service = service().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let account = connected(&service, &tenant).await;
    connected(&service, &other).await;
    let mut event = deauthorized(&service, &account);
    event["data"]["object"]["metadata"] = json!({"tenant_id": other.id});
    assert_eq!(deliver(&service, &event).await, "quarantined");
    for tenant in [&tenant, &other] {
        assert_eq!(super::told(&service, tenant, "PAYMENT_ACCOUNT_DEAUTHORIZED").await, 0);
    }
    // and the right name is fine
    let mut event = deauthorized(&service, &account);
    event["data"]["object"]["metadata"] = json!({"tenant_id": tenant.id});
    assert_eq!(deliver(&service, &event).await, "processed");
    assert_eq!(super::told(&service, &tenant, "PAYMENT_ACCOUNT_DEAUTHORIZED").await, 1);
    assert_eq!(super::told(&service, &other, "PAYMENT_ACCOUNT_DEAUTHORIZED").await, 0);
}

#[tokio::test]
async fn w08_an_event_of_the_other_mode_lies_in_quarantine() {
    let service = service().await;
    let tenant = service.tenant().await;
    let account = connected(&service, &tenant).await;
    let mut event = deauthorized(&service, &account);
    event["livemode"] = true.into();
    send(&service, &event).await.expect(200);
    jobs::work_inbox(&service.app).await.unwrap();
    assert_eq!(state(&service, &event).await, ("quarantined".into(), 1, Some("it is of the other mode".into())));
    assert_eq!(super::told(&service, &tenant, "PAYMENT_ACCOUNT_DEAUTHORIZED").await, 0);
}

#[tokio::test]
async fn nobody_can_make_another_businesss_account_his_own() {
    use tithi::db::Access;
    use tithi::domains::platform;
    let service = service().await;
    let (tenant, thief) = (service.tenant().await, service.tenant().await);
    let account = connected(&service, &tenant).await;
    let platform = &service.app.platform;
    assert!(platform::claim_account(platform, "stripe", &account, thief.id).await.is_err());
    platform::claim_account(platform, "stripe", &account, tenant.id).await.unwrap();
    // even one who could write into his own row gets nothing of it
    let scope = service.app.db.scope(thief.id, Access::Write);
    let sql =
        "INSERT INTO app.tenant_billing (tenant_id, id, stripe_account_id, charges_enabled) VALUES ($1, $2, $3, true)";
    let values = [thief.id.0.into(), service.new_id().into(), account.as_str().into()];
    sea_orm::ConnectionTrait::execute_raw(
        &scope,
        sea_orm::Statement::from_sql_and_values(sea_orm::DbBackend::Postgres, sql, values),
    )
    .await
    .unwrap();
    scope.commit().await.unwrap();
    assert_eq!(deliver(&service, &deauthorized(&service, &account)).await, "processed");
    assert_eq!(super::told(&service, &tenant, "PAYMENT_ACCOUNT_DEAUTHORIZED").await, 1);
    assert_eq!(super::told(&service, &thief, "PAYMENT_ACCOUNT_DEAUTHORIZED").await, 0);
}
