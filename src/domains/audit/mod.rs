//! Audit: what the log is told beyond the changes of rows, which its triggers write.
//!
//! A trigger sees a row before and after. It sees neither who looked at what (`ADMIN_VIEW`) nor that a hundred changes
//! were one decision (`BULK_CONFIRM`); that is noted here, in the transaction of its effect. The actor is the
//! transaction's, as for the triggers, and so is the time: one log has one clock. Notes name things by their ids: what
//! is personal stays in its row, where it can be erased.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use serde_json::Value;
use uuid::Uuid;

use crate::db::Scope;

/// Something that was done.
#[derive(Clone, Debug)]
pub struct Note {
    /// The table of what it was done to.
    pub table: &'static str,
    /// What was done, in capitals.
    pub operation: &'static str,
    /// What there is to say about it.
    pub data: Value,
}

const ONE: &str = "
INSERT INTO app.audit_logs (id, tenant_id, table_name, operation, new_data, user_id)
VALUES (app.uuid_v7(), $1, $2, $3, $4, app.current_user_id())";

const EACH: &str = "
INSERT INTO app.audit_logs (id, tenant_id, table_name, operation, record_id, new_data, user_id)
SELECT app.uuid_v7(), $1, $2, $3, record.id, $4, app.current_user_id() FROM unnest($5::uuid[]) AS record (id)";

/// Notes something that was done to no one thing.
///
/// # Errors
/// What the database refused.
pub async fn note(scope: &Scope, note: Note) -> Result<(), DbErr> {
    write(scope, ONE, note, None).await
}

/// Notes it for each of the things that it was done to; one statement.
///
/// # Errors
/// What the database refused.
pub async fn note_each(scope: &Scope, note: Note, records: impl IntoIterator<Item = Uuid>) -> Result<(), DbErr> {
    let records: Vec<Uuid> = records.into_iter().collect();
    write(scope, EACH, note, Some(records.into())).await
}

async fn write(scope: &Scope, sql: &str, note: Note, records: Option<sea_orm::Value>) -> Result<(), DbErr> {
    let mut values: Vec<sea_orm::Value> =
        vec![scope.tenant()?.0.into(), note.table.into(), note.operation.into(), note.data.into()];
    values.extend(records);
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(())
}
