//! The name of a database constraint is the contract between the schema and the caller.
//!
//! A constraint that an honest caller can run into stands here with its code, its field and its
//! sentence; the others fall back to what their SQLSTATE says. Sorted by name.
use super::{ApiError, Code};

/// What breaking one constraint means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    pub constraint: &'static str,
    pub code: Code,
    /// The field of the body that caused it, when it is one field.
    pub pointer: Option<&'static str>,
    pub detail: &'static str,
}

const fn meaning(constraint: &'static str, code: Code, pointer: Option<&'static str>, detail: &'static str) -> Meaning {
    Meaning { constraint, code, pointer, detail }
}

/// Every mapped constraint, sorted by name.
pub const MEANINGS: &[Meaning] = &[
    meaning(
        "allocation_no_overlap",
        Code::BookingConflict,
        Some("#/start_at"),
        "Somebody else has just taken this time.",
    ),
    meaning("booking_longest", Code::RuleViolation, Some("#/start_at"), "The booking is longer than a booking may be."),
    meaning("booking_no_overlap", Code::BookingConflict, Some("#/start_at"), "Somebody else has just taken this time."),
    meaning("customer_email_unique", Code::EmailTaken, Some("#/email"), "Another customer has this e-mail address."),
    meaning("service_slug_unique", Code::SlugTaken, Some("#/slug"), "Another service has this name."),
    meaning("tenant_slug_unique", Code::SlugTaken, Some("#/slug"), "Another business has this name."),
    meaning("users_email_unique", Code::EmailTaken, Some("#/email"), "This e-mail address is in use."),
];

/// The meaning of the named constraint.
pub fn find(constraint: &str) -> Option<&'static Meaning> {
    let at = MEANINGS.binary_search_by(|meaning| meaning.constraint.cmp(constraint)).ok()?;
    MEANINGS.get(at)
}

impl Meaning {
    pub fn error(&self) -> ApiError {
        let error = ApiError::new(self.code, self.detail);
        match self.pointer {
            Some(pointer) => error.with_field(pointer, kind(self.code), self.detail),
            None => error,
        }
    }
}

fn kind(code: Code) -> &'static str {
    match code {
        Code::EmailTaken | Code::SlugTaken => "taken",
        Code::BookingConflict | Code::SlotUnavailable => "unavailable",
        _ => "rule",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_each_name_is_found() {
        assert!(MEANINGS.windows(2).all(|pair| pair[0].constraint < pair[1].constraint));
        for meaning in MEANINGS {
            assert_eq!(find(meaning.constraint), Some(meaning));
        }
        assert_eq!(find("nobody"), None);
    }
}
