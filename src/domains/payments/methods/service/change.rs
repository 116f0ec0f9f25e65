//! The ways to pay of a customer: listed, made the default, taken away.

use ::entity::enums::StoredMethodStatus;
use ::entity::ids::CustomerId;
use ::entity::payment_methods::{Column, Entity, Model};
use ::entity::payments;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::active;
use crate::app::App;
use crate::db::{Scope, row};
use crate::domains::crm;
use crate::domains::payments::methods::dto::StoredMethod;
use crate::domains::payments::provider::{key, refused};
use crate::error::{ApiError, Code};
use crate::guard::IfMatch;
use crate::ports::payments::{Call, ProviderError};

/// The most ways to pay that one customer has listed.
const MOST: u64 = 100;

/// The ways to pay that a customer left.
///
/// # Errors
/// 404 for a customer who is not there.
pub async fn list(scope: &Scope, customer: Uuid) -> Result<Vec<StoredMethod>, ApiError> {
    let customer = crm::known(scope, customer).await?;
    let own = active(scope, customer)?.order_by_desc(Column::IsDefault).order_by_desc(Column::CreatedAt);
    Ok(own.order_by_desc(Column::Id).limit(MOST).all(scope).await?.into_iter().map(Into::into).collect())
}

/// Makes a card the one that is charged when none is named.
///
/// # Errors
/// 404.
pub async fn make_default(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    let method = row::find::<Entity>(scope, id).await?;
    crm::hold_quietly(scope, method.customer_id).await?;
    let method = row::lock::<Entity>(scope, id, &IfMatch::default()).await?;
    if method.status != StoredMethodStatus::Active {
        return Err(ApiError::of(Code::PaymentMethodNotFound));
    }
    Entity::update_many()
        .col_expr(Column::IsDefault, Expr::value(false))
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::CustomerId.eq(method.customer_id))
        .filter(Column::IsDefault.eq(true))
        .filter(Column::Id.ne(method.id))
        .exec(scope)
        .await?;
    let mut change = method.into_active_model();
    change.is_default = Set(true);
    change.updated_at = Set(scope.now());
    Ok(change.update(scope).await?)
}

/// Takes a card away, here and at the provider.
///
/// # Errors
/// 404; 502 when the provider does not answer: the round takes it away there later.
pub async fn remove(app: &App, scope: &Scope, id: Uuid) -> Result<(), ApiError> {
    let method = row::lock::<Entity>(scope, id, &IfMatch::default()).await?;
    if method.status != StoredMethodStatus::Active {
        return Err(ApiError::of(Code::PaymentMethodNotFound));
    }
    let mut change = method.into_active_model();
    change.status = Set(StoredMethodStatus::Removed);
    change.is_default = Set(false);
    change.updated_at = Set(scope.now());
    let method = change.update(scope).await?;
    scope.pause().await?;
    detach(app, scope, &method).await
}

/// Takes a removed card away from the provider. Pauses the Scope before it asks.
///
/// # Errors
/// 502 when the provider does not answer.
pub async fn detach(app: &App, scope: &Scope, method: &Model) -> Result<(), ApiError> {
    let Some(theirs) = &method.provider_payment_method_id else { return Ok(()) };
    scope.pause().await?;
    let key = key(method.tenant_id, method.id.0, "detach", 1);
    let call = Call { account: Some(&method.provider_account_id), key: &key };
    match app.payments.detach_method(call, theirs).await {
        // it is nobody's there already
        Ok(_) | Err(ProviderError::Missing | ProviderError::Invalid { .. } | ProviderError::State { .. }) => {}
        Err(error) => return Err(refused(error)),
    }
    let mut change = method.clone().into_active_model();
    change.provider_payment_method_id = Set(None);
    change.updated_at = Set(scope.now());
    change.update(scope).await?;
    Ok(())
}

/// Removed cards that the provider still has.
///
/// # Errors
/// When the database cannot answer.
pub async fn leaving(scope: &Scope, most: u64) -> Result<Vec<Model>, ApiError> {
    let removed = row::live::<Entity>(scope)?
        .filter(Column::Status.eq(StoredMethodStatus::Removed))
        .filter(Column::ProviderPaymentMethodId.is_not_null());
    Ok(removed.order_by_asc(Column::UpdatedAt).limit(most).all(scope).await?)
}

/// Forgets the cards of a customer who is made unknown, and from where they agreed to anything.
///
/// # Errors
/// When the database cannot answer.
pub async fn forget(scope: &Scope, customer: CustomerId) -> Result<(), ApiError> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(StoredMethodStatus::Removed.as_str()))
        .col_expr(Column::IsDefault, Expr::value(false))
        .col_expr(Column::ConsentIp, Expr::value(Option::<String>::None))
        .col_expr(Column::UpdatedAt, Expr::value(scope.now()))
        .filter(Column::TenantId.eq(scope.tenant()?))
        .filter(Column::CustomerId.eq(customer))
        .exec(scope)
        .await?;
    payments::Entity::update_many()
        .col_expr(payments::Column::ConsentIp, Expr::value(Option::<String>::None))
        .col_expr(payments::Column::UpdatedAt, Expr::value(scope.now()))
        .filter(payments::Column::TenantId.eq(scope.tenant()?))
        .filter(payments::Column::CustomerId.eq(customer))
        .filter(payments::Column::ConsentIp.is_not_null())
        .exec(scope)
        .await?;
    Ok(())
}
