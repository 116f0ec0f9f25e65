//! A booking and its money: what it asks for when it is made, and what becomes of it when it is paid, not paid in time,
//! or given back.
//!
//! What must stay true: whoever pays in time has the booking, once; a booking that must be paid and was not becomes
//! `failed` and its time is free; what was paid for a booking that cannot be had any more is due back.

use ::entity::bookings::{Column, Entity, Model};
use ::entity::enums::{BookingSource, BookingStatus, CanceledBy, NoShowFeeStatus};
use ::entity::ids::BookingId;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde_json::{Value, json};
use uuid::Uuid;

use super::step::{shift, step};
use super::{seats, waitlist};
use crate::db::{Scope, row};
use crate::domains::booking::events;
use crate::domains::booking::rules::payment::{Account, Asks, Terms, give_back, gross};
use crate::domains::booking::rules::{CONFIRM, FAIL};
use crate::domains::scheduling::slots::Board;
use crate::domains::tenancy;
use crate::error::{ApiError, Code};
use crate::guard::IfMatch;

/// What a booking is written with.
#[derive(Clone, Debug)]
pub(in crate::domains::booking) enum Money {
    /// A new one, of this service.
    Asked { terms: Terms, due_at: Option<DateTime<Utc>>, by_hand: bool },
    /// One that takes the place of another: what was agreed and paid stays.
    Carried(Box<Model>),
}

/// What is asked for a booking of this board, and until when it must be paid: only the public pays before it is
/// confirmed, and only where the business can be paid by card.
pub(super) fn await_payment(
    board: &Board,
    source: BookingSource,
    total: i64,
    now: DateTime<Utc>,
) -> (Terms, Option<DateTime<Utc>>) {
    let (service, payments) = (&board.service, &board.payments);
    let unsigned = |value: i32| u32::try_from(value).unwrap_or(0);
    // an amount of the business's stands in its own currency, and behind a share that the service names
    let own_fee = if service.no_show_fee_bps.is_some() { None } else { payments.no_show_fee_cents };
    let asks = Asks {
        mode: service.payment_mode,
        deposit_bps: service.deposit_bps,
        deposit_cents: service.deposit_cents,
        tax_bps: service.tax_bps.unwrap_or(unsigned(payments.tax_bps)),
        tax_included: payments.tax_included,
        no_show_fee_bps: service.no_show_fee_bps.unwrap_or(board.money.no_show_fee_bps),
        no_show_fee_cents: service.no_show_fee_cents.or(own_fee),
    };
    let terms = asks.of(total);
    let asked = source == BookingSource::Public && board.money.charges_enabled && terms.due_cents > 0;
    (terms, asked.then(|| now + TimeDelta::minutes(payments.pay_minutes.into())))
}

impl Money {
    /// The columns of a booking that costs `total`.
    pub(super) fn columns(&self, total: i64) -> Value {
        let (terms, account, due_at, by_hand) = match self {
            Self::Asked { terms, due_at, by_hand } => {
                let owed = gross(total, terms.tax_bps, terms.tax_included);
                // nothing is due where nobody is asked before
                let due = if due_at.is_some() { terms.due_cents } else { 0 };
                (*terms, Account { owed, due, ..Account::default() }, *due_at, *by_hand)
            }
            Self::Carried(old) => {
                let terms = Terms {
                    mode: old.payment_mode,
                    due_cents: old.payment_due_cents,
                    no_show_fee_cents: old.no_show_fee_cents,
                    tax_bps: u32::try_from(old.tax_bps).unwrap_or(0),
                    tax_included: old.tax_included,
                };
                (terms, Account { owed: owed_of(old, total), ..account(old) }, old.payment_due_at, old.confirm_by_hand)
            }
        };
        let (discount, intent) = match self {
            Self::Asked { .. } => (0, None),
            Self::Carried(old) => (old.discount_cents, old.payment_intent_id.as_deref()),
        };
        json!({
            "payment_mode": terms.mode, "payment_status": account.status(), "payment_due_at": due_at,
            "payment_due_cents": account.due, "paid_cents": account.paid, "discount_cents": discount,
            "refunded_cents": account.refunded, "tax_bps": terms.tax_bps, "tax_included": terms.tax_included,
            "no_show_fee_cents": terms.no_show_fee_cents, "confirm_by_hand": by_hand, "payment_intent_id": intent,
        })
    }
}

