//! What is noted about customers: by whom, for whom, and how it is forgotten.
use serde_json::{Value, json};
use uuid::Uuid;

use crate::catalogue::{audited, ids, made, pointers, told};
use crate::support::app::Service;
use crate::support::client::Client;

async fn customer(staff: &Client, name: &str) -> String {
    made(staff, "/api/v1/customers", &json!({"display_name": name, "email": format!("{name}@example.com")})).await
}

fn notes(customer: &str) -> String {
    format!("/api/v1/crm/customers/{customer}/notes")
}

#[tokio::test]
async fn notes_are_written_read_and_struck_out() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let staff = service.staff_of(&tenant).await;
    let ana = customer(&staff, "ana").await;
    let first = staff.post(&notes(&ana), &json!({"content": "Likes tea.\nNo milk."})).await;
    let (path, tag) = (first.header("location").to_owned(), first.header("etag").to_owned());
    let first = first.expect(201);
    assert_eq!((&first["content"], &first["created_by"]), (&"Likes tea.\nNo milk.".into(), &json!(tenant.staff)));
    assert_eq!(staff.get(&path).await.expect(200), first);
    let mut all = vec![first["id"].as_str().unwrap().to_owned()];
    for at in 0..4 {
        service.clock.advance(chrono::TimeDelta::seconds(1));
        all.insert(0, made(&staff, &notes(&ana), &json!({"content": format!("Note {at}")})).await);
    }
    assert_eq!(ids(&staff.get(&notes(&ana)).await.expect(200)), all, "the newest first");
    let page = staff.get(&format!("{}?limit=3", notes(&ana))).await.expect(200);
    let rest = format!("{}?limit=3&cursor={}", notes(&ana), page["next_cursor"].as_str().unwrap());
    assert_eq!(ids(&staff.get(&rest).await.expect(200)), all[3..]);

    let changed = staff.put(&path, &json!({"content": "Likes coffee."})).await.expect(200);
    assert_eq!((&changed["content"], &changed["created_at"]), (&"Likes coffee.".into(), &first["created_at"]));
    let stale = staff.clone().with("if-match", &tag);
    stale.put(&path, &json!({"content": "x"})).await.refused(412, "TITHI_PRECONDITION_FAILED");
    stale.delete(&path).await.refused(412, "TITHI_PRECONDITION_FAILED");
    staff.delete(&path).await.expect(204);
    staff.delete(&path).await.refused(404, "TITHI_NOTE_NOT_FOUND");
    staff.get(&path).await.refused(404, "TITHI_NOTE_NOT_FOUND");

    let id = first["id"].as_str().unwrap();
    assert_eq!(audited(&service, &tenant, "customer_notes", id).await, ["INSERT", "UPDATE", "DELETE"]);
    let told = told(&service, &tenant, id).await;
    let codes: Vec<&str> = told.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["CUSTOMER_NOTE_ADDED", "CUSTOMER_NOTE_UPDATED", "CUSTOMER_NOTE_DELETED"]);
    let logged: Vec<(Option<Value>, Option<Value>)> =
        sqlx::query_as("SELECT old_data, new_data FROM app.audit_logs WHERE tenant_id = $1 AND record_id = $2")
            .bind(tenant.id.0)
            .bind(id.parse::<Uuid>().unwrap())
            .fetch_all(&mut service.platform().await)
            .await
            .unwrap();
    assert!(!format!("{logged:?}{told:?}").contains("Likes"), "what was struck out is nowhere else");
}

#[tokio::test]
async fn staff_change_their_own_and_admins_any() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let (staff, admin) = (service.staff_of(&tenant).await, service.admin_of(&tenant).await);
    let (ana, bob) = (customer(&staff, "ana").await, customer(&staff, "bob").await);
    let by_admin = format!("{}/{}", notes(&ana), made(&admin, &notes(&ana), &json!({"content": "By admin"})).await);
    let id = made(&staff, &notes(&ana), &json!({"content": "By staff"})).await;
    let by_staff = format!("{}/{id}", notes(&ana));
    let body = json!({"content": "Changed"});
    let refused = staff.put(&by_admin, &body).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    assert!(refused["detail"].as_str().unwrap().contains("note.manage"), "{refused}");
    staff.delete(&by_admin).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    // refused for whose it is before anything is said of its state
    staff.clone().with("if-match", "\"no\"").delete(&by_admin).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    let changed = admin.put(&by_staff, &body).await.expect(200);
    assert_eq!(changed["created_by"], json!(tenant.staff), "who wrote it stays");
    staff.put(&by_staff, &body).await.expect(200);
    // by another customer's address it is not there
    staff.get(&format!("{}/{id}", notes(&bob))).await.refused(404, "TITHI_NOTE_NOT_FOUND");
    admin.delete(&format!("{}/{id}", notes(&bob))).await.refused(404, "TITHI_NOTE_NOT_FOUND");
    service.viewer_of(&tenant).await.get(&notes(&ana)).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    let elsewhere = service.owner_of(&other).await;
    for path in [notes(&ana), by_staff.clone()] {
        elsewhere.get(&path).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    }
    elsewhere.post(&notes(&ana), &body).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    elsewhere.delete(&by_staff).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    admin.delete(&by_staff).await.expect(204);
}

#[tokio::test]
async fn a_note_says_something_and_not_too_much() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let staff = service.staff_of(&tenant).await;
    let ana = customer(&staff, "ana").await;
    for bad in
        [json!({}), json!({"content": "  \n "}), json!({"content": "ä".repeat(10_001)}), json!({"content": null})]
    {
        let problem = staff.post(&notes(&ana), &bad).await.refused(400, "TITHI_VALIDATION_ERROR");
        assert_eq!(pointers(&problem), ["#/content"]);
    }
    let longest = json!({"content": "ä".repeat(10_000)});
    assert_eq!(staff.post(&notes(&ana), &longest).await.expect(201)["content"], longest["content"]);
}
