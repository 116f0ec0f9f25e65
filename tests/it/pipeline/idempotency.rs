//! A key makes a request happen once: what a key is, whose it is, what is kept under it and how long.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use tithi::jobs;

use crate::support::app::Service;
use crate::support::client::{Answer, Client};
use crate::support::database::Database;
use crate::support::factory::{Bookable, bookable};
use crate::support::people::Tenant;

async fn set() -> (Service, Tenant, Bookable, Vec<String>) {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let subject = bookable(&service, &tenant).await;
    let free = subject.free(&service.visitor()).await;
    (service, tenant, subject, free)
}

fn replayed(answer: &Answer) -> bool {
    answer.header("idempotent-replayed") == "true"
}

/// How many bookings a business has, and how many keys it keeps.
async fn kept(service: &Service, tenant: &Tenant) -> (i64, i64) {
    let sql = "SELECT (SELECT count(*) FROM app.bookings WHERE tenant_id = $1), \
                      (SELECT count(*) FROM app.idempotency_keys WHERE tenant_id = $1)";
    sqlx::query_as(sql).bind(tenant.id.0).fetch_one(&mut service.platform().await).await.unwrap()
}

#[tokio::test]
async fn both_spellings_are_one_key_and_what_is_none_is_refused() {
    let (service, tenant, subject, free) = set().await;
    let visitor = service.visitor();
    let (path, body) = (subject.bookings(), subject.booking(&free[0]));
    let first = visitor.key("one-key").post(&path, &body).await;
    for spelling in ["\"one-key\"", "one-key", " \"one-key\" "] {
        let again = visitor.key(spelling).post(&path, &body).await;
        assert!(replayed(&again), "{spelling}");
        assert_eq!(again.body, first.body);
    }
    first.expect(201);
    for bad in ["", "\"\"", "two words", "\"half", "a\"b", "\"a\"b\"", &"k".repeat(256)] {
        let answer = visitor.key(bad).post(&path, &body).await;
        assert!(
            ["TITHI_IDEMPOTENCY_KEY_INVALID"].contains(&answer.code().as_str()) || bad == "\"half" || bad == "a\"b",
            "{bad}"
        );
        if answer.status != 400 {
            // a quote inside a bare token is a visible character like any other
            assert_eq!(answer.status, 409);
        }
    }
    visitor.key(&"k".repeat(255)).post(&path, &subject.booking(&free[1])).await.expect(201);
    visitor.post(&path, &subject.booking(&free[2])).await.refused(400, "TITHI_IDEMPOTENCY_KEY_MISSING");
    assert_eq!(kept(&service, &tenant).await.0, 2);
}

#[tokio::test]
async fn who_may_not_hears_so_before_the_key_is_asked_for() {
    let (service, tenant, ..) = set().await;
    let path = format!("/api/v1/bookings/{}/confirm", service.new_id());
    let (stranger, viewer, staff) =
        (service.stranger(&tenant), service.viewer_of(&tenant).await, service.staff_of(&tenant).await);
    stranger.send(Method::POST, &path, None).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    viewer.send(Method::POST, &path, None).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    staff.send(Method::POST, &path, None).await.refused(400, "TITHI_IDEMPOTENCY_KEY_MISSING");
    // a key is no matter of reading or deleting
    staff.key("not a key").get("/api/v1/bookings").await.expect(200);
    staff.key("not a key").delete("/api/v1/nothing").await.refused(404, "TITHI_NOT_FOUND");
}

