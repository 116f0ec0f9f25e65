//! A flood that is throttled does not reach the database.
use std::time::{Duration, Instant};

use sqlx::PgConnection;

use crate::support::app::Service;
use crate::support::database::Database;

/// Transactions that ended in a database so far, of everybody but this connection's own.
async fn transactions(connection: &mut PgConnection, database: &str) -> i64 {
    sqlx::query_scalar("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = $1")
        .bind(database)
        .fetch_one(connection)
        .await
        .unwrap()
}

/// The figure once it stands still: a server process reports what it did with some delay.
async fn settled(connection: &mut PgConnection, database: &str) -> i64 {
    let mut last = (transactions(connection, database).await, Instant::now());
    let deadline = Instant::now() + Duration::from_secs(20);
    while last.1.elapsed() < Duration::from_millis(1_300) {
        assert!(Instant::now() < deadline, "the figure never stands still");
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = transactions(connection, database).await;
        if now != last.0 {
            last = (now, Instant::now());
        }
    }
    last.0
}

#[tokio::test]
async fn of_two_hundred_requests_three_open_a_transaction() {
    let database = Database::own().await;
    let service =
        Service::build(database.clone(), &["--limit-anonymous", "3/600", "--limit-default", "3/600"], None).await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let mut looking = PgConnection::connect_elsewhere().await;
    // the directory knows the tenant and the pool has its connections: what is counted is the flood
    service.visitor().get("/v1/nobody-here/services").await.refused(404, "TITHI_TENANT_NOT_FOUND");
    service.app.directory.by_id(tenant.id).await.unwrap();
    service.app.directory.by_slug(&tenant.slug).await.unwrap();
    let before = settled(&mut looking, &database.name).await;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let client = owner.clone();
        calls.spawn(async move { client.get("/api/v1/bookings").await.status.as_u16() });
    }
    let seen = calls.join_all().await;
    let of = |status: u16| seen.iter().filter(|s| **s == status).count();
    assert_eq!((of(200), of(429)), (3, 197));
    let opened = settled(&mut looking, &database.name).await - before;
    println!("200 requests, 197 throttled: {opened} transactions");
    assert!((1..=3).contains(&opened), "{opened} transactions");

    // nor do two hundred names that nobody has
    let before = settled(&mut looking, &database.name).await;
    let visitor = service.visitor();
    for at in 0..200 {
        visitor.get(&format!("/v1/guess-{at}/services")).await;
    }
    let opened = settled(&mut looking, &database.name).await - before;
    assert!(opened <= 3, "{opened} transactions for guessed names");
}

trait Elsewhere {
    /// A connection whose own transactions are another database's.
    async fn connect_elsewhere() -> Self;
}

impl Elsewhere for PgConnection {
    async fn connect_elsewhere() -> Self {
        Database { name: "postgres".to_owned() }.connect("postgres").await
    }
}
