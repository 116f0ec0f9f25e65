//! The template's promises: idempotent without locks, and rows as each role finds them.
use sqlx::{AssertSqlSafe, PgConnection};
use tithi::db::audit::{Options, audit, self_check};

use super::sample::{A, B, Sample, run};

async fn count(conn: &mut PgConnection, sql: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
        .fetch_one(conn)
        .await
        .unwrap_or_else(|error| panic!("{error}: {sql}"))
}

#[tokio::test]
async fn policies_run_again_without_a_lock_or_a_change() {
    let sample = Sample::create("again").await;
    let mut conn = sample.admin().await;
    let state = "select md5(string_agg(p::text, ',' order by p.oid)) from pg_policy p";
    let before: String = sqlx::query_scalar(state).fetch_one(&mut conn).await.expect("policies");
    run(&mut conn, "set session authorization tithi_owner; begin").await;
    run(&mut conn, include_str!("../../../policies/010_context.sql")).await;
    run(&mut conn, include_str!("../../../policies/020_template.sql")).await;
    for line in include_str!("sample.sql").lines().filter(|line| line.starts_with("call ")) {
        run(&mut conn, line).await;
    }
    let locks = "select count(*) from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
                 where l.pid = pg_backend_pid() and n.nspname = 'app' and l.mode = 'AccessExclusiveLock'";
    assert_eq!(count(&mut conn, locks).await, 0);
    run(&mut conn, "commit; reset session authorization").await;
    let after: String = sqlx::query_scalar(state).fetch_one(&mut conn).await.expect("policies");
    assert_eq!(before, after);
    assert_eq!(audit(&mut conn, &Options::default()).await.expect("audit"), []);
    drop(conn);
    sample.drop_database().await;
}

#[tokio::test]
async fn each_role_finds_its_rows() {
    let sample = Sample::create("roles").await;
    let users = "select count(*) from app.users";
    let bookings = "select count(*) from app.bookings";

    let mut app = sample.login("tithi_app").await;
    assert_eq!(self_check(&mut app).await.expect("self check"), []);
    assert_eq!(count(&mut app, bookings).await, 0);
    run(&mut app, &format!("begin; set local app.tenant_id = '{A}'")).await;
    assert_eq!(count(&mut app, bookings).await, 2);
    assert_eq!(count(&mut app, users).await, 2, "the members' accounts");
    assert_eq!(count(&mut app, "select count(*) from app.tenants").await, 1);
    assert_eq!(count(&mut app, "select count(*) from app.sessions").await, 0, "nobody's session without a person");
    assert_eq!(count(&mut app, "select count(*) from app.tenant_directory").await, 2);
    let refused = sqlx::query("select from app.jobs").execute(&mut app).await.expect_err("the platform's own");
    assert_eq!(refused.as_database_error().and_then(|e| e.code()).as_deref(), Some("42501"));
    drop(app);

    let mut platform = sample.login("tithi_platform").await;
    assert_eq!(count(&mut platform, bookings).await, 4);
    assert_eq!(count(&mut platform, users).await, 4);
    let refused = sqlx::query("delete from app.audit_logs").execute(&mut platform).await.expect_err("append-only");
    assert_eq!(refused.as_database_error().and_then(|e| e.code()).as_deref(), Some("42501"));
    drop(platform);

    let mut owner = sample.login("tithi_owner").await;
    assert_eq!(count(&mut owner, bookings).await, 0);
    run(&mut owner, &format!("begin; set local app.tenant_id = '{B}'")).await;
    assert_eq!(count(&mut owner, bookings).await, 2);
    let refused = sqlx::query("truncate app.bookings").execute(&mut owner).await.expect_err("no TRUNCATE");
    assert_eq!(refused.as_database_error().and_then(|e| e.code()).as_deref(), Some("42501"));
    drop(owner);
    sample.drop_database().await;
}

#[tokio::test]
async fn the_self_check_refuses_the_wrong_login() {
    let sample = Sample::create("login").await;
    let rules = |findings: Vec<tithi::db::audit::Finding>| findings.iter().map(|f| f.rule).collect::<Vec<_>>();

    let mut admin = sample.admin().await;
    let found = rules(self_check(&mut admin).await.expect("self check"));
    assert!(["S01", "S03", "S04"].iter().all(|rule| found.contains(rule)), "{found:?}");

    let mut owner = sample.login("tithi_owner").await;
    assert!(rules(self_check(&mut owner).await.expect("self check")).contains(&"S02"));

    run(&mut admin, "alter table app.customers no force row level security, disable row level security").await;
    let mut app = sample.login("tithi_app").await;
    let found = self_check(&mut app).await.expect("self check");
    assert!(
        ["S03", "S04"].iter().all(|rule| found.iter().any(|f| f.rule == *rule && f.object == "app.customers")),
        "{found:?}"
    );

    let raises = "create or replace function app.current_tenant_id() returns uuid language sql stable
                  as $$ select current_setting('app.tenant_id')::uuid $$";
    run(&mut admin, raises).await;
    let mut app = sample.login("tithi_app").await;
    let found = self_check(&mut app).await.expect("a finding, not an error");
    assert!(found.iter().any(|f| f.rule == "S04" && f.message.contains("cannot look")), "{found:?}");
    assert_eq!(count(&mut app, "select count(*) from app.tenant_directory").await, 2, "the connection still works");
    drop((admin, owner, app));
    sample.drop_database().await;
}

/// A migration run judges its own transaction before it commits: the audit must neither end it nor change it.
#[tokio::test]
async fn the_audit_leaves_an_open_transaction_open() {
    let sample = Sample::create("open").await;
    let mut conn = sample.admin().await;
    run(&mut conn, "begin; set local search_path = app; create table app.plans (id uuid primary key)").await;
    let findings = audit(&mut conn, &Options::default()).await.expect("audit");
    assert!(findings.iter().any(|f| f.rule == "T04" && f.object == "app.plans"), "{findings:?}");
    assert_eq!(self_check(&mut conn).await.expect("self check").first().map(|f| f.rule), Some("S01"));
    assert_eq!(count(&mut conn, "select count(*) from plans").await, 0, "still there, on the same path");
    run(&mut conn, "commit").await;
    assert_eq!(count(&mut conn, "select count(*) from app.plans").await, 0);
    drop(conn);
    sample.drop_database().await;
}
