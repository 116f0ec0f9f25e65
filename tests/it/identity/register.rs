//! Registering makes an account, tells of it, and logs in.
use serde_json::{Value, json};

use super::{PASSWORD, new_email, registered, text};
use crate::support::app::Service;

#[tokio::test]
async fn an_account_is_made_told_of_and_logged_in() {
    let service = Service::start().await;
    let email = format!("Ana.{}", new_email());
    let body = json!({"email": email, "password": PASSWORD, "display_name": " Ana Lima "});
    let answer = service.visitor().post("/api/v1/auth/register", &body).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("location"), "/api/v1/users/me");
    let answer = answer.expect(201);
    assert_eq!(answer["user"]["email"], email);
    assert_eq!(answer["user"]["display_name"], "Ana Lima");
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(900)));

    let me = service.visitor().bearer(text(&answer, "access_token")).get("/api/v1/users/me").await.expect(200);
    assert_eq!(me["user"]["id"], answer["user"]["id"]);
    assert_eq!(me["tenants"], json!([]));
    assert_eq!(me["user_context"]["tenant_id"], Value::Null);

    let id: uuid::Uuid = text(&answer["user"], "id").parse().unwrap();
    let mut database = service.platform().await;
    let (hash, normal): (String, String) =
        sqlx::query_as("SELECT password_hash, email_normalized FROM app.users WHERE id = $1")
            .bind(id)
            .fetch_one(&mut database)
            .await
            .unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    assert_eq!(normal, email.to_lowercase());
    let told: Vec<(String, Value)> =
        sqlx::query_as("SELECT event_code, payload FROM app.events_outbox WHERE tenant_id = $1 AND aggregate_id = $2")
            .bind(service.app.home.0)
            .bind(id)
            .fetch_all(&mut database)
            .await
            .unwrap();
    assert_eq!(told, [("USER_CREATED".to_owned(), json!({"user_id": id}))]);
    let logged: Vec<Value> = sqlx::query_scalar(
        "SELECT new_data FROM app.audit_logs WHERE record_id = $1 AND table_name = 'users' ORDER BY id",
    )
    .bind(id)
    .fetch_all(&mut database)
    .await
    .unwrap();
    assert!(!logged.is_empty());
    assert!(logged.iter().all(|row| row.get("password_hash").is_none() && row["primary_email"] == json!(email)));
}

#[tokio::test]
async fn an_address_has_one_account_however_it_is_spelled() {
    let service = Service::start().await;
    let (account, _) = registered(&service).await;
    let body = json!({"email": account.email.to_uppercase(), "password": PASSWORD, "display_name": "Another"});
    let problem = service.visitor().post("/api/v1/auth/register", &body).await.refused(409, "TITHI_EMAIL_TAKEN");
    assert_eq!(problem["errors"][0]["pointer"], "#/email");
    let told: i64 = sqlx::query_scalar("SELECT count(*) FROM app.events_outbox WHERE payload->>'user_id' = $1")
        .bind(account.id.to_string())
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    assert_eq!(told, 1);
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let service = Service::start().await;
    let good = json!({"email": new_email(), "password": PASSWORD, "display_name": "Ana"});
    for (member, value, pointer) in [
        ("email", json!("nobody"), "#/email"),
        ("email", json!("a..b@example.com"), "#/email"),
        ("password", json!("short"), "#/password"),
        ("password", json!("password1234"), "#/password"),
        ("password", json!("x".repeat(129)), "#/password"),
        ("display_name", json!("  "), "#/display_name"),
        ("is_super_admin", json!(true), "#/is_super_admin"),
    ] {
        let mut body = good.clone();
        body[member] = value;
        let problem =
            service.visitor().post("/api/v1/auth/register", &body).await.refused(400, "TITHI_VALIDATION_ERROR");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        assert!(!problem.to_string().contains(good["password"].as_str().unwrap()), "a password is never repeated");
    }
}

#[tokio::test]
async fn the_old_address_answers_too() {
    let service = Service::start().await;
    let body = json!({"email": new_email(), "password": PASSWORD, "display_name": "Ana"});
    let answer = service.visitor().post("/auth/register", &body).await;
    assert_eq!(answer.header("deprecation"), "@1767225600");
    answer.expect(201);
}
