//! The verbs on credits.

use ::entity::credit_transactions::{Column, Entity};
use ::entity::credits;
use ::entity::enums::{BookingSource, CreditMove, CreditUnit, PaidWith, PurchaseKind};
use ::entity::ids::{CustomerId, TenantId};
use ::entity::purchases;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::dto::{CreditEntry, CreditGrant, CreditLot, CreditPurchase, CreditSpend, Credits};
use super::events;
use crate::db::Scope;
use crate::db::keyset::{self, Filter, Walk};
use crate::domains::crm;
use crate::domains::packages::ledger::{self, Lots, NewLot};
use crate::domains::packages::purchases::{NewPurchase, make};
use crate::error::{ApiError, Code};
use crate::guard::{Listing, Timestamp};

/// Whose entries a list shows.
#[derive(Debug)]
struct Of {
    tenant: TenantId,
    customer: CustomerId,
}

impl Filter<Entity> for Of {
    fn condition(&self) -> Condition {
        let lots = credits::Entity::find()
            .select_only()
            .column(credits::Column::Id)
            .filter(credits::Column::TenantId.eq(self.tenant))
            .filter(credits::Column::CustomerId.eq(self.customer));
        Condition::all().add(Column::AccountId.in_subquery(lots.into_query()))
    }
}

/// What a customer holds now.
pub async fn balance(scope: &Scope, customer: Uuid) -> Result<Credits, ApiError> {
    let customer = crm::known(scope, customer).await?;
    let held = ledger::held(scope, customer).await?;
    let credits = held.iter().filter(|(lot, _)| lot.unit == CreditUnit::Credit).map(|(_, balance)| balance).sum();
    let lots = held.into_iter().map(CreditLot::from).collect();
    Ok(Credits { customer_id: customer.0, balance: credits, lots })
}

/// A page of what moved a customer's credits and sessions.
pub async fn entries(scope: &Scope, walk: Walk<'_, Entity>, customer: Uuid) -> Result<Listing<CreditEntry>, ApiError> {
    let of = Of { tenant: scope.tenant()?, customer: crm::known(scope, customer).await? };
    keyset::list(scope, walk, &of, CreditEntry::from).await
}

/// Gives credits to a customer who is there, in the transaction of whatever they are given for.
///
/// # Errors
/// When the database cannot answer.
pub async fn grant_credits(
    scope: &Scope,
    customer: CustomerId,
    amount: i64,
    expires_at: Option<DateTime<Utc>>,
    reason: &str,
) -> Result<(), ApiError> {
    let lot = NewLot { customer, amount, package: None, purchase: None, membership: None, expires_at };
    ledger::grant(scope, lot, CreditMove::Grant, Some(reason.to_owned())).await?;
    scope.emit(events::granted(customer, amount));
    Ok(())
}

/// Gives credits.
pub async fn grant(scope: &Scope, new: CreditGrant) -> Result<Credits, ApiError> {
    let expires_at = new.expires_at.map(Timestamp::get);
    if expires_at.is_some_and(|expires| expires <= scope.now()) {
        let detail = "They must expire later than now.";
        return Err(ApiError::new(Code::RuleViolation, detail).with_field("#/expires_at", "past", detail));
    }
    let customer = crm::known(scope, new.customer_id).await?;
    grant_credits(scope, customer, new.credits, expires_at, &new.reason).await?;
    balance(scope, customer.0).await
}

/// Uses credits for something that is no booking.
pub async fn consume(scope: &Scope, spend: CreditSpend) -> Result<Credits, ApiError> {
    let customer = crm::known(scope, spend.customer_id).await?;
    let lots = Lots { customer, package: None };
    ledger::consume(scope, lots, spend.credits, None, Some(spend.reason.into())).await?;
    scope.emit(events::consumed(customer, spend.credits, None));
    balance(scope, customer.0).await
}

/// Sells credits.
pub async fn purchase(scope: &Scope, currency: &str, new: CreditPurchase) -> Result<purchases::Model, ApiError> {
    let with: PaidWith = new.paid_with.into();
    let purchase = NewPurchase {
        customer: crm::known(scope, new.customer_id).await?,
        kind: PurchaseKind::Credits,
        package: None,
        membership: None,
        quantity: new.credits,
        valid_days: new.valid_days,
        description: format!("{} credits", new.credits),
        amount_cents: new.amount_cents,
        currency: new.currency.unwrap_or_else(|| currency.to_owned()),
        source: BookingSource::Staff,
    };
    make(scope, purchase, with).await
}
