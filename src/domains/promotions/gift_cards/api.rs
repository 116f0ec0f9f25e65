//! The operations on gift cards; `public` is the visitor's side.

use std::sync::Arc;

use ::entity::enums::BookingSource;
use ::entity::gift_cards::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{
    GiftCard, GiftCardBalance, GiftCardCode, GiftCardContact, GiftCardCreate, GiftCardIssued, GiftCardSend,
    GiftCardSort, GiftCardSpend, GiftCardStatus, GiftCardTransaction, GiftCardTransactionSort,
};
use super::service::{self, GiftCardFilter, NewGiftCard, Party};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::crm::NewContact;
use crate::domains::identity::permission::{GiftCardRead, GiftCardRedeem, GiftCardWrite};
use crate::error::ApiError;
use crate::guard::{Anyone, Body, Can, Created, Listing, OptionalKey, Page, Reply, RequiredKey, Tag, Timestamp};

/// `/api/v1/promotions/gift-cards`
pub struct GiftCardsApi {
    app: Arc<App>,
}

impl GiftCardsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

impl From<GiftCardContact> for Party {
    fn from(contact: GiftCardContact) -> Self {
        Self::Contact(NewContact {
            display_name: contact.display_name.into(),
            email: contact.email.into(),
            phone: None,
            marketing_opt_in: false,
        })
    }
}

fn shown(row: Model) -> Reply<GiftCard> {
    let etag = row::tag::<Entity>(&row);
    Reply::new(row.into()).tagged(etag)
}

#[OpenApi(tag = "Tag::Promotions")]
impl GiftCardsApi {
    /// List gift cards
    ///
    /// The newest first, unless the other order is asked for.
    #[oai(path = "/api/v1/promotions/gift-cards", method = "get", operation_id = "gift_card_list")]
    async fn list(
        &self,
        guard: Can<GiftCardRead>,
        page: Page,
        /// Only those in this state.
        status: Query<Option<GiftCardStatus>>,
        /// Only those that this customer gave or got.
        customer_id: Query<Option<Uuid>>,
        /// The order.
        sort: Query<Option<GiftCardSort>>,
    ) -> Result<Reply<Listing<GiftCard>>, ApiError> {
        let filter = GiftCardFilter { status: status.0.map(Into::into), customer_id: customer_id.0 };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::list(&guard.scope, walk, &filter).await?.into())
    }

    /// Issue a gift card
    ///
    /// It can be used at once. Its code is told in the answer and to the recipient, and never again. Emits
    /// `GIFT_CARD_CREATED`, `GIFT_CARD_ACTIVATED`, and `GIFT_CARD_SENT` where there is a recipient.
    #[oai(path = "/api/v1/promotions/gift-cards", method = "post", operation_id = "gift_card_create")]
    async fn create(
        &self,
        guard: Can<GiftCardWrite>,
        /// Names this attempt, so that a repeat issues nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        new: Body<GiftCardCreate>,
    ) -> Result<Created<GiftCardIssued>, ApiError> {
        let new = NewGiftCard {
            amount_cents: new.0.amount_cents,
            currency: new.0.currency.unwrap_or_else(|| guard.tenant.currency.clone()),
            purchaser: new.0.customer_id.map(Party::Known),
            recipient: new.0.recipient.map(Into::into),
            message: new.0.message.map(Into::into),
            expires_at: new.0.expires_at.map(Timestamp::get),
            source: BookingSource::Staff,
        };
        let (card, code) = service::issue(&guard.scope, &self.app.manage, new).await?;
        let location = format!("/api/v1/promotions/gift-cards/{}", card.id);
        Ok(Created::at(location, GiftCardIssued { code, gift_card: card.into() }))
    }

    /// Ask for a gift card's balance
    ///
    /// By its code, whoever has it. 422 with `reason` for one that cannot be used. Counted strictly, so that nobody
    /// guesses codes.
    #[oai(path = "/api/v1/promotions/gift-cards/balance", method = "post", operation_id = "gift_card_balance")]
    async fn balance(
        &self,
        guard: Anyone,
        /// Names this attempt, so that a repeat gets the same answer.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        shown: Body<GiftCardCode>,
    ) -> Result<Reply<GiftCardBalance>, ApiError> {
        let card = service::balance(&guard.scope, &shown.0.code).await?;
        Ok(Reply::new(card.into()))
    }

    /// Pay with a gift card at the counter
    ///
    /// Takes so much off it. 422 with `reason` for one that cannot be used, and when there is not so much on it. Emits
    /// `GIFT_CARD_REDEEMED`.
    #[oai(path = "/api/v1/promotions/gift-cards/redeem", method = "post", operation_id = "gift_card_redeem")]
    async fn redeem(
        &self,
        guard: Can<GiftCardRedeem>,
        /// Names this attempt, so that a repeat takes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        spend: Body<GiftCardSpend>,
    ) -> Result<Reply<GiftCard>, ApiError> {
        Ok(shown(service::redeem(&guard.scope, &spend.0.code, spend.0.amount_cents).await?))
    }

    /// Read a gift card
    ///
    /// Without its code, which nobody is told again.
    #[oai(path = "/api/v1/promotions/gift-cards/:gift_card_id", method = "get", operation_id = "gift_card_get")]
    async fn get(
        &self,
        guard: Can<GiftCardRead>,
        /// The card's id.
        gift_card_id: Path<Uuid>,
    ) -> Result<Reply<GiftCard>, ApiError> {
        Ok(shown(service::get(&guard.scope, gift_card_id.0).await?))
    }

    /// List the movements of a gift card
    ///
    /// The newest first, unless the other order is asked for. Their sum is the balance.
    #[oai(
        path = "/api/v1/promotions/gift-cards/:gift_card_id/transactions",
        method = "get",
        operation_id = "gift_card_transaction_list"
    )]
    async fn transactions(
        &self,
        guard: Can<GiftCardRead>,
        /// The card's id.
        gift_card_id: Path<Uuid>,
        page: Page,
        /// The order.
        sort: Query<Option<GiftCardTransactionSort>>,
    ) -> Result<Reply<Listing<GiftCardTransaction>>, ApiError> {
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::list_moves(&guard.scope, walk, gift_card_id.0).await?.into())
    }

    /// Send a gift card
    ///
    /// Its code is told to the recipient, who may be another one than before. Emits `GIFT_CARD_SENT`.
    #[oai(path = "/api/v1/promotions/gift-cards/:gift_card_id/send", method = "post", operation_id = "gift_card_send")]
    async fn send(
        &self,
        guard: Can<GiftCardWrite>,
        /// Names this attempt, so that a repeat sends nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The card's id.
        gift_card_id: Path<Uuid>,
        to: Body<GiftCardSend>,
    ) -> Result<Reply<GiftCard>, ApiError> {
        let (to, message) = (to.0.recipient.map(Into::into), to.0.message.map(Into::into));
        Ok(shown(service::send(&guard.scope, gift_card_id.0, to, message).await?))
    }

    /// Make a gift card void
    ///
    /// What is left on it is gone for good. One that is void stays so. Emits `GIFT_CARD_VOIDED`.
    #[oai(path = "/api/v1/promotions/gift-cards/:gift_card_id/void", method = "post", operation_id = "gift_card_void")]
    async fn void(
        &self,
        guard: Can<GiftCardWrite>,
        /// Names this attempt, so that a repeat gets the same answer.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The card's id.
        gift_card_id: Path<Uuid>,
    ) -> Result<Reply<GiftCard>, ApiError> {
        Ok(shown(service::make_void(&guard.scope, gift_card_id.0).await?))
    }
}
