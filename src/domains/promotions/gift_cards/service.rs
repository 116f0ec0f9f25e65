//! The verbs on gift cards.

use ::entity::enums::{BookingSource, GiftCardStatus};
use ::entity::gift_card_transactions as transactions;
use ::entity::gift_cards::{ActiveModel, Column, Entity, Model};
use ::entity::ids::{CustomerId, GiftCardId};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel};
use uuid::Uuid;

use super::code::Code as CardCode;
use super::dto::{GiftCard, GiftCardTransaction};
use super::{bought, events, moves, rules};
use crate::db::keyset::{self, Filter, Walk};
use crate::db::{Scope, row};
use crate::domains::crm::{self, NewContact};
use crate::error::{ApiError, Code};
use crate::guard::{CursorKey, Listing};

/// What a list of gift cards is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct GiftCardFilter {
    pub status: Option<GiftCardStatus>,
    /// Given or got by this customer.
    pub customer_id: Option<Uuid>,
}

impl Filter<Entity> for GiftCardFilter {
    fn condition(&self) -> Condition {
        let theirs = self.customer_id.map(|customer| {
            Condition::any().add(Column::PurchaserCustomerId.eq(customer)).add(Column::RecipientCustomerId.eq(customer))
        });
        Condition::all().add_option(self.status.map(|status| Column::Status.eq(status))).add_option(theirs)
    }
}

/// Whose movements a list shows.
#[derive(Debug)]
struct Of(GiftCardId);

impl Filter<transactions::Entity> for Of {
    fn condition(&self) -> Condition {
        Condition::all().add(transactions::Column::GiftCardId.eq(self.0))
    }
}

/// A card to be made.
#[derive(Clone, Debug)]
pub struct NewGiftCard {
    pub amount_cents: i64,
    pub currency: String,
    pub purchaser: Option<Party>,
    pub recipient: Option<Party>,
    pub message: Option<String>,
    pub expires_at: Option<DateTime<Utc>>,
    pub source: BookingSource,
}

/// Who gives or gets a card.
#[derive(Clone, Debug)]
pub enum Party {
    /// A customer that exists.
    Known(Uuid),
    /// Found by e-mail, or made.
    Contact(NewContact),
}

/// How long a card that somebody buys is good: three years.
const GOOD_FOR: TimeDelta = TimeDelta::days(3 * 365);

/// When a card that is bought now expires.
pub fn expiry(now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    now.checked_add_signed(GOOD_FOR)
}

/// A page of cards.
pub async fn list(
    scope: &Scope,
    walk: Walk<'_, Entity>,
    filter: &GiftCardFilter,
) -> Result<Listing<GiftCard>, ApiError> {
    keyset::list(scope, walk, filter, GiftCard::from).await
}

/// A page of a card's movements.
pub async fn list_moves(
    scope: &Scope,
    walk: Walk<'_, transactions::Entity>,
    card: Uuid,
) -> Result<Listing<GiftCardTransaction>, ApiError> {
    let card = get(scope, card).await?.id;
    keyset::list(scope, walk, &Of(card), GiftCardTransaction::from).await
}

/// One card.
pub async fn get(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    row::find::<Entity>(scope, id).await
}

/// Makes a card that can be used at once. Its code is answered, this once.
pub async fn issue(scope: &Scope, keys: &[CursorKey], new: NewGiftCard) -> Result<(Model, String), ApiError> {
    let (card, code) = make(scope, keys, new).await?;
    Ok((bought::activate(scope, card).await?, code))
}

/// Makes a card that waits to be paid. Its code is answered, this once, and worth nothing before.
pub async fn buy(scope: &Scope, keys: &[CursorKey], new: NewGiftCard) -> Result<(Model, String), ApiError> {
    make(scope, keys, new).await
}

/// What is on the card of a code.
pub async fn balance(scope: &Scope, code: &str) -> Result<Model, ApiError> {
    let card = moves::by_code(scope, code).await?;
    match rules::usable(&moves::shown(&card)?, scope.now()) {
        // an empty card is told as what it is
        Ok(()) | Err(rules::Reason::Empty) => Ok(card),
        Err(reason) => Err(moves::refusal(reason)),
    }
}

/// Takes so much off a card that its holder shows.
pub async fn redeem(scope: &Scope, code: &str, cents: i64) -> Result<Model, ApiError> {
    moves::spend(scope, code, cents).await
}

/// Makes a card void; what is left on it is gone. Done once; a repeat finds it done.
pub async fn make_void(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    let card = moves::hold(scope, id).await?;
    if card.status == GiftCardStatus::Void { Ok(card) } else { bought::make_void(scope, card).await }
}

/// Has a card told to somebody, who is its recipient from now on.
pub async fn send(scope: &Scope, id: Uuid, to: Option<Party>, message: Option<String>) -> Result<Model, ApiError> {
    let card = moves::hold(scope, id).await?;
    rules::usable(&moves::shown(&card)?, scope.now()).map_err(moves::refusal)?;
    let recipient = match party(scope, to).await? {
        Some(recipient) => recipient,
        None => card
            .recipient_customer_id
            .ok_or_else(|| ApiError::field("#/recipient", "required", "The card has no recipient yet: give one."))?,
    };
    let message = message.or_else(|| card.message.clone());
    let mut card = card.into_active_model();
    card.recipient_customer_id = Set(Some(recipient));
    card.message = Set(message);
    card.sent_at = Set(Some(scope.now()));
    card.updated_at = Set(scope.now());
    let card = card.update(scope).await?;
    scope.emit(events::sent(&card));
    Ok(card)
}

async fn make(scope: &Scope, keys: &[CursorKey], new: NewGiftCard) -> Result<(Model, String), ApiError> {
    if new.expires_at.is_some_and(|expires| expires <= scope.now()) {
        let detail = "The card must expire later than now.";
        return Err(ApiError::new(Code::RuleViolation, detail).with_field("#/expires_at", "past", detail));
    }
    let key = keys.first().ok_or_else(|| ApiError::internal("there is no key for gift cards"))?;
    let id = GiftCardId(scope.new_id());
    let code = CardCode::made(key, scope.tenant()?.0, id);
    let card = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(id),
        code_hash: Set(code.digest()),
        code_hint: Set(code.hint().to_owned()),
        status: Set(GiftCardStatus::Pending),
        initial_cents: Set(new.amount_cents),
        balance_cents: Set(0),
        currency: Set(new.currency),
        purchaser_customer_id: Set(party(scope, new.purchaser).await?),
        recipient_customer_id: Set(party(scope, new.recipient).await?),
        message: Set(new.message),
        source: Set(new.source),
        payment_id: Set(None),
        expires_at: Set(new.expires_at),
        activated_at: Set(None),
        sent_at: Set(None),
        voided_at: Set(None),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let card = card.insert(scope).await?;
    scope.emit(events::created(&card));
    Ok((card, code.reveal()))
}

async fn party(scope: &Scope, who: Option<Party>) -> Result<Option<CustomerId>, ApiError> {
    match who {
        None => Ok(None),
        Some(Party::Known(id)) => crm::known(scope, id).await.map(Some),
        Some(Party::Contact(contact)) => crm::find_or_create(scope, contact).await.map(Some),
    }
}
