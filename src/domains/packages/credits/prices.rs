//! What a seat of a service costs in credits.

use std::collections::BTreeSet;

use ::entity::credit_prices::{ActiveModel, Column, Entity};
use ::entity::ids::ServiceId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::dto::{CreditPrice, CreditPrices};
use crate::db::Scope;
use crate::domains::catalogue;
use crate::error::ApiError;

/// What a seat of a service costs; `None` when it cannot be had for credits.
pub async fn price_of(scope: &Scope, service: ServiceId) -> Result<Option<i64>, ApiError> {
    let find = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(Column::ServiceId.eq(service));
    Ok(find.one(scope).await?.map(|price| price.credits.into()))
}

/// All prices.
pub async fn list(scope: &Scope) -> Result<CreditPrices, ApiError> {
    let rows = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).order_by_asc(Column::ServiceId);
    let price =
        |row: ::entity::credit_prices::Model| CreditPrice { service_id: row.service_id.0, credits: row.credits };
    Ok(CreditPrices { prices: rows.all(scope).await?.into_iter().map(price).collect() })
}

/// Replaces all prices. Services that are not named cannot be had for credits.
pub async fn replace(scope: &Scope, set: CreditPrices) -> Result<CreditPrices, ApiError> {
    let services: BTreeSet<Uuid> = set.prices.iter().map(|price| price.service_id).collect();
    if services.len() < set.prices.len() {
        return Err(ApiError::field("#/prices", "duplicate", "Name each service once."));
    }
    catalogue::services_exist(scope, &services, "#/prices").await?;
    let tenant = scope.tenant()?;
    let gone = Entity::delete_many().filter(Column::TenantId.eq(tenant));
    gone.filter(Column::ServiceId.is_not_in(services)).exec(scope).await?;
    let rows = set.prices.iter().map(|price| ActiveModel {
        tenant_id: Set(tenant),
        service_id: Set(ServiceId(price.service_id)),
        credits: Set(price.credits),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        let known = OnConflict::columns([Column::TenantId, Column::ServiceId])
            .update_columns([Column::Credits, Column::UpdatedAt])
            .to_owned();
        Entity::insert_many(rows).on_conflict(known).exec_without_returning(scope).await?;
    }
    list(scope).await
}
