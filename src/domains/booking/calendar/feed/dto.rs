//! Feeds on the wire.

use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::guard::Timestamp;

/// The secret address of a calendar. It is shown this once.
#[derive(Clone, Debug, Object)]
#[oai(rename = "StaffCalendarFeed", example)]
pub struct StaffCalendarFeed {
    /// The profile of whose calendar it is.
    pub staff_id: Uuid,
    /// What a calendar program subscribes to. Whoever has it reads the calendar.
    #[oai(validator(max_length = 2048))]
    pub url: String,
    /// When it was made.
    pub made_at: Timestamp,
}

impl Example for StaffCalendarFeed {
    fn example() -> Self {
        Self {
            staff_id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0003),
            url: "https://tithi.example/v1/b/salon/feeds/3q2-796tvu_erb7v3q2-796tvu_erb7v3q2-796tvu8/calendar.ics"
                .into(),
            made_at: Timestamp::example(),
        }
    }
}
