//! What the provider says of an intent.

use ::entity::enums::PaymentStatus;
use ::entity::payments::{Column, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::IntoActiveModel;

use super::Applied;
use crate::db::Scope;
use crate::domains::payments::held::{self, Held};
use crate::domains::payments::methods;
use crate::domains::payments::rules::state;
use crate::domains::payments::settle;
use crate::error::ApiError;
use crate::ports::payments::{Intent, IntentStatus};

/// A word of the provider about a payment.
#[derive(Clone, Debug, Default)]
pub(in crate::domains::payments) struct Word {
    /// Where it leads, as far as we know the provider's word.
    pub status: Option<PaymentStatus>,
    /// The provider's own.
    pub said: Option<String>,
    pub intent: Option<String>,
    pub charge: Option<String>,
    pub checkout: Option<String>,
    pub method: Option<String>,
    /// What came in, in minor units; all of it when nothing is said.
    pub received: Option<i64>,
    /// Why the last attempt failed: code and words.
    pub failure: Option<(String, String)>,
}

impl Word {
    /// What must have happened, since something later did: the money came.
    pub(super) fn came(charge: Option<String>) -> Self {
        Self { status: Some(PaymentStatus::Captured), said: Some("succeeded".into()), charge, ..Self::default() }
    }

    /// Paid without the provider: in cash, or by a gift card alone.
    pub fn settled() -> Self {
        Self { status: Some(PaymentStatus::Captured), ..Self::default() }
    }

    /// Nothing of it will come.
    pub fn given_up() -> Self {
        Self { status: Some(PaymentStatus::Canceled), ..Self::default() }
    }
}

/// Takes in what an intent looks like now, or looked like once.
///
/// # Errors
/// When the database cannot answer.
pub async fn apply_intent(scope: &Scope, intent: &Intent) -> Result<Applied, ApiError> {
    let ours = intent.metadata.get("payment_id");
    let Some(id) = held::by_provider(scope, Column::ProviderPaymentId, &intent.id, ours).await? else {
        return Ok(Applied::Unknown);
    };
    let held = held::hold(scope, id).await?;
    let before = held.payment.clone();
    let after = advance(scope, held, of_intent(intent)).await?;
    Ok(Applied::of(&before, &after))
}

/// What an intent says of its payment.
pub(in crate::domains::payments) fn of_intent(intent: &Intent) -> Word {
    let failed = intent.last_error.is_some();
    let asks = |code: &str| code == "authentication_required";
    let asked =
        intent.last_error.as_ref().is_some_and(|(code, decline, _)| asks(code) || decline.as_deref().is_some_and(asks));
    let (status, said) = match &intent.status {
        // the bank wants the payer, who can still go on with it
        IntentStatus::RequiresPaymentMethod if asked => {
            (Some(PaymentStatus::RequiresAction), "requires_payment_method")
        }
        IntentStatus::RequiresPaymentMethod if failed => (Some(PaymentStatus::Failed), "requires_payment_method"),
        IntentStatus::RequiresPaymentMethod => (None, "requires_payment_method"),
        IntentStatus::RequiresConfirmation => (None, "requires_confirmation"),
        IntentStatus::RequiresAction => (Some(PaymentStatus::RequiresAction), "requires_action"),
        IntentStatus::Processing => (Some(PaymentStatus::Processing), "processing"),
        IntentStatus::RequiresCapture => (Some(PaymentStatus::Authorized), "requires_capture"),
        IntentStatus::Succeeded => (Some(PaymentStatus::Captured), "succeeded"),
        IntentStatus::Canceled => (Some(PaymentStatus::Canceled), "canceled"),
        IntentStatus::Unknown(word) => (None, word.as_str()),
    };
    let failure = intent.last_error.as_ref();
    Word {
        status,
        said: Some(said.chars().take(100).collect()),
        intent: Some(intent.id.clone()),
        charge: intent.latest_charge.clone(),
        checkout: None,
        method: intent.method.clone(),
        received: (intent.status == IntentStatus::Succeeded && intent.amount_received > 0)
            .then_some(intent.amount_received),
        failure: failure.map(|(code, decline, message)| (decline.clone().unwrap_or(code.clone()), message.clone())),
    }
}

/// Leads a held payment where a word says, if that is further, and does what follows.
pub(in crate::domains::payments) async fn advance(scope: &Scope, held: Held, word: Word) -> Result<Model, ApiError> {
    let old = held.payment.clone();
    let to = word.status.and_then(|seen| state::next(old.status, seen));
    let mut change = old.clone().into_active_model();
    if old.provider_payment_id.is_none() && word.intent.is_some() {
        change.provider_payment_id = Set(word.intent);
    }
    if old.provider_checkout_id.is_none() && word.checkout.is_some() {
        change.provider_checkout_id = Set(word.checkout);
    }
    // an attempt has a charge of its own: that of the money counts
    if word.charge.is_some()
        && old.provider_charge_id != word.charge
        && (!state::is_captured(old.status) || old.provider_charge_id.is_none())
    {
        change.provider_charge_id = Set(word.charge);
    }
    if old.provider_method_id.is_none() && word.method.is_some() {
        change.provider_method_id = Set(word.method);
    }
    if let Some(said) = word.said
        && (to.is_some() || state::is_open(old.status))
        && old.provider_status.as_deref() != Some(said.as_str())
    {
        change.provider_status = Set(Some(said));
    }
    match to {
        Some(PaymentStatus::Captured) => {
            change.amount_captured_cents = Set(word.received.unwrap_or(old.amount_cents).clamp(0, old.amount_cents));
            change.captured_at = Set(Some(scope.now()));
            change.closed_at = Set(None);
            change.failure_code = Set(None);
            change.failure_message = Set(None);
        }
        Some(PaymentStatus::Canceled) => change.closed_at = Set(Some(scope.now())),
        Some(PaymentStatus::Failed) => {
            let (code, message) = word.failure.unwrap_or_else(|| ("unknown".into(), String::new()));
            change.failure_code = Set(Some(code.chars().take(100).collect()));
            change.failure_message = Set(Some(message.chars().take(1_000).collect()));
        }
        _ => {}
    }
    if let Some(to) = to {
        change.status = Set(to);
    }
    if !sea_orm::ActiveModelTrait::is_changed(&change) {
        return Ok(old);
    }
    let payment = held::save(scope, change).await?;
    match to {
        Some(PaymentStatus::Captured) => settle::captured(scope, &payment, held.booking.as_ref()).await?,
        Some(PaymentStatus::Canceled) => settle::canceled(scope, &payment).await?,
        Some(PaymentStatus::Failed) => settle::failed(scope, &payment).await?,
        _ => {}
    }
    // the card may become known after the money
    let named = old.provider_method_id != payment.provider_method_id;
    if state::is_captured(payment.status) && (named || to.is_some()) {
        methods::keep_of_payment(scope, &payment).await?;
    }
    Ok(payment)
}