fn owed_of(booking: &Model, total: i64) -> i64 {
    if booking.covered_by.is_some() {
        return 0;
    }
    let net = total.saturating_sub(booking.discount_cents).max(0);
    gross(net, u32::try_from(booking.tax_bps).unwrap_or(0), booking.tax_included)
}

/// How a booking stands.
#[must_use]
pub fn account(booking: &Model) -> Account {
    Account {
        owed: owed_of(booking, booking.total_cents),
        due: booking.payment_due_cents,
        paid: booking.paid_cents,
        refunded: booking.refunded_cents,
    }
}

/// A booking that somebody pays for, locked: whoever holds it alone changes what is paid of it.
///
/// # Errors
/// 404.
pub async fn hold_for_payment(scope: &Scope, id: Uuid) -> Result<Model, ApiError> {
    row::lock::<Entity>(scope, id, &IfMatch::default()).await
}

/// What came in for a booking.
#[derive(Clone, Copy, Debug, Default)]
pub struct Credit {
    /// Without the tip.
    pub paid_cents: i64,
    /// What a coupon took off.
    pub discount_cents: i64,
}

/// Notes what was paid. A booking that waited for it is confirmed, unless the business wants to do that by hand; what
/// is paid for one that cannot be had any more is due back.
///
/// # Errors
/// 404.
pub async fn paid(scope: &Scope, id: BookingId, credit: Credit) -> Result<Model, ApiError> {
    let old = hold_for_payment(scope, id.0).await?;
    let lost = matches!(old.status, BookingStatus::Canceled | BookingStatus::Failed);
    let waits = old.status == BookingStatus::Pending && old.payment_due_at.is_some();
    let mut booking = old.clone().into_active_model();
    booking.paid_cents = Set(old.paid_cents.saturating_add(credit.paid_cents));
    booking.discount_cents = Set(old.discount_cents.saturating_add(credit.discount_cents));
    if lost {
        booking.refund_due_cents = Set(old.refund_due_cents.saturating_add(credit.paid_cents));
    }
    let booking = saved(scope, booking).await?;
    if !waits || !account(&booking).suffices() {
        return Ok(booking);
    }
    let by_hand = booking.confirm_by_hand;
    let mut settled = booking.into_active_model();
    settled.payment_due_at = Set(None);
    let booking = saved(scope, settled).await?;
    if by_hand { Ok(booking) } else { step(scope, id.0, &CONFIRM).await }
}

/// Notes what was given back of a booking's money; less than zero when it was not after all.
///
/// # Errors
/// 404.
pub async fn refunded(scope: &Scope, id: BookingId, cents: i64) -> Result<Model, ApiError> {
    let old = hold_for_payment(scope, id.0).await?;
    let refunded = old.refunded_cents.saturating_add(cents).clamp(0, old.paid_cents);
    let mut booking = old.into_active_model();
    booking.refunded_cents = Set(refunded);
    saved(scope, booking).await
}

/// Says that what was due back has been asked for, as far as `cents` go.
///
/// # Errors
/// 404.
pub async fn refund_asked(scope: &Scope, id: BookingId, cents: i64) -> Result<Model, ApiError> {
    let old = hold_for_payment(scope, id.0).await?;
    let left = old.refund_due_cents.saturating_sub(cents).max(0);
    let mut booking = old.into_active_model();
    booking.refund_due_cents = Set(left);
    saved(scope, booking).await
}

/// Names the intent by which a booking is paid.
///
/// # Errors
/// 404.
pub async fn note_intent(scope: &Scope, id: BookingId, intent: &str) -> Result<(), ApiError> {
    let old = hold_for_payment(scope, id.0).await?;
    if old.payment_intent_id.as_deref() != Some(intent) {
        let mut booking = old.into_active_model();
        booking.payment_intent_id = Set(Some(intent.to_owned()));
        saved(scope, booking).await?;
    }
    Ok(())
}

/// Ends a booking that was not paid in time; its time is free. `None` when it was paid, or is elsewhere in its life.
///
/// # Errors
/// 404.
pub async fn fail_unpaid(scope: &Scope, id: BookingId) -> Result<Option<Model>, ApiError> {
    let booking = hold_for_payment(scope, id.0).await?;
    let late = booking.payment_due_at.is_some_and(|until| until <= scope.now());
    if booking.status != BookingStatus::Pending || !late {
        return Ok(None);
    }
    let paid = booking.paid_cents - booking.refunded_cents;
    // a part of it may have come: it is due back
    let more = [(Column::RefundDueCents, Expr::value(booking.refund_due_cents.saturating_add(paid.max(0))))];
    let booking = shift(scope, id.0, &FAIL, more).await?;
    if let Some(session) = booking.class_session_id {
        seats::leave(scope, session, booking.attendee_count).await?;
    }
    scope.emit(events::moved(&FAIL, &booking));
    waitlist::offer_freed(scope, &booking).await?;
    Ok(Some(booking))
}

