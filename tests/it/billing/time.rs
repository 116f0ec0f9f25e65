//! What time does: a trial ends at its instant, grace ends, somebody is reminded.
use chrono::TimeDelta;
use tithi::domains::billing::{Subject, apply_subscription};
use tithi::jobs::keep_house;
use tithi::ports::payments::SubscriptionStatus as Status;

use super::{anew, at, bought, codes, instant, scope, standing, told};
use crate::support::app::Service;

#[tokio::test]
async fn a_trial_ends_on_its_fourteenth_day_at_the_instant_it_began() {
    let service = Service::alone().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let end = instant(&owner.get(&at(&tenant, "subscription")).await.expect(200), "trial_end_at");
    let began: chrono::DateTime<chrono::Utc> = sqlx::query_scalar("SELECT created_at FROM app.tenants WHERE id = $1")
        .bind(tenant.id.0)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    assert_eq!(end, began + TimeDelta::days(14));
    service.clock.advance(end - service.clock.now() - TimeDelta::microseconds(1));
    let owner = service.owner_of(&tenant).await;
    keep_house(&service.app).await.unwrap();
    assert_eq!(standing(&owner, &tenant).await, ("free_trial".into(), true));
    service.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(standing(&owner, &tenant).await, ("free_trial".into(), false), "before anybody has noted it");
    for _ in 0..2 {
        keep_house(&service.app).await.unwrap();
        assert_eq!(standing(&owner, &tenant).await, ("expired".into(), false));
    }
    // two reminders were due; who comes late reminds once
    assert_eq!(codes(&service, tenant.id.0, None).await, ["TRIAL_ENDING", "TRIAL_EXPIRED", "SUBSCRIPTION_CHANGED"]);
    let again = serde_json::json!({"plan": "starter", "trial": true});
    let refused = anew(&owner).put(&at(&tenant, "subscription"), &again).await;
    refused.refused(422, "TITHI_RULE_VIOLATION");
}

#[tokio::test]
async fn who_does_not_pay_is_reminded_and_suspended_when_grace_is_over() {
    let service = Service::alone().await;
    let tenant = service.tenant().await;
    bought(&service, &tenant, "cus_grace", "sub_1").await;
    let apply = async |status: Status| {
        let scope = scope(&service, &tenant);
        let now = scope.now();
        apply_subscription(&scope, Subject::Business, &told("sub_1", "cus_grace", status), now).await.unwrap();
        scope.commit().await.unwrap();
    };
    apply(Status::Active).await;
    apply(Status::PastDue).await;
    let day = async |days: i64| {
        service.clock.advance(TimeDelta::days(days));
        keep_house(&service.app).await.unwrap();
        standing(&service.owner_of(&tenant).await, &tenant).await
    };
    assert_eq!(day(1).await, ("payment_failed".into(), true));
    assert_eq!(day(2).await, ("payment_failed".into(), true));
    assert_eq!(day(10).await, ("payment_failed".into(), true));
    assert_eq!(day(1).await, ("suspended".into(), false));
    // the provider goes on trying, which is no new grace
    apply(Status::PastDue).await;
    assert_eq!(day(1).await, ("suspended".into(), false));
    apply(Status::Active).await;
    assert_eq!(day(0).await, ("active".into(), true));
    let told = codes(&service, tenant.id.0, None).await;
    assert_eq!(told.iter().filter(|code| *code == "SUBSCRIPTION_PAYMENT_DUE").count(), 3);
    assert_eq!(told.iter().filter(|code| *code == "SUBSCRIPTION_CHANGED").count(), 4);
}

#[tokio::test]
async fn a_person_goes_back_to_what_is_free_when_the_trial_ends() {
    let service = Service::alone().await;
    let user = service.person(&mut service.platform().await).await;
    let token = async || service.visitor().bearer(&service.token(user, None).await);
    let me = "/api/v1/users/me/subscription";
    let tried = token().await.put(me, &serde_json::json!({"plan": "premium", "trial": true})).await.expect(200);
    assert_eq!((&tried["state"], &tried["limits"]["sessions_per_day"]), (&"free_trial".into(), &10.into()));
    service.clock.advance(TimeDelta::days(14));
    let after = token().await.get(me).await.expect(200);
    assert_eq!((&after["entitled"], &after["limits"]["sessions_per_day"]), (&false.into(), &3.into()));
    keep_house(&service.app).await.unwrap();
    let after = token().await.get(me).await.expect(200);
    assert_eq!(
        (&after["state"], &after["plan"]["tier"], &after["entitled"]),
        (&"active".into(), &"starter".into(), &true.into())
    );
    let again = token().await.put(me, &serde_json::json!({"plan": "pro", "trial": true})).await;
    again.refused(422, "TITHI_RULE_VIOLATION");
    let told = codes(&service, service.app.home.0, Some(user)).await;
    assert_eq!(told, ["SUBSCRIPTION_CHANGED", "TRIAL_EXPIRED", "SUBSCRIPTION_CHANGED"]);
}
