//! The directory of businesses that want to be found.
use serde_json::{Value, json};

use crate::support::app::Service;
use crate::support::people::Tenant;

const DIRECTORY: &str = "/api/v1/directory";

/// A business that says this about itself.
async fn listed(service: &Service, word: &str, change: &Value) -> Tenant {
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let mut wanted = json!({"is_public_directory": true, "public_blurb": format!("We do {word}."), "category": "Hair"});
    wanted.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    owner.patch(&format!("/api/v1/tenants/{}", tenant.id), &wanted).await.expect(200);
    tenant
}

fn word() -> String {
    format!("word{:016x}", rand::random::<u64>())
}

async fn slugs(service: &Service, query: &str) -> Vec<String> {
    let list = service.visitor().get(&format!("{DIRECTORY}?{query}")).await.expect(200);
    list["data"].as_array().unwrap().iter().map(|entry| entry["slug"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn who_wants_to_be_found_is_found_by_everybody() {
    let service = Service::start().await;
    let word = word();
    let found = listed(&service, &word, &json!({})).await;
    let _shy = listed(&service, &word, &json!({"is_public_directory": false})).await;
    let suspended = listed(&service, &word, &json!({})).await;
    let deleted = listed(&service, &word, &json!({})).await;
    for (tenant, change) in [(&suspended, "status = 'suspended'"), (&deleted, "deleted_at = now()")] {
        let sql = format!("UPDATE app.tenants SET {change} WHERE id = $1");
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(tenant.id.0);
        query.execute(&mut service.platform().await).await.unwrap();
    }
    let answer = service.visitor().get(&format!("{DIRECTORY}?q={}&include_total=true", word.to_uppercase())).await;
    assert_eq!(answer.header("cache-control"), "public, max-age=60");
    assert!(answer.header("ratelimit-policy").starts_with("\"anonymous\""), "{answer:?}");
    let etag = answer.header("etag").to_owned();
    let list = answer.expect(200);
    assert_eq!((&list["total"], list["data"].as_array().unwrap().len()), (&json!(1), 1), "{list}");
    let slug = &found.slug;
    let expected = json!({
        "slug": slug, "name": slug, "blurb": format!("We do {word}."), "category": "Hair", "timezone": "America/New_York",
        "url": format!("http://{slug}.localhost:8080"),
    });
    assert_eq!(list["data"][0], expected);
    let path = format!("{DIRECTORY}?q={}&include_total=true", word.to_uppercase());
    let known = service.visitor().with("if-none-match", &etag).get(&path).await;
    assert_eq!(known.status.as_u16(), 304);
    // nobody says who they are, and a wrong token is not looked at
    service.visitor().bearer("nonsense").get(&path).await.expect(200);
    assert_eq!(slugs(&service, "q=%25%25%25").await, Vec::<String>::new(), "a percent sign is a percent sign");
}

#[tokio::test]
async fn pages_join_and_a_cursor_is_for_its_words() {
    let service = Service::start().await;
    let word = word();
    let mut all = Vec::new();
    for _ in 0..5 {
        all.push(listed(&service, &word, &json!({})).await.slug);
    }
    all.sort_unstable();
    let (mut walked, mut path) = (Vec::new(), format!("{DIRECTORY}?q={word}&limit=2"));
    let last = loop {
        let page = service.visitor().get(&path).await.expect(200);
        walked.extend(page["data"].as_array().unwrap().iter().map(|one| one["slug"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break path };
        path = format!("{DIRECTORY}?q={word}&limit=2&cursor={cursor}");
    };
    assert_eq!(walked, all);
    service.visitor().get(&last.replace(&word, "other")).await.refused(400, "TITHI_CURSOR_INVALID");
    service.visitor().get(&format!("{DIRECTORY}?limit=0")).await.refused(400, "TITHI_VALIDATION_ERROR");
    service.visitor().get(&format!("{DIRECTORY}?q=")).await.refused(400, "TITHI_VALIDATION_ERROR");
}
