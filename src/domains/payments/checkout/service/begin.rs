//! Decides what is to be paid and writes the payment down, before anybody outside hears of it.

use ::entity::bookings;
use ::entity::enums::{BookingStatus, FeeType, PaymentMethod, PaymentProvider, PaymentStatus};
use ::entity::ids::{CustomerId, GiftCardId, PaymentId, PurchaseId};
use ::entity::payments::{ActiveModel, Model};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::place::Page;
use crate::db::Scope;
use crate::domains::booking;
use crate::domains::packages;
use crate::domains::payments::apply::{Word, advance};
use crate::domains::payments::connect::Connected;
use crate::domains::payments::held::{self, Held};
use crate::domains::payments::provider::key;
use crate::domains::payments::rules::bill::{Ask, Bill, Line};
use crate::domains::promotions::{self, CouponUse, Discount};
use crate::error::{ApiError, Code};
use crate::kernel::money::{Currency, Due, Money, share};

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
        Subject::GiftCard(id) => of_gift_card(scope, account, wanted, id).await,
        Subject::Purchase(id) => of_purchase(scope, account, wanted, id).await,
    }
}

async fn of_booking(scope: &Scope, account: &Connected, wanted: &Wanted, id: Uuid) -> Result<Begun, ApiError> {
    let booking = payable(scope, id, PAYABLE, wanted.customer).await?;
    if booking.status == BookingStatus::Pending && booking.payment_due_at.is_some_and(|until| until <= scope.now()) {
        return Err(
            ApiError::new(Code::HoldExpired, "The time to pay for this booking is over.").with("reason", "unpaid")
        );
    }
    let stood = booking::account(&booking);
    let terms = terms(wanted, &account.account_id, &json!([stood.owed, stood.paid, booking.currency]));
    if let Some(open) = held::open_for_booking(scope, booking.id).await? {
        return Ok(found(open, &terms));
    }
    let priced = price(scope, &booking, wanted).await?;
    let thing = Thing { booking: Some(&booking), ..Thing::of(&booking.currency, booking.customer_id) };
    let payment = write(scope, &thing, Some(account), wanted, priced, terms).await?;
    settled(scope, Some(booking), payment).await
}

/// A gift card that somebody buys.
async fn of_gift_card(scope: &Scope, account: &Connected, wanted: &Wanted, id: Uuid) -> Result<Begun, ApiError> {
    let due = promotions::gift_card_due(scope, GiftCardId(id)).await?;
    let open = held::open_for_gift_card(scope, id).await?;
    let currency = due.amount.currency;
    let thing = Thing { gift_card: Some(id), fee_type: FeeType::GiftCard, ..Thing::of(currency.code(), due.customer) };
    bought(scope, account, wanted, &due, &thing, open).await
}

/// A package, a membership's period or credits.
async fn of_purchase(scope: &Scope, account: &Connected, wanted: &Wanted, id: Uuid) -> Result<Begun, ApiError> {
    let due = packages::purchase_due(scope, PurchaseId(id)).await?;
    let open = held::open_for_purchase(scope, id).await?;
    let currency = due.amount.currency;
    let thing = Thing { purchase: Some(id), fee_type: FeeType::Purchase, ..Thing::of(currency.code(), due.customer) };
    bought(scope, account, wanted, &due, &thing, open).await
}

/// What is bought ahead: nothing is taken off, and no gift card pays for it.
async fn bought(
    scope: &Scope,
    account: &Connected,
    wanted: &Wanted,
    due: &Due,
    thing: &Thing<'_>,
    open: Option<Model>,
) -> Result<Begun, ApiError> {
    plainly(wanted)?;
    if wanted.customer.is_some_and(|customer| customer != due.customer.0) {
        return Err(somebody_elses());
    }
    let terms = terms(wanted, &account.account_id, &json!([due.amount.minor, thing.currency]));
    if let Some(open) = open {
        return Ok(found(open, &terms));
    }
    let bill = Ask::plain(due.amount.minor, wanted.tip_cents).bill().ok_or_else(too_large)?;
    believed(&wanted.believed, bill.amount, thing.currency)?;
    let payment = write(scope, thing, Some(account), wanted, Priced { bill, discount: None }, terms).await?;
    settled(scope, None, payment).await
}

