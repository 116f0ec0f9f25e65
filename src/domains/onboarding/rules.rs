//! Subdomains: what is near to a wish. Pure.

use crate::kernel::slug;

/// How many suggestions are shown.
pub const SHOWN: usize = 5;

/// Subdomains near a wish, best first, more than are shown because some will be taken. `chance` is a
/// number that makes the last ones likely to be free.
pub fn near(wish: &str, chance: u16) -> Vec<String> {
    let base = slug::from_name(wish);
    // a word that is reserved or too short gets one word more, not two
    let stem = match slug::ascii(wish, 50) {
        stem if stem.is_empty() => base.clone(),
        stem => stem,
    };
    let words = ["studio", "bookings", "team", "online", "place"];
    let numbers = (2..=6).map(|number| format!("{stem}-{number}"));
    let worded = words.iter().map(|word| format!("{stem}-{word}"));
    let lucky = (0..SHOWN as u16).map(|step| format!("{stem}-{}", 100 + u32::from(chance.wrapping_add(step * 7919))));
    let mut all: Vec<String> = Vec::new();
    for candidate in std::iter::once(base.clone()).chain(worded).chain(numbers).chain(lucky) {
        if candidate != wish && slug::check(&candidate).is_ok() && !all.contains(&candidate) {
            all.push(candidate);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_suggested_can_be_had() {
        for wish in ["salon", "admin", "ab", "Zoë's", "", "a--b", "-x-", &"long".repeat(40)] {
            let near = near(wish, u16::MAX);
            assert!(near.len() > SHOWN * 2, "{wish}");
            assert!(near.iter().all(|slug| slug::check(slug).is_ok() && slug != wish), "{wish}: {near:?}");
        }
        assert_eq!(near("Salon", 0)[0], "salon");
        assert_eq!(near("salon", 0)[0], "salon-studio");
        assert_eq!(near("admin", 0)[..3], ["admin-studio", "admin-bookings", "admin-team"]);
        assert_eq!(near("ab", 0)[..3], ["ab-business", "ab-studio", "ab-bookings"]);
    }
}
