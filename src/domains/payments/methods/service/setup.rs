//! A card that a customer leaves with the provider: by itself, or with a payment.

use ::entity::enums::{PaymentProvider, StoredMethodStatus};
use ::entity::ids::{CustomerId, PaymentMethodId};
use ::entity::payment_methods::{ActiveModel, Column, Entity, Model};
use ::entity::payments;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::active;
use crate::app::App;
use crate::db::{Scope, row};
use crate::domains::crm;
use crate::domains::payments::apply::Applied;
use crate::domains::payments::checkout::Consent;
use crate::domains::payments::methods::dto::MethodSetup;
use crate::domains::payments::provider::{self, key, metadata, refused};
use crate::error::{ApiError, Code};
use crate::ports::payments::{Call, Method, NewSetup, Setup};

/// Begins to store a card: the customer gives it to the provider.
///
/// # Errors
/// 404; 409 where the business takes no cards; 502 when the provider does not answer.
pub async fn begin(
    app: &App,
    scope: &Scope,
    customer: Uuid,
    consent: Option<Consent>,
) -> Result<MethodSetup, ApiError> {
    let customer = crm::known(scope, customer).await?;
    let account = provider::account(scope).await?.account_id;
    let theirs = provider::customer(app, scope, customer, &account).await?;
    let method = ActiveModel {
        consent_version: Set(consent.as_ref().map(|consent| consent.version.clone())),
        consent_ip: Set(consent.as_ref().and_then(|consent| consent.ip.clone())),
        consent_at: Set(consent.as_ref().map(|_| scope.now())),
        explicit_consent_flag: Set(consent.is_some()),
        consent_text: Set(consent.map(|consent| consent.text)),
        ..blank(scope, customer, &account)?
    };
    let method = method.insert(scope).await?;
    scope.pause().await?;
    let new = NewSetup {
        customer: theirs,
        metadata: metadata(method.tenant_id, &[("payment_method_id", Some(method.id.0))]),
    };
    let key = key(method.tenant_id, method.id.0, "setup", 1);
    let setup = app.payments.create_setup(Call { account: Some(&account), key: &key }, &new).await.map_err(refused)?;
    let mut change = method.into_active_model();
    change.provider_setup_intent_id = Set(Some(setup.id.clone()));
    change.updated_at = Set(scope.now());
    let method = change.update(scope).await?;
    Ok(MethodSetup {
        payment_method_id: method.id.0,
        setup_intent_id: setup.id,
        client_secret: setup.client_secret,
        provider_account_id: account,
    })
}

fn blank(scope: &Scope, customer: CustomerId, account: &str) -> Result<ActiveModel, ApiError> {
    Ok(ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(PaymentMethodId(scope.new_id())),
        customer_id: Set(customer),
        provider: Set(PaymentProvider::Stripe),
        provider_account_id: Set(account.to_owned()),
        kind: Set("card".to_owned()),
        is_default: Set(false),
        status: Set(StoredMethodStatus::Pending),
        explicit_consent_flag: Set(false),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
        ..Default::default()
    })
}

/// Takes in what a setup looks like now: once the provider has a card, the customer has a way to pay.
///
/// # Errors
/// When the database cannot answer.
pub async fn set_up(scope: &Scope, setup: &Setup) -> Result<Applied, ApiError> {
    let Some(held) = of_setup(scope, setup).await? else { return Ok(Applied::Unknown) };
    let (Some(method), "succeeded", StoredMethodStatus::Pending) = (&setup.method, setup.status.as_str(), held.status)
    else {
        return Ok(Applied::Same);
    };
    let mut change = held.into_active_model();
    change.provider_setup_intent_id = Set(Some(setup.id.clone()));
    activate(scope, change, method).await?;
    Ok(Applied::Changed)
}

async fn of_setup(scope: &Scope, setup: &Setup) -> Result<Option<Model>, ApiError> {
    let by_id = row::live::<Entity>(scope)?.filter(Column::ProviderSetupIntentId.eq(&setup.id));
    if let Some(found) = by_id.lock_exclusive().one(scope).await? {
        return Ok(Some(found));
    }
    let Some(ours) = setup.metadata.get("payment_method_id").and_then(|id| id.parse::<Uuid>().ok()) else {
        return Ok(None);
    };
    let ours = row::live::<Entity>(scope)?.filter(Column::Id.eq(ours)).filter(Column::ProviderSetupIntentId.is_null());
    Ok(ours.lock_exclusive().one(scope).await?)
}

