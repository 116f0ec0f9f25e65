//! What a customer must fulfil beyond the form of its fields.

use crate::error::FieldError;
use crate::kernel::contact;

/// The address as it is compared: two spellings are one customer.
pub fn comparable(email: &str, pointer: &str) -> Result<String, FieldError> {
    contact::normal_email(email)
        .ok_or_else(|| FieldError::new(pointer, "format", "Use an e-mail address such as ana@example.com."))
}