/// What a canceled booking gives back by the rules of the business, noted on it. Whoever moves the money finds it there.
pub(super) async fn settle_canceled(scope: &Scope, booking: Model, by: CanceledBy) -> Result<Model, ApiError> {
    let left = booking.paid_cents - booking.refunded_cents;
    if left <= 0 {
        return Ok(booking);
    }
    let settings = tenancy::settings(scope).await?;
    let until = settings.booking.cancel_window_min.map(|minutes| booking.start_at - TimeDelta::minutes(minutes.into()));
    let in_time = until.is_some_and(|until| scope.now() <= until);
    let unsigned = |value: i32| u32::try_from(value).unwrap_or(0);
    let (in_time_bps, late_bps) =
        (unsigned(settings.payments.refund_in_time_bps), unsigned(settings.payments.refund_late_bps));
    let due = give_back(left, by, in_time, in_time_bps, late_bps);
    if due == 0 {
        return Ok(booking);
    }
    let mut booking = booking.into_active_model();
    booking.refund_due_cents = Set(due);
    saved(scope, booking).await
}

/// What becomes of the fee for not coming: `from` where it stood, or nothing happens.
///
/// # Errors
/// 404; 409 when the booking is no no-show, or the fee stands elsewhere.
pub async fn no_show_fee(
    scope: &Scope,
    id: BookingId,
    from: &[NoShowFeeStatus],
    to: NoShowFeeStatus,
) -> Result<Model, ApiError> {
    let old = hold_for_payment(scope, id.0).await?;
    if old.status != BookingStatus::NoShow {
        let sentence = "Only a booking to which nobody came has such a fee.";
        return Err(ApiError::new(Code::BookingInvalidState, sentence).with("state", old.status.as_str()));
    }
    if old.no_show_fee_status == to {
        return Ok(old);
    }
    if !from.contains(&old.no_show_fee_status) {
        let sentence = format!("The fee is {} already.", old.no_show_fee_status);
        return Err(ApiError::new(Code::Conflict, sentence).with("no_show_fee_status", old.no_show_fee_status.as_str()));
    }
    let mut booking = old.into_active_model();
    booking.no_show_fee_status = Set(to);
    saved(scope, booking).await
}

/// Bookings of which the time to pay is over, the longest over first.
///
/// # Errors
/// When the database cannot answer.
pub async fn unpaid(scope: &Scope, most: u64) -> Result<Vec<Model>, ApiError> {
    let due = row::live::<Entity>(scope)?
        .filter(Column::Status.eq(BookingStatus::Pending))
        .filter(Column::PaymentDueAt.lte(scope.now()));
    Ok(due.order_by_asc(Column::PaymentDueAt).limit(most).all(scope).await?)
}

/// Bookings of which money is due back.
///
/// # Errors
/// When the database cannot answer.
pub async fn refunds_due(scope: &Scope, most: u64) -> Result<Vec<Model>, ApiError> {
    let due = row::live::<Entity>(scope)?.filter(Column::RefundDueCents.gt(0));
    Ok(due.order_by_asc(Column::UpdatedAt).limit(most).all(scope).await?)
}

/// The ids of bookings in some states, for a condition.
///
/// # Errors
/// In a Scope without a tenant.
pub fn of_status(scope: &Scope, states: &[BookingStatus]) -> Result<SelectStatement, ApiError> {
    let found = row::live::<Entity>(scope)?.filter(Column::Status.is_in(states.iter().copied()));
    Ok(found.select_only().column(Column::Id).into_query())
}

async fn saved(scope: &Scope, mut booking: ::entity::bookings::ActiveModel) -> Result<Model, ApiError> {
    booking.updated_at = Set(scope.now());
    let row = booking.update(scope).await?;
    let status = account(&row).status();
    if status == row.payment_status {
        return Ok(row);
    }
    let mut row = row.into_active_model();
    row.payment_status = Set(status);
    Ok(row.update(scope).await?)
}
