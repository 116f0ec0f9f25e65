//! New ids: UUID v7 (RFC 9562), so that rows made together stand together in every index.

use std::sync::{LazyLock, Mutex};

use chrono::{DateTime, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// Counts within a millisecond, so that ids of one process sort in the order in which they were made: the
/// events of a transaction keep theirs.
static WITHIN: LazyLock<Mutex<ContextV7>> = LazyLock::new(|| Mutex::new(ContextV7::new()));

/// A new version 7 id whose time part is `now`, then a counter, the rest random.
#[must_use]
pub fn new_id(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    Uuid::new_v7(Timestamp::from_unix(&*WITHIN, seconds, now.timestamp_subsec_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_instant_keep_their_order() {
        let now = DateTime::from_timestamp(1_800_000_000, 123_456_000).unwrap();
        let ids: Vec<Uuid> = (0..1_000).map(|_| new_id(now)).collect();
        assert!(ids.is_sorted());
    }
}
