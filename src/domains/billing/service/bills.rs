//! What the platform billed a business, and paying what is open.

use ::entity::enums::BillStatus;
use ::entity::ids::SubscriptionBillId;
use ::entity::subscription_bills::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::apply::{apply_invoice_event, apply_subscription};
use super::provider::refused;
use crate::db::Scope;
use crate::db::keyset::{self, Filter, Walk};
use crate::domains::billing::dto::SubscriptionBill;
use crate::domains::billing::held::{Subject, find};
use crate::error::{ApiError, Code};
use crate::guard::Listing;
use crate::ports::payments::{Call, Provider};

/// What a list of bills is narrowed by.
#[derive(Debug)]
struct All;

impl Filter<Entity> for All {
    fn condition(&self) -> Condition {
        Condition::all()
    }
}

/// A page of bills.
pub async fn list(scope: &Scope, walk: Walk<'_, Entity>) -> Result<Listing<SubscriptionBill>, ApiError> {
    keyset::list(scope, walk, &All, SubscriptionBill::from).await
}

/// Pays what is open, the oldest first; answers what was paid. What was told and did not arrive is asked for before.
///
/// # Errors
/// 402 at the first one that is declined: those before it are paid.
pub async fn pay(scope: &Scope, provider: &dyn Provider) -> Result<Vec<Model>, ApiError> {
    let held = find(scope, Subject::Business).await?.ok_or_else(|| ApiError::of(Code::NotFound))?;
    scope.pause().await?;
    let Some(customer) = held.provider_customer_id.clone() else { return Ok(Vec::new()) };
    let told = provider.bills(None, &customer).await.map_err(refused)?;
    for bill in &told {
        apply_invoice_event(scope, bill).await?;
    }
    let open = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(Column::Status.eq(BillStatus::Open));
    let open =
        open.filter(Column::AmountDueCents.gt(0)).order_by_asc(Column::IssuedAt).lock_exclusive().all(scope).await?;
    let mut keyed = Vec::with_capacity(open.len());
    for bill in open {
        let attempts = bill.attempts + 1;
        let mut change: ActiveModel = bill.into();
        change.attempts = Set(attempts);
        change.updated_at = Set(scope.now());
        keyed.push(change.update(scope).await?);
    }
    scope.pause().await?;
    let mut paid = Vec::new();
    for bill in keyed {
        let key = format!("{}:{}:pay:{}", bill.tenant_id, bill.id, bill.attempts);
        let answer = provider
            .pay_bill(Call { account: None, key: &key }, &bill.provider_invoice_id, held.provider_method_id.as_deref())
            .await;
        let told = answer.map_err(refused)?;
        apply_invoice_event(scope, &told).await?;
        paid.push(one(scope, bill.id).await?);
        scope.pause().await?;
    }
    if !paid.is_empty()
        && let Some(id) = held.billed()
    {
        let asked_at = scope.now();
        let told = provider.subscription(None, id).await.map_err(refused)?;
        apply_subscription(scope, Subject::Business, &told, asked_at).await?;
    }
    Ok(paid)
}

async fn one(scope: &Scope, id: SubscriptionBillId) -> Result<Model, ApiError> {
    let found = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(Column::Id.eq(id));
    found.one(scope).await?.ok_or_else(|| ApiError::internal("a bill is gone"))
}
