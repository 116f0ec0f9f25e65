//! Which resources may perform a service: read and replaced as one set.

use std::collections::HashSet;

use ::entity::service_resources::{Column, Entity};
use ::entity::{resources, services};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Statement,
};
use uuid::Uuid;

use super::dto::ServiceResources;
use super::events;
use crate::db::{Scope, row};
use crate::error::{ApiError, Code, FieldError};
use crate::guard::{ETag, IfMatch};

/// One round trip: what is not wanted any more goes, what is new comes, what stays is not touched, and the
/// ids come back of those that exist.
const REPLACE: &str = "\
WITH known AS (
  SELECT r.id FROM app.resources r WHERE r.tenant_id = $1 AND r.deleted_at IS NULL AND r.id = ANY ($3)
), gone AS (
  DELETE FROM app.service_resources s WHERE s.tenant_id = $1 AND s.service_id = $2 AND s.resource_id <> ALL ($3)
), come AS (
  INSERT INTO app.service_resources (tenant_id, service_id, resource_id, created_at)
  SELECT $1, $2, known.id, $4 FROM known ON CONFLICT DO NOTHING
)
SELECT id FROM known";

/// The set, in the order of ids.
pub async fn get(scope: &Scope, service: Uuid) -> Result<ServiceResources, ApiError> {
    row::find::<services::Entity>(scope, service).await?;
    read(scope, service).await
}

/// Replaces the set. All unknown ids are named at once.
pub async fn replace(
    scope: &Scope,
    service: Uuid,
    seen: &IfMatch,
    set: ServiceResources,
) -> Result<ServiceResources, ApiError> {
    // the set has a tag of its own; the service is locked, so that nobody changes the set meanwhile
    let owner = row::lock::<services::Entity>(scope, service, &IfMatch::default()).await?;
    seen.check(&tag(&read(scope, service).await?))?;
    let values: [sea_orm::Value; 4] =
        [scope.tenant()?.0.into(), service.into(), set.resource_ids.clone().into(), scope.now().into()];
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, REPLACE, values)).await?;
    let known = rows.iter().map(|row| row.try_get::<Uuid>("", "id")).collect::<Result<HashSet<_>, _>>()?;
    let unknown: Vec<FieldError> = (set.resource_ids.iter().enumerate())
        .filter(|(_, id)| !known.contains(id))
        .map(|(at, _)| FieldError::new(format!("#/resource_ids/{at}"), "unknown", "There is no such resource."))
        .collect();
    if !unknown.is_empty() {
        let refusal = ApiError::of(Code::ReferenceNotFound);
        return Err(unknown.into_iter().fold(refusal, |error, e| error.with_field(e.pointer, e.code, e.detail)));
    }
    scope.emit(events::updated(&owner));
    let mut resource_ids: Vec<Uuid> = known.into_iter().collect();
    resource_ids.sort_unstable();
    Ok(ServiceResources { resource_ids })
}

/// Names the present state of a set.
pub fn tag(set: &ServiceResources) -> ETag {
    ETag::of(&set.resource_ids.iter().flat_map(|id| *id.as_bytes()).collect::<Vec<u8>>())
}

async fn read(scope: &Scope, service: Uuid) -> Result<ServiceResources, ApiError> {
    // a deleted resource keeps its links, so that undoing the deletion would bring them back
    let live = row::live::<resources::Entity>(scope)?.select_only().column(resources::Column::Id).into_query();
    let resource_ids = Entity::find()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::ServiceId.eq(service))
        .filter(Column::ResourceId.in_subquery(live))
        .order_by_asc(Column::ResourceId)
        .select_only()
        .column(Column::ResourceId)
        .into_tuple::<Uuid>()
        .all(scope)
        .await?;
    Ok(ServiceResources { resource_ids })
}
