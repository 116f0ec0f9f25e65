//! What criteria must fulfil beyond the form of each.

use super::dto::SegmentCriteria;
use crate::error::{ApiError, Code};

/// Refuses criteria of which two leave nobody between them; all such pairs are named at once.
///
/// # Errors
/// 422.
pub fn can_be_met(criteria: &SegmentCriteria) -> Result<(), ApiError> {
    let c = criteria;
    let pairs = [
        ("max_bookings", c.min_bookings.zip(c.max_bookings).is_some_and(|(least, most)| least > most)),
        ("first_visit_before", empty(c.first_visit_after, c.first_visit_before)),
        ("last_visit_before", empty(c.last_visit_after, c.last_visit_before)),
        ("created_before", empty(c.created_after, c.created_before)),
        ("is_first_time", c.is_first_time == Some(true) && c.min_bookings.is_some()),
    ];
    let refused: Vec<&str> = pairs.iter().filter(|(_, wrong)| *wrong).map(|(name, _)| *name).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let refusal = ApiError::new(Code::RuleViolation, "No customer can fulfil these criteria.");
    let detail = "Together with another of the criteria this leaves nobody.";
    Err(refused.iter().fold(refusal, |error, name| error.with_field(format!("#/criteria/{name}"), "rule", detail)))
}

fn empty<T: PartialOrd>(after: Option<T>, before: Option<T>) -> bool {
    after.zip(before).is_some_and(|(after, before)| after >= before)
}

#[cfg(test)]
mod tests {
    use poem_openapi::types::Example;

    use super::*;
    use crate::guard::Timestamp;

    #[test]
    fn what_leaves_nobody_is_named_all_at_once() {
        let at = Some(Timestamp::example());
        let wrong = SegmentCriteria {
            min_bookings: Some(3),
            max_bookings: Some(2),
            created_after: at,
            created_before: at,
            ..SegmentCriteria::default()
        };
        let refusal = can_be_met(&wrong).unwrap_err();
        let pointers: Vec<&str> = refusal.errors().iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["#/criteria/max_bookings", "#/criteria/created_before"]);
        assert!(can_be_met(&SegmentCriteria { max_bookings: Some(3), ..wrong.clone() }).is_err());
        assert!(can_be_met(&SegmentCriteria { min_bookings: Some(2), created_after: None, ..wrong }).is_ok());
    }

    #[test]
    fn the_example_can_be_met() {
        assert!(can_be_met(&SegmentCriteria::example()).is_ok());
        assert!(can_be_met(&SegmentCriteria::default()).is_ok());
    }
}
