//! The verbs on coupons.

use std::collections::{BTreeSet, HashMap};

use ::entity::coupons::{ActiveModel, Column, Entity, Model};
use ::entity::enums::CouponKind;
use ::entity::ids::{CouponId, CustomerId, ServiceId};
use ::entity::{coupon_redemptions, coupon_services};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::dto::{Coupon, CouponCreate, CouponRedemption, CouponUpdate};
use super::events;
use super::rules::{self, Terms, Worth};
use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::{catalogue, crm};
use crate::error::{ApiError, Code};
use crate::guard::{IfMatch, Listing, Timestamp};

/// What a list of coupons is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct CouponFilter {
    pub active: Option<bool>,
    pub customer_id: Option<Uuid>,
    pub q: Option<String>,
}

impl Filter<Entity> for CouponFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(self.active.map(|active| Column::Active.eq(active)))
            .add_option(self.customer_id.map(|customer| Column::CustomerId.eq(customer)))
            .add_option(self.q.as_deref().map(|q| keyset::search(&[Column::Code, Column::Name], q)))
    }
}

/// Whose redemptions a list shows.
#[derive(Debug)]
struct Of(CouponId);

impl Filter<coupon_redemptions::Entity> for Of {
    fn condition(&self) -> Condition {
        Condition::all().add(coupon_redemptions::Column::CouponId.eq(self.0))
    }
}

/// A page of coupons, each with its services.
pub async fn list(scope: &Scope, walk: Walk<'_, Entity>, filter: &CouponFilter) -> Result<Listing<Coupon>, ApiError> {
    let mut listing = keyset::list(scope, walk, filter, |row| Coupon::of(row, Vec::new())).await?;
    let ids: Vec<Uuid> = listing.data.iter().map(|coupon| coupon.id).collect();
    let mut services = services_of(scope, &ids).await?;
    for coupon in &mut listing.data {
        coupon.service_ids = services.remove(&coupon.id).unwrap_or_default();
    }
    Ok(listing)
}

/// A page of what a coupon was used for.
pub async fn redemptions(
    scope: &Scope,
    walk: Walk<'_, coupon_redemptions::Entity>,
    coupon: Uuid,
) -> Result<Listing<CouponRedemption>, ApiError> {
    let coupon = row::find::<Entity>(scope, coupon).await?.id;
    keyset::list(scope, walk, &Of(coupon), CouponRedemption::from).await
}

/// One coupon with its services.
pub async fn get(scope: &Scope, id: Uuid) -> Result<(Model, Vec<Uuid>), ApiError> {
    with_services(scope, row::find::<Entity>(scope, id).await?).await
}

/// Makes a coupon. Whether the code is free is the constraint's answer.
pub async fn create(scope: &Scope, currency: &str, new: CouponCreate) -> Result<(Model, Vec<Uuid>), ApiError> {
    let (kind, percent_bps, amount_cents) = new.worth()?;
    period(new.starts_at, new.ends_at)?;
    let customer = customer(scope, new.customer_id).await?;
    let code = String::from(new.code);
    let coupon = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(CouponId(scope.new_id())),
        code_normalized: Set(rules::normal(&code)),
        code: Set(code),
        name: Set(new.name.map(Into::into)),
        kind: Set(kind),
        percent_bps: Set(percent_bps),
        amount_cents: Set(amount_cents),
        currency: Set(new.currency.unwrap_or_else(|| currency.to_owned())),
        min_amount_cents: Set(new.min_amount_cents),
        first_visit_only: Set(new.first_visit_only),
        max_per_customer: Set(new.max_per_customer),
        max_redemptions: Set(new.max_redemptions),
        redeemed: Set(0),
        starts_at: Set(new.starts_at.map(Timestamp::get)),
        ends_at: Set(new.ends_at.map(Timestamp::get)),
        active: Set(new.active),
        customer_id: Set(customer),
        deleted_at: Set(None),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let coupon = coupon.insert(scope).await?;
    set_services(scope, coupon.id, &new.service_ids).await?;
    scope.emit(events::created(&coupon));
    with_services(scope, coupon).await
}

/// Changes what the caller named. What it is worth stays.
pub async fn update(
    scope: &Scope,
    id: Uuid,
    seen: &IfMatch,
    change: CouponUpdate,
) -> Result<(Model, Vec<Uuid>), ApiError> {
    let old = row::lock::<Entity>(scope, id, seen).await?;
    let starts_at = change.starts_at.over(old.starts_at.map(Timestamp::new));
    let ends_at = change.ends_at.over(old.ends_at.map(Timestamp::new));
    period(starts_at, ends_at)?;
    let mut coupon = old.clone().into_active_model();
    coupon.name = Set(change.name.map(Into::into).over(old.name));
    coupon.min_amount_cents = Set(change.min_amount_cents.unwrap_or(old.min_amount_cents));
    coupon.first_visit_only = Set(change.first_visit_only.unwrap_or(old.first_visit_only));
    coupon.max_per_customer = Set(change.max_per_customer.over(old.max_per_customer));
    coupon.max_redemptions = Set(change.max_redemptions.over(old.max_redemptions));
    coupon.starts_at = Set(starts_at.map(Timestamp::get));
    coupon.ends_at = Set(ends_at.map(Timestamp::get));
    coupon.active = Set(change.active.unwrap_or(old.active));
    coupon.updated_at = Set(scope.now());
    let coupon = coupon.update(scope).await?;
    if let Some(services) = change.service_ids {
        set_services(scope, coupon.id, &services).await?;
    }
    scope.emit(events::updated(&coupon));
    with_services(scope, coupon).await
}

