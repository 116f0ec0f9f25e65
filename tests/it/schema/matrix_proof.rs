//! The attack matrix proves itself: no failure on the sample, and a failure of the right kind for each defect.
use std::time::Instant;

use super::matrix;
use super::sample::{A, B, Sample, run};

#[tokio::test]
async fn no_attack_succeeds_on_the_sample() {
    let sample = Sample::create("matrix").await;
    let start = Instant::now();
    let report = matrix::run(&mut sample.admin().await, [A, B]).await;
    println!("{report} in {:?}", start.elapsed());
    assert!(report.failures.is_empty(), "{report}");
    assert!(report.cells > 700 && report.passed > 600, "{report}");
    assert_eq!(report.cells, report.passed + report.no_grant);
    sample.drop_database().await;
}

/// Each defect, and words that one of the failures must contain.
const DEFECTS: &[(&str, &[&str])] = &[
    ("alter table app.bookings no force row level security, disable row level security", &["M03 app.bookings as tithi_app, context unset, unfiltered select: 4 rows"]),
    ("alter table app.bookings no force row level security", &["M03 app.bookings as tithi_owner"]),
    ("drop policy tenant_floor on app.bookings; create policy open on app.bookings using (true)", &["M03 app.bookings", "context unknown"]),
    ("alter policy tenant_floor on app.bookings with check (true); alter policy app_rw on app.bookings with check (true)", &["M03 app.bookings", "insert: 23505"]),
    ("alter policy tenant_floor on app.customers with check (true); alter policy app_rw on app.customers with check (true); grant update on app.customers to tithi_app", &["M03 app.customers", "re-parent"]),
    ("drop policy app_rw on app.bookings", &["M02 app.bookings", "unfiltered select: 0 rows"]),
    ("drop policy app_rw on app.resources; create policy app_w on app.resources for insert with check (true)", &["M02 app.resources", "insert returning: 42501"]),
    ("grant truncate on app.bookings to tithi_app", &["M03 app.bookings as tithi_app", "truncate"]),
    ("alter function app.current_tenant_id() immutable", &["M03 app.bookings", "cached plan, first one's rows: 2 rows"]),
    ("create function app.ctx() returns uuid language sql immutable as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;
      create or replace function app.current_tenant_id() returns uuid language sql stable as $$ select app.ctx() $$", &["cached plan, first one's rows: 2 rows"]),
    ("alter table app.bookings add constraint ref unique (provider_ref)", &["M02 app.bookings", "existence oracle: 23505 ref"]),
    ("alter table app.bookings drop constraint bookings_no_overlap, drop constraint bookings_resource_fk; update app.bookings set resource_id = id;
      alter table app.bookings add constraint seen exclude using gist (resource_id with =, tstzrange(start_at, end_at) with &&)", &["existence oracle: 23P01 seen"]),
    ("alter table app.user_analytics drop constraint user_analytics_pkey, add primary key (id)", &["M02 app.user_analytics", "existence oracle: 23505"]),
    ("alter table app.customers add constraint one unique (id); alter table app.bookings drop constraint bookings_customer_fk, add constraint single foreign key (customer_id) references app.customers (id)",
      &["M03 app.bookings", "foreign key single: 1 rows"]),
    ("alter view app.booking_overview set (security_invoker = false); alter view app.booking_overview owner to postgres", &["M03 app.booking_overview", "context unset"]),
    ("drop policy person_floor on app.user_analytics; alter policy app_rw on app.user_analytics using (tenant_id = app.current_tenant_id())", &["M03 app.user_analytics (user_id)"]),
    ("drop policy person_floor on app.sessions; create policy open on app.sessions using (true)", &["M03 app.sessions"]),
    ("delete from app.user_analytics where minutes = 5", &["M00 app.user_analytics"]),
    ("create table app.notes (tenant_id uuid not null, id uuid, primary key (tenant_id, id))", &["M00 app.notes"]),
];

#[tokio::test]
async fn each_defect_makes_it_fail() {
    let sample = Sample::create("matrix_proof").await;
    let mut quiet = String::new();
    for (change, words) in DEFECTS {
        // Inside a transaction that is open already the matrix's own `begin` only warns, and its rollback ends both.
        let mut conn = sample.admin().await;
        run(&mut conn, &format!("begin; {change}")).await;
        let report = matrix::run(&mut conn, [A, B]).await;
        if !report.failures.iter().any(|failure| words.iter().all(|word| failure.contains(word))) {
            quiet += &format!("\n{change}\n  wanted {words:?} in {report}");
        }
    }
    assert!(quiet.is_empty(), "{quiet}");
    sample.drop_database().await;
}

#[tokio::test]
async fn a_used_connection_is_refused() {
    let sample = Sample::create("matrix_used").await;
    let mut conn = sample.admin().await;
    run(&mut conn, &format!("begin; set local app.tenant_id = '{A}'; rollback")).await;
    let report = matrix::run(&mut conn, [A, B]).await;
    assert!(report.failures.iter().any(|failure| failure.starts_with("M01")), "{report}");
    drop(conn);
    sample.drop_database().await;
}
