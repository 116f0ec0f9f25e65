//! The answer to a program that filled in what people never see: like any other, with nothing behind it. A refusal
//! would tell it what to leave out, and so would an answer that was only made to look like one: so all is done as for
//! anybody, and given up.

use sea_orm::DbErr;

use crate::db::Scope;
use crate::error::ApiError;

/// Why what was done is given up.
enum Halt {
    Meant,
    Failed(DbErr),
}

impl From<DbErr> for Halt {
    fn from(error: DbErr) -> Self {
        Self::Failed(error)
    }
}

/// Does `work` and gives it up: its answer, whatever it is, is the one that anybody would get. Writes nothing and tells
/// nobody.
///
/// # Errors
/// Those of `work`.
pub async fn pretend<T>(scope: &Scope, work: impl AsyncFnOnce(&Scope) -> Result<T, ApiError>) -> Result<T, ApiError> {
    metrics::counter!("bookings_honeypot_total").increment(1);
    let mut answer = None;
    let given_up = scope
        .savepoint(async |scope| -> Result<(), Halt> {
            answer = Some(work(scope).await);
            Err(Halt::Meant)
        })
        .await;
    scope.write_aside();
    match (answer, given_up) {
        // a refusal may have given up the whole transaction, and the savepoint with it
        (Some(Err(refusal)), _) => Err(refusal),
        (Some(Ok(done)), Err(Halt::Meant)) => Ok(done),
        (_, Err(Halt::Failed(error))) => Err(error.into()),
        _ => Err(ApiError::internal("a decoy was kept")),
    }
}
