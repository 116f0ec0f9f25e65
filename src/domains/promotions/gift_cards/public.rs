//! A visitor buys a gift card.

use std::sync::Arc;

use ::entity::enums::BookingSource;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::code;
use super::dto::{GiftCardPurchase, PublicGiftCard};
use super::service::{self, NewGiftCard};
use crate::app::App;
use crate::error::ApiError;
use crate::guard::{Body, Created, RequiredKey, Tag, Timestamp, Visitor};

/// `/v1/b/{slug}/gift-cards`
pub struct PublicGiftCardsApi {
    app: Arc<App>,
}

impl PublicGiftCardsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Public")]
impl PublicGiftCardsApi {
    /// Buy a gift card as a visitor
    ///
    /// It waits to be paid. Its code is told in the answer, this once, and worth nothing before; once it is paid it is
    /// told to the recipient too. Emits `GIFT_CARD_CREATED`.
    #[oai(path = "/v1/b/:slug/gift-cards", method = "post", operation_id = "public_gift_card_create")]
    async fn create(
        &self,
        guard: Visitor,
        /// Names this attempt, so that a repeat buys nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        /// The business.
        #[expect(unused_variables, reason = "the pipeline has resolved it")]
        slug: Path<String>,
        new: Body<GiftCardPurchase>,
    ) -> Result<Created<PublicGiftCard>, ApiError> {
        let (scope, keys) = (&guard.scope, &self.app.manage);
        let new = NewGiftCard {
            amount_cents: new.0.amount_cents,
            currency: guard.tenant.currency.clone(),
            recipient: Some(new.0.recipient.unwrap_or_else(|| new.0.purchaser.clone()).into()),
            purchaser: Some(new.0.purchaser.into()),
            message: new.0.message.map(Into::into),
            expires_at: service::expiry(scope.now()),
            source: BookingSource::Public,
        };
        let (card, code) = service::buy(scope, keys, new).await?;
        let bought = PublicGiftCard {
            id: card.id.0,
            code,
            purchase_token: code::seal(keys, card.tenant_id.0, card.id)?,
            status: card.status.into(),
            amount_cents: card.initial_cents,
            currency: card.currency,
            expires_at: card.expires_at.map(Timestamp::new),
        };
        Ok(Created::at(format!("/api/v1/promotions/gift-cards/{}", card.id), bought))
    }
}
