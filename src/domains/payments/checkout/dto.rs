//! Paying on the wire.

use ::entity::payments;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use super::service::Placed;
use crate::domains::payments::dto::{PaymentConsent, PaymentStatus, example_id};
use crate::domains::payments::rules::bill::{Kind, Line};
use crate::guard::Text;

/// How somebody wants to pay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum CheckoutMethod {
    #[default]
    Card,
    /// Handed over at the counter.
    Cash,
}

/// What is to be paid for, and how. Exactly one of `booking_id`, `purchase_id` and `gift_card_id` is given; the amount
/// is the server's.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CheckoutCreate {
    /// A booking that is pending or confirmed.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub booking_id: Option<Uuid>,
    /// A package, a membership or credits that wait to be paid.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub purchase_id: Option<Uuid>,
    /// A gift card that waits to be paid.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub gift_card_id: Option<Uuid>,
    /// By card or in cash.
    #[oai(default)]
    pub payment_method: CheckoutMethod,
    /// Whose it is, for checking.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub customer_id: Option<Uuid>,
    /// The Idempotency-Key again, for checking.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub idempotency_key: Option<Text<1, 255>>,
    /// Takes something off.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub coupon_code: Option<Text<1, 50>>,
    /// Pays as far as it goes.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub gift_card_code: Option<Text<1, 50>>,
    /// A tip, in the currency's minor unit.
    #[oai(default, validator(minimum(value = "0"), maximum(value = "100000000")))]
    pub tip_cents: i64,
    /// All that is left, where a deposit would do.
    #[oai(default)]
    pub in_full: bool,
    /// Pays on a page of the provider, and comes back to these.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub page: Option<CheckoutPage>,
    /// Keeps the card for charges without the payer.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub consent: Option<PaymentConsent>,
}

/// Where the provider's page leads back to.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CheckoutPage {
    /// After paying; that somebody comes back there proves nothing.
    #[oai(validator(max_length = 2000, pattern = r"^https?://[^\s]+$"))]
    pub success_url: String,
    /// After giving up.
    #[oai(validator(max_length = 2000, pattern = r"^https?://[^\s]+$"))]
    pub cancel_url: String,
}

/// What a visitor pays of the own booking.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct PublicCheckoutCreate {
    /// By card or in cash; cash only where nothing must be paid before.
    #[oai(default)]
    pub payment_method: CheckoutMethod,
    /// Takes something off.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub coupon_code: Option<Text<1, 50>>,
    /// Pays as far as it goes.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub gift_card_code: Option<Text<1, 50>>,
    /// A tip, in the currency's minor unit.
    #[oai(default, validator(minimum(value = "0"), maximum(value = "100000000")))]
    pub tip_cents: i64,
    /// All that is left, where a deposit would do.
    #[oai(default)]
    pub in_full: bool,
    /// Pays on a page of the provider, and comes back to these.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub page: Option<CheckoutPage>,
    /// Keeps the card for charges without the payer.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub consent: Option<PaymentConsent>,
}

/// A bare payment of a booking: all that is left, or its deposit.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct IntentCreate {
    /// A booking that is pending or confirmed.
    pub booking_id: Uuid,
    /// What the caller believes it is, for checking.
    #[oai(nullable, skip_serializing_if_is_none, validator(minimum(value = "1"), maximum(value = "100000000000")))]
    pub amount_cents: Option<i64>,
    /// ISO 4217 code, for checking.
    #[oai(nullable, skip_serializing_if_is_none, validator(pattern = "^[A-Z]{3}$", max_length = 3))]
    pub currency: Option<String>,
}

/// A booking that is paid at once with a card that the customer left.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct PaymentProcess {
    /// A booking that is pending or confirmed.
    pub booking_id: Uuid,
    /// A stored card of its customer; the default one when absent.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub payment_method_id: Option<Uuid>,
    /// Takes something off.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub coupon_code: Option<Text<1, 50>>,
    /// A tip, in the currency's minor unit.
    #[oai(default, validator(minimum(value = "0"), maximum(value = "100000000")))]
    pub tip_cents: i64,
    /// All that is left, where a deposit would do.
    #[oai(default)]
    pub in_full: bool,
}

/// Which payment is to be confirmed.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct PaymentConfirm {
    /// The provider's id of it.
    pub payment_intent_id: Text<1, 255>,
    /// The provider's id of a way to pay; needed where the payer has not given one there.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub payment_method_id: Option<Text<1, 255>>,
}

/// With what it is to be confirmed.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct IntentConfirm {
    /// The provider's id of a way to pay; needed where the payer has not given one there.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub payment_method_id: Option<Text<1, 255>>,
}

/// What a line of a bill is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum CheckoutLineKind {
    Price,
    Discount,
    /// Added to the price.
    Tax,
    /// Paid before.
    Paid,
    /// Not asked for yet.
    Later,
    Tip,
    GiftCard,
}

impl From<Kind> for CheckoutLineKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Price => Self::Price,
            Kind::Discount => Self::Discount,
            Kind::Tax => Self::Tax,
            Kind::Paid => Self::Paid,
            Kind::Later => Self::Later,
            Kind::Tip => Self::Tip,
            Kind::GiftCard => Self::GiftCard,
        }
    }
}

