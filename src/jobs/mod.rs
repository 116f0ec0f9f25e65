//! Background work: what is due, when, and in which process.
//!
//! Several instances may run it at once. Housekeeping is done by one of them at a time, which holds a lock in the
//! database; what is held and offered is ended by whoever comes first to the row, once. Each round keeps its own time:
//! one that fails or takes long does not keep the other.

mod holds;
mod housekeeping;
mod subscriptions;

use std::sync::Arc;
use std::time::Duration;

use sea_orm::DbErr;

use crate::app::App;
use crate::lifecycle::Shutdown;

/// What one round has done: rows by table.
type Done = Vec<(&'static str, u64)>;

/// A round that comes again and again.
#[derive(Clone, Copy, Debug)]
enum Round {
    /// Removes what nobody asks for any more.
    House,
    /// Ends holds and offers. Whoever is next in line waits for it, so it comes often.
    Holds,
    /// Ends trials and grace, reminds, and takes up what was left half done.
    Subscriptions,
}

impl Round {
    const fn every(self) -> Duration {
        match self {
            Self::House => Duration::from_secs(600),
            Self::Holds => Duration::from_secs(30),
            Self::Subscriptions => Duration::from_secs(300),
        }
    }

    async fn once(self, app: &App) -> Result<Done, DbErr> {
        match self {
            Self::House => housekeeping::run(&app.platform).await,
            Self::Holds => Ok(vec![("booking_holds", holds::run(app).await?)]),
            Self::Subscriptions => Ok(vec![("subscriptions", subscriptions::run(app).await?)]),
        }
    }
}

/// Works until told to stop.
pub async fn run(app: Arc<App>, shutdown: Shutdown) {
    tokio::join!(
        repeat(Round::House, &app, &shutdown),
        repeat(Round::Holds, &app, &shutdown),
        repeat(Round::Subscriptions, &app, &shutdown),
    );
}

async fn repeat(round: Round, app: &App, shutdown: &Shutdown) {
    let mut timer = tokio::time::interval(round.every());
    timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = timer.tick() => {}
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

/// One round of everything, for tests and operators.
///
/// # Errors
/// What the database refused; the other rounds are done all the same.
pub async fn keep_house(app: &App) -> Result<Done, DbErr> {
    let house = Round::House.once(app).await;
    let holds = Round::Holds.once(app).await;
    let subscriptions = Round::Subscriptions.once(app).await;
    Ok([house?, holds?, subscriptions?].concat())
}
