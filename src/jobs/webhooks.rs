//! Works on what the payment provider told us: claim, look, take in, settle.
//!
//! Nothing is held while the provider is asked: the claim is committed before, and the effect has a transaction of its
//! own in its business. A worker that dies leaves its claim to the next after a while.

use futures_util::StreamExt;
use sea_orm::DbErr;

use crate::app::App;
use crate::db::Access;
use crate::domains::payments::Applied;
use crate::domains::payments::inbox::{self, Claimed, Outcome};

/// Events of one claim.
const BATCH: i64 = 50;
/// Events of one claim that are worked on at a time.
const AT_A_TIME: usize = 6;
/// Claims of one round; what is left waits for the next, which comes at once.
const CLAIMS: usize = 400;

/// Answers how many events were worked on.
pub(super) async fn run(app: &App) -> Result<u64, DbErr> {
    let mut worked = 0;
    for _ in 0..CLAIMS {
        let platform = app.platform.scope(Access::Write);
        let claimed = inbox::claim(&platform, app.home, BATCH).await?;
        platform.commit().await?;
        if claimed.is_empty() {
            break;
        }
        let work = claimed.into_iter().map(|claimed| async move {
            let outcome = one(app, &claimed).await;
            (claimed, outcome)
        });
        let settled: Vec<_> = futures_util::stream::iter(work).buffer_unordered(AT_A_TIME).collect().await;
        let platform = app.platform.scope(Access::Write);
        inbox::settle(&platform, &settled).await?;
        platform.commit().await?;
        worked += u64::try_from(settled.len()).unwrap_or(u64::MAX);
    }
    let platform = app.platform.scope(Access::Read);
    inbox::backlog(&platform).await?;
    platform.roll_back().await;
    Ok(worked)
}

async fn one(app: &App, claimed: &Claimed) -> Outcome {
    if claimed.event.livemode != app.payments.live() {
        return Outcome::Quarantined("it is of the other mode".into());
    }
    if !inbox::concerns(&claimed.event.kind) {
        return Outcome::Ignored(inbox::NOTHING);
    }
    let tenant = match &claimed.place {
        Ok(tenant) => *tenant,
        Err(reason) => return Outcome::Quarantined(reason.clone()),
    };
    let (account, now) = (claimed.account.as_deref(), app.clock.now());
    let facts = match inbox::reread(&*app.payments, account, &claimed.event, now).await {
        Ok(facts) => facts,
        Err(Outcome::Failed(_, reason)) => return Outcome::Failed(Some(tenant), reason),
        Err(outcome) => return outcome,
    };
    let scope = app.db.scope(tenant, Access::Write);
    let done = match inbox::effect(&scope, claimed.id, &facts).await {
        Ok(applied) => scope.commit().await.map(|_| applied).map_err(Into::into),
        Err(error) => Err(error),
    };
    match done {
        // somebody else's on the same account: a payment that was made by hand, or by another program
        Ok(applied) if applied.iter().all(|one| *one == Applied::Unknown) => {
            Outcome::Ignored("it is about nothing of ours")
        }
        Ok(_) => Outcome::Processed(tenant),
        Err(error) => {
            scope.roll_back().await;
            tracing::warn!(%error, event = %claimed.id, %tenant, "an event had no effect; it is tried again");
            Outcome::Failed(Some(tenant), error.to_string())
        }
    }
}
