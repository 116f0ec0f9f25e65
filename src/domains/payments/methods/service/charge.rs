//! Charges a card that a customer left.

use ::entity::ids::CustomerId;
use ::entity::payment_methods::{Column, Model};
use ::entity::payments;
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::active;
use crate::app::App;
use crate::db::Scope;
use crate::domains::payments::checkout::{Begun, How, PAYABLE, Subject, Wanted, begin, call_off, payable, place};
use crate::domains::payments::provider;
use crate::error::{ApiError, Code};

/// So often a payment with other terms is called off before this one begins.
const ROUNDS: usize = 3;

/// A stored way to pay that can be charged: the provider's ids.
#[derive(Clone, Debug)]
pub struct Stored {
    pub row: Model,
    /// `cus_..`
    pub customer: String,
    /// `pm_..`
    pub method: String,
}

/// A card of a customer that can be charged on an account: the one that is named, or the default.
///
/// # Errors
/// 404 when there is none.
pub async fn chargeable(
    scope: &Scope,
    customer: CustomerId,
    account: &str,
    method: Option<Uuid>,
) -> Result<Stored, ApiError> {
    let own = active(scope, customer)?.filter(Column::ProviderAccountId.eq(account));
    let own = match method {
        Some(id) => own.filter(Column::Id.eq(id)),
        None => own.filter(Column::IsDefault.eq(true)),
    };
    let row = own.one(scope).await?.ok_or_else(|| ApiError::of(Code::PaymentMethodNotFound))?;
    let theirs = provider::known_customer(scope, customer, account).await?;
    match (theirs, row.provider_payment_method_id.clone()) {
        (Some(customer), Some(method)) => Ok(Stored { row, customer, method }),
        _ => Err(ApiError::of(Code::PaymentMethodNotFound)),
    }
}

/// Pays a booking at once with a card that its customer left.
///
/// # Errors
/// Those of a checkout and of a confirmation; 404 where there is no card.
pub async fn process(
    app: &App,
    scope: &Scope,
    wanted: Wanted,
    method: Option<Uuid>,
) -> Result<payments::Model, ApiError> {
    let Subject::Booking(booking) = wanted.subject else {
        return Err(ApiError::field("#/booking_id", "required", "Say which booking is paid."));
    };
    let customer = payable(scope, booking, PAYABLE, None).await?.customer_id;
    let account = provider::account(scope).await?;
    let stored = chargeable(scope, customer, &account.account_id, method).await?;
    let wanted = Wanted { stored: Some(stored.method.clone()), ..wanted };
    for _ in 0..ROUNDS {
        match begin(scope, &account, &wanted).await? {
            Begun::Open(payment) => {
                let how = How { stored: Some((stored.customer, stored.method)), ..How::default() };
                return Ok(place(app, scope, payment, how).await?.payment);
            }
            Begun::Settled(payment) => return Ok(payment),
            Begun::Other(payment) => {
                call_off(app, scope, payment.id).await?;
            }
        }
    }
    Err(ApiError::new(Code::Conflict, "Somebody else pays for it at this moment. Try again."))
}
