//! Brings a payment that is written down to the provider, and writes down what it said.
//!
//! Whoever comes again, after a crash or beside another, makes the same call under the same key.

use ::entity::enums::PaymentStatus;
use ::entity::payments::Model;
use sea_orm::ActiveValue::Set;
use sea_orm::IntoActiveModel;

use super::begin::currency;
use super::call_off::call_off;
use crate::app::App;
use crate::db::Scope;
use crate::domains::booking;
use crate::domains::payments::apply::{Word, advance, apply_checkout, of_intent};
use crate::domains::payments::events;
use crate::domains::payments::held::{self, Held};
use crate::domains::payments::provider::{self, key, metadata, needs_payer, refused};
use crate::domains::payments::rules::bill::{Kind, Line};
use crate::domains::payments::rules::state;
use crate::error::{ApiError, Code};
use crate::kernel::money::Money;
use crate::ports::payments::{
    Call, Checkout, CheckoutLine, CheckoutMode, Intent, NewCheckout, NewIntent, ProviderError,
};

/// Where a page of the provider leads back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub success_url: String,
    pub cancel_url: String,
}

/// How it is paid.
#[derive(Clone, Debug, Default)]
pub struct How {
    /// On a page of the provider.
    pub page: Option<Page>,
    /// At once, with this stored way to pay of this customer: both the provider's ids.
    pub stored: Option<(String, String)>,
    /// The payer is not there.
    pub off_session: bool,
}

/// A payment at the provider.
#[derive(Debug)]
pub struct Placed {
    pub payment: Model,
    pub client_secret: Option<String>,
    /// The provider's page.
    pub url: Option<String>,
    pub lines: Vec<Line>,
}

impl Placed {
    /// One of which the provider knows nothing.
    pub fn bare(payment: Model) -> Self {
        Self { lines: lines(&payment), payment, client_secret: None, url: None }
    }
}

fn lines(payment: &Model) -> Vec<Line> {
    let stored = payment.metadata_json["lines"].as_array().into_iter().flatten();
    let read =
        |line: &serde_json::Value| Some(Line { kind: Kind::parse(line[0].as_str()?)?, amount: line[1].as_i64()? });
    stored.filter_map(read).collect()
}

/// Brings a payment to the provider.
///
/// # Errors
/// 402 when it was to be charged at once and was declined, or the payer must confirm it; 409 when it was given up
/// meanwhile; 422 for what the provider refuses; 502 when it does not answer: the same request again goes on.
pub async fn place(app: &App, scope: &Scope, payment: Model, how: How) -> Result<Placed, ApiError> {
    let customer = match (&how.stored, payment.explicit_consent_flag, payment.customer_id, &payment.provider_account_id)
    {
        (Some((customer, _)), ..) => Some(customer.clone()),
        // a card is kept with its customer
        (None, true, Some(customer), Some(account)) => Some(provider::customer(app, scope, customer, account).await?),
        _ => None,
    };
    match &how.page {
        Some(page) => on_page(app, scope, payment, page, customer).await,
        None => by_intent(app, scope, payment, &how, customer).await,
    }
}

async fn by_intent(
    app: &App,
    scope: &Scope,
    payment: Model,
    how: &How,
    customer: Option<String>,
) -> Result<Placed, ApiError> {
    let account = payment.provider_account_id.clone();
    scope.pause().await?;
    let answer = match &payment.provider_payment_id {
        Some(id) => app.payments.intent(account.as_deref(), id).await,
        None => {
            let new = new_intent(&payment, how, customer)?;
            let call = Call { account: account.as_deref(), key: &payment.idempotency_key };
            app.payments.create_intent(call, &new).await
        }
    };
    match answer {
        Ok(intent) => {
            let placed = record(app, scope, &payment, &intent).await?;
            match placed.payment.status {
                PaymentStatus::RequiresAction if how.stored.is_some() => {
                    scope.pause().await?;
                    Err(asks(&placed.payment, &intent))
                }
                PaymentStatus::Failed if how.stored.is_some() => {
                    scope.pause().await?;
                    Err(declined(&placed.payment))
                }
                _ => Ok(placed),
            }
        }
        Err(error) => Err(remember(scope, &payment, error).await?),
    }
}

