//! What operators do, and that nobody else does.
use serde_json::json;

use crate::support::app::Service;

#[tokio::test]
async fn an_operator_lists_suspends_and_resumes_and_leaves_a_trace() {
    let service = Service::alone().await;
    let tenant = service.tenant().await;
    let user = service.operator().await;
    let operator = service.visitor().bearer(&service.token(user, None).await);
    let list = operator.get(&format!("/api/admin/tenants?q={}&include_total=true", tenant.slug)).await.expect(200);
    assert_eq!(list["total"], 1);
    assert_eq!(list["data"][0]["slug"], tenant.slug.as_str());

    let path = |verb: &str| format!("/api/admin/tenants/{}/{verb}", tenant.id);
    service.stranger(&tenant).get("/api/v1/services").await.expect(200);
    assert_eq!(operator.post(&path("suspend"), &json!({})).await.expect(200)["status"], "suspended");
    service.stranger(&tenant).get("/api/v1/services").await.refused(403, "TITHI_TENANT_SUSPENDED");
    assert_eq!(operator.post(&path("resume"), &json!({})).await.expect(200)["status"], "active");
    service.stranger(&tenant).get("/api/v1/services").await.expect(200);

    let mut connection = service.platform().await;
    let trace =
        "SELECT operation FROM app.audit_logs WHERE table_name = 'tenants' AND user_id = $1 ORDER BY created_at, id";
    let seen: Vec<String> = sqlx::query_scalar(trace).bind(user.0).fetch_all(&mut connection).await.unwrap();
    assert_eq!(seen, ["ADMIN_VIEW", "UPDATE", "UPDATE"]);
    let told = "SELECT event_code FROM app.events_outbox WHERE aggregate_id = $1 ORDER BY id";
    let told: Vec<String> = sqlx::query_scalar(told).bind(tenant.id.0).fetch_all(&mut connection).await.unwrap();
    assert_eq!(told, ["TENANT_SUSPENDED", "TENANT_RESUMED"]);
}

#[tokio::test]
async fn nobody_else_gets_through_the_platform_door() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    service.visitor().get("/api/admin/tenants").await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    service.owner_of(&tenant).await.get("/api/admin/tenants").await.refused(404, "TITHI_NOT_FOUND");
    let suspend = format!("/api/admin/tenants/{}/suspend", tenant.id);
    service.owner_of(&tenant).await.post(&suspend, &json!({})).await.refused(404, "TITHI_NOT_FOUND");
}
