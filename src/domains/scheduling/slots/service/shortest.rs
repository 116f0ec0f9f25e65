//! The service that says most about a resource's free time, where none was named: the shortest that it gives.

use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use uuid::Uuid;

use crate::db::Scope;
use crate::error::{ApiError, Code};

const SHORTEST: &str = "
SELECT s.id FROM app.service_resources l
JOIN app.services s ON s.tenant_id = l.tenant_id AND s.id = l.service_id AND s.deleted_at IS NULL AND s.active
JOIN app.resources r ON r.tenant_id = l.tenant_id AND r.id = l.resource_id AND r.deleted_at IS NULL
WHERE l.tenant_id = $1 AND l.resource_id = $2 ORDER BY s.duration_min, s.sort_order, s.id LIMIT 1";

/// The shortest active service of a resource.
///
/// # Errors
/// 404 for a resource that is not there or gives nothing.
pub async fn shortest(scope: &Scope, resource: Uuid) -> Result<Uuid, ApiError> {
    let values: [Value; 2] = [scope.tenant()?.0.into(), resource.into()];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, SHORTEST, values)).await?;
    let Some(row) = row else {
        return Err(ApiError::new(Code::ResourceNotFound, "Nobody of this id gives a service."));
    };
    Ok(row.try_get("", "id")?)
}
