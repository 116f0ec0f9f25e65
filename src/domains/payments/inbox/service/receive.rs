//! Takes an event in: verified first, stored once, nothing else.

use std::sync::Arc;

use ::entity::ids::WebhookEventId;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use secrecy::ExposeSecret;

use crate::app::App;
use crate::db::Scope;
use crate::domains::payments::inbox::PROVIDER;
use crate::domains::payments::inbox::rules::{self, Event, Fault};
use crate::error::{ApiError, Code};
use crate::ports::payments::RawEvent;

/// An event that is here already stays as it is: it comes again whenever our answer was lost.
const STORE: &str = "
INSERT INTO app.webhook_event_inbox
  (id, provider, account, event_id, event_type, event_created_at, livemode, raw, next_attempt_at, received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
ON CONFLICT (provider, account, event_id) DO NOTHING";

/// Stores an event that one of the endpoint's secrets signed. The worker of this process is woken once it is committed.
///
/// # Errors
/// 400 for what is not signed, signed at another time, or no event.
pub async fn receive(app: &App, scope: &Scope, signature: &str, body: Vec<u8>) -> Result<(), ApiError> {
    let secrets = app.webhook_secrets.iter().map(ExposeSecret::expose_secret);
    if let Err(fault) = rules::verify(signature, &body, secrets, scope.now().timestamp()) {
        return Err(refused(fault));
    }
    let event = Event::read(&body).ok_or_else(|| ApiError::new(Code::BadRequest, "The body is no event."))?;
    put(scope, event.account(), &event, body).await?;
    let bell = Arc::clone(&app.inbox_bell);
    scope.after_commit(async move { bell.notify_one() });
    Ok(())
}

/// Stores an event that the provider showed us on an account when we asked, like one that it sent. Answers whether it
/// was new; one that cannot be read is none.
///
/// # Errors
/// What the database refused.
pub async fn store(scope: &Scope, account: Option<&str>, raw: &RawEvent) -> Result<bool, ApiError> {
    let bytes = raw.body.to_string().into_bytes();
    match Event::read(&bytes) {
        Some(event) => put(scope, account.unwrap_or_default(), &event, bytes).await,
        None => {
            tracing::warn!(id = raw.id, "the provider showed an event that cannot be read");
            Ok(false)
        }
    }
}

async fn put(scope: &Scope, account: &str, event: &Event, raw: Vec<u8>) -> Result<bool, ApiError> {
    let values: [Value; 9] = [
        WebhookEventId(scope.new_id()).0.into(),
        PROVIDER.into(),
        account.into(),
        event.id.as_str().into(),
        event.kind.as_str().into(),
        event.created().unwrap_or_default().into(),
        event.livemode.into(),
        raw.into(),
        scope.now().into(),
    ];
    let stored = scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, STORE, values)).await?;
    let new = stored.rows_affected() == 1;
    metrics::counter!("webhook_events_received_total", "outcome" => if new { "stored" } else { "duplicate" })
        .increment(1);
    Ok(new)
}

fn refused(fault: Fault) -> ApiError {
    let outcome = match fault {
        Fault::Malformed => "malformed",
        Fault::Stale => "stale",
        Fault::Unmatched => "unmatched",
    };
    metrics::counter!("webhook_events_received_total", "outcome" => outcome).increment(1);
    ApiError::of(Code::SignatureInvalid).caused_by(fault.to_string())
}
