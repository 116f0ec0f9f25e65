//! Rate limits that a business sets for itself: lower as it likes, higher up to a multiple of the
//! platform's own. Classes that guard logins are counted by address and are not a business's to change.

/// The classes that a business may set.
pub const CLASSES: [&str; 5] = ["default", "bookings", "public_bookings", "payments", "anonymous"];

/// How many times the platform's own limit a business may give itself.
pub const RAISE: u32 = 10;

/// Seconds of the longest window: a day.
pub const LONGEST: u32 = 86_400;

/// So many requests in so many seconds.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub quota: u32,
    pub window: u32,
}

/// Whether a business may have `wanted` where the platform's own limit is `own`: neither more at once
/// nor faster over time than [`RAISE`] times of it.
#[must_use]
pub fn may_set(wanted: Rate, own: Rate) -> bool {
    let most = u64::from(own.quota) * u64::from(RAISE);
    let (quota, window) = (u64::from(wanted.quota), u64::from(wanted.window));
    quota <= most && quota * u64::from(own.window) <= most * window && wanted.window <= LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_is_free_and_higher_has_a_ceiling() {
        let own = Rate { quota: 100, window: 60 };
        for (quota, window, may) in [
            (1, 86_400, true),
            (100, 60, true),
            (1000, 60, true),
            (500, 30, true),
            (1001, 60, false),
            (1000, 59, false),
            (17, 1, false),
            (1, 86_401, false),
        ] {
            assert_eq!(may_set(Rate { quota, window }, own), may, "{quota}/{window}");
        }
    }
}
