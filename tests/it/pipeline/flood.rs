//! A flood that is throttled does not reach the database.
use super::wire::Wire;
use crate::support::app::Service;
use crate::support::database::Database;

#[tokio::test]
async fn of_two_hundred_requests_three_open_a_transaction() {
    let database = Database::own().await;
    let wire = Wire::new(&database.options("tithi_app"));
    let flags = ["--limit-anonymous", "3/600", "--limit-default", "3/600"];
    let service = Service::through(database, &flags, None, |options| wire.lead(options)).await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    // what the directory knows is not asked for: what is counted is the flood
    service.app.directory.by_id(tenant.id).await.unwrap();
    service.app.directory.by_slug(&tenant.slug).await.unwrap();
    wire.take();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let client = owner.clone();
        calls.spawn(async move { client.get("/api/v1/bookings").await.status.as_u16() });
    }
    let seen = calls.join_all().await;
    let of = |status: u16| seen.iter().filter(|s| **s == status).count();
    assert_eq!((of(200), of(429)), (3, 197));
    let run = wire.take();
    let opened = run.iter().filter(|sql| sql.starts_with("BEGIN")).count();
    println!("200 requests, 197 throttled: {opened} transactions, {} statements", run.len());
    assert_eq!(opened, 3, "{run:#?}");
    assert!(run.iter().filter(|sql| !sql.starts_with("ROLLBACK")).count() <= 9, "{run:#?}");

    // nor do two hundred names that nobody has
    let visitor = service.visitor();
    for at in 0..200 {
        visitor.get(&format!("/v1/guess-{at}/services")).await;
    }
    let opened = wire.take().iter().filter(|sql| sql.starts_with("BEGIN")).count();
    assert_eq!(opened, 3, "as many as the bucket has");
}