/// What whoever wanted it charged is told of an attempt that failed.
pub fn declined(payment: &Model) -> ApiError {
    let words = payment.failure_message.clone().filter(|message| !message.is_empty());
    let refusal = ApiError::new(Code::PaymentDeclined, words.unwrap_or_else(|| "The card was declined.".into()));
    let code = payment.failure_code.clone().unwrap_or_default();
    refusal.with("decline_code", code).with("payment_id", payment.id.to_string())
}

/// The payer is asked to confirm, and is told where.
fn asks(payment: &Model, intent: &Intent) -> ApiError {
    let refusal = needs_payer(intent.next_action_url.as_deref(), &intent.id).with("payment_id", payment.id.to_string());
    match &intent.client_secret {
        Some(secret) => refusal.with("client_secret", secret.as_str()),
        None => refusal,
    }
}

fn new_intent(payment: &Model, how: &How, customer: Option<String>) -> Result<NewIntent, ApiError> {
    let ids = [("payment_id", Some(payment.id.0)), ("booking_id", payment.booking_id.map(|id| id.0))];
    Ok(NewIntent {
        amount: Money::new(payment.amount_cents, currency(&payment.currency_code)?),
        customer,
        method: how.stored.as_ref().map(|(_, method)| method.clone()),
        confirm: how.stored.is_some(),
        return_url: None,
        off_session: how.off_session,
        keep_card: payment.explicit_consent_flag && how.stored.is_none(),
        manual_capture: false,
        application_fee: payment.application_fee_cents,
        description: None,
        metadata: metadata(payment.tenant_id, &ids),
    })
}

/// Writes down what the provider answered. A payment that was given up meanwhile is given up there too.
async fn record(app: &App, scope: &Scope, asked: &Model, intent: &Intent) -> Result<Placed, ApiError> {
    let held = held::hold(scope, asked.id).await?;
    let known = held.payment.provider_payment_id.is_some();
    let payment = advance(scope, held, of_intent(intent)).await?;
    if payment.status == PaymentStatus::Canceled {
        scope.pause().await?;
        call_off(app, scope, payment.id).await?;
        scope.pause().await?;
        return Err(given_up());
    }
    if !known {
        scope.emit(events::intent_created(&payment));
        metrics::counter!("payments_intents_created_total").increment(1);
        if let Some(booking) = payment.booking_id {
            booking::note_intent(scope, booking, &intent.id).await?;
        }
    }
    Ok(Placed { lines: lines(&payment), payment, client_secret: intent.client_secret.clone(), url: None })
}

fn given_up() -> ApiError {
    ApiError::new(Code::HoldExpired, "This payment was given up meanwhile.").with("reason", "canceled")
}

