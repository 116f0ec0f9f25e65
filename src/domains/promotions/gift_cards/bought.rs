//! A card that somebody buys: worth nothing until it is paid, and worth nothing again when the money goes back.

use ::entity::enums::{GiftCardMove, GiftCardStatus};
use ::entity::gift_cards::{Column, Entity, Model};
use ::entity::ids::{CustomerId, GiftCardId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::moves::{currency, hold, write};
use super::{code, events};
use crate::db::{Scope, row};
use crate::error::{ApiError, Code};
use crate::guard::CursorKey;
use crate::kernel::money::{Due, Money};

/// What is to be paid for a card that waits.
///
/// # Errors
/// 404; 409 when it is paid or void, or nobody buys it.
pub async fn gift_card_due(scope: &Scope, id: GiftCardId) -> Result<Due, ApiError> {
    let card = row::find::<Entity>(scope, id.0).await?;
    let customer = card.purchaser_customer_id.filter(|_| card.status == GiftCardStatus::Pending);
    let customer = customer.ok_or_else(|| settled(&card))?;
    let amount = Money::new(card.initial_cents, currency(&card)?);
    Ok(Due { customer, amount, description: format!("Gift card over {amount}") })
}

/// The card is paid: from now on its code is worth something. Done once for a payment.
///
/// # Errors
/// 404; 409 when another payment paid it, or it was made void meanwhile: the money is to go back.
pub async fn gift_card_paid(scope: &Scope, id: GiftCardId, payment: Uuid) -> Result<(), ApiError> {
    let card = hold(scope, id.0).await?;
    if card.payment_id == Some(payment) {
        return Ok(());
    }
    if card.status != GiftCardStatus::Pending {
        return Err(settled(&card));
    }
    let mut paid = card.into_active_model();
    paid.payment_id = Set(Some(payment));
    activate(scope, paid.update(scope).await?).await?;
    Ok(())
}

/// The payment of a card was given back: what is left on the card is taken off. Done once for a payment.
///
/// # Errors
/// 404.
pub async fn gift_card_undone(scope: &Scope, id: GiftCardId, payment: Uuid) -> Result<(), ApiError> {
    let card = hold(scope, id.0).await?;
    if card.payment_id == Some(payment) && card.status == GiftCardStatus::Active {
        make_void(scope, card).await?;
    }
    Ok(())
}

/// The code of a card, for whoever tells it to its recipient.
///
/// # Errors
/// 404.
pub async fn gift_code(scope: &Scope, keys: &[CursorKey], id: GiftCardId) -> Result<String, ApiError> {
    let card = row::find::<Entity>(scope, id.0).await?;
    code::revealed(keys, &card).ok_or_else(|| ApiError::internal("no key opens the gift card"))
}

/// The card of the token that its buyer was given.
///
/// # Errors
/// 404 for a token that is none of this business's.
pub fn open_gift_card(scope: &Scope, keys: &[CursorKey], token: &str) -> Result<GiftCardId, ApiError> {
    code::open(keys, scope.tenant()?.0, token)
}

/// Clears what somebody wrote on the cards that they gave or got.
///
/// # Errors
/// When the database cannot answer.
pub async fn forget_words(scope: &Scope, customer: CustomerId) -> Result<(), ApiError> {
    let theirs =
        Condition::any().add(Column::PurchaserCustomerId.eq(customer)).add(Column::RecipientCustomerId.eq(customer));
    Entity::update_many()
        .col_expr(Column::Message, Expr::value(Option::<String>::None))
        .col_expr(Column::UpdatedAt, Expr::value(scope.now()))
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(theirs)
        .filter(Column::Message.is_not_null())
        .exec(scope)
        .await?;
    Ok(())
}

/// Puts the money on a card that waits and is locked, and tells its recipient.
pub(super) async fn activate(scope: &Scope, card: Model) -> Result<Model, ApiError> {
    let (recipient, cents, payment) = (card.recipient_customer_id, card.initial_cents, card.payment_id);
    let mut card = card.into_active_model();
    card.status = Set(GiftCardStatus::Active);
    card.activated_at = Set(Some(scope.now()));
    card.sent_at = Set(recipient.map(|_| scope.now()));
    let card = write(scope, card.update(scope).await?, GiftCardMove::Issued, cents, payment).await?;
    scope.emit(events::activated(&card));
    if recipient.is_some() {
        scope.emit(events::sent(&card));
    }
    Ok(card)
}

/// Takes off what is left of a card that is locked, for good.
pub(super) async fn make_void(scope: &Scope, card: Model) -> Result<Model, ApiError> {
    let left = card.balance_cents;
    let mut card = card.into_active_model();
    card.status = Set(GiftCardStatus::Void);
    card.voided_at = Set(Some(scope.now()));
    card.updated_at = Set(scope.now());
    let mut card = card.update(scope).await?;
    if left > 0 {
        card = write(scope, card, GiftCardMove::Voided, -left, None).await?;
    }
    scope.emit(events::voided(&card));
    Ok(card)
}

fn settled(card: &Model) -> ApiError {
    let detail = match card.status {
        GiftCardStatus::Pending => "Nobody buys this gift card.",
        GiftCardStatus::Active => "This gift card is paid already.",
        GiftCardStatus::Void => "This gift card is not valid any more.",
    };
    ApiError::new(Code::Conflict, detail).with("state", card.status.as_str())
}