fn found(open: Model, terms: &str) -> Begun {
    if open.terms == terms { Begun::Open(open) } else { Begun::Other(open) }
}

/// Where nothing is left for the payer to give, it is paid.
async fn settled(scope: &Scope, booking: Option<bookings::Model>, payment: Model) -> Result<Begun, ApiError> {
    if payment.amount_cents > 0 {
        return Ok(Begun::Open(payment));
    }
    let settled = advance(scope, Held { booking, payment }, Word::settled()).await?;
    Ok(Begun::Settled(settled))
}

/// What is bought ahead is paid as it is.
fn plainly(wanted: &Wanted) -> Result<(), ApiError> {
    let refused = |at: &str| {
        let detail = "This is paid without codes and tips.";
        Err(ApiError::new(Code::RuleViolation, detail).with_field(at, "not_here", detail))
    };
    match wanted {
        Wanted { coupon: Some(_), .. } => refused("#/coupon_code"),
        Wanted { gift_card: Some(_), .. } => refused("#/gift_card_code"),
        Wanted { tip_cents: 1.., .. } => refused("#/tip_cents"),
        _ => Ok(()),
    }
}

fn somebody_elses() -> ApiError {
    let detail = "This is somebody else's.";
    ApiError::new(Code::ReferenceNotFound, detail).with_field("#/customer_id", "mismatch", detail)
}

fn too_large() -> ApiError {
    ApiError::new(Code::RuleViolation, "The amount is larger than any may be.")
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
        return Err(somebody_elses());
    }
    if !states.contains(&booking.status) {
        let status = booking.status.as_str().replace('_', " ");
        let detail = format!("A booking that is {status} is not paid for here.");
        return Err(ApiError::new(Code::BookingInvalidState, detail).with("state", booking.status.as_str()));
    }
    Ok(booking)
}

/// A bill, and the coupon that took something off it.
#[derive(Debug)]
pub struct Priced {
    pub bill: Bill,
    pub discount: Option<Discount>,
}

/// The bill of a booking on these terms.
///
/// # Errors
/// 409 when nothing is left to pay; 422 for a coupon that cannot be used, an amount that is another, or beyond what fits.
pub async fn price(scope: &Scope, booking: &bookings::Model, wanted: &Wanted) -> Result<Priced, ApiError> {
    if booking.covered_by.is_some() {
        return Err(ApiError::new(Code::PaymentSettled, "This booking is paid with what was bought before."));
    }
    let plain = Ask {
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
    if plain.bill().ok_or_else(too_large)?.now == 0 {
        return Err(ApiError::new(Code::PaymentSettled, "Nothing is left to pay of this booking."));
    }
    let discount = match &wanted.coupon {
        Some(code) => {
            let amount = booking.total_cents.saturating_sub(booking.discount_cents).max(0);
            let amount = Money::new(amount, currency(&booking.currency)?);
            let (customer, service) = (booking.customer_id, Some(booking.service_id));
            let used = CouponUse { customer, service, amount, at: scope.now() };
            Some(promotions::coupon_quote(scope, code, &used).await?)
        }
        None => None,
    };
    let ask = Ask { discount: discount.as_ref().map_or(0, |discount| discount.amount.minor), ..plain };
    let bill = ask.bill().ok_or_else(too_large)?;
    believed(&wanted.believed, bill.amount, &booking.currency)?;
    Ok(Priced { bill, discount })
}

/// The caller and we must mean the same.
fn believed(said: &(Option<i64>, Option<String>), amount: i64, currency: &str) -> Result<(), ApiError> {
    if said.1.as_deref().is_some_and(|said| said != currency) {
        let detail = format!("This is paid in {currency}.");
        return Err(ApiError::new(Code::RuleViolation, detail.clone()).with_field("#/currency", "mismatch", detail));
    }
    if said.0.is_some_and(|said| said != amount) {
        let detail = format!("This payment is of {amount}.");
        let refusal =
            ApiError::new(Code::RuleViolation, detail.clone()).with_field("#/amount_cents", "mismatch", detail);
        return Err(refusal.with("amount_cents", amount));
    }
    Ok(())
}

/// What a payment is written for.
pub struct Thing<'a> {
    pub booking: Option<&'a bookings::Model>,
    pub gift_card: Option<Uuid>,
    pub purchase: Option<Uuid>,
    pub fee_type: FeeType,
    pub currency: &'a str,
    pub customer: CustomerId,
}

