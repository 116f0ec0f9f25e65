//! What Stripe's errors mean to us, by type and code (docs.stripe.com/error-low-level, /error-codes).

use serde_json::Value;
use stripe_shared::PaymentIntent;

use super::client::Failure;
use super::read;
use crate::ports::payments::{Intent, ProviderError};

/// Reads the answer to a call that was not done.
pub(super) fn read(failure: Failure) -> ProviderError {
    let (status, body) = match failure {
        Failure::Refused { status, body } => (status, body),
        Failure::Lost(message) => return ProviderError::Unknown { message },
    };
    match serde_json::from_slice::<Value>(&body) {
        Ok(document) => of(status, &document["error"]),
        Err(_) => ProviderError::Unknown { message: format!("status {status} without an error that can be read") },
    }
}

fn of(status: u16, error: &Value) -> ProviderError {
    let text = |name: &str| error[name].as_str().map(str::to_owned);
    let (code, message) = (text("code"), text("message").unwrap_or_default());
    let unnamed = || code.clone().unwrap_or_default();
    match (status, error["type"].as_str().unwrap_or_default()) {
        (400, "idempotency_error") => {
            metrics::counter!("payment_provider_keys_reused_total").increment(1);
            ProviderError::KeyReused { message }
        }
        (402, _) | (_, "card_error") => declined(error, unnamed(), text("decline_code"), message),
        (401 | 403, _) => ProviderError::Forbidden { message },
        (404, _) => ProviderError::Missing,
        (400..=499, _) if !matches!(status, 408 | 409 | 424 | 429) => match unnamed().as_str() {
            "charge_already_refunded" => ProviderError::OverRefund { message },
            state if state.ends_with("_unexpected_state") => ProviderError::State { message, intent: intent(error) },
            _ => ProviderError::Invalid { code, param: text("param"), message },
        },
        _ => ProviderError::Unknown { message: format!("status {status} {}: {message}", unnamed()) },
    }
}

fn declined(error: &Value, code: String, decline_code: Option<String>, message: String) -> ProviderError {
    let asks = code == "authentication_required" || decline_code.as_deref() == Some("authentication_required");
    match intent(error) {
        Some(intent) if asks => ProviderError::NeedsPayer { intent },
        intent => ProviderError::Declined { code, decline_code, message, intent },
    }
}

fn intent(error: &Value) -> Option<Box<Intent>> {
    let object = error.get("payment_intent").filter(|object| object.is_object())?;
    let intent: PaymentIntent = miniserde::json::from_str(&object.to_string()).ok()?;
    Some(Box::new(read::intent(intent)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_error_has_its_meaning() {
        let error = |status, kind: &str, code: &str| of(status, &json!({"type": kind, "code": code, "message": "m"}));
        let invalid = "invalid_request_error";
        assert!(matches!(error(402, "card_error", "card_declined"), ProviderError::Declined { .. }));
        assert!(matches!(error(400, "idempotency_error", ""), ProviderError::KeyReused { .. }));
        assert!(matches!(error(409, "idempotency_error", "idempotency_key_in_use"), ProviderError::Unknown { .. }));
        assert!(matches!(error(429, invalid, "rate_limit"), ProviderError::Unknown { .. }));
        assert!(matches!(error(500, "api_error", ""), ProviderError::Unknown { .. }));
        assert!(matches!(error(404, invalid, "resource_missing"), ProviderError::Missing));
        assert!(matches!(error(400, invalid, "charge_already_refunded"), ProviderError::OverRefund { .. }));
        assert!(matches!(error(400, invalid, "payment_intent_unexpected_state"), ProviderError::State { .. }));
        assert!(matches!(error(400, invalid, "parameter_missing"), ProviderError::Invalid { .. }));
        assert!(matches!(error(401, invalid, ""), ProviderError::Forbidden { .. }));
        assert!(matches!(error(403, invalid, "account_invalid"), ProviderError::Forbidden { .. }));
        // without an intent there is nobody to send to the payer
        assert!(matches!(error(402, "card_error", "authentication_required"), ProviderError::Declined { .. }));
    }

    #[test]
    fn an_answer_that_is_no_json_tells_nothing() {
        let failure = Failure::Refused { status: 502, body: "<html>".into() };
        assert!(matches!(read(failure), ProviderError::Unknown { .. }));
    }
}
