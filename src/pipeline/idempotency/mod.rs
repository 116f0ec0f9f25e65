//! Step 5: a key makes a request happen once. Record and effect are one transaction, so a crash
//! between them is impossible; an advisory lock tells a running twin without waiting for it.
//!
//! What must stay true (I1-I11): unique per tenant, principal, operation and key; another body is
//! refused and harms nothing; a replay has the same bytes; a failure of ours is never stored.

mod fingerprint;
mod key;
mod store;

use std::net::IpAddr;

use poem::http::{Method, header};
use poem::{Body, Request, Response};

use ::entity::ids::TenantId;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use sha2::{Digest, Sha256};

pub use key::IdempotencyKey;

use super::envelope::shown;
use super::rate_limit::network;
use super::route::{Class, Route};
use crate::db::Scope;
use crate::domains::identity::Actor;
use crate::error::{ApiError, Code};

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// What a key stands for.
#[derive(Clone, Debug)]
pub struct Ticket {
    tenant: TenantId,
    principal: String,
    operation: String,
    key: String,
    fingerprint: [u8; 32],
}

/// Whether the handler runs.
pub enum Admission {
    /// It does; the answer is recorded under the ticket, if there is one.
    Run(Option<Ticket>),
    /// It did before: this is what it answered.
    Replay(Response),
}

/// Reads key and body of a request. The body is put back as it came.
///
/// # Errors
/// 400 for a key that is none, 413 for a body that is too large.
pub async fn ticket(
    tenant: TenantId,
    actor: &Actor,
    peer: IpAddr,
    route: &Route<'_>,
    limit: usize,
    request: &mut Request,
) -> Result<Option<Ticket>, ApiError> {
    // answers of the auth class hold tokens: they are never stored
    if !matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH) || route.class == Class::Auth {
        return Ok(None);
    }
    let Some(key) = key::read(request)? else { return Ok(None) };
    request.extensions_mut().insert(key.clone());
    let body = request.take_body().into_bytes_limit(limit).await.map_err(|_| ApiError::of(Code::PayloadTooLarge))?;
    let fingerprint = fingerprint::of(request, &body);
    request.set_body(Body::from_bytes(body));
    Ok(Some(Ticket {
        tenant,
        principal: principal(actor, peer),
        operation: fingerprint::operation(request.method(), &shown(request.uri().path())),
        key: key.0,
        fingerprint,
    }))
}

/// Asks whether the request ran before, or is running now.
///
/// # Errors
/// 409 while a twin runs, 422 when the key was used for something else.
pub async fn admit(scope: &Scope, ticket: Option<Ticket>) -> Result<Admission, ApiError> {
    let Some(ticket) = ticket else { return Ok(Admission::Run(None)) };
    let (alone, stored) = store::find(scope, &ticket).await?;
    match stored {
        Some(stored) if stored.fingerprint != ticket.fingerprint => Err(ApiError::of(Code::IdempotencyKeyReused)),
        Some(stored) => Ok(Admission::Replay(stored.replay())),
        None if alone => Ok(Admission::Run(Some(ticket))),
        None => Err(ApiError::of(Code::IdempotencyInProgress).retry_after(1)),
    }
}

/// Writes an answer under its ticket, in the transaction of its effect. False when a twin recorded its
/// answer first: this one's effect must be rolled back, and the twin's answer is the answer ([`of_twin`]).
///
/// # Errors
/// What the database refused.
pub async fn record(scope: &Scope, ticket: &Ticket, response: &mut Response) -> Result<bool, ApiError> {
    let body = response.take_body().into_bytes().await.map_err(|error| ApiError::internal(error.to_string()))?;
    let written = store::insert(scope, ticket, response, &body, scope.now() + KEPT).await;
    response.set_body(Body::from_bytes(body));
    Ok(written?)
}

/// The answer that a twin recorded, read in a transaction that began after it.
///
/// # Errors
/// 422 when the twin asked for something else, 409 when its answer is gone again.
pub async fn of_twin(scope: &Scope, ticket: &Ticket) -> Result<Response, ApiError> {
    match admit(scope, Some(ticket.clone())).await? {
        Admission::Replay(response) => Ok(response),
        Admission::Run(_) => Err(ApiError::of(Code::IdempotencyInProgress).retry_after(1)),
    }
}

/// Whose key it is. What a member may do is part of it: after a change of role or permissions the stored
/// answer is not replayed, the request is decided anew. Somebody without a name is known by the network: two
/// visitors who thought of the same key meet neither each other's answers nor a refusal.
fn principal(actor: &Actor, peer: IpAddr) -> String {
    if actor.person().is_none() {
        return format!("anonymous:{}", network(peer));
    }
    let overrides = actor.person().map(|person| &person.overrides).filter(|overrides| !overrides.is_empty());
    match overrides.and_then(|overrides| serde_json::to_vec(overrides).ok()) {
        Some(bytes) => format!("{}:{}", actor.principal(), BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(bytes)[..12])),
        None => actor.principal(),
    }
}

/// Whether an answer is final: success, and refusals that the same request would meet again.
#[must_use]
pub fn is_final(response: &Response) -> bool {
    let endless = response.content_type().is_some_and(|kind| kind.starts_with("text/event-stream"));
    match response.status().as_u16() {
        200..=299 => !endless,
        402 | 404 | 409 | 410 | 412 | 422 => response.headers().get(header::RETRY_AFTER).is_none(),
        _ => false,
    }
}
