//! The service as the tests run it: the real endpoint behind a real socket, over the run's PostgreSQL as
//! `tithi_app`, with a clock that stands still until a test moves it.
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use metrics_exporter_prometheus::PrometheusBuilder;
use secrecy::SecretString;
use sqlx::postgres::PgConnectOptions;
use tithi::app::{App, Parts};
use tithi::config::Settings;
use tithi::db::{PlatformDb, PoolSize, TenantDb, pool};
use tithi::kernel::clock::Clock;
use tithi::lifecycle::{self, Stopper};
use tithi::server;
use tokio::net::TcpListener;

use super::database::Database;
use super::stripe::{self, Stripe};

/// The secret of every test app, so that a second instance understands the first one's tokens.
pub const SECRET: &str = "a secret for tests only, of more than thirty-two bytes";

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    settings: Settings,
}

/// Settings as without any flag, but with limits that no ordinary test meets.
pub fn settings(flags: &[&str]) -> Settings {
    let roomy = [
        "--limit-default",
        "100000/60",
        "--limit-bookings",
        "100000/60",
        "--limit-public-bookings",
        "100000/60",
        "--limit-payments",
        "100000/60",
        "--limit-auth",
        "100000/60",
        "--limit-check",
        "100000/60",
        "--limit-webhooks",
        "100000/60",
        "--limit-anonymous",
        "100000/60",
        "--limit-refused",
        "100000/60",
        "--holds-per-visitor",
        "10000",
        "--holds-per-visitor-day",
        "10000",
    ];
    let named = |flag: &&str| flags.contains(flag);
    let roomy = roomy.chunks(2).filter(|pair| !named(&pair[0])).flatten().copied();
    Line::parse_from(["test"].into_iter().chain(roomy).chain(flags.iter().copied())).settings
}

/// A running service. It stops when it is dropped.
pub struct Service {
    pub app: Arc<App>,
    pub clock: Clock,
    pub database: Database,
    pub address: SocketAddr,
    /// The provider that it calls; how to use it stands in `support/stripe.rs`.
    pub stripe: Stripe,
    stopper: Stopper,
}

impl Service {
    /// Over the shared database.
    pub async fn start() -> Self {
        Self::build(Database::shared().await, &[], None).await
    }

    /// Over the shared database, with settings of its own.
    pub async fn with(flags: &[&str]) -> Self {
        Self::build(Database::shared().await, flags, None).await
    }

    /// Over a database of its own, for tests that look across tenants.
    pub async fn alone() -> Self {
        Self::build(Database::own().await, &[], None).await
    }

    /// Over any database, with any settings, with Redis or without.
    pub async fn build(database: Database, flags: &[&str], redis: Option<&str>) -> Self {
        Self::through(database, flags, redis, |options| options).await
    }

    /// Like [`Service::build`], with the way to the database changed.
    pub async fn through(
        database: Database,
        flags: &[&str],
        redis: Option<&str>,
        way: impl Fn(PgConnectOptions) -> PgConnectOptions,
    ) -> Self {
        let clock = Clock::fixed(system_now());
        let stripe = Stripe::start(clock.clone()).await;
        let settings = settings(&calling(&stripe.url(), flags));
        let size = PoolSize { most: 8, wait: Duration::from_secs(20) };
        let app = App::new(Parts {
            db: TenantDb::new(pool(way(database.options("tithi_app")), "tithi-test", size), clock.clone()),
            platform: PlatformDb::new(pool(way(database.options("tithi_platform")), "tithi-test", size), clock.clone()),
            redis: redis.map(redis_pool),
            home: super::people::home(&database, &settings.server.platform_slug).await,
            metrics: PrometheusBuilder::new().build_recorder().handle(),
            secret: SecretString::from(SECRET),
            clock: clock.clone(),
            settings,
        })
        .unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stopper, shutdown) = lifecycle::channel();
        let endpoint = Arc::new(server::endpoint(&app).unwrap());
        tokio::spawn(server::listen::serve(listener, endpoint, 1_000, Duration::from_secs(1), shutdown));
        let webhooks = format!("http://{address}/api/v1/webhooks/stripe");
        stripe.sandbox.tell(&webhooks, Some("localhost"), &SecretString::from(stripe::SECRET));
        Self { app, clock, database, address, stripe, stopper }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stopper.hard();
    }
}

/// Flags by which a service calls a sandbox, unless they say otherwise.
fn calling<'a>(url: &'a str, flags: &[&'a str]) -> Vec<&'a str> {
    let mut all = flags.to_vec();
    if !flags.contains(&"--payments") {
        all.extend(["--payments", "stripe", "--stripe-secret-key", stripe::KEY]);
        all.extend(["--stripe-webhook-secret", stripe::SECRET, "--stripe-url", url]);
    }
    all
}

fn redis_pool(url: &str) -> deadpool_redis::Pool {
    deadpool_redis::Config::from_url(url).create_pool(Some(deadpool_redis::Runtime::Tokio1)).unwrap()
}

/// Tests begin at the present, because the database's own clock stands beside ours.
#[expect(clippy::disallowed_methods, reason = "the one place where the tests ask the machine")]
fn system_now() -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now()
}
