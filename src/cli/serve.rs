//! `tithi serve`: everything in one process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;

use super::start::{Started, start};
use super::{Failure, checked, log, progress};
use crate::app::App;
use crate::config::Settings;
use crate::db::private::Stopped;
use crate::ports::payments;
use crate::{jobs, lifecycle, server};

/// Serves until a signal.
pub(super) async fn run(settings: Settings) -> Result<(), Failure> {
    let settings = checked(settings)?;
    log(&settings.server)?;
    let begun = Instant::now();
    // before the database is touched: a port that is taken should cost nothing
    let listener = TcpListener::bind(settings.server.listen)
        .await
        .map_err(|error| Failure::new(format!("TITHI_LISTEN: cannot listen on {}: {error}", settings.server.listen)))?;
    let (stopper, shutdown) = lifecycle::channel();
    stopper.clone().on_signals()?;
    let started = start(settings).await?;
    let outcome = tokio::select! {
        outcome = serve(&started, listener, shutdown, begun) => outcome,
        failure = ended(&started) => Err(failure),
    };
    stopper.hard();
    stop(&started).await?;
    outcome
}

/// Returns when the private PostgreSQL has ended although nobody asked it to. Whoever supervises us starts us
/// again, and the start recovers it; serving on would only refuse everybody.
async fn ended(started: &Started) -> Failure {
    let Some(private) = &started.private else { return std::future::pending().await };
    while private.alive().await {
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    Failure::new(format!(
        "PostgreSQL has ended; start again, which recovers it (its log: {})",
        private.log_path().display()
    ))
}

async fn serve(
    started: &Started,
    listener: TcpListener,
    shutdown: lifecycle::Shutdown,
    begun: Instant,
) -> Result<(), Failure> {
    let app = &started.app;
    let endpoint = Arc::new(server::endpoint(app)?);
    greet(app, begun);
    let work = tokio::spawn(jobs::run(Arc::clone(app), shutdown.clone()));
    play(app);
    let drain = Duration::from_secs(app.settings.server.drain_timeout);
    let whole = server::listen::serve(listener, endpoint, app.settings.server.max_connections, drain, shutdown).await;
    work.await?;
    if whole {
        Ok(())
    } else {
        Err(Failure::new("some requests did not finish within TITHI_DRAIN_TIMEOUT and were ended"))
    }
}

async fn stop(started: &Started) -> Result<(), Failure> {
    let pools = async {
        tokio::join!(started.app.db.close(), started.app.platform.close());
    };
    // a request that was ended hard may still hold a connection
    let _ = tokio::time::timeout(Duration::from_secs(5), pools).await;
    if let Some(private) = &started.private {
        match private.stop().await? {
            Stopped::Clean => progress("PostgreSQL is stopped"),
            Stopped::Immediate => {
                progress("PostgreSQL did not stop in time and was ended; it recovers at the next start")
            }
            Stopped::LeftRunning => progress("PostgreSQL runs on: another process uses it"),
            Stopped::Already => {}
        }
    }
    Ok(())
}

/// Starts the sandbox, where one stands in for Stripe. It ends with the process: what it has answered is in its journal.
fn play(app: &Arc<App>) {
    let Some(sandbox) = app.sandbox.clone() else { return };
    if let Err(error) = sandbox.load() {
        progress(&format!("the payment sandbox forgets at the next start what happens in this one: {error}"));
    }
    let server = &app.settings.server;
    let here = payments::loopback(server.listen);
    if let Some(secret) = app.webhook_secrets.first() {
        sandbox.tell(&format!("http://{here}/api/v1/webhooks/stripe"), Some(&server.base_domain), secret);
    }
    tokio::spawn(async move { sandbox.run().await });
}

/// Where to look, and with which logins.
fn greet(app: &App, begun: Instant) {
    let server = &app.settings.server;
    let base = server.base_url();
    progress(&format!("listening on http://{} after {:.1} s", server.listen, begun.elapsed().as_secs_f64()));
    if app.settings.demo() {
        progress("demo businesses, all logins with the password demo-password:");
        for slug in ["salon", "serenity"] {
            progress(&format!("  {:34} owner@{slug}.example, admin@.., staff@.., viewer@..", server.tenant_url(slug)));
        }
        progress(&format!("  {base}/v1/salon/services            what the public sees"));
    }
    if app.sandbox.is_some() {
        progress("payments go through a sandbox: no money moves (STRIPE_SECRET_KEY turns to Stripe)");
    }
    progress(&format!("  {base}/docs                         the API, with a guide to a first booking"));
}
