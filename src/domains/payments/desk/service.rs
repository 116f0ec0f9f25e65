//! The verbs on cash, and on lists of payments. Cash needs nobody outside: each is one transaction.

use ::entity::bookings;
use ::entity::enums::{BookingStatus, FeeType, PaymentMethod, PaymentProvider, PaymentStatus};
use ::entity::ids::{BookingId, PaymentId};
use ::entity::payments::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use crate::db::Scope;
use crate::db::keyset::{self, Filter, Walk};
use crate::domains::booking;
use crate::domains::payments::apply::{Word, advance};
use crate::domains::payments::checkout::{PAYABLE, Priced, Subject, Thing, Wanted, payable, price, write};
use crate::domains::payments::dto::Payment;
use crate::domains::payments::held::{self, Held};
use crate::domains::payments::rules::bill::{Bill, Kind, Line};
use crate::error::{ApiError, Code};
use crate::guard::Listing;

/// At the counter it may be paid during and after it, too.
const AT_THE_COUNTER: &[BookingStatus] =
    &[BookingStatus::Pending, BookingStatus::Confirmed, BookingStatus::CheckedIn, BookingStatus::Completed];

/// What a list of payments is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct PaymentFilter {
    pub status: Vec<PaymentStatus>,
    pub method: Option<PaymentMethod>,
    pub fee_type: Option<FeeType>,
    pub booking_id: Option<Uuid>,
    pub customer_id: Option<Uuid>,
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
    pub disputed: Option<bool>,
}

impl Filter<Entity> for PaymentFilter {
    fn condition(&self) -> Condition {
        let disputed =
            |disputed| if disputed { Column::DisputedAt.is_not_null() } else { Column::DisputedAt.is_null() };
        Condition::all()
            .add_option((!self.status.is_empty()).then(|| Column::Status.is_in(self.status.iter().copied())))
            .add_option(self.method.map(|method| Column::Method.eq(method)))
            .add_option(self.fee_type.map(|fee_type| Column::FeeType.eq(fee_type)))
            .add_option(self.booking_id.map(|id| Column::BookingId.eq(id)))
            .add_option(self.customer_id.map(|id| Column::CustomerId.eq(id)))
            .add_option(self.from.map(|from| Column::CreatedAt.gte(from)))
            .add_option(self.to.map(|to| Column::CreatedAt.lt(to)))
            .add_option(self.disputed.map(disputed))
    }
}

/// A page of payments.
pub async fn list(scope: &Scope, walk: Walk<'_, Entity>, filter: &PaymentFilter) -> Result<Listing<Payment>, ApiError> {
    keyset::list(scope, walk, filter, Payment::from).await
}

/// The newest payment of a booking.
///
/// # Errors
/// 404 before the first.
pub async fn latest(scope: &Scope, booking: BookingId) -> Result<Model, ApiError> {
    let all = held::of_booking(scope, booking).await?;
    all.into_iter().next().ok_or_else(|| ApiError::of(Code::PaymentNotFound))
}

/// Notes cash that a customer will hand over: so much of what is left to pay.
///
/// # Errors
/// 404; 409 in another state, or when nothing is left; 422 for another currency, and for more than is left.
pub async fn cash(scope: &Scope, booking: Uuid, amount: i64, currency: &str) -> Result<Model, ApiError> {
    let booking = payable(scope, booking, AT_THE_COUNTER, None).await?;
    if booking.currency != currency {
        let detail = format!("This booking is paid in {}.", booking.currency);
        return Err(ApiError::new(Code::RuleViolation, detail.clone()).with_field("#/currency", "mismatch", detail));
    }
    let left = left(scope, &booking).await?;
    if left == 0 {
        return Err(ApiError::new(Code::PaymentSettled, "Nothing is left to pay of this booking."));
    }
    if amount > left {
        let detail = format!("At most {left} are left to pay.");
        let refusal = ApiError::new(Code::RuleViolation, detail.clone());
        return Err(refusal.with_field("#/amount_cents", "maximum", detail).with("left_cents", left));
    }
    let lines = vec![Line { kind: Kind::Price, amount }];
    let bill = Bill { lines, now: amount, tax: 0, tip: 0, gift: 0, amount };
    let thing = Thing { booking: Some(&booking), ..Thing::of(&booking.currency, booking.customer_id) };
    let plain = Wanted::plain(booking.id.0);
    write(scope, &thing, None, &plain, Priced { bill, discount: None }, String::new()).await
}

/// The same for a checkout: all that is left, or the deposit, with its tip.
///
/// # Errors
/// Those of a checkout; 422 where it must be paid before, and whoever pays has no login.
pub async fn promise(scope: &Scope, wanted: &Wanted) -> Result<Model, ApiError> {
    let Subject::Booking(id) = wanted.subject else {
        let detail = "Only bookings are paid in cash.";
        return Err(ApiError::new(Code::RuleViolation, detail).with_field("#/payment_method", "card", detail));
    };
    let booking = payable(scope, id, PAYABLE, wanted.customer).await?;
    if wanted.public && booking.payment_due_at.is_some() && booking.status == BookingStatus::Pending {
        let detail = "This booking is paid by card, before it is confirmed.";
        return Err(ApiError::new(Code::RuleViolation, detail).with_field("#/payment_method", "card", detail));
    }
    let priced = price(scope, &booking, wanted).await?;
    let off = priced.discount.as_ref().map_or(0, |discount| discount.amount.minor);
    let left = left(scope, &booking).await?;
    if priced.bill.now > left - off.min(left) {
        let detail = "Cash for it is promised already.";
        return Err(ApiError::new(Code::PaymentSettled, detail).with("left_cents", left));
    }
    let thing = Thing { booking: Some(&booking), ..Thing::of(&booking.currency, booking.customer_id) };
    let payment = write(scope, &thing, None, wanted, priced, String::new()).await?;
    if payment.amount_cents > 0 {
        return Ok(payment);
    }
    // a coupon or a gift card paid all of it
    advance(scope, Held { booking: Some(booking), payment }, Word::settled()).await
}

/// What is neither paid nor promised.
async fn left(scope: &Scope, booking: &bookings::Model) -> Result<i64, ApiError> {
    let account = booking::account(booking);
    let all = held::of_booking(scope, booking.id).await?;
    let promised = all
        .iter()
        .filter(|payment| payment.provider == PaymentProvider::None && payment.status == PaymentStatus::Pending)
        .map(|payment| payment.amount_cents - payment.tip_cents);
    Ok((account.owed - account.paid - promised.sum::<i64>()).max(0))
}

/// The cash is there. A booking that waited for it is confirmed.
///
/// # Errors
/// 404; 409 for what is no cash, was paid or given up, or when the booking was paid otherwise meanwhile.
pub async fn mark_paid(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    let held = held::hold(scope, PaymentId(id)).await?;
    let payment = &held.payment;
    if payment.method != PaymentMethod::Cash || payment.status != PaymentStatus::Pending {
        let detail = match payment.method {
            PaymentMethod::Cash => format!("This payment is {} already.", payment.status.as_str().replace('_', " ")),
            _ => "Only cash is marked as paid.".to_owned(),
        };
        return Err(ApiError::new(Code::Conflict, detail).with("state", payment.status.as_str()));
    }
    if let Some(booking) = &held.booking {
        let account = booking::account(booking);
        if payment.amount_cents - payment.tip_cents > account.owed - account.paid {
            return Err(ApiError::new(Code::PaymentSettled, "The booking was paid otherwise meanwhile."));
        }
    }
    advance(scope, held, Word::settled()).await
}
