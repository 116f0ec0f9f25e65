//! Facts noted during a request. They are written with one statement in the business transaction,
//! so an effect and its event exist together or not at all.

use std::sync::{Mutex, PoisonError};

use ::entity::ids::TenantId;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Scope;

/// A fact, named as `behaviours` name it (`BOOKING_CREATED`); the public name is made of the code.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The outbox code.
    pub code: &'static str,
    /// The tenant, when the Scope itself has none.
    pub tenant: Option<TenantId>,
    /// Table of the thing it is about; order is kept per thing.
    pub aggregate_type: &'static str,
    /// The thing it is about.
    pub aggregate_id: Uuid,
    /// What consumers are told.
    pub payload: Value,
}

/// Events in the order in which they were noted.
#[derive(Default)]
pub struct Outbox(Mutex<Vec<Event>>);

impl Outbox {
    pub(super) fn push(&self, event: Event) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }

    pub(super) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The tenants that are named.
    pub(super) fn tenants(&self) -> Vec<TenantId> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().filter_map(|event| event.tenant).collect()
    }

    /// Forgets what was noted since there were `len`.
    pub(super) fn forget_from(&self, len: usize) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).truncate(len);
    }

    pub(super) async fn write(&self, scope: &Scope) -> Result<(), DbErr> {
        let events = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if events.is_empty() {
            return Ok(());
        }
        let mut rows = Vec::with_capacity(events.len());
        for event in events {
            let tenant = match event.tenant {
                Some(tenant) => tenant,
                None => scope.tenant()?,
            };
            rows.push(json!({
                "tenant_id": tenant.0, "id": scope.new_id(), "event_code": event.code, "payload": event.payload,
                "aggregate_type": event.aggregate_type, "aggregate_id": event.aggregate_id,
            }));
        }
        let sql = "INSERT INTO app.events_outbox (tenant_id, id, event_code, payload, aggregate_type, aggregate_id, ready_at) \
                   SELECT e.tenant_id, e.id, e.event_code, e.payload, e.aggregate_type, e.aggregate_id, $2 \
                   FROM jsonb_to_recordset($1) AS e(tenant_id uuid, id uuid, event_code text, payload jsonb, aggregate_type text, aggregate_id uuid)";
        let values: [sea_orm::Value; 2] = [Value::Array(rows).into(), scope.now().into()];
        scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        Ok(())
    }
}