/// Takes a coupon away; its code is free again. What it was used for stays.
pub async fn delete(scope: &Scope, id: Uuid, seen: &IfMatch) -> Result<(), ApiError> {
    let mut coupon = row::lock::<Entity>(scope, id, seen).await?.into_active_model();
    coupon.deleted_at = Set(Some(scope.now()));
    coupon.updated_at = Set(scope.now());
    scope.emit(events::deleted(&coupon.update(scope).await?));
    Ok(())
}

/// The live coupon of a code.
pub(super) async fn by_code(scope: &Scope, code: &str) -> Result<Option<Model>, ApiError> {
    Ok(row::live::<Entity>(scope)?.filter(Column::CodeNormalized.eq(rules::normal(code))).one(scope).await?)
}

/// What a coupon asks for.
pub(super) async fn terms(scope: &Scope, coupon: &Model) -> Result<Terms, ApiError> {
    let mut services = services_of(scope, &[coupon.id.0]).await?;
    Ok(terms_of(coupon, services.remove(&coupon.id.0).unwrap_or_default()))
}

/// The same where the services are known.
pub(super) fn terms_of(coupon: &Model, services: Vec<Uuid>) -> Terms {
    let percent = coupon.percent_bps.and_then(|bps| u32::try_from(bps).ok()).unwrap_or_default();
    Terms {
        worth: match coupon.kind {
            CouponKind::Percent => Worth::Percent(percent),
            CouponKind::Amount => Worth::Amount(coupon.amount_cents.unwrap_or_default()),
        },
        currency: coupon.currency.clone(),
        active: coupon.active,
        starts_at: coupon.starts_at,
        ends_at: coupon.ends_at,
        min_amount_cents: coupon.min_amount_cents,
        first_visit_only: coupon.first_visit_only,
        max_per_customer: coupon.max_per_customer,
        max_redemptions: coupon.max_redemptions,
        redeemed: coupon.redeemed,
        owner: coupon.customer_id,
        services: services.into_iter().map(ServiceId).collect(),
    }
}

/// A customer whom a body names.
pub(super) async fn customer(scope: &Scope, id: Option<Uuid>) -> Result<Option<CustomerId>, ApiError> {
    match id {
        Some(id) => Ok(Some(crm::known(scope, id).await?)),
        None => Ok(None),
    }
}

async fn with_services(scope: &Scope, coupon: Model) -> Result<(Model, Vec<Uuid>), ApiError> {
    let mut services = services_of(scope, &[coupon.id.0]).await?;
    let services = services.remove(&coupon.id.0).unwrap_or_default();
    Ok((coupon, services))
}

async fn services_of(scope: &Scope, coupons: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>, ApiError> {
    use coupon_services::{Column, Entity};
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    if coupons.is_empty() {
        return Ok(found);
    }
    let rows = Entity::find()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::CouponId.is_in(coupons.iter().copied()))
        .order_by_asc(Column::ServiceId)
        .all(scope)
        .await?;
    for row in rows {
        found.entry(row.coupon_id.0).or_default().push(row.service_id.0);
    }
    Ok(found)
}

/// Replaces what a coupon is good for; each must be a service that is there.
async fn set_services(scope: &Scope, coupon: CouponId, services: &[Uuid]) -> Result<(), ApiError> {
    use coupon_services::{ActiveModel, Column, Entity};
    let services: BTreeSet<Uuid> = services.iter().copied().collect();
    catalogue::services_exist(scope, &services, "#/service_ids").await?;
    let tenant = scope.tenant()?;
    let old = Entity::delete_many().filter(Column::TenantId.eq(tenant)).filter(Column::CouponId.eq(coupon));
    old.exec(scope).await?;
    let rows = services.into_iter().map(|service| ActiveModel {
        tenant_id: Set(tenant),
        coupon_id: Set(coupon),
        service_id: Set(ServiceId(service)),
        created_at: Set(scope.now()),
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(scope).await?;
    }
    Ok(())
}

fn period(starts: Option<Timestamp>, ends: Option<Timestamp>) -> Result<(), ApiError> {
    match (starts, ends) {
        (Some(starts), Some(ends)) if starts.get() >= ends.get() => {
            let detail = "The end must come after the beginning.";
            Err(ApiError::new(Code::RuleViolation, detail).with_field("#/ends_at", "order", detail))
        }
        _ => Ok(()),
    }
}
