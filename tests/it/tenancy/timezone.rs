//! Zones and what a clock shows in them.
use serde_json::{Value, json};

use crate::support::app::Service;

#[tokio::test]
async fn zones_are_listed_in_pages() {
    let service = Service::start().await;
    let (mut names, mut path) = (Vec::new(), "/api/v1/timezones?limit=100&include_total=true".to_owned());
    let mut total = Value::Null;
    loop {
        let page = service.visitor().get(&path).await.expect(200);
        assert!(page["tzdata_version"].as_str().unwrap().starts_with("20"));
        if total.is_null() {
            total = page["total"].clone();
        }
        names.extend(page["data"].as_array().unwrap().iter().map(|zone| zone["name"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/timezones?limit=100&cursor={cursor}");
    }
    assert_eq!(json!(names.len()), total);
    assert!(names.contains(&"Europe/Berlin".to_owned()));
    assert!(names.is_sorted_by_key(|name| name.to_lowercase()));
}

#[tokio::test]
async fn words_find_a_zone() {
    let service = Service::start().await;
    let found = service.visitor().get("/api/v1/timezones?q=new%20york").await.expect(200);
    assert_eq!(found["data"].as_array().unwrap().len(), 1);
    let zone = &found["data"][0];
    assert_eq!(zone["name"], "America/New_York");
    assert!(["-05:00", "-04:00"].contains(&zone["offset"].as_str().unwrap()));
    assert_eq!(service.visitor().get("/api/v1/timezones?q=atlantis").await.expect(200)["data"], json!([]));
    service.visitor().get("/api/v1/timezones?limit=101").await.refused(400, "TITHI_VALIDATION_ERROR");
}

async fn version(service: &Service) -> Value {
    service.visitor().get("/api/v1/timezones/version").await.expect(200)["tzdata_version"].clone()
}

#[tokio::test]
async fn every_answer_names_the_release_of_the_rules() {
    let service = Service::start().await;
    let version = version(&service).await;
    assert_eq!(version, tithi::kernel::zone::tzdb_version());
    assert_eq!(service.visitor().get("/api/v1/timezones?limit=1").await.expect(200)["tzdata_version"], version);
}

#[tokio::test]
async fn a_wall_time_is_read_elsewhere() {
    let service = Service::start().await;
    let ask = |local: &str, to: &str| json!({"local": local, "from": "America/New_York", "to": to});
    let path = "/api/v1/timezones/convert";
    let answer = service.visitor().post(path, &ask("2026-03-08T02:30", "Europe/Berlin")).await.expect(200);
    assert_eq!(answer["at"], "2026-03-08T07:30:00.000000Z");
    assert_eq!(answer["tzdata_version"], version(&service).await);
    assert_eq!(
        (&answer["from"]["local"], &answer["from"]["offset"]),
        (&json!("2026-03-08T03:30:00"), &json!("-04:00"))
    );
    assert_eq!((&answer["to"]["local"], &answer["to"]["offset"]), (&json!("2026-03-08T08:30:00"), &json!("+01:00")));
    for (local, to, pointer) in [("2026-02-30T10:00", "UTC", "#/local"), ("2026-03-08T10:00", "Mars/Olympus", "#/to")] {
        let problem = service.visitor().post(path, &ask(local, to)).await.refused(422, "TITHI_RULE_VIOLATION");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
}