/// A line of a bill; all of them make the amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
pub struct CheckoutLine {
    pub kind: CheckoutLineKind,
    /// Below zero where it takes something off.
    pub amount_cents: i64,
}

impl From<Line> for CheckoutLine {
    fn from(line: Line) -> Self {
        Self { kind: line.kind.into(), amount_cents: line.amount }
    }
}

/// What the payer needs to pay.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Checkout {
    pub payment_id: Uuid,
    #[oai(nullable)]
    pub booking_id: Option<Uuid>,
    pub status: PaymentStatus,
    /// The provider's id of it; null for cash, and until a page of the provider has one.
    #[oai(nullable, validator(max_length = 255))]
    pub payment_intent_id: Option<String>,
    /// For the payer's browser only.
    #[oai(nullable, validator(max_length = 1000))]
    pub client_secret: Option<String>,
    /// The provider's page, where one was asked for.
    #[oai(nullable, validator(max_length = 5000))]
    pub checkout_url: Option<String>,
    /// The account at the provider on which it is made: its libraries want it beside the secret.
    #[oai(nullable, validator(max_length = 255))]
    pub provider_account_id: Option<String>,
    /// What the payer gives.
    pub amount_cents: i64,
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    /// How it comes about.
    #[oai(validator(max_items = 10))]
    pub lines: Vec<CheckoutLine>,
}

impl From<Placed> for Checkout {
    fn from(placed: Placed) -> Self {
        let payment = placed.payment;
        Self {
            payment_id: payment.id.0,
            booking_id: payment.booking_id.map(|id| id.0),
            status: payment.status.into(),
            payment_intent_id: payment.provider_payment_id,
            client_secret: placed.client_secret,
            checkout_url: placed.url,
            provider_account_id: payment.provider_account_id,
            amount_cents: payment.amount_cents,
            currency: payment.currency_code,
            lines: placed.lines.into_iter().map(Into::into).collect(),
        }
    }
}

/// How a payment stands after it was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct PaymentConfirmed {
    pub id: Uuid,
    /// The same id.
    pub payment_id: Uuid,
    #[oai(nullable)]
    pub booking_id: Option<Uuid>,
    pub status: PaymentStatus,
    /// The provider's own word for it.
    #[oai(nullable, validator(max_length = 100))]
    pub provider_status: Option<String>,
    pub amount_cents: i64,
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
}

impl From<payments::Model> for PaymentConfirmed {
    fn from(row: payments::Model) -> Self {
        Self {
            id: row.id.0,
            payment_id: row.id.0,
            booking_id: row.booking_id.map(|id| id.0),
            status: row.status.into(),
            provider_status: row.provider_status,
            amount_cents: row.amount_cents,
            currency: row.currency_code,
        }
    }
}

impl Example for CheckoutCreate {
    fn example() -> Self {
        Self {
            booking_id: Some(example_id(2)),
            purchase_id: None,
            gift_card_id: None,
            payment_method: CheckoutMethod::Card,
            customer_id: None,
            idempotency_key: None,
            coupon_code: None,
            gift_card_code: None,
            tip_cents: 300,
            in_full: false,
            page: None,
            consent: Some(PaymentConsent::example()),
        }
    }
}

impl Example for CheckoutPage {
    fn example() -> Self {
        Self { success_url: "https://salon.example/thanks".into(), cancel_url: "https://salon.example/pay".into() }
    }
}

impl Example for PublicCheckoutCreate {
    fn example() -> Self {
        Self { tip_cents: 300, ..Self::default() }
    }
}

impl Example for IntentCreate {
    fn example() -> Self {
        Self { booking_id: example_id(2), amount_cents: None, currency: None }
    }
}

impl Example for PaymentProcess {
    fn example() -> Self {
        Self { booking_id: example_id(2), payment_method_id: None, coupon_code: None, tip_cents: 0, in_full: true }
    }
}

impl Example for PaymentConfirm {
    fn example() -> Self {
        Self {
            payment_intent_id: Text::of("pi_3PqX2eLkdIwHu7ix0a1b2c3d"),
            payment_method_id: Some(Text::of("pm_card_visa")),
        }
    }
}

impl Example for IntentConfirm {
    fn example() -> Self {
        Self { payment_method_id: Some(Text::of("pm_card_visa")) }
    }
}

impl Example for Checkout {
    fn example() -> Self {
        Self {
            payment_id: example_id(1),
            booking_id: Some(example_id(2)),
            status: PaymentStatus::Pending,
            payment_intent_id: Some("pi_3PqX2eLkdIwHu7ix0a1b2c3d".into()),
            client_secret: Some("pi_3PqX2eLkdIwHu7ix0a1b2c3d_secret_Wm9v".into()),
            checkout_url: None,
            provider_account_id: Some("acct_1PqX2eLkdIwHu7ix".into()),
            amount_cents: 4_800,
            currency: "USD".into(),
            lines: vec![
                CheckoutLine { kind: CheckoutLineKind::Price, amount_cents: 4_500 },
                CheckoutLine { kind: CheckoutLineKind::Tip, amount_cents: 300 },
            ],
        }
    }
}

impl Example for PaymentConfirmed {
    fn example() -> Self {
        Self {
            id: example_id(1),
            payment_id: example_id(1),
            booking_id: Some(example_id(2)),
            status: PaymentStatus::Captured,
            provider_status: Some("succeeded".into()),
            amount_cents: 4_800,
            currency: "USD".into(),
        }
    }
}
