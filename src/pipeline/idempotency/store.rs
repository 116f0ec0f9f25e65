//! The table of answers. Under row-level security: another tenant's key is not even a conflict.

use chrono::{DateTime, Utc};
use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{Body, Response};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use super::Ticket;
use crate::db::Scope;

/// Headers that belong to an answer; all others are made anew for a replay.
const KEPT: [HeaderName; 4] = [header::CONTENT_TYPE, header::LOCATION, header::ETAG, header::CACHE_CONTROL];

/// An answer that was given.
pub(super) struct Stored {
    pub fingerprint: Vec<u8>,
    status: u16,
    headers: Json,
    body: Vec<u8>,
    request_id: String,
}

impl Stored {
    /// The same answer again, said to be one.
    pub(super) fn replay(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = Response::builder().status(status).body(Body::from_vec(self.body));
        for (name, value) in self.headers.as_object().into_iter().flatten() {
            if let (Ok(name), Some(Ok(value))) =
                (HeaderName::try_from(name.as_str()), value.as_str().map(HeaderValue::from_str))
            {
                response.headers_mut().insert(name, value);
            }
        }
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
        if let Ok(id) = HeaderValue::from_str(&self.request_id) {
            response.headers_mut().insert("original-request", id);
        }
        response
    }
}

#[derive(FromQueryResult)]
struct Row {
    alone: bool,
    fingerprint: Option<Vec<u8>>,
    status: Option<i32>,
    headers: Option<Json>,
    body: Option<Vec<u8>>,
    request_id: Option<String>,
}

/// Takes the key's lock without waiting and reads its answer: one round trip.
pub(super) async fn find(scope: &Scope, ticket: &Ticket) -> Result<(bool, Option<Stored>), DbErr> {
    let sql = "SELECT l.alone, k.fingerprint, k.status, k.headers, k.body, k.request_id \
               FROM (SELECT pg_try_advisory_xact_lock($1) AS alone) l \
               LEFT JOIN app.idempotency_keys k \
                 ON k.tenant_id = $2 AND k.principal = $3 AND k.operation = $4 AND k.key = $5 AND k.expires_at > $6";
    let values: [Value; 6] = [
        lock(ticket).into(),
        ticket.tenant.0.into(),
        ticket.principal.as_str().into(),
        ticket.operation.as_str().into(),
        ticket.key.as_str().into(),
        scope.now().into(),
    ];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let Some(row) = row else { return Ok((false, None)) };
    let row = Row::from_query_result(&row, "")?;
    let stored = row.fingerprint.map(|fingerprint| Stored {
        fingerprint,
        status: row.status.and_then(|status| u16::try_from(status).ok()).unwrap_or(200),
        headers: row.headers.unwrap_or_default(),
        body: row.body.unwrap_or_default(),
        request_id: row.request_id.unwrap_or_default(),
    });
    Ok((row.alone, stored))
}

/// Writes an answer; false when somebody else's stands there and has not expired.
pub(super) async fn insert(
    scope: &Scope,
    ticket: &Ticket,
    response: &Response,
    body: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO app.idempotency_keys \
                 (tenant_id, id, principal, operation, key, fingerprint, status, headers, body, request_id, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
               ON CONFLICT (tenant_id, principal, operation, key) DO UPDATE SET \
                 fingerprint = excluded.fingerprint, status = excluded.status, headers = excluded.headers, body = excluded.body, \
                 request_id = excluded.request_id, created_at = excluded.created_at, expires_at = excluded.expires_at \
               WHERE idempotency_keys.expires_at <= excluded.created_at";
    let mut headers = Map::new();
    for name in KEPT {
        if let Some(value) = response.headers().get(&name).and_then(|value| value.to_str().ok()) {
            headers.insert(name.as_str().to_owned(), value.into());
        }
    }
    let request_id = response.header("x-request-id").unwrap_or_default().to_owned();
    let values: [Value; 12] = [
        ticket.tenant.0.into(),
        scope.new_id().into(),
        ticket.principal.as_str().into(),
        ticket.operation.as_str().into(),
        ticket.key.as_str().into(),
        ticket.fingerprint.to_vec().into(),
        i32::from(response.status().as_u16()).into(),
        Json::Object(headers).into(),
        body.to_vec().into(),
        request_id.into(),
        scope.now().into(),
        expires_at.into(),
    ];
    let done = scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(done.rows_affected() == 1)
}

/// The advisory lock of a key: all locks of the service share one space of 64 bits, so the purpose is hashed too.
fn lock(ticket: &Ticket) -> i64 {
    let mut hash = Sha256::new();
    hash.update(b"idempotency\0");
    hash.update(ticket.tenant.0.as_bytes());
    for part in [&ticket.principal, &ticket.operation, &ticket.key] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest = hash.finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first)
}