impl<'a> Thing<'a> {
    /// Nothing yet, of this customer.
    pub fn of(currency: &'a str, customer: CustomerId) -> Self {
        Self { booking: None, gift_card: None, purchase: None, fee_type: FeeType::Booking, currency, customer }
    }
}

/// Writes a payment down and takes what was promised for it: the coupon, and as much of a gift card as it pays. Without
/// an account it is cash.
///
/// # Errors
/// 422 when coupon or gift card have gone meanwhile.
pub async fn write(
    scope: &Scope,
    thing: &Thing<'_>,
    account: Option<&Connected>,
    wanted: &Wanted,
    priced: Priced,
    terms: String,
) -> Result<Model, ApiError> {
    let (tenant, id) = (scope.tenant()?, PaymentId(scope.new_id()));
    let Priced { bill, discount } = priced;
    let consent = wanted.consent.clone();
    let card = account.is_some();
    let row = ActiveModel {
        booking_id: Set(thing.booking.map(|booking| booking.id)),
        gift_card_id: Set(thing.gift_card),
        purchase_id: Set(thing.purchase),
        fee_type: Set(thing.fee_type),
        discount_cents: Set(discount.as_ref().map_or(0, |discount| discount.amount.minor)),
        provider: Set(if card { PaymentProvider::Stripe } else { PaymentProvider::None }),
        method: Set(if card { PaymentMethod::Card } else { PaymentMethod::Cash }),
        provider_account_id: Set(account.map(|account| account.account_id.clone())),
        idempotency_key: Set(key(tenant, id.0, if card { "intent" } else { "cash" }, 1)),
        terms: Set(terms),
        explicit_consent_flag: Set(consent.is_some()),
        consent_at: Set(consent.as_ref().map(|_| scope.now())),
        consent_ip: Set(consent.as_ref().and_then(|consent| consent.ip.clone())),
        consent_version: Set(consent.as_ref().map(|consent| consent.version.clone())),
        consent_text: Set(consent.map(|consent| consent.text)),
        ..blank(scope, id, thing.customer, thing.currency, &bill)?
    };
    let payment = row.insert(scope).await?;
    if let Some(discount) = &discount {
        promotions::coupon_redeem(scope, discount, id.0, payment.booking_id).await?;
    }
    let gift = match &wanted.gift_card {
        Some(code) if bill.amount > 0 => {
            let up_to = Money::new(bill.amount, currency(thing.currency)?);
            promotions::gift_take(scope, code, up_to, id.0).await?.minor
        }
        _ => 0,
    };
    let bill = bill.with_gift(gift);
    let mut change = payment.into_active_model();
    change.amount_cents = Set(bill.amount);
    change.gift_card_cents = Set(bill.gift);
    change.metadata_json = Set(json!({ "lines": lines(&bill.lines) }));
    match account {
        Some(account) if bill.amount > 0 => {
            change.application_fee_cents = Set(share(bill.amount, account.application_fee_bps));
        }
        // a coupon and a gift card need nobody who moves money
        _ if bill.amount == 0 => {
            change.provider = Set(PaymentProvider::None);
            change.method = Set(PaymentMethod::Other);
            change.provider_account_id = Set(None);
        }
        _ => {}
    }
    held::save(scope, change).await
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

fn lines(lines: &[Line]) -> Vec<serde_json::Value> {
    lines.iter().map(|line| json!([line.kind.as_str(), line.amount])).collect()
}

/// What was asked for, and how it stood, as one value. Codes are not kept in clear: they are worth money.
fn terms(wanted: &Wanted, account: &str, stood: &serde_json::Value) -> String {
    let Wanted { coupon, gift_card, tip_cents, in_full, page, consent, stored, .. } = wanted;
    let page = page.as_ref().map(|page| [&page.success_url, &page.cancel_url]);
    let consent = consent.as_ref().map(|consent| &consent.version);
    let said = json!([account, coupon, gift_card, tip_cents, in_full, page, consent, stored, stood]);
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(said.to_string()))
}

/// The currency of a stored payment.
///
/// # Errors
/// 500 when the database holds none.
pub(in crate::domains::payments) fn currency(code: &str) -> Result<Currency, ApiError> {
    Currency::new(code).ok_or_else(|| ApiError::internal("a payment without a currency"))
}
