//! What a service must fulfil beyond the form of its fields, and the slug that its name becomes.

use std::collections::HashSet;

use crate::error::FieldError;
use crate::kernel::slug;

/// Minutes that one booking may occupy, buffers included.
const LONGEST: i32 = 1440;
/// Room for a number behind a long name; the column holds 100.
const SLUG_MOST: usize = 90;

/// A booking occupies its duration and both buffers: at most a day.
pub fn occupied(duration_min: i32, before_min: i32, after_min: i32) -> Result<(), FieldError> {
    if duration_min + before_min + after_min <= LONGEST {
        return Ok(());
    }
    Err(FieldError::new("#/duration_min", "maximum", "With its buffers a service lasts at most 1440 minutes."))
}

/// The slug of a name before anybody asks whether it is free.
pub fn slug_stem(name: &str) -> String {
    let stem = slug::ascii(name, SLUG_MOST);
    if stem.is_empty() { "service".to_owned() } else { stem }
}

/// The stem, or the stem with the smallest number from 2 on that nobody has.
pub fn free_slug(stem: &str, taken: &HashSet<String>) -> String {
    if !taken.contains(stem) {
        return stem.to_owned();
    }
    let mut number = 2_u32;
    loop {
        let slug = format!("{stem}-{number}");
        if !taken.contains(&slug) {
            return slug;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_most() {
        assert!(occupied(1440, 0, 0).is_ok());
        assert!(occupied(1400, 20, 20).is_ok());
        assert_eq!(occupied(1440, 0, 1).unwrap_err().pointer, "#/duration_min");
    }

    #[test]
    fn slugs_count_on_from_the_first_gap() {
        let taken: HashSet<String> = ["cut", "cut-2", "cut-4"].map(str::to_owned).into();
        assert_eq!(free_slug("cut", &taken), "cut-3");
        assert_eq!(free_slug("colour", &taken), "colour");
        assert_eq!(slug_stem("Schnitt & Färben"), "schnitt-faerben");
        assert_eq!(slug_stem("整体"), "service");
    }

    #[test]
    fn long_names_leave_room_for_the_number() {
        let stem = slug_stem(&"ab ".repeat(85));
        assert!(stem.len() <= SLUG_MOST && !stem.ends_with('-'));
    }
}
