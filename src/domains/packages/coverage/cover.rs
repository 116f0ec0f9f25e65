//! What a booking used: consumed with it, given back or forfeited with it.

use ::entity::booking_coverages::{ActiveModel, Column, Entity, Model};
use ::entity::enums::{CoverageKind, CoverageStatus};
use ::entity::ids::{BookingCoverageId, BookingId, CustomerId, PackageId, ServiceId};
use ::entity::packages;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::db::Scope;
use crate::domains::packages::ledger::{self, Lots};
use crate::domains::packages::{credits, offers};
use crate::error::{ApiError, Code};

/// What somebody pays with instead of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayWith {
    /// Sessions of this package.
    Package(Uuid),
    Credits,
}

/// A booking that is to be covered.
#[derive(Clone, Copy, Debug)]
pub struct Cover {
    pub booking: BookingId,
    pub customer: CustomerId,
    pub service: ServiceId,
    pub seats: u32,
}

/// Uses what a booking costs, in the booking's own transaction: a session or the service's price in credits for each
/// seat.
///
/// # Errors
/// 409 `CREDITS_INSUFFICIENT` when the customer has not so many; 422 for a package that is not there or not for this
/// service, and for a service that cannot be had for credits.
pub async fn consume(scope: &Scope, cover: Cover, with: PayWith) -> Result<CoverageKind, ApiError> {
    let seats = i64::from(cover.seats.max(1));
    let (kind, package, units) = match with {
        PayWith::Package(id) => (CoverageKind::Package, Some(package_for(scope, id, cover.service).await?), seats),
        PayWith::Credits => {
            let price = credits::price_of(scope, cover.service).await?.ok_or_else(not_for_credits)?;
            (CoverageKind::Credits, None, price.saturating_mul(seats))
        }
    };
    let lots = Lots { customer: cover.customer, package };
    let movement = ledger::consume(scope, lots, units, Some(cover.booking), None).await?;
    let coverage = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(BookingCoverageId(scope.new_id())),
        booking_id: Set(cover.booking),
        customer_id: Set(cover.customer),
        kind: Set(kind),
        units: Set(units),
        movement_id: Set(movement),
        status: Set(CoverageStatus::Consumed),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    coverage.insert(scope).await?;
    scope.emit(credits::consumed(cover.customer, units, Some(cover.booking)));
    Ok(kind)
}

/// What covers a booking, whatever became of it.
///
/// # Errors
/// When the database cannot answer.
pub async fn coverage_of(scope: &Scope, booking: BookingId) -> Result<Option<Model>, ApiError> {
    let find = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(Column::BookingId.eq(booking));
    Ok(find.one(scope).await?)
}

/// Gives back what a booking used, forfeited or not; nothing when it used nothing or has it back. Says whether it did.
///
/// # Errors
/// When the database cannot answer.
pub async fn give_back(scope: &Scope, booking: BookingId) -> Result<bool, ApiError> {
    let Some(coverage) = locked(scope, booking).await? else { return Ok(false) };
    if coverage.status == CoverageStatus::GivenBack {
        return Ok(false);
    }
    ledger::give_back(scope, coverage.movement_id).await?;
    let (customer, units) = (coverage.customer_id, coverage.units);
    mark(scope, coverage, CoverageStatus::GivenBack).await?;
    scope.emit(credits::returned(customer, units, booking));
    Ok(true)
}

/// Notes that what a booking used does not come back.
///
/// # Errors
/// When the database cannot answer.
pub async fn forfeit(scope: &Scope, booking: BookingId) -> Result<(), ApiError> {
    match locked(scope, booking).await? {
        Some(coverage) if coverage.status == CoverageStatus::Consumed => {
            mark(scope, coverage, CoverageStatus::Forfeited).await
        }
        _ => Ok(()),
    }
}

/// What covered a booking covers the one that took its place.
///
/// # Errors
/// When the database cannot answer.
pub async fn follow(scope: &Scope, old: BookingId, new: BookingId) -> Result<(), ApiError> {
    let Some(coverage) = locked(scope, old).await? else { return Ok(()) };
    let mut coverage = coverage.into_active_model();
    coverage.booking_id = Set(new);
    coverage.updated_at = Set(scope.now());
    coverage.update(scope).await?;
    Ok(())
}

async fn mark(scope: &Scope, coverage: Model, status: CoverageStatus) -> Result<(), ApiError> {
    let mut coverage = coverage.into_active_model();
    coverage.status = Set(status);
    coverage.updated_at = Set(scope.now());
    coverage.update(scope).await?;
    Ok(())
}

async fn locked(scope: &Scope, booking: BookingId) -> Result<Option<Model>, ApiError> {
    let find = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(Column::BookingId.eq(booking));
    Ok(find.lock_exclusive().one(scope).await?)
}

/// A package whose sessions are good for a service. One that is sold no more is: what was bought stays good.
async fn package_for(scope: &Scope, id: Uuid, service: ServiceId) -> Result<PackageId, ApiError> {
    let find = packages::Entity::find()
        .filter(packages::Column::TenantId.eq(scope.tenant()?))
        .filter(packages::Column::Id.eq(id));
    let Some(package) = find.one(scope).await? else {
        let detail = "There is no such package.";
        return Err(ApiError::new(Code::ReferenceNotFound, detail).with_field(
            "#/pay_with/package",
            "not_found",
            detail,
        ));
    };
    let services = offers::services_of(scope, &[id]).await?;
    if services.get(&id).is_some_and(|services| !services.contains(&service.0)) {
        let detail = "The sessions of this package are not for this service.";
        return Err(ApiError::new(Code::RuleViolation, detail).with_field("#/pay_with/package", "service", detail));
    }
    Ok(package.id)
}

fn not_for_credits() -> ApiError {
    let detail = "This service cannot be had for credits.";
    ApiError::new(Code::RuleViolation, detail).with_field("#/pay_with", "service", detail)
}