/// The first active one of a customer is the default.
async fn activate(scope: &Scope, mut method: ActiveModel, theirs: &str) -> Result<Model, ApiError> {
    method.provider_payment_method_id = Set(Some(theirs.to_owned()));
    method.status = Set(StoredMethodStatus::Active);
    method.updated_at = Set(scope.now());
    let method = method.update(scope).await?;
    // the customer's row is held: of two cards at once one becomes the default
    crm::hold_quietly(scope, method.customer_id).await?;
    let others = active(scope, method.customer_id)?.filter(Column::IsDefault.eq(true)).one(scope).await?;
    if others.is_some() {
        return Ok(method);
    }
    let mut change = method.into_active_model();
    change.is_default = Set(true);
    Ok(change.update(scope).await?)
}

/// Looks at the provider whether the customer has given the card.
///
/// # Errors
/// 404; 422 while there is none; 502 when the provider does not answer.
pub async fn confirm(app: &App, scope: &Scope, setup: String) -> Result<Model, ApiError> {
    let known = row::live::<Entity>(scope)?.filter(Column::ProviderSetupIntentId.eq(&setup)).one(scope).await?;
    let known = known.ok_or_else(|| ApiError::of(Code::PaymentMethodNotFound))?;
    let account = Some(known.provider_account_id.as_str());
    scope.pause().await?;
    let setup = app.payments.setup(account, &setup).await.map_err(refused)?;
    let details = match &setup.method {
        Some(method) => Some(app.payments.method(account, method).await.map_err(refused)?),
        None => None,
    };
    set_up(scope, &setup).await?;
    if let Some(details) = details {
        fill(scope, &details).await?;
    }
    let method = row::find::<Entity>(scope, known.id.0).await?;
    if method.status == StoredMethodStatus::Pending {
        let detail = "The customer has not left a card yet.";
        return Err(ApiError::new(Code::RuleViolation, detail).with("provider_status", setup.status));
    }
    Ok(method)
}

/// Writes down what may be shown of a card.
///
/// # Errors
/// When the database cannot answer.
pub async fn fill(scope: &Scope, details: &Method) -> Result<(), ApiError> {
    let short =
        |text: &Option<String>, most: usize| text.as_ref().map(|text| text.chars().take(most).collect::<String>());
    let digits = details.last4.as_ref().filter(|last4| last4.len() == 4 && last4.bytes().all(|b| b.is_ascii_digit()));
    Entity::update_many()
        .col_expr(Column::Kind, Expr::value(details.kind.chars().take(50).collect::<String>()))
        .col_expr(Column::Brand, Expr::value(short(&details.brand, 50)))
        .col_expr(Column::Last4, Expr::value(digits.cloned()))
        .col_expr(Column::ExpMonth, Expr::value(details.exp_month.filter(|month| (1..=12).contains(month))))
        .col_expr(Column::ExpYear, Expr::value(details.exp_year.filter(|year| *year >= 2024)))
        .col_expr(Column::UpdatedAt, Expr::value(scope.now()))
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::ProviderPaymentMethodId.eq(&details.id))
        .exec(scope)
        .await?;
    Ok(())
}

/// Cards that are stored and of which nothing can be shown yet.
///
/// # Errors
/// When the database cannot answer.
pub async fn unnamed(scope: &Scope, most: u64) -> Result<Vec<Model>, ApiError> {
    let bare = row::live::<Entity>(scope)?
        .filter(Column::Status.eq(StoredMethodStatus::Active))
        .filter(Column::Last4.is_null());
    Ok(bare.order_by_desc(Column::CreatedAt).limit(most).all(scope).await?)
}

/// Keeps the card of a payment whose payer agreed to it.
///
/// # Errors
/// When the database cannot answer.
pub async fn keep_of_payment(scope: &Scope, payment: &payments::Model) -> Result<(), ApiError> {
    let (true, Some(customer), Some(account), Some(method)) =
        (payment.explicit_consent_flag, payment.customer_id, &payment.provider_account_id, &payment.provider_method_id)
    else {
        return Ok(());
    };
    let known = row::live::<Entity>(scope)?.filter(Column::ProviderPaymentMethodId.eq(method)).one(scope).await?;
    if known.is_some() {
        return Ok(());
    }
    let kept = ActiveModel {
        explicit_consent_flag: Set(true),
        consent_text: Set(payment.consent_text.clone()),
        consent_version: Set(payment.consent_version.clone()),
        consent_at: Set(payment.consent_at),
        consent_ip: Set(payment.consent_ip.clone()),
        ..blank(scope, customer, account)?
    };
    let kept = kept.insert(scope).await?;
    activate(scope, kept.into_active_model(), method).await?;
    Ok(())
}
