//! What a customer must fulfil beyond the form of its fields.

use ::entity::ids::CustomerId;
use chrono::{DateTime, Utc};

use crate::error::{ApiError, Code, FieldError};
use crate::kernel::contact;

/// The address as it is compared: two spellings are one customer.
pub fn comparable(email: &str, pointer: &str) -> Result<String, FieldError> {
    contact::normal_email(email)
        .ok_or_else(|| FieldError::new(pointer, "format", "Use an e-mail address such as ana@example.com."))
}

/// Nobody who was made unknown is made known again.
pub fn may_be_written(pseudonymized_at: Option<DateTime<Utc>>) -> Result<(), ApiError> {
    pseudonymized_at.map_or(Ok(()), |_| Err(ApiError::of(Code::CustomerErased)))
}

/// Nobody leaves for whom so many bookings are ahead.
pub fn may_leave(ahead: u64) -> Result<(), ApiError> {
    let bookings = match ahead {
        0 => return Ok(()),
        1 => "1 booking".to_owned(),
        n => format!("{n} bookings"),
    };
    let detail = format!("The customer has {bookings} ahead: cancel first.");
    Err(ApiError::new(Code::CustomerHasBookings, detail).with("bookings", ahead))
}

/// What somebody is called who was made unknown: the same for good, and told apart from others.
pub fn pseudonym(id: CustomerId) -> String {
    // the last digits of an id are random, the first ones would say when it was made
    let digits = id.0.simple().to_string();
    format!("Customer {}", digits.get(24..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_leaves_with_bookings_ahead() {
        assert!(may_leave(0).is_ok());
        let one = may_leave(1).unwrap_err();
        assert_eq!((one.code(), one.extra()["bookings"].as_u64()), (Code::CustomerHasBookings, Some(1)));
        assert!(one.detail().contains("1 booking ahead"));
        assert!(may_leave(2).unwrap_err().detail().contains("2 bookings ahead"));
    }

    #[test]
    fn a_pseudonym_is_made_of_what_was_random() {
        let id = CustomerId(uuid::Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_1234_abcd));
        assert_eq!(pseudonym(id), "Customer 1234abcd");
    }
}
