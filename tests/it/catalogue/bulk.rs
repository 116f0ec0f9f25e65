//! Many services changed at once, and the list that shows inactive ones too.
use serde_json::{Value, json};
use sqlx::Row;

use super::{a_service, audited, ids, made, pointers, told};
use crate::support::app::Service;
use crate::support::client::{Answer, Client};
use crate::support::people::Tenant;

const SERVICES: &str = "/api/v1/admin/services";

async fn update(client: &Client, services: &[String], fields: Value) -> Answer {
    let body = json!({"service_ids": services, "update_fields": fields});
    client.key(&format!("{:032x}", rand::random::<u128>())).post(&format!("{SERVICES}/bulk-update"), &body).await
}

async fn three(owner: &Client) -> Vec<String> {
    let mut services = Vec::new();
    for name in ["Cut", "Colour", "Curl"] {
        services.push(made(owner, "/api/v1/services", &a_service(name)).await);
    }
    services
}

async fn everything(service: &Service, tenant: &Tenant) -> String {
    let sql = "SELECT (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.id) FROM app.services s WHERE s.tenant_id = $1)::text
                   || (SELECT count(*) FROM app.events_outbox WHERE tenant_id = $1)::text
                   || (SELECT count(*) FROM app.audit_logs WHERE tenant_id = $1)::text";
    sqlx::query_scalar(sql).bind(tenant.id.0).fetch_one(&mut service.platform().await).await.unwrap()
}

#[tokio::test]
async fn all_are_changed_told_and_noted() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let services = three(&owner).await;
    let fields = json!({
        "active": false, "category": "Hair", "price_change_percent": 2.5, "buffer_after_min": 10, "notice_min": 60, "interval_min": 30,
    });
    assert_eq!(update(&owner, &services, fields).await.expect(200), json!({"updated_count": 3}));
    for id in &services {
        let now = owner.get(&format!("/api/v1/services/{id}")).await.expect(200);
        assert_eq!(
            (&now["active"], &now["category"], &now["price_cents"]),
            (&json!(false), &json!("Hair"), &json!(5125))
        );
        assert_eq!(
            (&now["buffer_after_min"], &now["notice_min"], &now["interval_min"]),
            (&json!(10), &json!(60), &json!(30))
        );
        assert_eq!(audited(&service, &tenant, "services", id).await, ["INSERT", "UPDATE", "BULK_UPDATE"]);
        let codes: Vec<String> = told(&service, &tenant, id).await.into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, ["SERVICE_CREATED", "SERVICE_UPDATED"]);
    }
    let actors = sqlx::query("SELECT user_id FROM app.audit_logs WHERE tenant_id = $1 AND operation = 'BULK_UPDATE'")
        .bind(tenant.id.0)
        .fetch_all(&mut service.platform().await)
        .await
        .unwrap();
    assert!(actors.len() == 3 && actors.iter().all(|row| row.get::<uuid::Uuid, _>(0) == tenant.owner.0));

    // null clears, absent keeps
    update(&owner, &services[..1], json!({"category": null, "interval_min": null})).await.expect(200);
    let now = owner.get(&format!("/api/v1/services/{}", services[0])).await.expect(200);
    assert_eq!((&now["category"], &now["interval_min"], &now["notice_min"]), (&Value::Null, &Value::Null, &json!(60)));

    let list = |query: &'static str| {
        let owner = owner.clone();
        async move { owner.get(&format!("{SERVICES}?{query}")).await.expect(200) }
    };
    assert_eq!(list("include_total=true").await["total"], 3, "inactive ones too");
    assert_eq!(ids(&list("category=Hair&sort=name").await), [services[1].clone(), services[2].clone()]);
    assert_eq!(ids(&list("q=cur").await), [services[2].clone()]);
    assert_eq!(ids(&list("active=true").await), Vec::<String>::new());
}

#[tokio::test]
async fn one_that_may_not_be_so_leaves_all_as_they_were() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let mut services = three(&owner).await;
    let mut long = a_service("Retreat");
    long["duration_min"] = 1430.into();
    services.push(made(&owner, "/api/v1/services", &long).await);
    let before = everything(&service, &tenant).await;
    let problem = update(&owner, &services, json!({"buffer_after_min": 20})).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!((pointers(&problem), &problem["service_id"]), (vec!["#/service_ids/3".to_owned()], &json!(services[3])));
    sqlx::query(
        "UPDATE app.services SET price_cents = 99999999999, updated_at = updated_at WHERE tenant_id = $1 AND id = $2",
    )
    .bind(tenant.id.0)
    .bind(services[1].parse::<uuid::Uuid>().unwrap())
    .execute(&mut service.platform().await)
    .await
    .unwrap();
    let dear = everything(&service, &tenant).await;
    assert_ne!(before, dear);
    let problem =
        update(&owner, &services, json!({"price_change_percent": 10})).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(pointers(&problem), ["#/service_ids/1"]);
    assert_eq!(everything(&service, &tenant).await, dear);
}

#[tokio::test]
async fn services_that_are_not_there_are_named() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let (owner, stranger) = (service.owner_of(&tenant).await, service.owner_of(&other).await);
    let services = three(&owner).await;
    let theirs = made(&stranger, "/api/v1/services", &a_service("Theirs")).await;
    owner.delete(&format!("/api/v1/services/{}", services[1])).await.expect(204);
    let before = (everything(&service, &tenant).await, everything(&service, &other).await);
    let wanted = [services[0].clone(), theirs, services[1].clone(), service.new_id().to_string()];
    let problem = update(&owner, &wanted, json!({"active": false})).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
    assert_eq!(pointers(&problem), ["#/service_ids/1", "#/service_ids/2", "#/service_ids/3"]);
    assert_eq!((everything(&service, &tenant).await, everything(&service, &other).await), before);
}

#[tokio::test]
async fn a_change_of_nothing_or_of_too_much_is_refused() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let services = three(&owner).await;
    let cases = [
        (json!({}), "#/update_fields"),
        (json!({"price_cents": 1, "price_change_percent": 1}), "#/update_fields/price_change_percent"),
        (json!({"price_change_percent": 1.005}), "#/update_fields/price_change_percent"),
        (json!({"price_change_percent": -100.5}), "#/update_fields/price_change_percent"),
        (json!({"price_cents": -1}), "#/update_fields/price_cents"),
        (json!({"name": "All the same"}), "#/update_fields/name"),
    ];
    for (fields, pointer) in cases {
        let problem = update(&owner, &services, fields).await.refused(400, "TITHI_VALIDATION_ERROR");
        assert_eq!(pointers(&problem), [pointer]);
    }
    let many: Vec<String> = (0..101).map(|_| service.new_id().to_string()).collect();
    update(&owner, &many, json!({"active": true})).await.refused(400, "TITHI_VALIDATION_ERROR");
    for client in [service.viewer_of(&tenant).await, service.staff_of(&tenant).await] {
        update(&client, &services, json!({"active": false})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        client.get(SERVICES).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    }
}
