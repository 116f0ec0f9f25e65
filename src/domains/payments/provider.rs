//! Calls of the provider: on whose account, under which key, and what a refusal means to whoever asked us.
//!
//! A key is made of a row that was committed before, so that a repeat after a crash is the same call:
//! `{tenant}:{row}:{operation}:{attempt}`.

use std::fmt;

use ::entity::enums::PaymentProvider;
use ::entity::ids::{CustomerId, TenantId};
use ::entity::payment_customers::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::connect::{self, Connected};
use crate::app::App;
use crate::db::Scope;
use crate::error::{ApiError, Code};
use crate::ports::payments::{Call, Metadata, NewCustomer, ProviderError};

/// The key of a call.
pub(super) fn key(tenant: TenantId, row: Uuid, operation: &str, attempt: impl fmt::Display) -> String {
    format!("{tenant}:{row}:{operation}:{attempt}")
}

/// What we want to find on an object again.
pub(super) fn metadata(tenant: TenantId, ids: &[(&str, Option<Uuid>)]) -> Metadata {
    let ids = ids.iter().filter_map(|(name, id)| Some(((*name).to_owned(), (*id)?.to_string())));
    ids.chain([("tenant_id".to_owned(), tenant.to_string())]).collect()
}

/// The account on which the business is paid.
///
/// # Errors
/// 409 where it has none that may be charged on.
pub(super) async fn account(scope: &Scope) -> Result<Connected, ApiError> {
    match connect::account(scope).await? {
        Some(account) if account.charges_enabled => Ok(account),
        Some(_) => Err(unavailable("The account of this business may not be charged on yet.")),
        None => Err(unavailable("This business takes no cards.")),
    }
}

fn unavailable(sentence: &str) -> ApiError {
    ApiError::new(Code::PaymentsUnavailable, sentence)
}

/// What a refusal of the provider means to the caller. Faults of ours and of the provider are logged with their words.
pub(super) fn refused(error: ProviderError) -> ApiError {
    match error {
        ProviderError::Declined { code, decline_code, message, intent } => {
            let refusal = ApiError::new(Code::PaymentDeclined, sentence(&message, "The card was declined."));
            let refusal = refusal.with("decline_code", decline_code.unwrap_or(code));
            match intent {
                Some(intent) => refusal.with("payment_intent_id", intent.id),
                None => refusal,
            }
        }
        ProviderError::NeedsPayer { intent } => needs_payer(intent.next_action_url.as_deref(), &intent.id),
        ProviderError::State { message, .. } => {
            ApiError::new(Code::Conflict, sentence(&message, "The payment's state does not allow that."))
        }
        ProviderError::OverRefund { .. } => ApiError::of(Code::RefundExceedsPayment),
        ProviderError::Invalid { ref code, ref message, .. } => {
            tracing::warn!(%error, "the provider refused what was sent");
            let refusal = ApiError::new(Code::RuleViolation, sentence(message, "The provider refuses this payment."));
            match code {
                Some(code) => refusal.with("reason", code.as_str()),
                None => refusal,
            }
        }
        ProviderError::Forbidden { .. } => {
            tracing::error!(%error, "the provider refuses the account or the key");
            unavailable("The account of this business cannot be charged on.")
        }
        ProviderError::KeyReused { .. } => {
            tracing::error!(%error, "a key went with two different calls");
            metrics::counter!("payments_keys_reused_total").increment(1);
            ApiError::of(Code::PaymentStripeError).caused_by(error)
        }
        ProviderError::Missing | ProviderError::Unknown { .. } => {
            ApiError::of(Code::PaymentStripeError).caused_by(error)
        }
    }
}

/// The payer must confirm it themselves.
pub(super) fn needs_payer(next_action: Option<&str>, intent: &str) -> ApiError {
    let refusal = ApiError::of(Code::PaymentRequiresAction).with("payment_intent_id", intent);
    match next_action {
        Some(url) => refusal.with("next_action", url),
        None => refusal,
    }
}

/// The provider's words for people, where it has any.
fn sentence(said: &str, otherwise: &str) -> String {
    let said = said.trim();
    if said.is_empty() { otherwise.to_owned() } else { said.chars().take(500).collect() }
}

/// The customer's id at the provider, as far as we know it.
pub(super) async fn known_customer(
    scope: &Scope,
    customer: CustomerId,
    account: &str,
) -> Result<Option<String>, ApiError> {
    let found = Entity::find()
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::CustomerId.eq(customer))
        .filter(Column::ProviderAccountId.eq(account))
        .one(scope)
        .await?;
    Ok(found.map(|row| row.provider_customer_id))
}

/// The customer's id at the provider; makes them known there once. Nothing personal goes there: the id is ours.
///
/// Pauses the Scope when the provider is asked.
pub(super) async fn customer(
    app: &App,
    scope: &Scope,
    customer: CustomerId,
    account: &str,
) -> Result<String, ApiError> {
    if let Some(known) = known_customer(scope, customer, account).await? {
        return Ok(known);
    }
    let tenant = scope.tenant()?;
    scope.pause().await?;
    let key = format!("{tenant}:{customer}:customer:{account}");
    let new = NewCustomer { name: None, email: None, metadata: metadata(tenant, &[("customer_id", Some(customer.0))]) };
    let call = Call { account: Some(account), key: &key };
    let made = app.payments.create_customer(call, &new).await.map_err(refused)?;
    let row = ActiveModel {
        tenant_id: Set(tenant),
        customer_id: Set(customer),
        provider_account_id: Set(account.to_owned()),
        provider: Set(PaymentProvider::Stripe),
        provider_customer_id: Set(made.id.clone()),
        created_at: Set(scope.now()),
    };
    // a twin was told the same id
    let once =
        OnConflict::columns([Column::TenantId, Column::CustomerId, Column::ProviderAccountId]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).exec_without_returning(scope).await?;
    Ok(made.id)
}