#[tokio::test]
async fn a_repeat_has_the_same_bytes_and_says_what_it_is() {
    let (service, tenant, subject, free) = set().await;
    let staff = service.staff_of(&tenant).await;
    let body = subject.booking(&free[0]);
    let first = staff.key("repeat").with("x-request-id", "the-first").post("/api/v1/bookings", &body).await;
    let again = staff.key("repeat").with("x-request-id", "the-second").post("/api/v1/bookings", &body).await;
    assert_eq!((first.status, again.status), (reqwest::StatusCode::CREATED, reqwest::StatusCode::CREATED));
    assert_eq!(first.body, again.body);
    assert!(!first.header("location").is_empty() && !first.header("etag").is_empty());
    for name in ["location", "etag", "content-type", "cache-control"] {
        assert_eq!(first.header(name), again.header(name), "{name}");
    }
    assert_eq!((replayed(&first), replayed(&again)), (false, true));
    assert_eq!((again.header("original-request"), again.header("x-request-id")), ("the-first", "the-second"));
    assert_eq!(first.header("original-request"), "");

    // anything else under the key is refused, and the first answer stays what it was
    for (path, kind, other) in [
        ("/api/v1/bookings", "application/json", subject.booking(&free[1]).to_string()),
        ("/api/v1/bookings", "application/json", format!(" {body}")),
        ("/api/v1/bookings?dry=1", "application/json", body.to_string()),
        ("/api/v1/bookings", "application/merge-patch+json", body.to_string()),
    ] {
        let answer = staff.key("repeat").raw(Method::POST, path, kind, Some(other.into_bytes())).await;
        answer.refused(422, "TITHI_IDEMPOTENCY_KEY_REUSED");
    }
    let parameters = ("application/json; charset=utf-8", body.to_string().into_bytes());
    let again = staff.key("repeat").raw(Method::POST, "/api/v1/bookings", parameters.0, Some(parameters.1)).await;
    assert!(replayed(&again) && again.body == first.body);
    assert_eq!(kept(&service, &tenant).await, (1, 1));
}

#[tokio::test]
async fn a_key_belongs_to_one_business_one_caller_and_one_operation() {
    let (service, a, subject, free) = set().await;
    let b = service.tenant().await;
    let other = bookable(&service, &b).await;
    let visitor = service.visitor().key("everybody's");
    let mut answers = vec![
        visitor.post(&subject.bookings(), &subject.booking(&free[0])).await,
        visitor.post(&other.bookings(), &other.booking(&free[0])).await,
    ];
    let (staff, admin) = (service.staff_of(&a).await.key("everybody's"), service.admin_of(&a).await.key("everybody's"));
    answers.push(staff.post("/api/v1/bookings", &subject.booking(&free[1])).await);
    answers.push(admin.post("/api/v1/bookings", &subject.booking(&free[2])).await);
    for answer in &answers {
        assert!(!replayed(answer));
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    let id = answers[2].json()["id"].as_str().unwrap().to_owned();
    let (cancel, confirm) = (format!("/api/v1/bookings/{id}/cancel"), format!("/api/v1/bookings/{id}/confirm"));
    let confirmed = staff.post(&confirm, &json!({})).await;
    assert!(!replayed(&confirmed));
    let canceled = staff.post(&cancel, &json!({})).await;
    assert!(!replayed(&canceled));
    canceled.expect(200);
    // the same operation on another booking is another request under the same key
    let second = answers[3].json()["id"].as_str().unwrap().to_owned();
    let reused = staff.post(&format!("/api/v1/bookings/{second}/cancel"), &json!({})).await;
    reused.refused(422, "TITHI_IDEMPOTENCY_KEY_REUSED");
}

#[tokio::test]
async fn a_twin_in_flight_is_told_at_once() {
    let (service, tenant, subject, free) = set().await;
    let visitor = service.visitor().key("in-flight");
    let (path, body) = (subject.bookings(), subject.booking(&free[0]));
    // somebody else holds the customer's e-mail address: the first request waits for them
    let mut other = service.platform().await;
    for sql in [
        "BEGIN".to_owned(),
        format!(
            "INSERT INTO app.customers (tenant_id, id, display_name, email, email_normalized) \
             VALUES ('{}', '{}', 'Ana', 'ana@example.com', 'ana@example.com')",
            tenant.id,
            service.new_id()
        ),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut other).await.unwrap();
    }
    let (client, first_path, first_body) = (visitor.clone(), path.clone(), body.clone());
    let first = tokio::spawn(async move { client.post(&first_path, &first_body).await });
    service.database.until_waiting("%INSERT INTO app.customers%").await;
    // the first is held open until this test lets it go: an answer to the second is one that did not wait for it
    let twin = visitor.post(&path, &body).await;
    assert!(!first.is_finished());
    assert_eq!(twin.header("retry-after"), "1");
    twin.refused(409, "TITHI_IDEMPOTENCY_IN_PROGRESS");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    let first = first.await.unwrap();
    let again = visitor.post(&path, &body).await;
    assert!(replayed(&again) && again.body == first.body);
    first.expect(201);
}

