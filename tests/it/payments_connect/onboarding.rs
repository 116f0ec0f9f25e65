//! How a business gets its account.
use serde_json::{Value, json};
use tithi::jobs;
use tithi::ports::payments::sandbox::{FaultRule, Trouble};

use crate::payments_inbox::{deauthorized, send, told};
use crate::payments_reconcile::{control, service};
use crate::support::client::Client;

const CONNECT: &str = "/api/v1/billing/connect";

async fn onboard(owner: &Client) -> Value {
    owner.post(&format!("{CONNECT}/onboarding"), &Value::Null).await.expect(200)
}

fn account_of(answer: &Value) -> String {
    answer["account"]["account_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn s14_a_business_is_set_up_and_may_charge_once_the_provider_says_so() {
    let service = service().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let begun = onboard(&owner).await;
    let account = account_of(&begun);
    assert!(begun["url"].as_str().unwrap().starts_with("http"), "{begun}");
    assert_eq!(begun["account"]["charges_enabled"], false);
    // whose it is stands where no request can write it
    let whose: uuid::Uuid = sqlx::query_scalar("SELECT tenant_id FROM app.connected_accounts WHERE account_id = $1")
        .bind(&account)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    assert_eq!(whose, tenant.id.0);

    // to go on is another page of the same account
    let again = onboard(&owner).await;
    assert_eq!(account_of(&again), account);
    assert_ne!(again["url"], begun["url"]);
    assert_eq!(service.stripe.calls_of("POST /v1/accounts").len(), 1);

    // the owner answers the provider's questions, and the provider tells us
    control(&service, &format!("accounts/{account}/enable")).await;
    assert_eq!(service.stripe.deliver().await.refused, 0);
    jobs::work_inbox(&service.app).await.unwrap();
    let shown = owner.get(CONNECT).await.expect(200);
    assert_eq!(
        (&shown["charges_enabled"], &shown["payouts_enabled"], &shown["details_submitted"]),
        (&json!(true), &json!(true), &json!(true))
    );
    assert_eq!(told(&service, &tenant, "PAYMENT_ACCOUNT_UPDATED").await, 2);

    control(&service, &format!("accounts/{account}/disable")).await;
    service.stripe.deliver().await;
    jobs::work_inbox(&service.app).await.unwrap();
    assert_eq!(owner.get(CONNECT).await.expect(200)["charges_enabled"], false);
}

#[tokio::test]
async fn s14_who_does_not_want_to_wait_asks_the_provider_now() {
    let service = service().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let refresh = format!("{CONNECT}/refresh");
    assert_eq!(owner.post(&refresh, &Value::Null).await.expect(200)["account_id"], Value::Null);
    let account = account_of(&onboard(&owner).await);
    control(&service, &format!("accounts/{account}/enable")).await;
    assert_eq!(owner.post(&refresh, &Value::Null).await.expect(200)["charges_enabled"], true);
    service.stripe.trouble(FaultRule::every(Trouble::ErrorBefore));
    owner.post(&refresh, &Value::Null).await.refused(502, "TITHI_PAYMENT_STRIPE_ERROR");
    assert_eq!(owner.get(CONNECT).await.expect(200)["charges_enabled"], true);
}

/// S1, S2: the answer is lost; who comes again gets the account that was made.
#[tokio::test]
async fn s01_an_answer_that_is_lost_makes_no_second_account() {
    let service = service().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    service.stripe.trouble(FaultRule::every(Trouble::DropAfter).of("POST /v1/accounts"));
    owner.post(&format!("{CONNECT}/onboarding"), &Value::Null).await.refused(502, "TITHI_PAYMENT_STRIPE_ERROR");
    service.stripe.calm();
    let account = account_of(&onboard(&owner).await);
    let mut keys: Vec<_> =
        service.stripe.calls_of("POST /v1/accounts").into_iter().map(|call| call.key.unwrap()).collect();
    assert!(keys.len() >= 2 && keys[0].starts_with(&format!("{}:", tenant.id)), "{keys:?}");
    keys.dedup();
    assert_eq!(keys.len(), 1, "one account, one key");
    let made = service.stripe.objects("", "acct_");
    assert_eq!(made.iter().map(|account| account["id"].as_str().unwrap()).collect::<Vec<_>>(), [account]);
    assert_eq!(made[0]["metadata"]["tenant_id"], json!(tenant.id));
}

#[tokio::test]
async fn s14_after_the_account_was_closed_to_us_another_one_is_set_up() {
    let service = service().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let account = account_of(&onboard(&owner).await);
    control(&service, &format!("accounts/{account}/enable")).await;
    service.stripe.deliver().await;
    jobs::work_inbox(&service.app).await.unwrap();
    let closed = deauthorized(&service, &account);
    send(&service, &closed).await.expect(200);
    jobs::work_inbox(&service.app).await.unwrap();
    assert_eq!(owner.get(CONNECT).await.expect(200)["charges_enabled"], false);
    // asking the provider about it changes nothing
    owner.post(&format!("{CONNECT}/refresh"), &Value::Null).await.expect(200);
    assert_eq!(owner.get(CONNECT).await.expect(200)["charges_enabled"], false);
    let next = account_of(&onboard(&owner).await);
    assert_ne!(next, account);
    let shown = owner.get(CONNECT).await.expect(200);
    assert_eq!((&shown["account_id"], &shown["deauthorized_at"]), (&json!(next), &Value::Null));
    // what is told of the old one is nothing to the new one
    control(&service, &format!("accounts/{next}/enable")).await;
    service.stripe.deliver().await;
    send(&service, &deauthorized(&service, &account)).await.expect(200);
    jobs::work_inbox(&service.app).await.unwrap();
    assert_eq!(owner.get(CONNECT).await.expect(200)["charges_enabled"], true);
}

#[tokio::test]
async fn many_who_begin_at_once_begin_one_account() {
    let service = service().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let path = format!("{CONNECT}/onboarding");
    let all = futures_util::future::join_all((0..8).map(|_| owner.post(&path, &Value::Null))).await;
    let mut accounts = std::collections::BTreeSet::new();
    for answer in all {
        accounts.insert(account_of(&answer.expect(200)));
    }
    assert_eq!(accounts.len(), 1);
    assert_eq!(service.stripe.objects("", "acct_").len(), 1);
}
