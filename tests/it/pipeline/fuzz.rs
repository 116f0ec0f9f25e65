//! Requests that are given up at any moment, over a pool that is too small: no row of another business, no row
//! for whoever named none. The same with the context left in the session shows that it would be seen.
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ::entity::ids::TenantId;
use sea_orm::{ConnectionTrait, Statement};
use sqlx::{AssertSqlSafe, PgPool, Row};
use tithi::db::{Access, PoolSize, Scope, TenantDb, pool};
use uuid::Uuid;

use crate::support::app::Service;
use crate::support::factory::bookable;
use crate::support::people::Tenant;

const WORKERS: u64 = 8;
const OWNERS: &str = "SELECT tenant_id, app.current_user_id() AS user_id FROM app.services";

#[derive(Default)]
struct Seen {
    whole: AtomicU64,
    given_up: AtomicU64,
    foreign: AtomicU64,
    unnamed: AtomicU64,
    failed: AtomicU64,
}

impl Seen {
    /// Notes what a request for `own` as `user` has read.
    fn note(&self, own: Option<TenantId>, user: Option<Uuid>, rows: &[(Uuid, Option<Uuid>)]) {
        self.whole.fetch_add(1, Ordering::Relaxed);
        match own {
            Some(own) => {
                let foreign = rows.iter().filter(|(tenant, who)| *tenant != own.0 || *who != user).count() as u64;
                self.foreign.fetch_add(foreign + u64::from(rows.is_empty()), Ordering::Relaxed);
            }
            None => drop(self.unnamed.fetch_add(rows.len() as u64, Ordering::Relaxed)),
        }
    }

    fn of(counter: &AtomicU64) -> u64 {
        counter.load(Ordering::Relaxed)
    }
}

/// What a run does with a request: in a Scope, as the service does, or with the context set for the session.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Scope,
    Session,
}

struct Field {
    db: TenantDb,
    raw: PgPool,
    tenants: [Tenant; 2],
    seen: Seen,
}

impl Field {
    async fn request(&self, mode: Mode, own: Option<&Tenant>, acts: bool) {
        let user = own.filter(|_| acts).map(|tenant| tenant.owner);
        let rows = match (mode, own) {
            (Mode::Scope, Some(own)) => {
                let access = if acts { Access::Write } else { Access::Read };
                let scope = self.db.scope(own.id, access);
                if let Some(user) = user {
                    scope.act_as(user).await.unwrap();
                }
                scope_rows(&scope).await
            }
            // nobody sets a context: whatever stands in the connection is somebody else's
            (_, None) => raw_rows(&self.raw, None).await,
            (Mode::Session, Some(own)) => raw_rows(&self.raw, Some(own.id)).await,
        };
        match rows {
            Some(rows) => self.seen.note(own.map(|own| own.id), user.map(|user| user.0), &rows),
            None => drop(self.seen.failed.fetch_add(1, Ordering::Relaxed)),
        }
    }
}

async fn scope_rows(scope: &Scope) -> Option<Vec<(Uuid, Option<Uuid>)>> {
    let mut read = Vec::new();
    for _ in 0..2 {
        let rows = scope.query_all_raw(Statement::from_string(scope.get_database_backend(), OWNERS)).await.ok()?;
        read.extend(
            rows.iter().map(|row| (row.try_get("", "tenant_id").unwrap(), row.try_get("", "user_id").unwrap())),
        );
    }
    Some(read)
}

async fn raw_rows(raw: &PgPool, session: Option<TenantId>) -> Option<Vec<(Uuid, Option<Uuid>)>> {
    let mut connection = raw.acquire().await.ok()?;
    if let Some(tenant) = session {
        let sql = format!("SET app.tenant_id = '{tenant}'");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await.ok()?;
    }
    let rows = sqlx::query(OWNERS).fetch_all(&mut *connection).await.ok()?;
    Some(rows.iter().map(|row| (row.get("tenant_id"), row.get("user_id"))).collect())
}

/// Runs `requests`, each with a random end within four milliseconds for four in ten of them.
async fn run(service: &Service, mode: Mode, requests: u64) -> Seen {
    let tenants = [service.tenant().await, service.tenant().await];
    for tenant in &tenants {
        bookable(service, tenant).await;
    }
    let size = PoolSize { most: 3, wait: Duration::from_secs(20) };
    let raw = pool(service.database.options("tithi_app"), "tithi-fuzz", size);
    let db = TenantDb::new(raw.clone(), service.clock.clone());
    let field = Arc::new(Field { db, raw, tenants, seen: Seen::default() });
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..WORKERS {
        let field = Arc::clone(&field);
        workers.spawn(async move {
            for at in 0..requests / WORKERS {
                let own = if at % 5 == 0 { None } else { Some(&field.tenants[usize::from(rand::random::<bool>())]) };
                let request = field.request(mode, own, rand::random());
                if rand::random_range(0..10) < 4 {
                    let end = Duration::from_micros(rand::random_range(0..4_000));
                    if tokio::time::timeout(end, request).await.is_err() {
                        field.seen.given_up.fetch_add(1, Ordering::Relaxed);
                    }
                } else {
                    request.await;
                }
            }
        });
    }
    workers.join_all().await;
    Arc::into_inner(field).unwrap().seen
}

fn told(seen: &Seen, begun: Instant) {
    let [whole, given_up, foreign, unnamed, failed] =
        [&seen.whole, &seen.given_up, &seen.foreign, &seen.unnamed, &seen.failed].map(Seen::of);
    println!(
        "{whole} answered, {given_up} given up, {failed} failed: {foreign} wrong rows, {unnamed} rows for nobody, in {:?}",
        begun.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_requests_see_no_foreign_row() {
    let service = Service::start().await;
    let begun = Instant::now();
    let seen = run(&service, Mode::Scope, 10_000).await;
    told(&seen, begun);
    assert_eq!((Seen::of(&seen.foreign), Seen::of(&seen.unnamed), Seen::of(&seen.failed)), (0, 0, 0));
    assert!(Seen::of(&seen.whole) > 5_000 && Seen::of(&seen.given_up) > 100, "it did not fuzz");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_the_context_in_the_session_the_same_sees_them() {
    let service = Service::start().await;
    let begun = Instant::now();
    let seen = run(&service, Mode::Session, 800).await;
    told(&seen, begun);
    assert!(Seen::of(&seen.unnamed) > 100, "the fuzz is blind");
}
