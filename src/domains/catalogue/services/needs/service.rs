//! Reads and replaces what a service needs, one statement each.

use std::collections::HashSet;

use ::entity::enums;
use ::entity::services;
use poem_openapi::types::ToJSON;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::dto::{GroupMember, ResourceGroup, ServiceResources, ServiceResourcesReplace};
use crate::db::{Scope, row};
use crate::domains::catalogue::services::events;
use crate::domains::impact::{self, Ask, Change, Loss, Touched, Weighed};
use crate::error::{ApiError, Code, FieldError};
use crate::guard::{ETag, IfMatch, Text};

/// What is not wanted any more goes, what is new comes, what has changed is changed, what stays is not touched. `$3`
/// and `$4` are the links and the groups, `$5` is now.
const REPLACE: &str = "\
WITH link AS (
  SELECT * FROM jsonb_to_recordset($3) AS l (position smallint, resource uuid, priority integer, weight integer)
), wanted AS (
  SELECT * FROM jsonb_to_recordset($4) AS g (position smallint, name text, pick text, count integer, units integer)
), known AS (
  SELECT r.id FROM app.resources r WHERE r.tenant_id = $1 AND r.deleted_at IS NULL AND r.id IN (SELECT resource FROM link)
), gone AS (
  DELETE FROM app.service_resources s WHERE s.tenant_id = $1 AND s.service_id = $2
    AND NOT EXISTS (SELECT FROM link l WHERE l.position = s.position AND l.resource = s.resource_id)
), come AS (
  INSERT INTO app.service_resources AS s (tenant_id, service_id, position, resource_id, priority, weight, created_at)
  SELECT $1, $2, l.position, l.resource, l.priority, l.weight, $5 FROM link l JOIN known ON known.id = l.resource
  ON CONFLICT (tenant_id, service_id, position, resource_id) DO UPDATE SET priority = excluded.priority, weight = excluded.weight
  WHERE (s.priority, s.weight) IS DISTINCT FROM (excluded.priority, excluded.weight)
), groups_gone AS (
  DELETE FROM app.service_resource_groups g WHERE g.tenant_id = $1 AND g.service_id = $2
    AND g.position NOT IN (SELECT position FROM wanted)
), groups_come AS (
  INSERT INTO app.service_resource_groups AS g (tenant_id, service_id, position, name, pick, count, units, created_at, updated_at)
  SELECT $1, $2, w.position, w.name, w.pick, w.count, w.units, $5, $5 FROM wanted w
  ON CONFLICT (tenant_id, service_id, position)
    DO UPDATE SET name = excluded.name, pick = excluded.pick, count = excluded.count, units = excluded.units
  WHERE (g.name, g.pick, g.count, g.units) IS DISTINCT FROM (excluded.name, excluded.pick, excluded.count, excluded.units)
)
SELECT id FROM known";

/// A deleted resource keeps its links, so that undoing the deletion would bring them back.
const READ: &str = "\
SELECT coalesce(jsonb_agg(jsonb_build_object('position', l.position, 'name', g.name,
    'pick', coalesce(g.pick, 'fewest_bookings'), 'count', coalesce(g.count, 1), 'units', g.units, 'members', l.members)
    ORDER BY l.position), '[]') AS groups
FROM (
  SELECT l.position, jsonb_agg(jsonb_build_object('resource_id', l.resource_id, 'priority', l.priority, 'weight', l.weight)
    ORDER BY l.resource_id) AS members
  FROM app.service_resources l JOIN app.resources r ON r.tenant_id = l.tenant_id AND r.id = l.resource_id
  WHERE l.tenant_id = $1 AND l.service_id = $2 AND r.deleted_at IS NULL GROUP BY l.position
) l LEFT JOIN app.service_resource_groups g ON g.tenant_id = $1 AND g.service_id = $2 AND g.position = l.position";

/// What the service needs, in the order of the groups.
///
/// # Errors
/// 404.
pub async fn get(scope: &Scope, service: Uuid) -> Result<ServiceResources, ApiError> {
    row::find::<services::Entity>(scope, service).await?;
    read(scope, service).await
}

