//! Decides what is to be paid and writes the payment down, before anybody outside hears of it.

use ::entity::bookings;
use ::entity::enums::{BookingStatus, FeeType, PaymentMethod, PaymentProvider, PaymentStatus};
use ::entity::ids::{CustomerId, PaymentId};
use ::entity::payments::{ActiveModel, Model};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::place::Page;
use crate::db::Scope;
use crate::domains::booking;
use crate::domains::payments::apply::{Word, advance};
use crate::domains::payments::connect::Connected;
use crate::domains::payments::held::{self, Held};
use crate::domains::payments::provider::key;
use crate::domains::payments::rules::bill::{Ask, Bill, Kind, Line};
use crate::error::{ApiError, Code};
use crate::kernel::money::{Currency, share};

/// States of a booking that is paid by card.
pub const PAYABLE: &[BookingStatus] = &[BookingStatus::Pending, BookingStatus::Confirmed];

/// What is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Booking(Uuid),
    Purchase(Uuid),
    GiftCard(Uuid),
}

/// What a payer agreed to whose card is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    pub version: String,
    pub text: String,
    /// From where.
    pub ip: Option<String>,
}

/// A payment that somebody wants to make.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub subject: Subject,
    /// Whose it must be.
    pub customer: Option<Uuid>,
    pub coupon: Option<String>,
    pub gift_card: Option<String>,
    pub tip_cents: i64,
    pub in_full: bool,
    /// On a page of the provider.
    pub page: Option<Page>,
    pub consent: Option<Consent>,
    /// With a stored way to pay: the provider's id.
    pub stored: Option<String>,
    /// What the caller believes it is: amount and currency.
    pub believed: (Option<i64>, Option<String>),
    /// The one who pays has no login: what must be paid before is paid by card.
    pub public: bool,
}

impl Wanted {
    /// Everything that is left of a booking, or its deposit, and nothing beside it.
    #[must_use]
    pub fn plain(booking: Uuid) -> Self {
        Self {
            subject: Subject::Booking(booking),
            customer: None,
            coupon: None,
            gift_card: None,
            tip_cents: 0,
            in_full: false,
            page: None,
            consent: None,
            stored: None,
            believed: (None, None),
            public: false,
        }
    }
}

/// What was found or made.
#[derive(Debug)]
pub enum Begun {
    /// The payment, which the provider may know already.
    Open(Model),
    /// One with other terms is under way: it must be called off first.
    Other(Model),
    /// A gift card paid all of it.
    Settled(Model),
}

/// Finds the payment that is under way on these terms, or writes a new one down.
///
/// # Errors
/// 404 for what is not there; 409 where it cannot be paid, or nothing is left to pay; 422 for codes that cannot be used.
pub async fn begin(scope: &Scope, account: &Connected, wanted: &Wanted) -> Result<Begun, ApiError> {
    match wanted.subject {
        Subject::Booking(id) => of_booking(scope, account, wanted, id).await,
        Subject::Purchase(_) => Err(ApiError::field("#/purchase_id", "not_found", "There is no such purchase.")),
        Subject::GiftCard(_) => Err(ApiError::field("#/gift_card_id", "not_found", "There is no such gift card.")),
    }
}

async fn of_booking(scope: &Scope, account: &Connected, wanted: &Wanted, id: Uuid) -> Result<Begun, ApiError> {
    let booking = payable(scope, id, PAYABLE, wanted.customer).await?;
    if booking.status == BookingStatus::Pending && booking.payment_due_at.is_some_and(|until| until <= scope.now()) {
        return Err(ApiError::new(Code::HoldExpired, "The time to pay for this booking is over.").with("reason", "unpaid"));
    }
    let terms = terms(wanted, &account.account_id, &booking);
    if let Some(open) = held::open_for_booking(scope, booking.id).await? {
        return Ok(if open.terms == terms { Begun::Open(open) } else { Begun::Other(open) });
    }
    let bill = price(scope, &booking, wanted).await?;
    let payment = write(scope, account, wanted, &booking, bill, terms).await?;
    if payment.amount_cents > 0 {
        return Ok(Begun::Open(payment));
    }
    let settled = advance(scope, Held { booking: Some(booking), payment }, Word::settled()).await?;
    Ok(Begun::Settled(settled))
}

/// A booking that can be paid for, held.
///
/// # Errors
/// 404; 409 in another state; 422 when it is somebody else's.
pub async fn payable(
    scope: &Scope,
    id: Uuid,
    states: &[BookingStatus],
    customer: Option<Uuid>,
) -> Result<bookings::Model, ApiError> {
    let booking = booking::hold_for_payment(scope, id).await?;
    if customer.is_some_and(|customer| customer != booking.customer_id.0) {
        let detail = "This booking is somebody else's.";
        return Err(ApiError::new(Code::ReferenceNotFound, detail).with_field("#/customer_id", "mismatch", detail));
    }
    if !states.contains(&booking.status) {
        let status = booking.status.as_str().replace('_', " ");
        let detail = format!("A booking that is {status} is not paid for here.");
        return Err(ApiError::new(Code::BookingInvalidState, detail).with("state", booking.status.as_str()));
    }
    Ok(booking)
}

