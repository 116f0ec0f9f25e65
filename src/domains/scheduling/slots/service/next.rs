//! Other times, for whoever was refused one.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Board, Wish};
use crate::db::Scope;
use crate::domains::scheduling::slots::dto::SlotOffer;
use crate::domains::tenancy::Tenant;

/// How far a refusal looks for other times, and how many it names.
const LOOK_AHEAD: TimeDelta = TimeDelta::days(14);
const OTHERS: usize = 5;

/// The next free times from an instant on, for a refusal. Reads in a transaction of its own: the refused
/// one may have failed.
pub async fn next_free(scope: &Scope, tenant: &Tenant, wish: &Wish, from: DateTime<Utc>) -> Vec<SlotOffer> {
    let own = scope.fresh();
    let from = from.max(own.now());
    let found = match Board::read(&own, tenant, wish, from, from + LOOK_AHEAD).await {
        Ok(board) => board.offers(),
        Err(error) => Err(error),
    };
    own.roll_back().await;
    match found {
        Ok(mut offers) => {
            offers.truncate(OTHERS);
            offers
        }
        Err(error) => {
            tracing::warn!(%error, "a refusal goes out without other times");
            Vec::new()
        }
    }
}
