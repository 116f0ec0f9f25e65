//! An organization chooses, pays and ends, with the provider inside this process.
use serde_json::{Value, json};

use super::{anew, at, codes, standing};
use crate::support::app::Service;

#[tokio::test]
async fn plans_are_shown_to_everybody() {
    let service = Service::start().await;
    let all = service.visitor().get("/api/v1/plans").await.expect(200);
    assert_eq!(all["data"].as_array().unwrap().len(), 7);
    let personal = service.visitor().get("/api/v1/plans?product=personal").await.expect(200);
    let tiers: Vec<(&str, i64)> = personal["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|plan| (plan["tier"].as_str().unwrap(), plan["price_cents"].as_i64().unwrap()))
        .collect();
    assert_eq!(tiers, [("starter", 0), ("premium", 999), ("pro", 1999)]);
    let custom = &all["data"][3];
    assert_eq!((&custom["tier"], &custom["price_cents"]), (&json!("custom"), &Value::Null));
    assert_eq!(custom["limits"]["max_users"], -1);
}

#[tokio::test]
async fn a_new_business_tries_it_and_buys_within_the_trial() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    assert_eq!(standing(&owner, &tenant).await, ("free_trial".into(), true));
    let overview = owner.get("/api/v1/billing").await.expect(200);
    assert_eq!(overview["subscription"]["usage"]["users"], 4);
    let preview = owner.post(&at(&tenant, "subscription/preview"), &json!({"plan": "starter"})).await.expect(200);
    assert_eq!(
        (&preview["allowed"], &preview["due_now_cents"], &preview["price_cents"]),
        (&json!(true), &json!(0), &json!(4_900))
    );
    let end = owner.get(&at(&tenant, "subscription")).await.expect(200)["trial_end_at"].clone();
    let key = "buy-once";
    let bought = owner.key(key).put(&at(&tenant, "subscription"), &json!({"plan": "starter"})).await.expect(200);
    assert_eq!((&bought["state"], &bought["provider_status"]), (&json!("paid_subscription"), &json!("trialing")));
    assert_eq!((&bought["plan"]["tier"], &bought["pending_plan"]), (&json!("starter"), &Value::Null));
    assert_eq!(bought["trial_end_at"].as_str().unwrap()[..19], end.as_str().unwrap()[..19], "the trial stays as long");
    let replay = owner.key(key).put(&at(&tenant, "subscription"), &json!({"plan": "starter"})).await;
    assert_eq!(replay.header("idempotent-replayed"), "true");
    // asked for again it is so already
    let same = anew(&owner).put(&at(&tenant, "subscription"), &json!({"plan": "starter"})).await.expect(200);
    assert_eq!(same["state"], "paid_subscription");
    assert_eq!(codes(&service, tenant.id.0, None).await, ["SUBSCRIPTION_CHANGED"]);
    let list: Vec<String> =
        sqlx::query_scalar("SELECT provider_subscription_id FROM app.tenant_subscriptions WHERE tenant_id = $1")
            .bind(tenant.id.0)
            .fetch_all(&mut service.platform().await)
            .await
            .unwrap();
    assert!(list.len() == 1 && list[0].starts_with("sub_"), "{list:?}");
    let ended = owner.post(&at(&tenant, "subscription/cancel"), &json!(null)).await.expect(200);
    assert_eq!((&ended["cancel_at_period_end"], &ended["entitled"]), (&json!(true), &json!(true)));
    let back = anew(&owner).put(&at(&tenant, "subscription"), &json!({"plan": "professional"})).await.expect(200);
    assert_eq!((&back["cancel_at_period_end"], &back["plan"]["tier"]), (&json!(false), &json!("professional")));
}