/// Replaces the set. All unknown ids are named at once.
///
/// # Errors
/// 404, 412, 400 for groups that are none, 422 for resources that are not there; 409 when bookings to come would not have
/// what is needed, unless it is forced.
pub async fn replace(
    scope: &Scope,
    service: Uuid,
    seen: &IfMatch,
    set: ServiceResourcesReplace,
    ask: Ask,
) -> Result<Weighed<ServiceResources>, ApiError> {
    let flat = set.resource_ids.is_some();
    let groups = set.groups()?;
    // the set has a tag of its own; the service is locked, so that nobody changes the set meanwhile
    let owner = row::lock::<services::Entity>(scope, service, &IfMatch::default()).await?;
    seen.check(&tag(&read(scope, service).await?))?;
    let touched = Touched::Service(service);
    let change = Change { ask, touched, loss: Loss::Needs(service), table: "services", id: service };
    impact::weigh(scope, &change, async |scope| {
        write(scope, service, &groups, flat).await?;
        scope.emit(events::updated(&owner));
        read(scope, service).await
    })
    .await
}

async fn write(scope: &Scope, service: Uuid, groups: &[ResourceGroup], flat: bool) -> Result<(), ApiError> {
    let values: [sea_orm::Value; 5] =
        [scope.tenant()?.0.into(), service.into(), links(groups).into(), heads(groups).into(), scope.now().into()];
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, REPLACE, values)).await?;
    let known = rows.iter().map(|row| row.try_get::<Uuid>("", "id")).collect::<Result<HashSet<_>, _>>()?;
    let unknown = unknown(groups, &known, flat);
    if !unknown.is_empty() {
        let refusal = ApiError::of(Code::ReferenceNotFound);
        return Err(unknown.into_iter().fold(refusal, |error, e| error.with_field(e.pointer, e.code, e.detail)));
    }
    Ok(())
}

/// Names the present state of a set.
#[must_use]
pub fn tag(set: &ServiceResources) -> ETag {
    ETag::of(set.groups.to_json_string().as_bytes())
}

fn links(groups: &[ResourceGroup]) -> Value {
    let rows = groups.iter().enumerate().flat_map(|(position, group)| {
        group.members.iter().map(move |member| {
            json!({
                "position": position, "resource": member.resource_id, "priority": member.priority,
                "weight": member.weight,
            })
        })
    });
    rows.collect()
}

fn heads(groups: &[ResourceGroup]) -> Value {
    let rows = groups.iter().enumerate().map(|(position, group)| {
        json!({
            "position": position, "name": group.name.as_deref(), "pick": group.pick, "count": group.count, "units": group.units,
        })
    });
    rows.collect()
}

fn unknown(groups: &[ResourceGroup], known: &HashSet<Uuid>, flat: bool) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        for (place, member) in group.members.iter().enumerate() {
            if !known.contains(&member.resource_id) {
                let pointer = match flat {
                    true => format!("#/resource_ids/{place}"),
                    false => format!("#/groups/{at}/members/{place}/resource_id"),
                };
                faults.push(FieldError::new(pointer, "unknown", "There is no such resource."));
            }
        }
    }
    faults
}

#[derive(Deserialize)]
struct GroupRow {
    name: Option<String>,
    pick: enums::GroupPick,
    count: i32,
    units: Option<i32>,
    members: Vec<MemberRow>,
}

#[derive(Deserialize)]
struct MemberRow {
    resource_id: Uuid,
    priority: i32,
    weight: i32,
}

async fn read(scope: &Scope, service: Uuid) -> Result<ServiceResources, ApiError> {
    let values: [sea_orm::Value; 2] = [scope.tenant()?.0.into(), service.into()];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, READ, values)).await?;
    let row = row.ok_or_else(|| ApiError::internal("the needs of a service answered no row"))?;
    let rows: Vec<GroupRow> = serde_json::from_value(row.try_get("", "groups")?).map_err(ApiError::internal)?;
    let member =
        |row: MemberRow| GroupMember { resource_id: row.resource_id, priority: row.priority, weight: row.weight };
    let groups: Vec<ResourceGroup> = rows
        .into_iter()
        .map(|row| ResourceGroup {
            name: row.name.map(Text::of),
            pick: row.pick.into(),
            count: row.count,
            units: row.units,
            members: row.members.into_iter().map(member).collect(),
        })
        .collect();
    let mut resource_ids: Vec<Uuid> =
        groups.iter().flat_map(|group| group.members.iter().map(|member| member.resource_id)).collect();
    resource_ids.sort_unstable();
    resource_ids.dedup();
    Ok(ServiceResources { resource_ids, groups })
}