/// The bill of a booking on these terms.
///
/// # Errors
/// 409 when nothing is left to pay; 422 for a coupon that cannot be used, an amount that is another, or beyond what fits.
pub async fn price(_scope: &Scope, booking: &bookings::Model, wanted: &Wanted) -> Result<Bill, ApiError> {
    if wanted.coupon.is_some() {
        return Err(ApiError::new(Code::CouponInvalid, "There is no such coupon.").with("reason", "unknown"));
    }
    if wanted.gift_card.is_some() {
        return Err(ApiError::new(Code::GiftCardInvalid, "There is no such gift card.").with("reason", "unknown"));
    }
    let ask = Ask {
        price: booking.total_cents,
        discount_before: booking.discount_cents,
        discount: 0,
        tax_bps: u32::try_from(booking.tax_bps).unwrap_or(0),
        tax_included: booking.tax_included,
        mode: booking.payment_mode,
        due: booking.payment_due_cents,
        paid: booking.paid_cents,
        tip: wanted.tip_cents,
        in_full: wanted.in_full,
    };
    let bill = ask.bill().ok_or_else(|| ApiError::new(Code::RuleViolation, "The amount is larger than any may be."))?;
    if bill.now == 0 {
        return Err(ApiError::new(Code::PaymentSettled, "Nothing is left to pay of this booking."));
    }
    believed(&wanted.believed, bill.amount, &booking.currency)?;
    Ok(bill)
}

/// The caller and we must mean the same.
fn believed(said: &(Option<i64>, Option<String>), amount: i64, currency: &str) -> Result<(), ApiError> {
    if said.1.as_deref().is_some_and(|said| said != currency) {
        let detail = format!("This is paid in {currency}.");
        return Err(ApiError::new(Code::RuleViolation, detail.clone()).with_field("#/currency", "mismatch", detail));
    }
    if said.0.is_some_and(|said| said != amount) {
        let detail = format!("This payment is of {amount}.");
        let refusal = ApiError::new(Code::RuleViolation, detail.clone()).with_field("#/amount_cents", "mismatch", detail);
        return Err(refusal.with("amount_cents", amount));
    }
    Ok(())
}

async fn write(
    scope: &Scope,
    account: &Connected,
    wanted: &Wanted,
    booking: &bookings::Model,
    bill: Bill,
    terms: String,
) -> Result<Model, ApiError> {
    let (tenant, id) = (scope.tenant()?, PaymentId(scope.new_id()));
    let gift_alone = bill.amount == 0;
    let consent = wanted.consent.clone();
    let row = ActiveModel {
        booking_id: Set(Some(booking.id)),
        discount_cents: Set(-sum(&bill.lines, |line| line.kind == Kind::Discount)
            - booking.discount_cents),
        application_fee_cents: Set(if gift_alone { 0 } else { share(bill.amount, account.application_fee_bps) }),
        provider: Set(if gift_alone { PaymentProvider::None } else { PaymentProvider::Stripe }),
        method: Set(if gift_alone { PaymentMethod::Other } else { PaymentMethod::Card }),
        provider_account_id: Set((!gift_alone).then(|| account.account_id.clone())),
        idempotency_key: Set(key(tenant, id.0, "intent", 1)),
        terms: Set(terms),
        explicit_consent_flag: Set(consent.is_some()),
        consent_at: Set(consent.as_ref().map(|_| scope.now())),
        consent_ip: Set(consent.as_ref().and_then(|consent| consent.ip.clone())),
        consent_version: Set(consent.as_ref().map(|consent| consent.version.clone())),
        consent_text: Set(consent.map(|consent| consent.text)),
        ..blank(scope, id, booking.customer_id, &booking.currency, &bill)?
    };
    Ok(row.insert(scope).await?)
}

/// A payment of a bill with nothing else said of it.
pub fn blank(
    scope: &Scope,
    id: PaymentId,
    customer: CustomerId,
    currency: &str,
    bill: &Bill,
) -> Result<ActiveModel, ApiError> {
    Ok(ActiveModel {
        tenant_id: Set(scope.tenant()?),
        id: Set(id),
        customer_id: Set(Some(customer)),
        status: Set(PaymentStatus::Pending),
        currency_code: Set(currency.to_owned()),
        amount_cents: Set(bill.amount),
        tip_cents: Set(bill.tip),
        tax_cents: Set(bill.tax),
        gift_card_cents: Set(bill.gift),
        fee_type: Set(FeeType::Booking),
        metadata_json: Set(json!({ "lines": lines(&bill.lines) })),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
        ..Default::default()
    })
}

fn sum(lines: &[Line], of: impl Fn(&Line) -> bool) -> i64 {
    lines.iter().filter(|line| of(line)).map(|line| line.amount).sum()
}

fn lines(lines: &[Line]) -> Vec<serde_json::Value> {
    lines.iter().map(|line| json!([line.kind.as_str(), line.amount])).collect()
}

/// What was asked for, as one value. Codes are not kept in clear: they are worth money.
fn terms(wanted: &Wanted, account: &str, booking: &bookings::Model) -> String {
    let Wanted { coupon, gift_card, tip_cents, in_full, page, consent, stored, .. } = wanted;
    let account_of = booking::account(booking);
    let said = json!([
        account, coupon, gift_card, tip_cents, in_full, page.as_ref().map(|page| [&page.success_url, &page.cancel_url]),
        consent.as_ref().map(|consent| &consent.version), stored, account_of.owed,
        account_of.paid, booking.currency,
    ]);
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(said.to_string()))
}

/// The currency of a stored payment.
///
/// # Errors
/// 500 when the database holds none.
pub(in crate::domains::payments) fn currency(code: &str) -> Result<Currency, ApiError> {
    Currency::new(code).ok_or_else(|| ApiError::internal("a payment without a currency"))
}