/// Writes down a refusal of the provider, and gives it to the caller. An answer that never came leaves all as it is:
/// the same request again makes the same call.
pub async fn remember(scope: &Scope, payment: &Model, error: ProviderError) -> Result<ApiError, ApiError> {
    match error {
        ProviderError::Declined { ref intent, ref code, ref decline_code, ref message } => {
            let failure = Some((decline_code.clone().unwrap_or_else(|| code.clone()), message.clone()));
            let mut word = match intent {
                Some(intent) => of_intent(intent),
                None => Word::default(),
            };
            word.status = Some(PaymentStatus::Failed);
            word.failure = failure;
            let held = held::hold(scope, payment.id).await?;
            let declines = held.payment.declines;
            let after = advance(scope, held, word).await?;
            // a twin that was told the same counts it once
            if declines == payment.declines {
                let mut change = after.into_active_model();
                change.declines = Set(declines + 1);
                held::save(scope, change).await?;
            }
        }
        ProviderError::NeedsPayer { ref intent } => {
            let held = held::hold(scope, payment.id).await?;
            let mut word = of_intent(intent);
            // the attempt without the payer is over; with the payer it can go on
            word.status = Some(PaymentStatus::RequiresAction);
            let payment = advance(scope, held, word).await?;
            scope.pause().await?;
            return Ok(asks(&payment, intent));
        }
        ProviderError::State { intent: Some(ref intent), .. } => {
            let held = held::hold(scope, payment.id).await?;
            advance(scope, held, of_intent(intent)).await?;
        }
        ProviderError::Invalid { .. } | ProviderError::Forbidden { .. }
            if payment.provider_payment_id.is_none() && payment.provider_checkout_id.is_none() =>
        {
            // nothing of it is there, and nothing will be
            let held = held::hold(scope, payment.id).await?;
            advance(scope, held, Word::given_up()).await?;
        }
        ProviderError::State { .. }
        | ProviderError::Invalid { .. }
        | ProviderError::Forbidden { .. }
        | ProviderError::OverRefund { .. }
        | ProviderError::KeyReused { .. }
        | ProviderError::Missing
        | ProviderError::Unknown { .. } => {}
    }
    scope.pause().await?;
    Ok(refused(error).with("payment_id", payment.id.to_string()))
}

async fn on_page(
    app: &App,
    scope: &Scope,
    payment: Model,
    page: &Page,
    customer: Option<String>,
) -> Result<Placed, ApiError> {
    let account = payment.provider_account_id.clone();
    scope.pause().await?;
    let answer = match &payment.provider_checkout_id {
        Some(id) => app.payments.checkout(account.as_deref(), id).await,
        None => {
            let new = new_checkout(&payment, page, customer)?;
            let key = key(payment.tenant_id, payment.id.0, "page", 1);
            app.payments.create_checkout(Call { account: account.as_deref(), key: &key }, &new).await
        }
    };
    match answer {
        Ok(checkout) => record_page(app, scope, &payment, &checkout).await,
        Err(error) => Err(remember(scope, &payment, error).await?),
    }
}

fn new_checkout(payment: &Model, page: &Page, customer: Option<String>) -> Result<NewCheckout, ApiError> {
    let ids = [("payment_id", Some(payment.id.0)), ("booking_id", payment.booking_id.map(|id| id.0))];
    let amount = Money::new(payment.amount_cents, currency(&payment.currency_code)?);
    Ok(NewCheckout {
        mode: CheckoutMode::Payment,
        // one line: what makes it up is told by us, and what is paid is the sum
        lines: vec![CheckoutLine { name: "Booking".into(), amount, quantity: 1 }],
        customer,
        success_url: page.success_url.clone(),
        cancel_url: page.cancel_url.clone(),
        expires_at: None,
        keep_card: payment.explicit_consent_flag,
        application_fee: payment.application_fee_cents,
        price: None,
        trial_days: None,
        metadata: metadata(payment.tenant_id, &ids),
    })
}

async fn record_page(app: &App, scope: &Scope, asked: &Model, checkout: &Checkout) -> Result<Placed, ApiError> {
    let known = held::hold(scope, asked.id).await?.payment.provider_checkout_id.is_some();
    apply_checkout(scope, checkout).await?;
    let Held { payment, .. } = held::hold(scope, asked.id).await?;
    if payment.status == PaymentStatus::Canceled && checkout.status == "open" {
        scope.pause().await?;
        call_off(app, scope, payment.id).await?;
        scope.pause().await?;
        return Err(given_up());
    }
    if !state::is_open(payment.status) && payment.status == PaymentStatus::Canceled {
        return Err(given_up());
    }
    if !known {
        scope.emit(events::intent_created(&payment));
        metrics::counter!("payments_intents_created_total").increment(1);
    }
    Ok(Placed { lines: lines(&payment), payment, client_secret: None, url: checkout.url.clone() })
}
