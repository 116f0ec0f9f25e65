//! Who is in a segment: found by its criteria, or picked by hand.

use ::entity::customers;
use ::entity::ids::{CustomerId, CustomerSegmentId};
use ::entity::segment_memberships::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::dto::{SegmentPreview, SegmentTrial};
use super::find::Found;
use super::service::{check, get};
use super::{dto::SegmentCriteria, events};
use crate::db::Scope;
use crate::db::keyset::{self, Walk};
use crate::domains::crm::dto::Customer;
use crate::domains::crm::service as people;
use crate::domains::tenancy::Tenant;
use crate::error::ApiError;
use crate::guard::{CursorKey, IfMatch, Listing, Page, Sort};

/// How many a preview shows.
const FIRST: u64 = 5;

/// A page of a segment's customers.
pub async fn list(
    scope: &Scope,
    tenant: &Tenant,
    walk: Walk<'_, customers::Entity>,
    segment: Uuid,
) -> Result<Listing<Customer>, ApiError> {
    let segment = get(scope, segment).await?;
    let criteria = SegmentCriteria::read(segment.criteria)?;
    let found = Found::new(scope, tenant, criteria, Some(segment.id.0))?;
    keyset::list(scope, walk, &found, Customer::from).await
}

/// How many customers criteria find, and the first of them.
pub async fn preview(
    scope: &Scope,
    tenant: &Tenant,
    cursors: &CursorKey,
    trial: SegmentTrial,
) -> Result<SegmentPreview, ApiError> {
    check(scope, &trial.criteria).await?;
    let found = Found::new(scope, tenant, trial.criteria, None)?;
    let page = Page { limit: FIRST, cursor: None, include_total: true };
    let walk = Walk { cursors, page: &page, sort: Sort::default() };
    let first = keyset::list(scope, walk, &found, Customer::from).await?;
    Ok(SegmentPreview { total: first.total.unwrap_or_default(), customers: first.data })
}

/// Puts a customer in by hand; one who was put in before stays.
pub async fn pick(scope: &Scope, segment: Uuid, customer: Uuid) -> Result<(), ApiError> {
    let segment = get(scope, segment).await?;
    let customer = people::hold(scope, customer, &IfMatch::default()).await?.id;
    let pick = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        segment_id: Set(segment.id),
        customer_id: Set(customer),
        created_at: Set(scope.now()),
    };
    let once = OnConflict::columns([Column::TenantId, Column::SegmentId, Column::CustomerId]).do_nothing().to_owned();
    let picked = Entity::insert(pick).on_conflict(once).exec_without_returning(scope).await?;
    if picked > 0 {
        scope.emit(events::picked(&segment, customer));
    }
    Ok(())
}

/// Takes a customer out who was put in by hand. Whom the criteria find stays found.
pub async fn unpick(scope: &Scope, segment: Uuid, customer: Uuid) -> Result<(), ApiError> {
    let segment = get(scope, segment).await?;
    let customer = people::known(scope, customer).await?;
    let gone = Entity::delete_many()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::SegmentId.eq(CustomerSegmentId(segment.id.0)))
        .filter(Column::CustomerId.eq(customer))
        .exec(scope)
        .await?;
    if gone.rows_affected > 0 {
        scope.emit(events::dropped(&segment, customer));
    }
    Ok(())
}

/// Takes a customer out of every segment that they were put in by hand.
pub(in crate::domains::crm) async fn forget(scope: &Scope, customer: CustomerId) -> Result<(), ApiError> {
    let picks = Entity::delete_many().filter(Column::TenantId.eq(scope.tenant()?));
    picks.filter(Column::CustomerId.eq(customer)).exec(scope).await?;
    Ok(())
}
