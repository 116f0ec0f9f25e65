//! Bookings with their customers, services and resources: one statement, however many there are.

use ::entity::bookings::{Column, Entity, Model};
use ::entity::{customers, resources, services};
use chrono::{DateTime, Utc};
use sea_orm::{
    Condition, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryResult, QuerySelect, RelationDef,
    Select,
};
use serde_json::{Value, json};

use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::audit::{self, Note};
use crate::domains::booking::admin::dto::AdminBooking;
use crate::domains::booking::service::BookingFilter;
use crate::error::ApiError;
use crate::guard::{Listing, Sort};

/// The most lines of a sheet.
pub const MOST: u64 = 10_000;

/// What the front desk's list is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct DeskFilter {
    pub booking: BookingFilter,
    /// Part of anything that can be read of a booking.
    pub q: Option<String>,
}

impl Filter<Entity> for DeskFilter {
    fn condition(&self) -> Condition {
        let anything = |q: &str| {
            let person = [customers::Column::DisplayName, customers::Column::Email, customers::Column::Phone];
            Condition::any()
                .add(keyset::search(&person, q))
                .add(keyset::search(&[Column::Notes, Column::ClientGeneratedId], q))
                .add(keyset::search(&[services::Column::Name], q))
                .add(keyset::search(&[resources::Column::Name], q))
        };
        self.booking.condition().add_option(self.q.as_deref().map(anything))
    }
}

impl DeskFilter {
    /// What the log is told: which searches were made, not for whom.
    fn told(&self) -> Value {
        let Self { booking, q } = self;
        json!({
            "status": booking.status, "from": booking.from, "to": booking.to, "customer_id": booking.customer_id,
            "service_id": booking.service_id, "resource_id": booking.resource_id,
            "searched": booking.customer.is_some() || q.is_some(),
        })
    }
}

/// A booking with what stands beside it.
#[derive(Debug, Clone)]
pub struct Detailed {
    pub booking: Model,
    pub customer_name: String,
    pub customer_email: Option<String>,
    pub customer_phone: Option<String>,
    pub customer_deleted_at: Option<DateTime<Utc>>,
    pub service_name: String,
    pub service_category: Option<String>,
    pub service_duration_min: i32,
    pub service_active: bool,
    pub resource_name: String,
}

impl FromQueryResult for Detailed {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            booking: Model::from_query_result(row, prefix)?,
            customer_name: row.try_get(prefix, "customer_name")?,
            customer_email: row.try_get(prefix, "customer_email")?,
            customer_phone: row.try_get(prefix, "customer_phone")?,
            customer_deleted_at: row.try_get(prefix, "customer_deleted_at")?,
            service_name: row.try_get(prefix, "service_name")?,
            service_category: row.try_get(prefix, "service_category")?,
            service_duration_min: row.try_get(prefix, "service_duration_min")?,
            service_active: row.try_get(prefix, "service_active")?,
            resource_name: row.try_get(prefix, "resource_name")?,
        })
    }
}

/// A page of bookings; the log is told which.
///
/// # Errors
/// 400 for a cursor of another list.
pub async fn list(
    scope: &Scope,
    walk: Walk<'_, Entity>,
    filter: &DeskFilter,
) -> Result<Listing<AdminBooking>, ApiError> {
    let page =
        keyset::joined(scope, walk, filter, with_details, |row: &Detailed| &row.booking, AdminBooking::from).await?;
    let seen: Vec<_> = page.data.iter().map(|entry| entry.booking.id).collect();
    let data = json!({ "filters": filter.told(), "booking_ids": seen });
    audit::note(scope, Note { table: "bookings", operation: "ADMIN_VIEW", data }).await?;
    Ok(page)
}

/// All that pass, up to [`MOST`], and whether there are more; the log is told how many.
pub async fn export(scope: &Scope, sort: Sort<Entity>, filter: &DeskFilter) -> Result<(Vec<Detailed>, bool), ApiError> {
    let rows = keyset::in_order(rows(scope, filter)?, sort);
    let mut found = rows.limit(MOST + 1).into_model::<Detailed>().all(scope).await?;
    let cut = u64::try_from(found.len()).is_ok_and(|found| found > MOST);
    if cut {
        found.pop();
    }
    let data = json!({ "filters": filter.told(), "rows": found.len(), "cut": cut });
    audit::note(scope, Note { table: "bookings", operation: "ADMIN_EXPORT", data }).await?;
    Ok((found, cut))
}

/// The bookings that pass, with what stands beside them.
pub(super) fn rows(scope: &Scope, filter: &DeskFilter) -> Result<Select<Entity>, ApiError> {
    Ok(with_details(row::live::<Entity>(scope)?).filter(filter.condition()))
}

/// What is joined is never missing: the foreign keys hold it, and deleting is soft.
pub(super) fn with_details(rows: Select<Entity>) -> Select<Entity> {
    let customer: RelationDef = Entity::belongs_to(customers::Entity)
        .from((Column::TenantId, Column::CustomerId))
        .to((customers::Column::TenantId, customers::Column::Id))
        .into();
    let service: RelationDef = Entity::belongs_to(services::Entity)
        .from((Column::TenantId, Column::ServiceId))
        .to((services::Column::TenantId, services::Column::Id))
        .into();
    let resource: RelationDef = Entity::belongs_to(resources::Entity)
        .from((Column::TenantId, Column::ResourceId))
        .to((resources::Column::TenantId, resources::Column::Id))
        .into();
    rows.join(JoinType::InnerJoin, customer)
        .join(JoinType::InnerJoin, service)
        .join(JoinType::InnerJoin, resource)
        .column_as(customers::Column::DisplayName, "customer_name")
        .column_as(customers::Column::Email, "customer_email")
        .column_as(customers::Column::Phone, "customer_phone")
        .column_as(customers::Column::DeletedAt, "customer_deleted_at")
        .column_as(services::Column::Name, "service_name")
        .column_as(services::Column::Category, "service_category")
        .column_as(services::Column::DurationMin, "service_duration_min")
        .column_as(services::Column::Active, "service_active")
        .column_as(resources::Column::Name, "resource_name")
}
