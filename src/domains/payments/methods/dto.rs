//! Ways to pay on the wire.

use ::entity::payment_methods;
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::domains::payments::dto::{PaymentConsent, example_id};
use crate::guard::{Text, Timestamp};

/// A card that a customer leaves.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct MethodCreate {
    pub customer_id: Uuid,
    /// The customer agrees to charges without them; without it the card is for payments that they make themselves.
    #[oai(nullable, skip_serializing_if_is_none)]
    pub consent: Option<PaymentConsent>,
}

/// What the customer needs to leave a card with the provider.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct MethodSetup {
    /// The way to pay that it becomes.
    pub payment_method_id: Uuid,
    /// The provider's id of the setup.
    #[oai(validator(max_length = 255))]
    pub setup_intent_id: String,
    /// For the customer's browser only.
    #[oai(nullable, validator(max_length = 1000))]
    pub client_secret: Option<String>,
    /// The account at the provider on which it is made.
    #[oai(validator(max_length = 255))]
    pub provider_account_id: String,
}

/// Which setup is done.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct MethodConfirm {
    /// The provider's id of the setup.
    pub setup_intent_id: Text<1, 255>,
}

/// A way to pay that a customer left.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct StoredMethod {
    pub id: Uuid,
    pub customer_id: Uuid,
    /// `card`, ..
    #[oai(rename = "type", validator(max_length = 50))]
    pub kind: String,
    #[oai(nullable, validator(max_length = 50))]
    pub brand: Option<String>,
    #[oai(nullable, validator(max_length = 4))]
    pub last4: Option<String>,
    #[oai(nullable)]
    pub exp_month: Option<i32>,
    #[oai(nullable)]
    pub exp_year: Option<i32>,
    /// The one that is charged when none is named.
    pub is_default: bool,
    /// Whether its owner agreed to charges without them.
    pub explicit_consent_flag: bool,
    /// When.
    #[oai(nullable)]
    pub consent_at: Option<Timestamp>,
    /// The provider's id of it.
    #[oai(nullable, validator(max_length = 255))]
    pub stripe_payment_method_id: Option<String>,
    pub created_at: Timestamp,
}

impl From<payment_methods::Model> for StoredMethod {
    fn from(row: payment_methods::Model) -> Self {
        Self {
            id: row.id.0,
            customer_id: row.customer_id.0,
            kind: row.kind,
            brand: row.brand,
            last4: row.last4,
            exp_month: row.exp_month,
            exp_year: row.exp_year,
            is_default: row.is_default,
            explicit_consent_flag: row.explicit_consent_flag,
            consent_at: row.consent_at.map(Timestamp::new),
            stripe_payment_method_id: row.provider_payment_method_id,
            created_at: row.created_at.into(),
        }
    }
}

impl Example for MethodCreate {
    fn example() -> Self {
        Self { customer_id: example_id(3), consent: Some(PaymentConsent::example()) }
    }
}

impl Example for MethodSetup {
    fn example() -> Self {
        Self {
            payment_method_id: example_id(5),
            setup_intent_id: "seti_1PqX2eLkdIwHu7ix0a1b2c3d".into(),
            client_secret: Some("seti_1PqX2eLkdIwHu7ix0a1b2c3d_secret_Wm9v".into()),
            provider_account_id: "acct_1PqX2eLkdIwHu7ix".into(),
        }
    }
}

impl Example for MethodConfirm {
    fn example() -> Self {
        Self { setup_intent_id: Text::of("seti_1PqX2eLkdIwHu7ix0a1b2c3d") }
    }
}

impl Example for StoredMethod {
    fn example() -> Self {
        Self {
            id: example_id(5),
            customer_id: example_id(3),
            kind: "card".into(),
            brand: Some("visa".into()),
            last4: Some("4242".into()),
            exp_month: Some(12),
            exp_year: Some(2030),
            is_default: true,
            explicit_consent_flag: true,
            consent_at: Some(Timestamp::example()),
            stripe_payment_method_id: Some("pm_1PqX2eLkdIwHu7ix0a1b2c3d".into()),
            created_at: Timestamp::example(),
        }
    }
}
