//! Settings are changed and replaced.
use serde_json::{Value, json};

use crate::support::app::Service;
use crate::support::people::Tenant;

fn path(tenant: &Tenant) -> String {
    format!("/api/v1/tenants/{}", tenant.id)
}

fn whole() -> Value {
    json!({"name": "Renamed", "timezone": "Europe/Vienna", "currency": "EUR", "locale": "de_AT"})
}

#[tokio::test]
async fn members_read_and_others_find_nothing() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let own = service.viewer_of(&tenant).await.get(&path(&tenant)).await;
    assert!(!own.header("etag").is_empty());
    assert_eq!(own.expect(200)["slug"], tenant.slug);

    service.visitor().get(&path(&tenant)).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    service.owner_of(&other).await.get(&path(&tenant)).await.refused(404, "TITHI_TENANT_MISMATCH");
    let unbound = service.visitor().bearer(&service.token(other.owner, None).await);
    unbound.get(&path(&tenant)).await.refused(404, "TITHI_TENANT_MISMATCH");
    unbound.patch(&path(&tenant), &json!({"name": "Mine"})).await.refused(404, "TITHI_TENANT_MISMATCH");
    // said in the same words, so that nobody learns which ids exist
    unbound.get(&format!("/api/v1/tenants/{}", service.new_id())).await.refused(404, "TITHI_TENANT_MISMATCH");
    unbound.get("/api/v1/tenants/none").await.refused(404, "TITHI_TENANT_MISMATCH");
}

#[tokio::test]
async fn viewers_and_staff_change_nothing() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    for caller in [service.viewer_of(&tenant).await, service.staff_of(&tenant).await] {
        caller.put(&path(&tenant), &whole()).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        caller.patch(&path(&tenant), &json!({"name": "Mine"})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    }
    assert_eq!(service.owner_of(&tenant).await.get(&path(&tenant)).await.expect(200)["name"], tenant.slug);
}

#[tokio::test]
async fn a_change_is_seen_at_once_and_leaves_its_traces() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let info = format!("/v1/{}/info", tenant.slug);
    assert_eq!(service.visitor().get(&info).await.expect(200)["name"], tenant.slug);
    let change = json!({
        "name": "Salon Nova", "public_blurb": "New here.", "policies": {"refund_policy": "Always."},
        "booking": {"notice_min": 90, "horizon_days": 30}, "cors_origins": ["https://nova.example"],
    });
    let changed = admin.patch(&path(&tenant), &change).await.expect(200);
    assert_eq!((&changed["booking"]["notice_min"], &changed["booking"]["auto_confirm"]), (&json!(90), &json!(true)));
    let public = service.visitor().get(&info).await.expect(200);
    assert_eq!((&public["name"], &public["blurb"]), (&json!("Salon Nova"), &json!("New here.")));

    // the directory was asked before, and knows the new origin all the same
    let crossing = service.visitor().with("origin", "https://nova.example").get(&info).await;
    assert_eq!(crossing.header("access-control-allow-origin"), "https://nova.example");

    let cleared = admin
        .patch(&path(&tenant), &json!({"public_blurb": null, "booking": {"horizon_days": null}}))
        .await
        .expect(200);
    assert_eq!((&cleared["public_blurb"], &cleared["booking"]["horizon_days"]), (&Value::Null, &Value::Null));
    assert_eq!(
        (&cleared["booking"]["notice_min"], &cleared["policies"]["refund_policy"]),
        (&json!(90), &json!("Always."))
    );

    let mut platform = service.platform().await;
    let audited: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM app.audit_logs WHERE tenant_id = $1 AND table_name = 'tenants' AND operation = 'UPDATE' AND user_id = $2",
    )
    .bind(tenant.id.0)
    .bind(tenant.admin.0)
    .fetch_one(&mut platform)
    .await
    .unwrap();
    assert_eq!(audited, 2);
    let fields: Vec<Value> = sqlx::query_scalar(
        "SELECT payload -> 'fields' FROM app.events_outbox WHERE tenant_id = $1 AND event_code = 'TENANT_UPDATED' ORDER BY id",
    )
    .bind(tenant.id.0)
    .fetch_all(&mut platform)
    .await
    .unwrap();
    assert_eq!(fields.len(), 2);
    assert!(fields.contains(&json!(["public_blurb", "booking"])), "{fields:?}");
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let seen = admin.get(&path(&tenant)).await.header("etag").to_owned();
    let first = admin.clone().with("if-match", &seen).patch(&path(&tenant), &json!({"name": "First"})).await;
    let current = first.header("etag").to_owned();
    assert_ne!(current, seen);
    first.expect(200);
    let late = admin.clone().with("if-match", &seen);
    late.patch(&path(&tenant), &json!({"name": "Second"})).await.refused(412, "TITHI_PRECONDITION_FAILED");
    late.put(&path(&tenant), &whole()).await.refused(412, "TITHI_PRECONDITION_FAILED");
    let again = admin.with("if-match", &current).put(&path(&tenant), &whole()).await.expect(200);
    assert_eq!((&again["name"], &again["locale"]), (&json!("Renamed"), &json!("de_AT")));
}

