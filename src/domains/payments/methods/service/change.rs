//! The ways to pay of a customer: listed, made the default, taken away.

use ::entity::enums::StoredMethodStatus;
use ::entity::payment_methods::{Column, Entity, Model};
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
/// 404; 502 when the provider does not answer.
pub async fn remove(app: &App, scope: &Scope, id: Uuid) -> Result<(), ApiError> {
    let method = row::lock::<Entity>(scope, id, &IfMatch::default()).await?;
    let account = method.provider_account_id.clone();
    let theirs = method.provider_payment_method_id.clone();
    if method.status != StoredMethodStatus::Active {
        return Err(ApiError::of(Code::PaymentMethodNotFound));
    }
    let key = key(method.tenant_id, method.id.0, "detach", 1);
    let mut change = method.into_active_model();
    change.status = Set(StoredMethodStatus::Removed);
    change.is_default = Set(false);
    change.updated_at = Set(scope.now());
    change.update(scope).await?;
    scope.pause().await?;
    if let Some(theirs) = theirs {
        match app.payments.detach_method(Call { account: Some(&account), key: &key }, &theirs).await {
            // it is nobody's there already
            Ok(_) | Err(ProviderError::Missing | ProviderError::Invalid { .. } | ProviderError::State { .. }) => {}
            Err(error) => return Err(refused(error)),
        }
    }
    Ok(())
}
