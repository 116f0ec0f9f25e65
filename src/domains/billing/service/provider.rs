//! What the provider's refusals mean here, and its words in ours.

use ::entity::enums::ProviderStatus;

use crate::error::{ApiError, Code};
use crate::ports::payments::{ProviderError, SubscriptionStatus};

/// A refusal of the provider, for whoever asked.
pub fn refused(error: ProviderError) -> ApiError {
    match error {
        ProviderError::Declined { code, decline_code, message, .. } => {
            let declined = ApiError::new(Code::PaymentDeclined, message).with("code_of_provider", code);
            match decline_code {
                Some(code) => declined.with("decline_code", code),
                None => declined,
            }
        }
        ProviderError::NeedsPayer { intent } => {
            let error = ApiError::of(Code::PaymentRequiresAction);
            match intent.next_action_url {
                Some(url) => error.with("next_action", url),
                None => error,
            }
        }
        ProviderError::State { message, .. } => ApiError::new(Code::Conflict, message),
        // there is nothing to pay with: that is the owner's to change
        ProviderError::Invalid { code: Some(code), .. } if code == "resource_missing" => {
            ApiError::new(Code::BillingSetupRequired, "There is no way to pay yet. Set one up first.")
        }
        other => {
            tracing::warn!(error = %other, "the provider did not do what a subscription needs");
            ApiError::of(Code::PaymentStripeError).caused_by(other)
        }
    }
}

/// Whether the call may have had its effect all the same: then it is made again, with the same key.
pub fn uncertain(error: &ProviderError) -> bool {
    matches!(error, ProviderError::Unknown { .. })
}

/// The provider's word, if it is one that we know.
pub fn status(status: &SubscriptionStatus) -> Option<ProviderStatus> {
    Some(match status {
        SubscriptionStatus::Trialing => ProviderStatus::Trialing,
        SubscriptionStatus::Active => ProviderStatus::Active,
        SubscriptionStatus::PastDue => ProviderStatus::PastDue,
        SubscriptionStatus::Unpaid => ProviderStatus::Unpaid,
        SubscriptionStatus::Canceled => ProviderStatus::Canceled,
        SubscriptionStatus::Incomplete => ProviderStatus::Incomplete,
        SubscriptionStatus::IncompleteExpired => ProviderStatus::IncompleteExpired,
        SubscriptionStatus::Paused => ProviderStatus::Paused,
        SubscriptionStatus::Unknown(_) => return None,
    })
}
