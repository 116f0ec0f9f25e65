//! What the database says of a failure stays inside: one request for each class of SQLSTATE.
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sea_orm::ConnectionTrait;
use serde_json::json;

use super::stage::Stage;
use crate::support::app::Service;
use crate::support::factory::bookable;

/// SQL, status, code. `:s`, `:r`, `:t` stand for a service, a resource and the tenant, `:x` for nobody.
const CASES: &[(&str, u16, &str)] = &[
    // unique: mapped by its name, and by its class
    (
        "INSERT INTO app.services (tenant_id, id, slug, name) SELECT ':t', ':x', slug, 'secret' FROM app.services WHERE id = ':s'",
        409,
        "",
    ),
    ("INSERT INTO app.services (tenant_id, id, slug, name) VALUES (':t', ':s', 'secret', 'secret')", 409, ""),
    // foreign key
    ("INSERT INTO app.service_resources (tenant_id, service_id, resource_id) VALUES (':t', ':x', ':r')", 422, ""),
    // check
    ("UPDATE app.services SET duration_min = -12345 WHERE id = ':s'", 422, ""),
    ("UPDATE app.services SET price_cents = -98765 WHERE id = ':s'", 422, ""),
    // exclusion
    (
        "INSERT INTO app.booking_allocations (tenant_id, id, booking_id, resource_id, start_at, end_at, state) \
      SELECT ':t', gen_random_uuid(), ':x', ':r', '2030-01-01', '2030-01-01 01:00', 'pending' FROM generate_series(1, 2)",
        409,
        "",
    ),
    // not null
    ("UPDATE app.services SET name = NULL WHERE id = ':s'", 500, "TITHI_INTERNAL_ERROR"),
    // too long, out of range, no date, no uuid, divided by zero
    ("UPDATE app.services SET duration_min = 99999999999 WHERE id = ':s'", 400, "TITHI_BAD_REQUEST"),
    ("SELECT '2030-13-45'::date", 400, "TITHI_BAD_REQUEST"),
    ("SELECT 'no-uuid'::uuid", 500, "TITHI_INTERNAL_ERROR"),
    ("SELECT 1 / 0", 500, "TITHI_INTERNAL_ERROR"),
    // row-level security, privileges, what is not there, what is no SQL
    (
        "INSERT INTO app.services (tenant_id, id, slug, name) VALUES (':x', ':x', 'other', 'other')",
        500,
        "TITHI_INTERNAL_ERROR",
    ),
    ("SELECT * FROM app.secrets_of_others", 500, "TITHI_INTERNAL_ERROR"),
    ("SELECT secret_column FROM app.services", 500, "TITHI_INTERNAL_ERROR"),
    ("UPDATE app.tenants SET slug = 'stolen'", 500, "TITHI_INTERNAL_ERROR"),
    ("SELEC nonsense", 500, "TITHI_INTERNAL_ERROR"),
    // cancelled, deadlocked, raised by a trigger
    ("SET LOCAL statement_timeout = '20ms'; SELECT pg_sleep(5)", 503, "TITHI_SERVICE_UNAVAILABLE"),
    (
        "DO $$ BEGIN RAISE EXCEPTION 'secret of app.bookings' USING ERRCODE = '40P01'; END $$",
        503,
        "TITHI_SERVICE_UNAVAILABLE",
    ),
    ("DO $$ BEGIN RAISE EXCEPTION 'secret of app.bookings'; END $$", 500, "TITHI_INTERNAL_ERROR"),
];

#[tokio::test]
async fn no_failure_of_the_database_speaks_of_it() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let subject = bookable(&service, &tenant).await;
    let nobody = service.new_id();
    let known = [
        (":s", subject.service_id.to_string()),
        (":r", subject.resource_id.to_string()),
        (":t", tenant.id.to_string()),
        (":x", nobody.to_string()),
    ];
    let at = Arc::new(AtomicUsize::new(0));
    let current = Arc::clone(&at);
    let names = known.clone();
    let stage = Stage::new(&service, move |call, _| {
        let sql = CASES[current.load(Ordering::SeqCst)].0.to_owned();
        let sql = names.iter().fold(sql, |sql, (name, value)| sql.replace(name, value));
        async move {
            call.scope.execute_unprepared(&sql).await?;
            Ok("nothing failed")
        }
    })
    .await;
    for (index, (sql, status, code)) in CASES.iter().enumerate() {
        at.store(index, Ordering::SeqCst);
        for caller in [stage.stranger(&tenant), stage.stranger(&tenant).key(&format!("leak-{index}"))] {
            let answer = caller.post("/anything", &json!({})).await;
            let text = String::from_utf8(answer.body.clone()).unwrap();
            let code = if code.is_empty() { answer.code() } else { (*code).to_owned() };
            answer.refused(*status, &code);
            let lower = text.to_lowercase();
            for word in [
                "app.",
                "select",
                "insert",
                "update ",
                "constraint",
                "relation",
                "column",
                "violates",
                "secret",
                "policy",
                "_pkey",
                "_fkey",
                "_unique",
                "_check",
                "services_",
                "duration_min",
                "price_cents",
                "postgres",
                "sqlx",
                "sqlstate",
                "23",
                "40p01",
                "12345",
                "98765",
                "stolen",
                "booking_allocations",
                "backtrace",
            ] {
                // digits may stand in an id: those are the caller's own
                let body = lower.replace(&answer_id(&text), "");
                assert!(!body.contains(word), "`{word}` after {sql}: {text}");
            }
            for (_, value) in &known {
                assert!(!text.contains(value.as_str()), "{value} after {sql}: {text}");
            }
        }
    }
}

fn answer_id(text: &str) -> String {
    let problem: serde_json::Value = serde_json::from_str(text).unwrap();
    problem["request_id"].as_str().unwrap().to_owned()
}
