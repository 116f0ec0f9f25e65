//! The service's own schema, as the migrations make it: no finding, and no attack that gets through.
use std::time::Instant;

use tithi::db::audit::{Options, audit, refuses, self_check};
use tithi::db::migrate;

use super::sample::{A, B, run};
use super::{matrix, matrix_rows};
use crate::support::database::Database;

#[tokio::test]
async fn the_catalogue_has_no_finding() {
    let database = Database::own().await;
    let findings = audit(&mut database.connect("postgres").await, &Options::default()).await.expect("audit");
    assert_eq!(findings, []);
    // A serving process sees the same without any privilege.
    let mut app = database.connect("tithi_app").await;
    assert_eq!(audit(&mut app, &Options::default()).await.expect("audit"), []);
    assert_eq!(self_check(&mut app).await.expect("self check"), []);
}

#[tokio::test]
async fn without_the_guard_against_double_booking_nothing_starts() {
    let database = Database::own().await;
    let (owner, app) = (database.options("tithi_owner"), database.options("tithi_app"));
    assert_eq!(migrate::findings(&owner, &app).await.expect("findings"), []);
    let drop = "alter table app.booking_allocations drop constraint booking_no_overlap";
    run(&mut database.connect("postgres").await, drop).await;
    let findings = migrate::findings(&owner, &app).await.expect("findings");
    assert!(findings.len() == 1 && findings[0].rule == "B01" && refuses(&findings), "{findings:?}");
}

#[tokio::test]
async fn no_attack_gets_through() {
    let database = Database::own().await;
    let mut conn = database.connect("postgres").await;
    run(&mut conn, "begin").await;
    matrix_rows::fill(&mut conn, [A, B]).await;
    let start = Instant::now();
    let report = matrix::run(&mut conn, [A, B]).await;
    println!("{report} in {:?}", start.elapsed());
    assert!(report.failures.is_empty(), "{report}");
    assert!(report.cells > 1000, "{report}");
}

/// The same two guards, each on a broken copy of the service's schema: neither is blind there.
#[tokio::test]
async fn a_defect_is_seen_by_both() {
    let database = Database::own().await;
    for (change, rule, table, cell) in [
        ("drop policy tenant_floor on app.bookings", "P02", "app.bookings", ""),
        (
            "alter table app.customers no force row level security, disable row level security",
            "T01",
            "app.customers",
            "unfiltered select",
        ),
        (
            "alter table app.booking_allocations drop constraint booking_no_overlap,
               add constraint booking_no_overlap exclude using gist (resource_id with =, occupied with &&)",
            "T10",
            "app.booking_allocations",
            "existence oracle: 23P01 booking_no_overlap",
        ),
        (
            "alter table app.customers add constraint one unique (id);
             alter table app.bookings drop constraint bookings_customer_id_fkey,
               add constraint single foreign key (customer_id) references app.customers (id)",
            "T13",
            "app.bookings",
            "foreign key single: 1 rows",
        ),
        (
            "grant update on app.services to tithi_app; alter policy tenant_floor on app.services with check (true);
             alter policy app_rw on app.services with check (true)",
            "T22",
            "app.services",
            "re-parent: 2 rows",
        ),
    ] {
        let mut conn = database.connect("postgres").await;
        run(&mut conn, "begin").await;
        matrix_rows::fill(&mut conn, [A, B]).await;
        run(&mut conn, change).await;
        let findings = audit(&mut conn, &Options::default()).await.expect("audit");
        assert!(findings.iter().any(|f| f.rule == rule && f.object == table), "{change}: {findings:?}");
        let report = matrix::run(&mut conn, [A, B]).await;
        let seen = report.failures.iter().any(|failure| failure.contains(table) && failure.contains(cell));
        // A missing floor alone leaks nothing: only the audit can see it.
        assert_eq!(seen, !cell.is_empty(), "{change}: {report}");
    }
}
