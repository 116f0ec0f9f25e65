//! Step 7: commit on success, roll back otherwise; the answer to a keyed request is recorded with its
//! effect, a final refusal on its own. Only after this may anything leave the process.

use poem::Response;
use poem::http::HeaderValue;

use super::Notes;
use super::idempotency::{self, Ticket};
use crate::db::Scope;
use crate::error::ApiError;
use crate::error::problem::{self, Occurrence};

/// Ends the transaction of an answered request.
pub(super) async fn finish(
    scope: &Scope,
    ticket: Option<&Ticket>,
    answer: Result<Response, ApiError>,
    path: &str,
    notes: &Notes,
) -> Result<Response, ApiError> {
    match answer {
        Ok(response) if response.status().is_success() || response.status().is_redirection() => {
            keep(scope, ticket, response, notes).await
        }
        Ok(response) => {
            scope.roll_back().await;
            refuse(scope, ticket, response, notes).await
        }
        Err(error) => {
            scope.roll_back().await;
            if ticket.is_none() || error.is_ours() {
                return Err(error);
            }
            let response =
                problem::render(&error, Occurrence { instance: Some(path), request_id: Some(notes.request_id()) });
            refuse(scope, ticket, response, notes).await
        }
    }
}

async fn keep(
    scope: &Scope,
    ticket: Option<&Ticket>,
    mut response: Response,
    notes: &Notes,
) -> Result<Response, ApiError> {
    if let Some(ticket) = ticket
        && idempotency::is_final(&response)
    {
        name(&mut response, notes);
        match idempotency::record(scope, ticket, &mut response).await {
            Ok(true) => {}
            Ok(false) => {
                scope.roll_back().await;
                return of_twin(scope, ticket, notes).await;
            }
            Err(error) => {
                scope.roll_back().await;
                return Err(error);
            }
        }
    }
    scope.commit().await?;
    Ok(response)
}

/// A refusal has no effect to share a transaction with. If it cannot be recorded the caller gets it
/// all the same: the same request would be refused again.
async fn refuse(
    scope: &Scope,
    ticket: Option<&Ticket>,
    mut response: Response,
    notes: &Notes,
) -> Result<Response, ApiError> {
    if let Some(ticket) = ticket
        && idempotency::is_final(&response)
    {
        name(&mut response, notes);
        let own = scope.fresh();
        own.write_aside();
        let recorded = match idempotency::record(&own, ticket, &mut response).await {
            Ok(true) => own.commit().await.map(|_| true).map_err(ApiError::from),
            other => other,
        };
        notes.note_statements(own.statements());
        match recorded {
            Ok(true) => {}
            // refused by what the twin has done, perhaps: then that was this request's own success
            Ok(false) => return of_twin(scope, ticket, notes).await,
            Err(error) => tracing::warn!(%error, "a refusal was not recorded under its idempotency key"),
        }
    }
    Ok(response)
}

/// What a twin answered that was faster by a hair: its record was written after this one had looked for it.
async fn of_twin(scope: &Scope, ticket: &Ticket, notes: &Notes) -> Result<Response, ApiError> {
    let own = scope.fresh();
    let answer = idempotency::of_twin(&own, ticket).await;
    own.roll_back().await;
    notes.note_statements(own.statements());
    answer
}

fn name(response: &mut Response, notes: &Notes) {
    if let Ok(id) = HeaderValue::from_str(notes.request_id()) {
        response.headers_mut().insert("x-request-id", id);
    }
}
