//! Background work: what is due, when, and in which process. Several instances may run it at once; a
//! lock in the database lets one of them do each job.
//!
//! The queue of the job library joins here; housekeeping is what needs no queue.

mod holds;
mod housekeeping;

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::lifecycle::Shutdown;

/// How often housekeeping looks for what has expired.
const EVERY: Duration = Duration::from_secs(600);

/// Works until told to stop.
pub async fn run(app: Arc<App>, shutdown: Shutdown) {
    let mut timer = tokio::time::interval(EVERY);
    timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = timer.tick() => {}
            () = shutdown.soft() => return,
        }
        let done = tokio::select! {
            done = keep_house(&app) => done,
            // what was begun is rolled back, and due again at the next start
            () = shutdown.soft() => return,
        };
        match done {
            Ok(removed) => {
                for (what, count) in removed {
                    metrics::counter!("housekeeping_rows_removed_total", "table" => what).increment(count);
                }
            }
            Err(error) => tracing::error!(%error, "housekeeping failed; it is tried again at its next time"),
        }
    }
}

/// One round of housekeeping, for tests and operators.
///
/// # Errors
/// What the database refused.
pub async fn keep_house(app: &App) -> Result<Vec<(&'static str, u64)>, sea_orm::DbErr> {
    let mut done = housekeeping::run(&app.platform).await?;
    done.push(("booking_holds", holds::run(app).await?));
    Ok(done)
}
