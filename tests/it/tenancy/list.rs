//! The businesses that somebody belongs to.
use serde_json::json;

use crate::onboarding::{name, newcomer};
use crate::support::app::Service;

#[tokio::test]
async fn a_person_sees_the_own_businesses_with_the_role() {
    let service = Service::start().await;
    service.visitor().get("/api/v1/tenants").await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    let (tenant, _other) = (service.tenant().await, service.tenant().await);
    let viewer = service.visitor().bearer(&service.token(tenant.viewer, None).await);
    let list = viewer.get("/api/v1/tenants?include_total=true").await.expect(200);
    assert_eq!((&list["total"], &list["has_more"]), (&json!(1), &json!(false)));
    assert_eq!((&list["data"][0]["slug"], &list["data"][0]["role"]), (&json!(tenant.slug), &json!("viewer")));
    let stranger = newcomer(&service).await;
    assert_eq!(stranger.get("/api/v1/tenants").await.expect(200)["data"], json!([]));
}

#[tokio::test]
async fn pages_join() {
    let service = Service::start().await;
    let owner = newcomer(&service).await;
    let mut made = Vec::new();
    for _ in 0..5 {
        service.clock.advance(chrono::TimeDelta::seconds(1));
        made.insert(0, owner.post("/api/v1/tenants", &json!({"name": name("Salon")})).await.expect(201)["id"].clone());
    }
    let (mut walked, mut path) = (Vec::new(), "/api/v1/tenants?limit=2".to_owned());
    loop {
        let page = owner.get(&path).await.expect(200);
        walked.extend(page["data"].as_array().unwrap().iter().map(|tenant| tenant["id"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/tenants?limit=2&cursor={cursor}");
    }
    assert_eq!(walked, made);
    let other = newcomer(&service).await;
    other.get(&path).await.refused(400, "TITHI_CURSOR_INVALID");
}

#[tokio::test]
async fn a_business_is_made_in_short() {
    let service = Service::start().await;
    let owner = newcomer(&service).await;
    let name = name("Short");
    let answer =
        owner.post("/api/v1/tenants", &json!({"name": name, "timezone": "Asia/Tokyo", "currency": "JPY"})).await;
    let location = answer.header("location").to_owned();
    let made = answer.expect(201);
    assert_eq!((&made["role"], &made["currency"]), (&json!("owner"), &json!("JPY")));
    assert_eq!(owner.get(&location).await.expect(200)["name"], name);
}
