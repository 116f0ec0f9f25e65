//! How far a new business has come.
use serde_json::{Value, json};

use super::{form, name, newcomer, register};
use crate::support::app::Service;

fn done(status: &Value) -> Vec<(&str, bool)> {
    let steps = status["steps"].as_array().unwrap();
    steps.iter().map(|state| (state["step"].as_str().unwrap(), state["done"].as_bool().unwrap())).collect()
}

#[tokio::test]
async fn steps_follow_what_is_there() {
    let service = Service::start().await;
    let owner = newcomer(&service).await;
    let before = owner.get("/onboarding/status").await.expect(200);
    assert_eq!(
        (&before["tenant_id"], &before["next"], &before["complete"]),
        (&Value::Null, &json!("business"), &json!(false))
    );
    assert!(done(&before).iter().all(|(_, done)| !done));

    let made = register(&owner, &form(&name("Salon"))).await.expect(201);
    let status = owner.get("/onboarding/status").await.expect(200);
    assert_eq!((&status["tenant_id"], &status["next"]), (&made["id"], &json!("services")));

    let tenant: uuid::Uuid = made["id"].as_str().unwrap().parse().unwrap();
    let mut platform = service.platform().await;
    sqlx::query("INSERT INTO app.services (tenant_id, id, slug, name) VALUES ($1, $2, 'cut', 'Cut')")
        .bind(tenant)
        .bind(service.new_id())
        .execute(&mut platform)
        .await
        .unwrap();
    let status = owner.get("/onboarding/status").await.expect(200);
    assert_eq!(
        done(&status),
        [("business", true), ("services", true), ("staff", false), ("hours", false), ("first_booking", false)]
    );
    assert_eq!(status["next"], "staff");
}

#[tokio::test]
async fn the_newest_business_is_meant_and_strangers_are_refused() {
    let service = Service::start().await;
    service.visitor().get("/onboarding/status").await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    let owner = newcomer(&service).await;
    register(&owner, &form(&name("First"))).await.expect(201);
    service.clock.advance(chrono::TimeDelta::seconds(2));
    let second = register(&owner, &form(&name("Second"))).await.expect(201);
    assert_eq!(owner.get("/onboarding/status").await.expect(200)["tenant_id"], second["id"]);
}
