//! A storm: sixteen clients do everything at once to eight resources while the server is killed under them; then the
//! tables are audited. Nobody's time was given away twice, and nothing that was acknowledged is lost.
//!
//! 20000 operations take minutes: a run of the tests does fewer, and `TITHI_STORM_OPERATIONS=20000` the whole.
//! `TITHI_STORM_SEED` repeats the choices of a run.
mod audit;
mod checked;
mod client;
mod place;
mod wire;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use client::{Client, Storm};
use place::Place;
use sqlx::{Connection, PgConnection};
use tokio::task::JoinSet;
use uuid::Uuid;
use wire::Wire;

use crate::support::app::Service;
use crate::support::server::Server;

const CLIENTS: u64 = 16;
const KILLS: usize = 5;
/// What a run of all tests has time for.
const OPERATIONS: usize = 1_500;
/// However slow the machine is, it ends: so long at most, and so much more for each operation.
const LONGEST: Duration = Duration::from_secs(120);
const LONGEST_EACH: Duration = Duration::from_millis(150);
/// One hold expires each so many operations.
const AGED_EVERY: usize = 40;
/// A token lives for fifteen minutes.
const RENEWED: Duration = Duration::from_secs(300);

/// Holds that expire before their time, as if it had passed: the server is another process, with a clock of its own.
const AGE: &str = "
WITH due AS (
  SELECT id FROM app.booking_holds WHERE tenant_id = $1 AND status = 'held' AND expires_at > now()
  ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
), aged AS (
  UPDATE app.booking_holds h SET expires_at = now() FROM due WHERE h.tenant_id = $1 AND h.id = due.id RETURNING h.id
)
UPDATE app.booking_allocations a SET held_until = now() FROM aged WHERE a.tenant_id = $1 AND a.hold_id = aged.id";

/// A booking's time comes before its time, `$2` times three hours ago, where nothing else ever is. What the customer was
/// told of it stays: only those are taken of which nobody compares the start later.
const BEGIN: &str = "
WITH due AS (
  SELECT b.id, b.start_at - (date_trunc('hour', now()) - $2 * interval '3 hours') AS by FROM app.bookings b
  WHERE b.tenant_id = $1 AND b.status = 'confirmed' AND b.start_at > now() AND b.class_session_id IS NULL
    AND b.rescheduled_from IS NULL
    AND NOT EXISTS (SELECT FROM app.waitlist_entries w WHERE w.tenant_id = $1 AND w.booking_id = b.id)
  ORDER BY b.id DESC LIMIT 1 FOR UPDATE SKIP LOCKED
), moved AS (
  UPDATE app.booking_allocations a SET start_at = a.start_at - due.by, end_at = a.end_at - due.by
  FROM due WHERE a.tenant_id = $1 AND a.booking_id = due.id
)
UPDATE app.bookings b SET start_at = b.start_at - due.by, end_at = b.end_at - due.by
FROM due WHERE b.tenant_id = $1 AND b.id = due.id RETURNING b.id";

/// Makes the time of some confirmed booking have come, if there is one.
async fn begin(storm: &Storm, connection: &mut PgConnection, number: usize) {
    let count = i32::try_from(number + 1).unwrap();
    for attempt in 0.. {
        let query = sqlx::query_scalar::<_, Uuid>(BEGIN).bind(storm.place.tenant.id.0).bind(count);
        match query.fetch_optional(&mut *connection).await {
            Ok(begun) => {
                begun.into_iter().for_each(|id| storm.begun(id.to_string()));
                return;
            }
            // the storm may be at the same rows the other way round: that one goes on, this one comes again
            Err(error) => {
                let met = error
                    .as_database_error()
                    .and_then(|error| error.code())
                    .is_some_and(|code| ["40P01", "55P03"].contains(&&*code));
                assert!(met && attempt < 20, "{error}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_killed_nobody_has_anothers_time_and_nothing_promised_is_lost() {
    let seed = setting("TITHI_STORM_SEED").unwrap_or_else(rand::random);
    let wanted = setting("TITHI_STORM_OPERATIONS").map_or(OPERATIONS, |count| usize::try_from(count).unwrap());
    println!("TITHI_STORM_SEED={seed} TITHI_STORM_OPERATIONS={wanted}");
    let service = Service::alone().await;
    let place = Place::open(&service, wanted).await;
    let token = service.token(place.tenant.owner, Some(place.tenant.id)).await;
    let mut server = Server::start(&service.database).await;
    let wire = Wire::new(server.address, place.tenant.host(), token);
    let storm = Arc::new(Storm::new(place, wire, seed, wanted));

    let begun = Instant::now();
    let raged = tokio::time::timeout(
        LONGEST + LONGEST_EACH * u32::try_from(wanted).unwrap(),
        rage(&service, &storm, &mut server),
    )
    .await;
    raged.unwrap_or_else(|_| panic!("the storm does not end; TITHI_STORM_SEED={seed}"));
    let took = begun.elapsed().as_secs_f64();
    println!("{wanted} operations in {took:.1} s ({:.0} a second)", wanted as f64 / took);
    for (what, count) in storm.wire.met.lock().unwrap().iter() {
        println!("{count:>7} {what}");
    }
    let mut looking = service.platform().await;
    audit::figures(&mut looking, storm.place.tenant.id.0).await;
    let facts = storm.facts.lock().unwrap().clone();
    let faults = audit::faults(&mut looking, storm.place.tenant.id.0, &facts).await;
    looking.close().await.unwrap();
    assert!(faults.is_empty(), "TITHI_STORM_SEED={seed}\n{}", faults.join("\n"));
}

/// All clients to their end, the server killed at equal distances.
async fn rage(service: &Service, storm: &Arc<Storm>, server: &mut Server) {
    let tenant = &storm.place.tenant;
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let storm = Arc::clone(storm);
        clients.spawn(async move { Client::new(&storm, number).run().await });
    }
    let mut aging = service.platform().await;
    let (mut kills, mut aged, mut renewed, mut down) = (0, 0, Instant::now(), Duration::ZERO);
    while !clients.is_empty() {
        tokio::time::sleep(Duration::from_millis(50)).await;
        // whoever has failed is heard at once
        while let Some(ended) = clients.try_join_next() {
            ended.unwrap_or_else(|error| panic!("TITHI_STORM_SEED={}: {error}", storm.seed));
        }
        let done = storm.begun.load(Ordering::Relaxed);
        while aged < done / AGED_EVERY {
            sqlx::query(AGE).bind(tenant.id.0).execute(&mut aging).await.unwrap();
            begin(storm, &mut aging, aged).await;
            aged += 1;
        }
        if kills < KILLS && done >= storm.wanted * (kills + 1) / (KILLS + 1) {
            let killed = Instant::now();
            server.kill().await;
            down += killed.elapsed();
            kills += 1;
        }
        if renewed.elapsed() > RENEWED {
            service.clock.advance(TimeDelta::from_std(renewed.elapsed()).unwrap());
            storm.wire.renew(service.token(tenant.owner, Some(tenant.id)).await);
            renewed = Instant::now();
        }
    }
    println!("{kills} kills, the server was gone for {:.1} s of it", down.as_secs_f64());
    assert_eq!(kills, KILLS);
}

#[expect(clippy::disallowed_methods, reason = "how long a test runs is no setting of the service")]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{name}: give a number")))
}
