//! What a business promises and asks for: five texts, shown before anybody pays. Kept in
//! `tenants.trust_copy_json -> policies`.

use poem_openapi::Object;
use poem_openapi::types::Example;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::ApiError;

/// The five texts of a business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Object)]
#[oai(rename = "TenantPolicies", example)]
#[serde(default)]
pub struct Policies {
    /// Until when a customer may cancel.
    #[oai(validator(max_length = 5000))]
    pub cancellation_policy: String,
    /// What happens when a customer does not come.
    #[oai(validator(max_length = 5000))]
    pub no_show_policy: String,
    /// Until when a customer may move an appointment.
    #[oai(validator(max_length = 5000))]
    pub rescheduling_policy: String,
    /// When and how to pay.
    #[oai(validator(max_length = 5000))]
    pub payment_policy: String,
    /// What is given back.
    #[oai(validator(max_length = 5000))]
    pub refund_policy: String,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            cancellation_policy: "Appointments can be cancelled free of charge up to 24 hours before they begin."
                .into(),
            no_show_policy: "When an appointment is missed without a word, a share of its price is charged.".into(),
            rescheduling_policy: "Appointments can be moved to another time up to 24 hours before they begin.".into(),
            payment_policy: "Payment is due on the day of the appointment.".into(),
            refund_policy: "Prepaid appointments that are cancelled in time are refunded in full.".into(),
        }
    }
}

impl Example for Policies {
    fn example() -> Self {
        Self::default()
    }
}

impl Policies {
    /// Out of `tenants.trust_copy_json`; texts that were never set are the defaults.
    ///
    /// # Errors
    /// 500 when the column holds something else.
    pub fn read(trust_copy: &Value) -> Result<Self, ApiError> {
        match trust_copy.get("policies") {
            Some(policies) => serde_json::from_value(policies.clone()).map_err(ApiError::internal),
            None => Ok(Self::default()),
        }
    }

    /// Into `tenants.trust_copy_json`, beside whatever else stands there.
    ///
    /// # Errors
    /// 500 when it cannot be written as JSON.
    pub fn write(&self, trust_copy: &mut Value) -> Result<(), ApiError> {
        trust_copy["policies"] = serde_json::to_value(self).map_err(ApiError::internal)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn unset_texts_are_the_defaults_and_neighbours_stay() {
        let mut copy = json!({"banner": "Since 1998", "policies": {"refund_policy": "None."}});
        let policies = Policies::read(&copy).unwrap();
        assert_eq!(policies.refund_policy, "None.");
        assert_eq!(policies.payment_policy, Policies::default().payment_policy);
        policies.write(&mut copy).unwrap();
        assert_eq!(copy["banner"], "Since 1998");
        assert_eq!(Policies::read(&copy).unwrap(), policies);
        assert_eq!(Policies::read(&json!({})).unwrap(), Policies::default());
        assert!(Policies::read(&json!({"policies": 7})).is_err());
    }
}