#[tokio::test]
async fn a_final_refusal_is_kept_and_any_other_is_not() {
    let (service, tenant, subject, free) = set().await;
    let visitor = service.visitor();
    let path = subject.bookings();
    let book = async |client: &Client, key: &str, body: &Value| client.key(key).post(&path, body).await;
    book(&visitor, "takes", &subject.booking(&free[0])).await.expect(201);
    let taken = book(&visitor, "late", &subject.booking(&free[0])).await;
    let again = book(&visitor, "late", &subject.booking(&free[0])).await;
    assert_eq!((taken.status.as_u16(), replayed(&taken), replayed(&again)), (409, false, true));
    assert_eq!((&taken.body, again.header("content-type")), (&again.body, "application/problem+json"));
    // also once the time is free again: that is what a key is for
    sqlx::query("UPDATE app.bookings SET status = 'canceled', canceled_at = now() WHERE tenant_id = $1")
        .bind(tenant.id.0)
        .execute(&mut service.platform().await)
        .await
        .unwrap();
    assert!(replayed(&book(&visitor, "late", &subject.booking(&free[0])).await));
    let mut nobody = subject.booking(&free[1]);
    nobody["service_id"] = json!(service.new_id());
    book(&visitor, "gone", &nobody).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
    assert!(replayed(&book(&visitor, "gone", &nobody).await));

    // 400: put right under the same key, it is served
    let mut wrong = subject.booking(&free[2]);
    wrong["customer"]["email"] = json!("no address");
    book(&visitor, "typo", &wrong).await.refused(400, "TITHI_VALIDATION_ERROR");
    book(&visitor, "typo", &subject.booking(&free[2])).await.expect(201);
    // 401 and 403
    let confirm = format!("/api/v1/bookings/{}/confirm", service.new_id());
    let viewer = service.viewer_of(&tenant).await;
    viewer.key("not-mine").post(&confirm, &json!({})).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    service.stranger(&tenant).key("nobody's").post(&confirm, &json!({})).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    let keys: Vec<String> =
        sqlx::query_scalar("SELECT key FROM app.idempotency_keys WHERE tenant_id = $1 ORDER BY key")
            .bind(tenant.id.0)
            .fetch_all(&mut service.platform().await)
            .await
            .unwrap();
    assert_eq!(keys, ["gone", "late", "takes", "typo"]);
}

#[tokio::test]
async fn a_key_is_new_again_after_a_day_and_the_job_removes_it() {
    let service = Service::build(Database::own().await, &[], None).await;
    let tenant = service.tenant().await;
    let subject = bookable(&service, &tenant).await;
    let visitor = service.visitor();
    let free = subject.free(&visitor).await;
    let book = async |start: &str| visitor.key("daily").post(&subject.bookings(), &subject.booking(start)).await;
    let first = book(&free[100]).await;
    service.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
    assert_eq!(book(&free[100]).await.body, first.body);
    jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(kept(&service, &tenant).await, (1, 1), "not due yet");
    service.clock.advance(TimeDelta::seconds(1));
    let second = book(&free[101]).await;
    assert!(!replayed(&second));
    assert_eq!(second.status, 201, "the key is as good as new");
    assert!(replayed(&book(&free[101]).await));
    assert_eq!(kept(&service, &tenant).await, (2, 1));
    service.clock.advance(TimeDelta::hours(25));
    let removed = jobs::keep_house(&service.app).await.unwrap();
    assert!(removed.contains(&("idempotency_keys", 1)), "{removed:?}");
    assert_eq!(kept(&service, &tenant).await, (2, 0));
}
