//! Payments on the wire.

use ::entity::{enums, payments};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::guard::{Prose, Sort, Text, Timestamp};

/// The orders of a list of payments.
pub type PaymentSort = Sort<payments::Entity>;

macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident of $stored:ident { $($(#[$about:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
        #[oai(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$about])* $variant,)+
        }

        impl From<enums::$stored> for $name {
            fn from(stored: enums::$stored) -> Self {
                match stored {
                    $(enums::$stored::$variant => Self::$variant,)+
                }
            }
        }

        impl From<$name> for enums::$stored {
            fn from(wire: $name) -> Self {
                match wire {
                    $($name::$variant => Self::$variant,)+
                }
            }
        }
    };
}

wire_enum! {
    /// Where a payment is in its life.
    PaymentStatus of PaymentStatus {
        /// Waits for the payer, or for the cash.
        Pending,
        /// The payer must confirm it.
        RequiresAction,
        /// The bank takes its time.
        Processing,
        /// The bank keeps the money ready.
        Authorized,
        /// The money is there.
        Captured,
        /// A part of it went back.
        PartiallyRefunded,
        /// All of it went back.
        Refunded,
        /// Given up before any money came.
        Canceled,
        /// The last attempt was declined; another may be made.
        Failed,
    }
}

wire_enum! {
    /// How it is paid.
    PaymentMethodKind of PaymentMethod {
        Card,
        Cash,
        ApplePay,
        Paypal,
        /// With a gift card alone.
        Other,
    }
}

wire_enum! {
    /// What it is for.
    PaymentFeeType of FeeType {
        /// An appointment.
        Booking,
        /// That nobody came to one.
        NoShowFee,
        /// A package, a membership or credits.
        Purchase,
        /// A gift card.
        GiftCard,
    }
}

/// What a customer agrees to whose card is kept for later.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example, deny_unknown_fields)]
pub struct PaymentConsent {
    /// Only true is an agreement.
    pub accepted: bool,
    /// The version of the words that were shown.
    pub version: Text<1, 100>,
    /// The words that were shown.
    pub text: Prose<1, 5000>,
}

/// A payment. Amounts are in the minor unit of its currency.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Payment {
    pub id: Uuid,
    /// The same id.
    pub payment_id: Uuid,
    /// The booking that it is for.
    #[oai(nullable)]
    pub booking_id: Option<Uuid>,
    /// The purchase that it is for.
    #[oai(nullable)]
    pub purchase_id: Option<Uuid>,
    /// The gift card that it is for.
    #[oai(nullable)]
    pub gift_card_id: Option<Uuid>,
    #[oai(nullable)]
    pub customer_id: Option<Uuid>,
    pub status: PaymentStatus,
    /// The provider's own word for it.
    #[oai(nullable, validator(max_length = 100))]
    pub provider_status: Option<String>,
    pub method: PaymentMethodKind,
    pub fee_type: PaymentFeeType,
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    /// What the payer gives.
    pub amount_cents: i64,
    /// What came.
    pub amount_captured_cents: i64,
    /// What went back.
    pub amount_refunded_cents: i64,
    /// The tip in it.
    pub tip_cents: i64,
    /// The tax in it.
    pub tax_cents: i64,
    /// What a coupon took off before.
    pub discount_cents: i64,
    /// What a gift card paid beside it.
    pub gift_card_cents: i64,
    /// The platform's share.
    pub application_fee_cents: i64,
    /// The payment that it belongs to.
    #[oai(nullable)]
    pub related_payment_id: Option<Uuid>,
    /// The provider's id of it.
    #[oai(nullable, validator(max_length = 255))]
    pub payment_intent_id: Option<String>,
    /// Why the last attempt was declined.
    #[oai(nullable, validator(max_length = 100))]
    pub failure_code: Option<String>,
    #[oai(nullable, validator(max_length = 1000))]
    pub failure_message: Option<String>,
    /// Whether the card was kept for later charges, as the payer agreed.
    pub explicit_consent_flag: bool,
    /// When the payer asked their bank for the money back.
    #[oai(nullable)]
    pub disputed_at: Option<Timestamp>,
    /// How far that is, in the provider's words.
    #[oai(nullable, validator(max_length = 100))]
    pub dispute_status: Option<String>,
    /// When the money came.
    #[oai(nullable)]
    pub captured_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<payments::Model> for Payment {
    fn from(row: payments::Model) -> Self {
        Self {
            id: row.id.0,
            payment_id: row.id.0,
            booking_id: row.booking_id.map(|id| id.0),
            purchase_id: row.purchase_id,
            gift_card_id: row.gift_card_id,
            customer_id: row.customer_id.map(|id| id.0),
            status: row.status.into(),
            provider_status: row.provider_status,
            method: row.method.into(),
            fee_type: row.fee_type.into(),
            currency: row.currency_code,
            amount_cents: row.amount_cents,
            amount_captured_cents: row.amount_captured_cents,
            amount_refunded_cents: row.amount_refunded_cents,
            tip_cents: row.tip_cents,
            tax_cents: row.tax_cents,
            discount_cents: row.discount_cents,
            gift_card_cents: row.gift_card_cents,
            application_fee_cents: row.application_fee_cents,
            related_payment_id: row.related_payment_id.map(|id| id.0),
            payment_intent_id: row.provider_payment_id,
            failure_code: row.failure_code,
            failure_message: row.failure_message,
            explicit_consent_flag: row.explicit_consent_flag,
            disputed_at: row.disputed_at.map(Timestamp::new),
            dispute_status: row.dispute_status,
            captured_at: row.captured_at.map(Timestamp::new),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

pub fn example_id(number: u128) -> Uuid {
    Uuid::from_u128(0x0199_b1d2_8f1e_7d30_9b52_3c1f_0a6d_0000 + number)
}

impl Example for PaymentConsent {
    fn example() -> Self {
        Self {
            accepted: true,
            version: Text::of("2026-01"),
            text: Prose::of("If I do not come, the fee that was shown may be charged to this card."),
        }
    }
}

impl Example for Payment {
    fn example() -> Self {
        Self {
            id: example_id(1),
            payment_id: example_id(1),
            booking_id: Some(example_id(2)),
            purchase_id: None,
            gift_card_id: None,
            customer_id: Some(example_id(3)),
            status: PaymentStatus::Captured,
            provider_status: Some("succeeded".into()),
            method: PaymentMethodKind::Card,
            fee_type: PaymentFeeType::Booking,
            currency: "USD".into(),
            amount_cents: 4_800,
            amount_captured_cents: 4_800,
            amount_refunded_cents: 0,
            tip_cents: 300,
            tax_cents: 0,
            discount_cents: 0,
            gift_card_cents: 0,
            application_fee_cents: 0,
            related_payment_id: None,
            payment_intent_id: Some("pi_3PqX2eLkdIwHu7ix0a1b2c3d".into()),
            failure_code: None,
            failure_message: None,
            explicit_consent_flag: false,
            disputed_at: None,
            dispute_status: None,
            captured_at: Some(Timestamp::example()),
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}