#[tokio::test]
async fn replacing_empties_what_is_absent() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let full = json!({
        "email": "a@b.example", "category": "Hair", "logo_url": "https://cdn.example/a.png", "is_public_directory": true,
        "no_show_fee_bps": 1000, "rate_limits": {"default": "50/60"}, "cors_origins": ["http://localhost:3000"],
    });
    let changed = owner.patch(&path(&tenant), &full).await.expect(200);
    assert_eq!(
        (&changed["rate_limits"]["default"], &changed["rate_limits"]["bookings"]),
        (&json!("50/60"), &Value::Null)
    );
    let replaced = owner.put(&path(&tenant), &whole()).await.expect(200);
    for member in ["email", "category", "logo_url"] {
        assert_eq!(replaced[member], Value::Null, "{member}");
    }
    assert_eq!(replaced["rate_limits"]["default"], Value::Null);
    assert_eq!((&replaced["cors_origins"], &replaced["is_public_directory"]), (&json!([]), &json!(false)));
    assert_eq!((&replaced["no_show_fee_bps"], &replaced["slug"]), (&json!(300), &json!(tenant.slug)));
}

#[tokio::test]
async fn limits_are_the_owners_and_have_a_ceiling() {
    let service = Service::with(&["--limit-default", "100/60"]).await;
    let tenant = service.tenant().await;
    let (admin, owner) = (service.admin_of(&tenant).await, service.owner_of(&tenant).await);
    let limits = |limit: &str| json!({"rate_limits": {"default": limit}});
    admin.patch(&path(&tenant), &limits("50/60")).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    let problem = owner.patch(&path(&tenant), &limits("1001/60")).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(problem["errors"][0]["pointer"], "#/rate_limits/default");
    owner.patch(&path(&tenant), &limits("7/60")).await.expect(200);
    let next = owner.get(&path(&tenant)).await;
    assert_eq!(next.header("x-ratelimit-limit"), "7", "the directory was told");
    next.expect(200);
}

#[tokio::test]
async fn impossible_values_are_named_together() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let wrong = json!({"timezone": "Mars/Olympus", "currency": "XTS", "cors_origins": ["https://ok.example", "http://evil.example"]});
    let problem = admin.patch(&path(&tenant), &wrong).await.refused(422, "TITHI_RULE_VIOLATION");
    let pointers: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].clone()).collect();
    assert_eq!(pointers, ["#/timezone", "#/currency", "#/cors_origins/1"]);
    admin.patch(&path(&tenant), &json!({"slug": "other"})).await.refused(400, "TITHI_VALIDATION_ERROR");
    admin.patch(&path(&tenant), &json!({"status": "closed"})).await.refused(400, "TITHI_VALIDATION_ERROR");
    admin.patch(&path(&tenant), &json!({"name": null})).await.refused(400, "TITHI_VALIDATION_ERROR");
}
