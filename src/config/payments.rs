//! Payments: whether money moves, through whom, and with which keys.
//!
//! Without a key the Stripe-shaped sandbox inside this process answers; with one, Stripe does.

use secrecy::{ExposeSecret, SecretString};

use super::SettingError;

/// Where Stripe is.
const STRIPE_URL: &str = "https://api.stripe.com/";

/// Who moves the money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum PaymentMode {
    /// Stripe, with STRIPE_SECRET_KEY.
    Stripe,
    /// The sandbox inside this process: everything works, no money moves.
    Sandbox,
    /// Nobody: cards are refused, cash works.
    Off,
}

/// Settings of payments.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Payments")]
pub struct PaymentSettings {
    /// Who moves the money; stripe when STRIPE_SECRET_KEY is given, else the sandbox, in which no money moves
    #[arg(long, env = "TITHI_PAYMENTS", value_enum)]
    pub payments: Option<PaymentMode>,
    /// Secret key of the platform's Stripe account (sk_.. or rk_..)
    #[arg(long, env = "STRIPE_SECRET_KEY", hide_env_values = true, value_name = "KEY")]
    pub stripe_secret_key: Option<SecretString>,
    /// Secrets that sign Stripe's webhooks, separated by commas: while one is replaced by another, both hold
    #[arg(long, env = "STRIPE_WEBHOOK_SECRET", hide_env_values = true, value_delimiter = ',', value_name = "WHSEC,..")]
    pub stripe_webhook_secret: Vec<SecretString>,
    /// Where Stripe, or a sandbox in another process, is reached
    #[arg(long, env = "TITHI_STRIPE_URL", value_name = "URL")]
    pub stripe_url: Option<String>,
    /// Milliseconds that one call of Stripe may take; it is sent again up to three times
    #[arg(long, env = "TITHI_STRIPE_TIMEOUT_MS", default_value_t = 8_000, value_name = "MILLISECONDS")]
    pub stripe_timeout_ms: u64,
    /// The platform's share of what a business charges, in hundredths of a percent, for businesses that begin now
    #[arg(long, env = "TITHI_APPLICATION_FEE_BPS", default_value_t = 0, value_name = "BASIS POINTS")]
    pub application_fee_bps: u32,
}

impl PaymentSettings {
    /// Who moves the money.
    #[must_use]
    pub fn mode(&self) -> PaymentMode {
        let unsaid = if self.secret_key().is_some() { PaymentMode::Stripe } else { PaymentMode::Sandbox };
        self.payments.unwrap_or(unsaid)
    }

    /// The key, unless its variable is set to nothing.
    #[must_use]
    pub fn secret_key(&self) -> Option<&SecretString> {
        self.stripe_secret_key.as_ref().filter(|key| !key.expose_secret().is_empty())
    }

    /// The secrets that sign webhooks.
    pub fn webhook_secrets(&self) -> impl Iterator<Item = SecretString> {
        let trimmed = self.stripe_webhook_secret.iter().map(|secret| secret.expose_secret().trim());
        trimmed.filter(|secret| !secret.is_empty()).map(SecretString::from)
    }

    /// Stripe's address, with a slash at its end.
    #[must_use]
    pub fn stripe_base(&self) -> String {
        format!("{}/", self.stripe_url.as_deref().unwrap_or(STRIPE_URL).trim_end_matches('/'))
    }

    pub(super) fn validate(&self, production: bool, faults: &mut Vec<SettingError>) {
        let mode = self.mode();
        match self.secret_key() {
            None if mode == PaymentMode::Stripe => {
                faults.push(SettingError::new("STRIPE_SECRET_KEY", "is needed with TITHI_PAYMENTS=stripe"));
            }
            Some(key) if !["sk_", "rk_"].iter().any(|start| key.expose_secret().starts_with(start)) => {
                faults.push(SettingError::new("STRIPE_SECRET_KEY", "give a key that starts with sk_ or rk_"));
            }
            _ => {}
        }
        if mode == PaymentMode::Sandbox && production && self.payments.is_none() {
            faults.push(SettingError::new(
                "STRIPE_SECRET_KEY",
                "is needed in production, or say TITHI_PAYMENTS=off, or TITHI_PAYMENTS=sandbox for a place where no money may move",
            ));
        }
        if mode == PaymentMode::Stripe && self.webhook_secrets().next().is_none() && production {
            faults.push(SettingError::new(
                "STRIPE_WEBHOOK_SECRET",
                "is needed in production: Stripe shows it beside the webhook endpoint",
            ));
        }
        if self.webhook_secrets().any(|secret| !secret.expose_secret().starts_with("whsec_")) {
            faults.push(SettingError::new(
                "STRIPE_WEBHOOK_SECRET",
                "give secrets that start with whsec_, separated by commas",
            ));
        }
        let secure = |url: &String| url.starts_with("https://") || (!production && url.starts_with("http://"));
        if self.stripe_url.as_ref().is_some_and(|url| !secure(url)) {
            faults.push(SettingError::new(
                "TITHI_STRIPE_URL",
                "give an address that starts with https:// (outside production http:// will do)",
            ));
        }
        if self.application_fee_bps > 10_000 {
            faults.push(SettingError::new("TITHI_APPLICATION_FEE_BPS", "give 0 to 10000: hundredths of a percent"));
        }
        if !(100..=20_000).contains(&self.stripe_timeout_ms) {
            faults.push(SettingError::new("TITHI_STRIPE_TIMEOUT_MS", "give 100 to 20000 milliseconds"));
        }
    }
}
