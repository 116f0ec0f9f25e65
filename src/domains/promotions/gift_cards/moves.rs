//! A card's money moves: the row is locked, its balance changed and the movement added, all in one transaction. So of
//! many who pay with one card at once each finds what the one before it left.

use ::entity::enums::GiftCardMove;
use ::entity::gift_card_transactions::{self as transactions, Entity as Transactions};
use ::entity::gift_cards::{Column, Entity, Model};
use ::entity::ids::{GiftCardId, GiftCardTransactionId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::code::Code as CardCode;
use super::events;
use super::rules::{self, Card, Reason};
use crate::db::Scope;
use crate::error::{ApiError, Code};
use crate::kernel::money::{Currency, Money};

/// Pays with a card, in the payment's own transaction: as much as is on it, at most `up_to`. Answers how much. A payment
/// takes from a card once; asked again, it is told what it took.
///
/// # Errors
/// 422 `GIFT_CARD_INVALID` with the reason.
pub async fn gift_take(scope: &Scope, code: &str, up_to: Money, payment: Uuid) -> Result<Money, ApiError> {
    let card = locked(scope, code).await?;
    let taken = -moved_by(scope, Some(card.id), payment).await?.iter().map(|(_, cents)| cents).sum::<i64>();
    if taken > 0 {
        return Ok(Money::new(taken, up_to.currency));
    }
    take(scope, card, up_to, Some(payment)).await.map(|(_, paid)| paid)
}

/// Gives back what a payment took that failed; nothing when it took nothing, or had it given back.
///
/// # Errors
/// When the database cannot answer.
pub async fn gift_give_back(scope: &Scope, payment: Uuid) -> Result<(), ApiError> {
    for (card, _) in moved_by(scope, None, payment).await? {
        let card = lock(scope, Column::Id.eq(card)).await?.ok_or_else(|| ApiError::of(Code::GiftCardNotFound))?;
        // counted again under the lock: of two who give back at once one does
        let taken = -moved_by(scope, Some(card.id), payment).await?.iter().map(|(_, cents)| cents).sum::<i64>();
        if taken <= 0 {
            continue;
        }
        let card = write(scope, card, GiftCardMove::Returned, taken, Some(payment)).await?;
        scope.emit(events::returned(&card, taken, Some(payment)));
    }
    Ok(())
}

/// Takes so much off a card that its holder shows.
///
/// # Errors
/// 422 `GIFT_CARD_INVALID` with the reason, and when there is not so much on it.
pub(super) async fn spend(scope: &Scope, code: &str, cents: i64) -> Result<Model, ApiError> {
    let card = locked(scope, code).await?;
    let wanted = Money::new(cents, currency(&card)?);
    let can = rules::pays(&shown(&card)?, wanted, scope.now()).map_err(refusal)?;
    if can.minor < cents {
        let detail = format!("There are only {can} left on this gift card.");
        return Err(ApiError::new(Code::GiftCardInvalid, detail)
            .with("reason", "not_enough")
            .with("balance_cents", can.minor));
    }
    take(scope, card, wanted, None).await.map(|(card, _)| card)
}

/// The card of a code, as it is.
pub(super) async fn by_code(scope: &Scope, code: &str) -> Result<Model, ApiError> {
    let code = CardCode::parse(code).ok_or_else(|| refusal(Reason::Unknown))?;
    let find = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(Column::CodeHash.eq(code.digest()));
    find.one(scope).await?.ok_or_else(|| refusal(Reason::Unknown))
}

/// One card, locked.
pub(super) async fn hold(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    lock(scope, Column::Id.eq(id)).await?.ok_or_else(|| ApiError::of(Code::GiftCardNotFound))
}

/// Adds a movement and leaves the balance at the sum. The card must be locked.
pub(super) async fn write(
    scope: &Scope,
    card: Model,
    kind: GiftCardMove,
    cents: i64,
    payment: Option<Uuid>,
) -> Result<Model, ApiError> {
    let balance = card.balance_cents.checked_add(cents).ok_or_else(|| ApiError::internal("a balance overflows"))?;
    let transaction = transactions::ActiveModel {
        tenant_id: Set(card.tenant_id),
        id: Set(GiftCardTransactionId(scope.new_id())),
        gift_card_id: Set(card.id),
        kind: Set(kind),
        amount_cents: Set(cents),
        balance_cents: Set(balance),
        payment_id: Set(payment),
        created_at: Set(scope.now()),
    };
    transaction.insert(scope).await?;
    let mut card = card.into_active_model();
    card.balance_cents = Set(balance);
    card.updated_at = Set(scope.now());
    Ok(card.update(scope).await?)
}

/// A card as the rules see it.
pub(super) fn shown(card: &Model) -> Result<Card, ApiError> {
    let balance = Money::new(card.balance_cents, currency(card)?);
    Ok(Card { status: card.status, balance, expires_at: card.expires_at })
}

/// The 422 of a reason.
pub(super) fn refusal(reason: Reason) -> ApiError {
    ApiError::new(Code::GiftCardInvalid, reason.sentence()).with("reason", reason.as_str())
}

pub(super) fn currency(card: &Model) -> Result<Currency, ApiError> {
    Currency::new(&card.currency).ok_or_else(|| ApiError::internal("a gift card without a currency"))
}

async fn take(scope: &Scope, card: Model, up_to: Money, payment: Option<Uuid>) -> Result<(Model, Money), ApiError> {
    let paid = rules::pays(&shown(&card)?, up_to, scope.now()).map_err(refusal)?;
    if paid.minor == 0 {
        return Ok((card, paid));
    }
    let card = write(scope, card, GiftCardMove::Redeemed, -paid.minor, payment).await?;
    scope.emit(events::redeemed(&card, paid.minor, payment));
    Ok((card, paid))
}

async fn locked(scope: &Scope, code: &str) -> Result<Model, ApiError> {
    let code = CardCode::parse(code).ok_or_else(|| refusal(Reason::Unknown))?;
    lock(scope, Column::CodeHash.eq(code.digest())).await?.ok_or_else(|| refusal(Reason::Unknown))
}

async fn lock(scope: &Scope, which: impl sea_orm::sea_query::IntoCondition) -> Result<Option<Model>, ApiError> {
    let find = Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).filter(which);
    Ok(find.lock_exclusive().one(scope).await?)
}

/// What a payment moved on each card, below zero where it took.
async fn moved_by(scope: &Scope, card: Option<GiftCardId>, payment: Uuid) -> Result<Vec<(GiftCardId, i64)>, ApiError> {
    let mut find = Transactions::find()
        .filter(transactions::Column::TenantId.eq(scope.tenant()?))
        .filter(transactions::Column::PaymentId.eq(payment))
        .filter(transactions::Column::Kind.is_in([GiftCardMove::Redeemed, GiftCardMove::Returned]))
        .order_by_asc(transactions::Column::GiftCardId);
    if let Some(card) = card {
        find = find.filter(transactions::Column::GiftCardId.eq(card));
    }
    let mut sums: Vec<(GiftCardId, i64)> = Vec::new();
    for row in find.all(scope).await? {
        match sums.last_mut() {
            Some((last, sum)) if *last == row.gift_card_id => *sum += row.amount_cents,
            _ => sums.push((row.gift_card_id, row.amount_cents)),
        }
    }
    Ok(sums)
}
