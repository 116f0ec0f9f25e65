//! What time does to subscriptions, one by one: what one business or the provider refuses does not keep the others.

use sea_orm::DbErr;

use crate::app::App;
use crate::db::Access;
use crate::domains::billing::{self, Subject};
use crate::error::ApiError;

/// Answers how many were moved or reminded.
pub(super) async fn run(app: &App) -> Result<u64, DbErr> {
    let platform = app.platform.scope(Access::Read);
    let due = billing::due(&platform).await;
    platform.roll_back().await;
    let due = due.map_err(|error| DbErr::Custom(error.to_string()))?;
    let mut done = 0;
    for one in due {
        match tend(app, one).await {
            Ok(moved) => done += u64::from(moved),
            Err(error) => {
                let (tenant, subject) = (one.tenant, one.subject);
                tracing::error!(%error, %tenant, ?subject, "a subscription was not looked after; it is tried again");
            }
        }
    }
    Ok(done)
}

async fn tend(app: &App, due: billing::Due) -> Result<bool, ApiError> {
    let scope = app.db.scope(due.tenant, Access::Write);
    if let Subject::Person(user) = due.subject {
        scope.act_as(user).await?;
    }
    match billing::tend(&scope, &*app.payments, due.subject).await {
        Ok(moved) => {
            scope.commit().await?;
            Ok(moved)
        }
        Err(error) => {
            scope.roll_back().await;
            Err(error)
        }
    }
}
