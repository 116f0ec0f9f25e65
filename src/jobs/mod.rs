//! Background work: what is due, when, and in which process.
//!
//! Several instances may run it at once. Housekeeping is done by one of them at a time, which holds a lock in the
//! database; what is held and offered is ended by whoever comes first to the row, once. Each round keeps its own time:
//! one that fails or takes long does not keep the other.

mod holds;
mod housekeeping;
mod packages;
mod payments;
mod reconcile;
mod subscriptions;
mod webhooks;

use std::sync::Arc;
use std::time::Duration;

use sea_orm::DbErr;

use crate::app::App;
use crate::domains::payments::reconcile::Comparison;
use crate::lifecycle::Shutdown;

pub use reconcile::Reconciled;

/// What one round has done: rows by table.
type Done = Vec<(&'static str, u64)>;

/// A round that comes again and again.
#[derive(Clone, Copy, Debug)]
enum Round {
    /// Removes what nobody asks for any more.
    House,
    /// Ends holds and offers. Whoever is next in line waits for it, so it comes often.
    Holds,
    /// Lets credits expire and memberships begin their next period.
    Packages,
    /// Ends what was not paid in time, gives back what is due. Asks the provider.
    Payments,
    /// Works on what the payment provider told us. A process that has just been told comes at once.
    Webhooks,
    /// Asks the payment provider for what it could not tell us.
    Reconcile,
    /// Compares our payments with the provider's.
    Compare,
    /// Ends trials and grace, reminds, and takes up what was left half done.
    Subscriptions,
}

impl Round {
    const fn every(self) -> Duration {
        match self {
            Self::House => Duration::from_secs(600),
            Self::Holds | Self::Payments => Duration::from_secs(30),
            Self::Packages => Duration::from_secs(60),
            Self::Webhooks => Duration::from_secs(5),
            Self::Subscriptions => Duration::from_secs(300),
            Self::Reconcile => Duration::from_secs(900),
            Self::Compare => Duration::from_secs(86_400),
        }
    }

    async fn once(self, app: &App) -> Result<Done, DbErr> {
        match self {
            Self::House => housekeeping::run(&app.platform).await,
            Self::Holds => Ok(vec![("booking_holds", holds::run(app).await?)]),
            Self::Packages => Ok(vec![("credits", packages::run(app).await?)]),
            Self::Payments => {
                let tended = payments::run(app).await?;
                Ok(vec![("bookings", tended.failed), ("refunds", tended.refunded)])
            }
            Self::Subscriptions => Ok(vec![("subscriptions", subscriptions::run(app).await?)]),
            Self::Webhooks => webhooks::run(app).await.map(|_| Done::new()),
            Self::Reconcile => reconcile::run(app).await.map(|_| Done::new()),
            Self::Compare => reconcile::compare(app).await.map(|_| Done::new()),
        }
    }

    /// Returns when there is something to do before the time has come.
    async fn called(self, app: &App) {
        match self {
            Self::Webhooks => app.inbox_bell.notified().await,
            Self::House
            | Self::Holds
            | Self::Packages
            | Self::Payments
            | Self::Subscriptions
            | Self::Reconcile
            | Self::Compare => std::future::pending().await,
        }
    }
}

/// Works until told to stop.
pub async fn run(app: Arc<App>, shutdown: Shutdown) {
    tokio::join!(
        repeat(Round::House, &app, &shutdown),
        repeat(Round::Holds, &app, &shutdown),
        repeat(Round::Payments, &app, &shutdown),
        repeat(Round::Webhooks, &app, &shutdown),
        repeat(Round::Reconcile, &app, &shutdown),
        repeat(Round::Compare, &app, &shutdown),
        repeat(Round::Packages, &app, &shutdown),
        repeat(Round::Subscriptions, &app, &shutdown),
    );
}

async fn repeat(round: Round, app: &App, shutdown: &Shutdown) {
    let mut timer = tokio::time::interval(round.every());
    timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = timer.tick() => {}
            () = round.called(app) => {}
            () = shutdown.soft() => return,
        }
        let done = tokio::select! {
            done = round.once(app) => done,
            // what was begun is rolled back, and due again at the next start
            () = shutdown.soft() => return,
        };
        match done {
            Ok(removed) => {
                for (what, count) in removed {
                    metrics::counter!("housekeeping_rows_removed_total", "table" => what).increment(count);
                }
            }
            Err(error) => tracing::error!(%error, ?round, "a round failed; it is tried again at its next time"),
        }
    }
}

/// One round over the inbox of the payment provider, for tests; answers how many events were worked on.
///
/// # Errors
/// What the database refused.
pub async fn work_inbox(app: &App) -> Result<u64, DbErr> {
    webhooks::run(app).await
}

/// One round that asks the provider for what it could not tell us, for tests.
///
/// # Errors
/// What the database refused.
pub async fn reconcile(app: &App) -> Result<Reconciled, DbErr> {
    reconcile::run(app).await
}

/// One comparison with the provider, for tests.
///
/// # Errors
/// What the database refused.
pub async fn compare(app: &App) -> Result<Comparison, DbErr> {
    reconcile::compare(app).await
}

/// One round of everything, for tests and operators.
///
/// # Errors
/// What the database refused; the other rounds are done all the same.
pub async fn keep_house(app: &App) -> Result<Done, DbErr> {
    let house = Round::House.once(app).await;
    let holds = Round::Holds.once(app).await;
    let packages = Round::Packages.once(app).await;
    let payments = Round::Payments.once(app).await;
    let subscriptions = Round::Subscriptions.once(app).await;
    Ok([house?, holds?, packages?, payments?, subscriptions?].concat())
}
