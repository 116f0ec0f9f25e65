//! The verbs on the fee for not coming.

use ::entity::bookings;
use ::entity::enums::{BookingStatus, FeeType, NoShowFeeStatus, PaymentMethod, PaymentProvider, PaymentStatus};
use ::entity::ids::PaymentId;
use ::entity::payments::{ActiveModel, Model};
use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::app::App;
use crate::db::Scope;
use crate::domains::booking;
use crate::domains::payments::checkout::{How, blank, call_off, payable, place};
use crate::domains::payments::connect::Connected;
use crate::domains::payments::held;
use crate::domains::payments::methods::{Stored, chargeable};
use crate::domains::payments::provider::{self, key};
use crate::domains::payments::rules::bill::{Bill, Kind, Line};
use crate::domains::payments::rules::state;
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::kernel::money::share;

/// So often an attempt that failed is called off before another begins.
const ROUNDS: usize = 3;

/// What was found or made.
enum Fee {
    /// Under way, or there already.
    Found(Model),
    /// An attempt that failed: it must be called off first.
    Failed(Model),
}

/// Charges the fee. Of many who do it at once each finds the one payment.
///
/// # Errors
/// 404; 409 when nobody missed it, or it was charged otherwise; 422 for more than was agreed upon, and without an
/// agreement; 402 when it was declined, or the bank wants the payer; 502 when the provider does not answer.
pub async fn charge(
    app: &App,
    scope: &Scope,
    tenant: &Tenant,
    booking: Uuid,
    wanted: Option<i64>,
) -> Result<Model, ApiError> {
    for _ in 0..ROUNDS {
        let booking = payable(scope, booking, &[BookingStatus::NoShow], None).await?;
        let account = provider::account(scope).await?;
        let stored = agreed(scope, &booking, &account).await?;
        match begin(scope, &booking, &account, &stored, wanted).await? {
            Fee::Found(payment) if state::is_captured(payment.status) => return Ok(payment),
            Fee::Found(payment) => {
                let how = How { stored: Some((stored.customer, stored.method)), off_session: true, page: None };
                return place(app, scope, payment, how)
                    .await
                    .map(|placed| placed.payment)
                    .map_err(|refusal| with_link(app, tenant, &booking, refusal));
            }
            Fee::Failed(payment) => {
                call_off(app, scope, payment.id).await?;
            }
        }
    }
    Err(ApiError::new(Code::Conflict, "Somebody else charges it at this moment. Try again."))
}

/// The card whose owner agreed to be charged without them.
async fn agreed(scope: &Scope, booking: &bookings::Model, account: &Connected) -> Result<Stored, ApiError> {
    let stored = chargeable(scope, booking.customer_id, &account.account_id, None).await.map_err(|refusal| {
        match refusal.code() {
            Code::PaymentMethodNotFound => ApiError::of(Code::PaymentConsentMissing).with("reason", "no_card"),
            _ => refusal,
        }
    })?;
    if stored.row.explicit_consent_flag {
        Ok(stored)
    } else {
        Err(ApiError::of(Code::PaymentConsentMissing).with("reason", "no_consent"))
    }
}

async fn begin(
    scope: &Scope,
    booking: &bookings::Model,
    account: &Connected,
    stored: &Stored,
    wanted: Option<i64>,
) -> Result<Fee, ApiError> {
    let fees = held::of_booking(scope, booking.id).await?.into_iter();
    let known = fees.filter(|payment| payment.fee_type == FeeType::NoShowFee);
    if let Some(known) = known.into_iter().find(|payment| payment.status != PaymentStatus::Canceled) {
        if known.status == PaymentStatus::Failed {
            return Ok(Fee::Failed(known));
        }
        return match wanted {
            Some(wanted) if wanted != known.amount_cents => {
                let detail = "Another fee is charged for this booking already.";
                Err(ApiError::new(Code::Conflict, detail).with("payment_id", known.id.to_string()))
            }
            _ => Ok(Fee::Found(known)),
        };
    }
    if booking.no_show_fee_status == NoShowFeeStatus::Waived {
        return Err(ApiError::new(Code::Conflict, "The business does without this fee.").with("state", "waived"));
    }
    let most = booking.no_show_fee_cents;
    let amount = wanted.unwrap_or(most);
    if amount > most || amount == 0 {
        let detail = format!("Not coming costs at most {most} here.");
        let refusal = ApiError::new(Code::RuleViolation, detail.clone()).with("most_cents", most);
        return Err(refusal.with_field("#/no_show_fee_cents", "maximum", detail));
    }
    let (tenant, id) = (scope.tenant()?, PaymentId(scope.new_id()));
    let bill = Bill { lines: vec![Line { kind: Kind::Price, amount }], now: amount, tax: 0, tip: 0, gift: 0, amount };
    let row = ActiveModel {
        booking_id: Set(Some(booking.id)),
        fee_type: Set(FeeType::NoShowFee),
        no_show_fee_cents: Set(amount),
        method: Set(PaymentMethod::Card),
        provider: Set(PaymentProvider::Stripe),
        provider_account_id: Set(Some(account.account_id.clone())),
        application_fee_cents: Set(share(amount, account.application_fee_bps)),
        idempotency_key: Set(key(tenant, id.0, "intent", 1)),
        // what was agreed to, beside the charge that rests on it
        explicit_consent_flag: Set(true),
        consent_text: Set(stored.row.consent_text.clone()),
        consent_version: Set(stored.row.consent_version.clone()),
        consent_at: Set(stored.row.consent_at),
        consent_ip: Set(stored.row.consent_ip.clone()),
        ..blank(scope, id, booking.customer_id, &booking.currency, &bill)?
    };
    Ok(Fee::Found(row.insert(scope).await?))
}

/// Where the bank wants the payer, they get a link to pay for themselves.
fn with_link(app: &App, tenant: &Tenant, booking: &bookings::Model, refusal: ApiError) -> ApiError {
    if refusal.code() != Code::PaymentRequiresAction {
        return refusal;
    }
    match booking::token(app, tenant, booking.id) {
        Ok(token) => {
            let base = app.settings.server.tenant_url(&tenant.slug);
            refusal.with("payment_url", format!("{base}/b/{}/bookings/{token}", tenant.slug))
        }
        Err(_) => refusal,
    }
}

/// Does without the fee. An attempt that is under way is called off.
///
/// # Errors
/// 404; 409 when nobody missed it, or it was charged.
pub async fn waive(app: &App, scope: &Scope, id: Uuid) -> Result<bookings::Model, ApiError> {
    let booking = payable(scope, id, &[BookingStatus::NoShow], None).await?;
    let fees = held::of_booking(scope, booking.id).await?.into_iter();
    for payment in fees.filter(|payment| payment.fee_type == FeeType::NoShowFee && state::is_open(payment.status)) {
        call_off(app, scope, payment.id).await?;
    }
    let from = [NoShowFeeStatus::None, NoShowFeeStatus::Due, NoShowFeeStatus::Failed];
    booking::no_show_fee(scope, booking.id, &from, NoShowFeeStatus::Waived).await
}