#[tokio::test]
async fn a_plan_that_is_too_small_is_refused_before_anybody_is_asked() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let mut platform = service.platform().await;
    for _ in 0..7 {
        service.member(&mut platform, tenant.id, ::entity::enums::MembershipRole::Viewer).await;
    }
    let refused = anew(&owner).put(&at(&tenant, "subscription"), &json!({"plan": "starter"})).await;
    let refused = refused.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(refused["excess"], json!([{"limit": "max_users", "allowed": 10, "used": 11}]));
    let preview = owner.post(&at(&tenant, "subscription/preview"), &json!({"plan": "starter"})).await.expect(200);
    assert_eq!((&preview["allowed"], &preview["excess"][0]["used"]), (&json!(false), &json!(11)));
    for plan in ["custom", "premium"] {
        let refused = anew(&owner).put(&at(&tenant, "subscription"), &json!({"plan": plan})).await;
        refused.refused(422, "TITHI_RULE_VIOLATION");
    }
    let untouched: bool =
        sqlx::query_scalar("SELECT provider_customer_id IS NULL FROM app.tenant_subscriptions WHERE tenant_id = $1")
            .bind(tenant.id.0)
            .fetch_one(&mut platform)
            .await
            .unwrap();
    assert!(untouched);
    assert_eq!(standing(&owner, &tenant).await, ("free_trial".into(), true));
}

#[tokio::test]
async fn twenty_who_buy_at_once_have_one_subscription() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let wish = json!({"plan": "professional"});
    let path = at(&tenant, "subscription");
    let calls = (0..20).map(|_| {
        let client = anew(&owner);
        let (path, wish) = (path.clone(), wish.clone());
        async move { client.put(&path, &wish).await }
    });
    for answer in futures_util::future::join_all(calls).await {
        answer.expect(200);
    }
    let events = codes(&service, tenant.id.0, None).await;
    assert_eq!(events, ["SUBSCRIPTION_CHANGED"]);
}

#[tokio::test]
async fn after_the_trial_nothing_is_bought_without_a_way_to_pay() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    service.clock.advance(chrono::TimeDelta::days(15));
    let owner = service.owner_of(&tenant).await;
    let wish = json!({"plan": "starter"});
    let refused = anew(&owner).put(&at(&tenant, "subscription"), &wish).await;
    refused.refused(409, "TITHI_BILLING_SETUP_REQUIRED");
    let shown = owner.get(&at(&tenant, "subscription")).await.expect(200);
    assert_eq!((&shown["pending_plan"], &shown["entitled"]), (&Value::Null, &json!(false)));
    let begun = anew(&owner).post(&at(&tenant, "billing/setup"), &json!({})).await.expect(200);
    assert!(begun["client_secret"].as_str().is_some() && begun["saved"] == false);
    let stray = json!({"setup_id": "seti_nobody"});
    anew(&owner).post(&at(&tenant, "billing/setup"), &stray).await.refused(404, "TITHI_NOT_FOUND");
    let link = owner.post("/api/v1/billing/portal", &json!({})).await.expect(200);
    assert!(link["url"].as_str().unwrap().starts_with("http"));
    let none = anew(&owner).post(&at(&tenant, "payments"), &json!(null)).await.expect(200);
    assert_eq!(none["data"], json!([]));
}

#[tokio::test]
async fn what_an_operator_agreed_on_is_what_it_costs() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let operator = service.visitor().bearer(&service.token(service.operator().await, None).await);
    let agreed = json!({"price_cents": 99_000, "limits": {"max_users": 500}});
    let path = format!("/api/admin/tenants/{}/subscription", tenant.id);
    operator.put(&path, &agreed).await.expect(200);
    let bought = anew(&owner).put(&at(&tenant, "subscription"), &json!({"plan": "custom"})).await.expect(200);
    assert_eq!((&bought["plan"]["tier"], &bought["price_cents"]), (&json!("custom"), &json!(99_000)));
    assert_eq!((&bought["limits"]["max_users"], &bought["limits"]["max_sound_libraries"]), (&json!(500), &json!(-1)));
    let missing = format!("/api/admin/tenants/{}/subscription", service.new_id());
    operator.put(&missing, &agreed).await.refused(404, "TITHI_TENANT_NOT_FOUND");
    owner.put(&path, &agreed).await.refused(404, "TITHI_NOT_FOUND");
}

#[tokio::test]
async fn only_the_owner_buys() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    admin.get(&at(&tenant, "subscription")).await.expect(200);
    admin.get("/api/v1/billing").await.refused(403, "TITHI_AUTH_FORBIDDEN");
    let refused = anew(&admin).put(&at(&tenant, "subscription"), &json!({"plan": "starter"})).await;
    refused.refused(403, "TITHI_AUTH_FORBIDDEN");
    let other = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    owner.get(&at(&other, "subscription")).await.refused(404, "TITHI_TENANT_MISMATCH");
    // the short spelling leads to the same place
    owner.get(&format!("/organizations/{}/subscription", tenant.id)).await.expect(200);
}
