//! What the public sees of a business.
use serde_json::json;

use crate::support::app::Service;

#[tokio::test]
async fn everybody_reads_the_public_side() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    for path in
        [format!("/v1/{}", tenant.slug), format!("/v1/{}/info", tenant.slug), format!("/v1/b/{}/info", tenant.slug)]
    {
        let answer = service.visitor().get(&path).await;
        assert_eq!(answer.header("cache-control"), "public, max-age=60", "{path}");
        let etag = answer.header("etag").to_owned();
        let body = answer.expect(200);
        let info = if body["tenant"].is_object() { &body["tenant"] } else { &body };
        assert_eq!((&info["slug"], &info["timezone"]), (&json!(tenant.slug), &json!("America/New_York")));
        assert_eq!(info["links"]["services"], format!("/v1/{}/services", tenant.slug));
        for secret in ["settings", "email", "rate_limits", "cors_origins", "id"] {
            assert!(info.get(secret).is_none(), "{secret} is nobody's business");
        }
        let again = service.visitor().with("if-none-match", &etag).get(&path).await;
        assert_eq!((again.status.as_u16(), again.body.len(), again.header("etag")), (304, 0, etag.as_str()));
        service.visitor().with("if-none-match", "\"other\"").get(&path).await.expect(200);
    }
}

#[tokio::test]
async fn who_is_not_there_is_not_found() {
    let service = Service::start().await;
    service.visitor().get("/v1/nobody-has-this-name").await.refused(404, "TITHI_TENANT_NOT_FOUND");
    service.visitor().get("/v1/nobody-has-this-name/info").await.refused(404, "TITHI_TENANT_NOT_FOUND");
    service.visitor().get("/v1/Not_A_Label/info").await.refused(404, "TITHI_TENANT_NOT_FOUND");
}

#[tokio::test]
async fn a_suspended_business_shows_nothing() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    sqlx::query("UPDATE app.tenants SET status = 'suspended', public_blurb = 'Secret words' WHERE id = $1")
        .bind(tenant.id.0)
        .execute(&mut service.platform().await)
        .await
        .unwrap();
    for path in [format!("/v1/{}", tenant.slug), format!("/v1/{}/info", tenant.slug)] {
        let problem = service.visitor().get(&path).await.refused(403, "TITHI_TENANT_SUSPENDED");
        assert!(!problem.to_string().contains("Secret words"));
    }
    let owner = service.owner_of(&tenant).await;
    owner.get(&format!("/api/v1/tenants/{}", tenant.id)).await.refused(403, "TITHI_TENANT_SUSPENDED");
    let elsewhere = service.visitor().bearer(&service.token(tenant.owner, None).await);
    let list = elsewhere.get("/api/v1/tenants").await.expect(200);
    assert_eq!(list["data"][0]["status"], "suspended", "the owner still sees that it exists");
}
