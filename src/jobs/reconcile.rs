//! Asks the payment provider for what it could not tell us and for what has lain open, and compares both sides once a
//! day. Nothing is held while it is asked, and what one business or account refuses does not keep the others.

use futures_util::StreamExt;
use sea_orm::DbErr;

use crate::app::App;
use crate::db::Access;
use crate::domains::payments::reconcile::{self, Comparison, Open};
use crate::error::ApiError;

/// Questions to the provider at a time.
const AT_A_TIME: usize = 4;

/// What a round has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Events that were never delivered and lie in the inbox now.
    pub missed: u64,
    /// Things that had lain open and were looked at.
    pub looked_at: u64,
    /// Of the accounts and things, those of which nothing could be learnt.
    pub unanswered: u64,
}

/// One round.
pub(super) async fn run(app: &App) -> Result<Reconciled, DbErr> {
    let mut done = Reconciled::default();
    let platform = app.platform.scope(Access::Read);
    let accounts = reconcile::accounts(&platform).await?;
    let behind = reconcile::behind(&platform).await?;
    platform.roll_back().await;

    let accounts = std::iter::once(None).chain(accounts.into_iter().map(Some));
    let asked = accounts.map(|account| async move {
        let new = missed(app, account.as_deref()).await;
        new.inspect_err(|error| tracing::warn!(%error, account, "missed events could not be listed"))
    });
    let asked: Vec<_> = futures_util::stream::iter(asked).buffer_unordered(AT_A_TIME).collect().await;
    for new in asked {
        match new {
            Ok(new) => done.missed += new,
            Err(_) => done.unanswered += 1,
        }
    }
    if done.missed > 0 {
        app.inbox_bell.notify_one();
    }

    for tenant in behind {
        let scope = app.db.scope(tenant, Access::Read);
        let open = reconcile::open(&scope).await;
        scope.roll_back().await;
        let looked = open?.into_iter().map(|thing| async move {
            let outcome = one(app, tenant, &thing).await;
            outcome.inspect_err(|error| tracing::warn!(%error, %tenant, id = thing.id, "what lay open still does"))
        });
        let looked: Vec<_> = futures_util::stream::iter(looked).buffer_unordered(AT_A_TIME).collect().await;
        done.looked_at += looked.len() as u64;
        done.unanswered += looked.iter().filter(|outcome| outcome.is_err()).count() as u64;
    }
    Ok(done)
}

async fn missed(app: &App, account: Option<&str>) -> Result<u64, ApiError> {
    let events = reconcile::missed(&*app.payments, account, app.clock.now()).await.map_err(ApiError::internal)?;
    if events.is_empty() {
        return Ok(0);
    }
    let platform = app.platform.scope(Access::Write);
    let new = reconcile::keep(&platform, account, &events).await?;
    platform.commit().await?;
    Ok(new)
}

async fn one(app: &App, tenant: ::entity::ids::TenantId, thing: &Open) -> Result<(), ApiError> {
    let seen = reconcile::look(&*app.payments, thing).await.map_err(ApiError::internal)?;
    let scope = app.db.scope(tenant, Access::Write);
    match reconcile::take_in(&scope, &seen).await {
        Ok(()) => scope.commit().await.map(|_| ()).map_err(Into::into),
        Err(error) => {
            scope.roll_back().await;
            Err(error)
        }
    }
}

/// The daily comparison; what it found goes to the metrics and the log.
pub(super) async fn compare(app: &App) -> Result<Comparison, DbErr> {
    let platform = app.platform.scope(Access::Read);
    let looks = reconcile::looks(&platform).await?;
    platform.roll_back().await;
    let mut found = Comparison { compared: looks.len() as u64, ..Comparison::default() };
    let compared = looks.into_iter().map(|look| async move { reconcile::compare(&*app.payments, &look).await });
    let mut compared = futures_util::stream::iter(compared).buffer_unordered(AT_A_TIME);
    while let Some(outcome) = compared.next().await {
        match outcome {
            Ok(None) => {}
            Ok(Some(difference)) => {
                tracing::error!(?difference, "a row says something else than the payment provider");
                found.differences.push(difference);
            }
            Err(error) => {
                tracing::warn!(%error, "a row could not be compared with the payment provider");
                found.unanswered += 1;
            }
        }
    }
    let count = |count: usize| u32::try_from(count).map_or(f64::MAX, f64::from);
    metrics::gauge!("payments_reconcile_differences").set(count(found.differences.len()));
    metrics::gauge!("payments_reconcile_compared").set(count(usize::try_from(found.compared).unwrap_or(usize::MAX)));
    let (compared, unanswered, differences) = (found.compared, found.unanswered, found.differences.len());
    tracing::info!(compared, unanswered, differences, "rows compared with the payment provider");
    Ok(found)
}
