//! A person's own subscription, which nobody else sees.
use serde_json::json;
use tithi::db::Access;

use super::anew;
use crate::support::app::Service;

const ME: &str = "/api/v1/users/me/subscription";

#[tokio::test]
async fn whoever_never_chose_has_what_is_free() {
    let service = Service::start().await;
    let user = service.person(&mut service.platform().await).await;
    let person = service.visitor().bearer(&service.token(user, None).await);
    let shown = person.get(ME).await.expect(200);
    assert_eq!(
        (&shown["plan"]["tier"], &shown["state"], &shown["price_cents"]),
        (&"starter".into(), &"active".into(), &0.into())
    );
    assert_eq!(
        (&shown["limits"]["sessions_per_day"], &shown["limits"]["minutes_per_session"]),
        (&3.into(), &15.into())
    );
    // a look makes nothing
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM app.user_subscriptions WHERE user_id = $1")
        .bind(user.0)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    assert_eq!(rows, 0);
    assert_eq!(person.post(&format!("{ME}/cancel"), &json!(null)).await.expect(200)["state"], "active");
    let same = anew(&person).post("/api/user/subscription", &json!({"plan": "starter"})).await.expect(200);
    assert_eq!((&same["plan"]["tier"], &same["state"]), (&"starter".into(), &"active".into()));
    let both = json!({"plan": "pro", "cancel": true});
    anew(&person).post("/api/user/subscription", &both).await.refused(422, "TITHI_RULE_VIOLATION");
    let foreign = json!({"plan": "enterprise"});
    anew(&person).post("/api/user/subscription", &foreign).await.refused(422, "TITHI_RULE_VIOLATION");
}

/// The floor of the table itself, in the Scope of another person and in none.
#[tokio::test]
async fn nobody_else_sees_a_persons_rows() {
    let service = Service::start().await;
    let mut platform = service.platform().await;
    let (ana, ben) = (service.person(&mut platform).await, service.person(&mut platform).await);
    let client = service.visitor().bearer(&service.token(ana, None).await);
    client.put(ME, &json!({"plan": "premium", "trial": true})).await.expect(200);
    for (user, expected) in [(Some(ana), 1_i64), (Some(ben), 0), (None, 0)] {
        let scope = service.app.db.scope(service.app.home, Access::Read);
        if let Some(user) = user {
            scope.act_as(user).await.unwrap();
        }
        use sea_orm::{ConnectionTrait, DbBackend, Statement};
        let sql = "SELECT count(*) AS many FROM app.user_subscriptions";
        let row = scope.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
        assert_eq!(row.try_get::<i64>("", "many").unwrap(), expected, "{user:?}");
    }
    let other = service.visitor().bearer(&service.token(ben, None).await);
    assert_eq!(other.get(ME).await.expect(200)["plan"]["tier"], "starter");
}

#[tokio::test]
async fn a_plan_is_tried_once_and_the_trial_goes_on_with_another() {
    let service = Service::start().await;
    let user = service.person(&mut service.platform().await).await;
    let person = service.visitor().bearer(&service.token(user, None).await);
    let first = person.put(ME, &json!({"plan": "premium", "trial": true})).await.expect(200);
    let again = person.put(ME, &json!({"plan": "premium", "trial": true})).await.expect(200);
    let other = person.put(ME, &json!({"plan": "pro", "trial": true})).await.expect(200);
    assert_eq!(first["trial_end_at"], again["trial_end_at"]);
    assert_eq!((&other["trial_end_at"], &other["plan"]["tier"]), (&first["trial_end_at"], &"pro".into()));
    assert_eq!(person.post(&format!("{ME}/cancel"), &json!(null)).await.expect(200)["state"], "cancelled");
    person.put(ME, &json!({"plan": "pro", "trial": true})).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(person.put(ME, &json!({"plan": "starter"})).await.expect(200)["state"], "active");
}
