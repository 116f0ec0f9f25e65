//! The operations on the inbox.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::body::{SignedBytes, StripeSignature};
use super::dto::{WebhookEvent, WebhookReceived, WebhookState};
use super::service;
use crate::app::App;
use crate::error::ApiError;
use crate::guard::{Inbound, Listing, Operator, OptionalKey, Page, Reply, Tag, Text};

/// `/api/v1/webhooks/stripe`
pub struct WebhooksApi {
    app: Arc<App>,
}

impl WebhooksApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Payments")]
impl WebhooksApi {
    /// Take an event of Stripe
    ///
    /// For Stripe alone, which signs the bytes of the body. The event is stored and answered at once, whatever it says;
    /// what it means is worked on afterwards. An event that comes again is answered the same and has no second effect.
    #[oai(path = "/api/v1/webhooks/stripe", method = "post", operation_id = "webhook_stripe")]
    async fn stripe(
        &self,
        guard: Inbound,
        /// Names this attempt. Stripe sends none: the event's id says which it is.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// When it was signed and the signatures, as Stripe writes them.
        stripe_signature: StripeSignature,
        event: SignedBytes,
    ) -> Result<Reply<WebhookReceived>, ApiError> {
        service::receive(&self.app, &guard.scope, &stripe_signature.0, event.0).await?;
        Ok(WebhookReceived { received: true }.into())
    }
}

/// `/api/admin/webhook-inbox`
pub struct InboxApi {
    app: Arc<App>,
}

impl InboxApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Platform")]
impl InboxApi {
    /// List the events that providers sent
    ///
    /// For operators, the newest first; the look is noted in the audit log. What the events say is not shown.
    #[oai(path = "/api/admin/webhook-inbox", method = "get", operation_id = "webhook_event_list")]
    async fn list(
        &self,
        guard: Operator,
        page: Page,
        /// Only those in this state.
        state: Query<Option<WebhookState>>,
        /// Only those of this type.
        event_type: Query<Option<Text<1, 255>>>,
    ) -> Result<Reply<Listing<WebhookEvent>>, ApiError> {
        let filter = service::InboxFilter { state: state.0.map(Into::into), event_type: event_type.0.map(Into::into) };
        Ok(service::list(&guard.scope, &guard.person, &self.app.cursors, &page, &filter).await?.into())
    }

    /// Work on an event again
    ///
    /// From the beginning, as if it had just come; one that has had its effect has no second one. Noted in the audit log.
    #[oai(
        path = "/api/admin/webhook-inbox/:webhook_event_id/replay",
        method = "post",
        operation_id = "webhook_event_replay"
    )]
    async fn replay(
        &self,
        guard: Operator,
        /// Names this attempt.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The event's id in the inbox.
        webhook_event_id: Path<Uuid>,
    ) -> Result<Reply<WebhookEvent>, ApiError> {
        Ok(service::replay(&self.app, &guard.scope, &guard.person, webhook_event_id.0).await?.into())
    }
}
