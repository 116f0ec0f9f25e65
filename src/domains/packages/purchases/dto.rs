//! Purchases on the wire.

use ::entity::{enums, purchases};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::guard::{Email, Sort, Text, Timestamp};

/// The orders of a list of purchases.
pub type PurchaseSort = Sort<purchases::Entity>;

/// What is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum PurchaseKind {
    Package,
    /// A period of a membership.
    Membership,
    Credits,
}

/// Where a purchase is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum PurchaseStatus {
    /// It waits to be paid.
    Pending,
    /// What it gives was granted.
    Paid,
    /// The money went back, and what was left of it too.
    Undone,
    /// It was called off before it was paid.
    Canceled,
}

impl From<PurchaseStatus> for enums::PurchaseStatus {
    fn from(status: PurchaseStatus) -> Self {
        match status {
            PurchaseStatus::Pending => Self::Pending,
            PurchaseStatus::Paid => Self::Paid,
            PurchaseStatus::Undone => Self::Undone,
            PurchaseStatus::Canceled => Self::Canceled,
        }
    }
}

/// How something is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum PaidWith {
    /// By a payment, which is made for it: until then it waits.
    Payment,
    /// At the counter, now.
    Cash,
    /// Not at all: it is given.
    Given,
}

impl From<PaidWith> for enums::PaidWith {
    fn from(with: PaidWith) -> Self {
        match with {
            PaidWith::Payment => Self::Payment,
            PaidWith::Cash => Self::Cash,
            PaidWith::Given => Self::Given,
        }
    }
}

/// Who buys a package, and how.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct PackagePurchase {
    /// The customer.
    pub customer_id: Uuid,
    /// How it is paid.
    #[oai(default = "payment")]
    pub paid_with: PaidWith,
}

pub fn payment() -> PaidWith {
    PaidWith::Payment
}

/// Who buys something as a visitor.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct PurchaseContact {
    /// The name.
    pub display_name: Text<1, 255>,
    /// The e-mail address, by which a customer is known again.
    pub email: Email,
}

/// A package that a visitor buys.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct PublicPackagePurchase {
    /// Who buys it.
    pub customer: PurchaseContact,
}

/// How something was paid at the counter that waits to be paid.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct PurchaseSettle {
    /// `cash` or `given`.
    #[oai(default = "cash")]
    pub paid_with: PaidWith,
}

fn cash() -> PaidWith {
    PaidWith::Cash
}

/// Something that was bought ahead.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Purchase {
    pub id: Uuid,
    /// Who bought it.
    pub customer_id: Uuid,
    pub kind: PurchaseKind,
    /// The package that its sessions are of.
    #[oai(nullable)]
    pub package_id: Option<Uuid>,
    /// The membership of which it is a period.
    #[oai(nullable)]
    pub membership_id: Option<Uuid>,
    /// Sessions or credits.
    pub quantity: i64,
    /// How many days they are good from when they are paid.
    #[oai(nullable)]
    pub valid_days: Option<i32>,
    /// What it was called when it was bought.
    pub description: String,
    /// What it costs, in the currency's minor unit.
    pub amount_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
    pub status: PurchaseStatus,
    /// How it was paid.
    #[oai(nullable)]
    pub paid_with: Option<PaidWith>,
    /// The payment that paid for it.
    #[oai(nullable)]
    pub payment_id: Option<Uuid>,
    #[oai(nullable)]
    pub paid_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<purchases::Model> for Purchase {
    fn from(row: purchases::Model) -> Self {
        Self {
            id: row.id.0,
            customer_id: row.customer_id.0,
            kind: match row.kind {
                enums::PurchaseKind::Package => PurchaseKind::Package,
                enums::PurchaseKind::Membership => PurchaseKind::Membership,
                enums::PurchaseKind::Credits => PurchaseKind::Credits,
            },
            package_id: row.package_id.map(Into::into),
            membership_id: row.membership_id.map(Into::into),
            quantity: row.quantity,
            valid_days: row.valid_days,
            description: row.description,
            amount_cents: row.amount_cents,
            currency: row.currency,
            status: match row.status {
                enums::PurchaseStatus::Pending => PurchaseStatus::Pending,
                enums::PurchaseStatus::Paid => PurchaseStatus::Paid,
                enums::PurchaseStatus::Undone => PurchaseStatus::Undone,
                enums::PurchaseStatus::Canceled => PurchaseStatus::Canceled,
            },
            paid_with: row.paid_with.map(|with| match with {
                enums::PaidWith::Payment => PaidWith::Payment,
                enums::PaidWith::Cash => PaidWith::Cash,
                enums::PaidWith::Given => PaidWith::Given,
            }),
            payment_id: row.payment_id,
            paid_at: row.paid_at.map(Timestamp::new),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

/// Something that a visitor buys, with the token by which they pay for it.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct PublicPurchase {
    pub id: Uuid,
    /// By which whoever buys it pays for it.
    pub purchase_token: String,
    /// What it is called.
    pub description: String,
    /// Sessions or credits.
    pub quantity: i64,
    pub status: PurchaseStatus,
    /// What it costs, in the currency's minor unit.
    pub amount_cents: i64,
    /// ISO 4217 code.
    pub currency: String,
}

impl PublicPurchase {
    pub fn of(row: purchases::Model, purchase_token: String) -> Self {
        let Purchase { id, description, quantity, status, amount_cents, currency, .. } = row.into();
        Self { id, purchase_token, description, quantity, status, amount_cents, currency }
    }
}

impl Example for PackagePurchase {
    fn example() -> Self {
        Self { customer_id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0004), paid_with: PaidWith::Cash }
    }
}

impl Example for PurchaseContact {
    fn example() -> Self {
        Self { display_name: Text::of("Ana Torres"), email: Email::of("ana@example.com") }
    }
}

impl Example for PublicPackagePurchase {
    fn example() -> Self {
        Self { customer: PurchaseContact::example() }
    }
}

impl Example for PurchaseSettle {
    fn example() -> Self {
        Self { paid_with: PaidWith::Cash }
    }
}

impl Example for Purchase {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0022),
            customer_id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0004),
            kind: PurchaseKind::Package,
            package_id: Some(Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0021)),
            membership_id: None,
            quantity: 10,
            valid_days: Some(365),
            description: "Ten massages".into(),
            amount_cents: 45_000,
            currency: "EUR".into(),
            status: PurchaseStatus::Paid,
            paid_with: Some(PaidWith::Cash),
            payment_id: None,
            paid_at: Some(Timestamp::example()),
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}

impl Example for PublicPurchase {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0022),
            purchase_token: "AZnEkTlqfTCbUjwfCm1-hA.3q2-7wAAAAA".into(),
            description: "Ten massages".into(),
            quantity: 10,
            status: PurchaseStatus::Pending,
            amount_cents: 45_000,
            currency: "EUR".into(),
        }
    }
}
