//! The account of a business on the wire.

use ::entity::tenant_billing::Model;
use poem_openapi::Object;
use poem_openapi::types::Example;

use crate::guard::Timestamp;

/// The account on which the business is paid, as the provider said last.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct ConnectAccount {
    /// The provider's id of it; null before there is one.
    #[oai(nullable)]
    pub account_id: Option<String>,
    /// Whether cards can be charged. Without it only cash is taken.
    pub charges_enabled: bool,
    /// Whether the provider pays out to the bank.
    pub payouts_enabled: bool,
    /// Whether the provider has no more questions for now.
    pub details_submitted: bool,
    /// Since when the account is closed to us; set it up anew.
    #[oai(nullable)]
    pub deauthorized_at: Option<Timestamp>,
    /// The platform's share of each charge, in hundredths of a percent.
    #[oai(validator(minimum(value = "0"), maximum(value = "10000")))]
    pub application_fee_bps: i32,
    /// When any of this was noted last; null before there is an account.
    #[oai(nullable)]
    pub noted_at: Option<Timestamp>,
}

impl ConnectAccount {
    /// Nothing is set up yet.
    pub fn none() -> Self {
        Self {
            account_id: None,
            charges_enabled: false,
            payouts_enabled: false,
            details_submitted: false,
            deauthorized_at: None,
            application_fee_bps: 0,
            noted_at: None,
        }
    }
}

impl From<Model> for ConnectAccount {
    fn from(row: Model) -> Self {
        Self {
            account_id: row.stripe_account_id,
            charges_enabled: row.charges_enabled,
            payouts_enabled: row.payouts_enabled,
            details_submitted: row.details_submitted,
            deauthorized_at: row.deauthorized_at.map(Into::into),
            application_fee_bps: row.application_fee_bps,
            noted_at: Some(row.updated_at.into()),
        }
    }
}

/// A page of the provider, where the business answers its questions.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct ConnectOnboarding {
    /// Works once and for minutes: send the owner there at once.
    pub url: String,
    pub account: ConnectAccount,
}

impl Example for ConnectAccount {
    fn example() -> Self {
        Self {
            account_id: Some("acct_1Q0a2b3c4d5e6f".into()),
            charges_enabled: true,
            payouts_enabled: true,
            details_submitted: true,
            deauthorized_at: None,
            application_fee_bps: 100,
            noted_at: Some(Timestamp::example()),
        }
    }
}

impl Example for ConnectOnboarding {
    fn example() -> Self {
        let account = ConnectAccount { charges_enabled: false, details_submitted: false, ..ConnectAccount::example() };
        Self { url: "https://connect.stripe.com/setup/e/acct_1Q0a2b3c4d5e6f/AbCdEf".into(), account }
    }
}
