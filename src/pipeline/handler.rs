//! Step 6: the handler, once, or again when the database asks for it (serialization, deadlock).
//! Only a request with an idempotency key can run again: its body is in memory.

use std::time::Duration;

use poem::http::{Extensions, HeaderMap, Method, Uri};
use poem::{Body, Endpoint, Request, Response};

use super::envelope::shown;
use super::idempotency::{self, Admission, Ticket};
use super::{Call, Notes, close};
use crate::error::{ApiError, database};

/// How often a request runs at the most.
const ATTEMPTS: u32 = 4;

/// Runs the handler and closes its transaction.
pub(super) async fn answer<E>(
    next: &E,
    mut call: Call,
    ticket: Option<Ticket>,
    notes: &Notes,
    mut request: Request,
) -> Result<Response, ApiError>
where
    E: Endpoint<Output = Response>,
{
    let Some(ticket) = ticket else { return once(next, &call, None, notes, request).await };
    let copy = Again::of(&mut request).await?;
    let mut attempt = 1;
    loop {
        let request = copy.request();
        match once(next, &call, Some(ticket.clone()), notes, request).await {
            Err(error) if attempt < ATTEMPTS && database::is_passing(&error) => {
                metrics::counter!("transaction_retries_total").increment(1);
                tokio::time::sleep(backoff(attempt, notes)).await;
                call.scope = call.scope.fresh();
                attempt += 1;
            }
            answer => return answer,
        }
    }
}

async fn once<E>(
    next: &E,
    call: &Call,
    ticket: Option<Ticket>,
    notes: &Notes,
    mut request: Request,
) -> Result<Response, ApiError>
where
    E: Endpoint<Output = Response>,
{
    let path = shown(request.uri().path());
    let answer = match idempotency::admit(&call.scope, ticket).await {
        Ok(Admission::Replay(response)) => {
            call.scope.roll_back().await;
            Ok(response)
        }
        Ok(Admission::Run(ticket)) => {
            request.extensions_mut().insert(call.clone());
            let answer = next.call(request).await.map_err(|error| notes.operation_of(error));
            close::finish(&call.scope, ticket.as_ref(), answer, &path, notes).await
        }
        Err(refusal) => {
            call.scope.roll_back().await;
            Err(refusal)
        }
    };
    notes.note_statements(call.scope.statements());
    answer
}

/// 5, 10, 20 ms and up to as much again: two that met once should not meet twice.
fn backoff(attempt: u32, notes: &Notes) -> Duration {
    let base = 5 << (attempt - 1);
    let spread = notes.request_id().bytes().fold(attempt, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    Duration::from_millis(base + u64::from(spread) % base)
}

/// What a request is made of, kept to make it again.
struct Again {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    extensions: Extensions,
    body: Vec<u8>,
}

impl Again {
    async fn of(request: &mut Request) -> Result<Self, ApiError> {
        let body = request.take_body().into_vec().await.map_err(|error| ApiError::internal(error.to_string()))?;
        Ok(Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers: request.headers().clone(),
            extensions: request.extensions().clone(),
            body,
        })
    }

    fn request(&self) -> Request {
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(self.uri.clone())
            .body(Body::from_vec(self.body.clone()));
        *request.headers_mut() = self.headers.clone();
        *request.extensions_mut() = self.extensions.clone();
        request
    }
}
