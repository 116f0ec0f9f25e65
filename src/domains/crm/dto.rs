//! Customers on the wire.

use ::entity::customers;
use poem_openapi::Object;
use poem_openapi::types::Example;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::guard::{Email, Patch, Sort, Text, Timestamp};

/// The orders of a list of customers.
pub type CustomerSort = Sort<customers::Entity>;

/// On which ways a customer wants to hear of bookings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object, Serialize, Deserialize)]
#[oai(example, deny_unknown_fields)]
#[serde(default)]
pub struct CustomerChannels {
    /// By e-mail.
    #[oai(default = "yes")]
    pub email: bool,
    /// By text message.
    #[oai(default)]
    pub sms: bool,
    /// On their devices.
    #[oai(default)]
    pub push: bool,
}

fn yes() -> bool {
    true
}

impl Default for CustomerChannels {
    fn default() -> Self {
        Self { email: true, sms: false, push: false }
    }
}

/// A customer to be made; a PUT replaces all of it.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CustomerCreate {
    /// What to call them.
    pub display_name: Text<1, 255>,
    /// Their address; one customer of the business has it.
    pub email: Email,
    /// In any form that a person can dial.
    #[oai(nullable)]
    pub phone: Option<Text<1, 50>>,
    /// Whether they agreed to hear of offers.
    #[oai(default)]
    pub marketing_opt_in: bool,
    /// On which ways they want to hear of bookings.
    #[oai(default)]
    pub notification_preferences: CustomerChannels,
}

/// What a PATCH changes: absent keeps, null clears.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CustomerUpdate {
    /// What to call them.
    #[oai(skip_serializing_if_is_none)]
    pub display_name: Option<Text<1, 255>>,
    /// Their address; null for somebody who has none.
    pub email: Patch<Email>,
    /// In any form that a person can dial.
    pub phone: Patch<Text<1, 50>>,
    /// Whether they agreed to hear of offers.
    #[oai(skip_serializing_if_is_none)]
    pub marketing_opt_in: Option<bool>,
    /// On which ways they want to hear of bookings; replaced as a whole.
    #[oai(skip_serializing_if_is_none)]
    pub notification_preferences: Option<CustomerChannels>,
}

/// Somebody who books.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Customer {
    pub id: Uuid,
    /// What to call them.
    #[oai(validator(max_length = 255))]
    pub display_name: String,
    /// Their address.
    #[oai(nullable, validator(max_length = 255))]
    pub email: Option<String>,
    /// In any form that a person can dial.
    #[oai(nullable, validator(max_length = 50))]
    pub phone: Option<String>,
    /// Whether they agreed to hear of offers.
    pub marketing_opt_in: bool,
    /// On which ways they want to hear of bookings.
    pub notification_preferences: CustomerChannels,
    /// Whether they never booked.
    pub is_first_time: bool,
    /// When they booked first.
    #[oai(nullable)]
    pub customer_first_booking_at: Option<Timestamp>,
    /// When they were made unknown; nothing can be changed since.
    #[oai(nullable)]
    pub pseudonymized_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<customers::Model> for Customer {
    fn from(row: customers::Model) -> Self {
        Self {
            id: row.id.0,
            display_name: row.display_name,
            email: row.email,
            phone: row.phone,
            marketing_opt_in: row.marketing_opt_in,
            // a row from elsewhere may hold less, or something else: the defaults stand in
            notification_preferences: serde_json::from_value(row.notification_preferences).unwrap_or_default(),
            is_first_time: row.is_first_time,
            customer_first_booking_at: row.customer_first_booking_at.map(Into::into),
            pseudonymized_at: row.pseudonymized_at.map(Into::into),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

impl Example for CustomerChannels {
    fn example() -> Self {
        Self { email: true, sms: true, push: false }
    }
}

impl Example for CustomerCreate {
    fn example() -> Self {
        Self {
            display_name: Text::of("Ana Lima"),
            email: Email::of("ana@example.com"),
            phone: Some(Text::of("+1 212 555 0134")),
            marketing_opt_in: false,
            notification_preferences: CustomerChannels::example(),
        }
    }
}

impl Example for CustomerUpdate {
    fn example() -> Self {
        Self { phone: Patch::Clear, marketing_opt_in: Some(true), ..Self::default() }
    }
}

impl Example for Customer {
    fn example() -> Self {
        let made = CustomerCreate::example();
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0004),
            display_name: made.display_name.into(),
            email: Some(made.email.into()),
            phone: made.phone.map(Into::into),
            marketing_opt_in: made.marketing_opt_in,
            notification_preferences: made.notification_preferences,
            is_first_time: true,
            customer_first_booking_at: None,
            pseudonymized_at: None,
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}
