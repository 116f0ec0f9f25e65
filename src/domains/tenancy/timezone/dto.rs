//! Time zones on the wire.

use poem_openapi::Object;
use poem_openapi::types::Example;

use crate::guard::{Text, Timestamp};

/// A time zone as it is now.
#[derive(Clone, Debug, Object)]
pub struct Timezone {
    /// IANA name, such as `Europe/Berlin`.
    #[oai(validator(max_length = 50))]
    pub name: String,
    /// Distance from Greenwich at present, such as `+02:00`.
    #[oai(validator(max_length = 9))]
    pub offset: String,
    /// The same in seconds, to the east positive.
    pub offset_seconds: i32,
}

/// A page of time zones.
#[derive(Clone, Debug, Object)]
pub struct TimezoneList {
    /// In the order of their names.
    #[oai(validator(max_items = 100))]
    pub data: Vec<Timezone>,
    /// Whether there are more after these.
    pub has_more: bool,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[oai(nullable, validator(max_length = 1024))]
    pub next_cursor: Option<String>,
    /// How many there are in all; only with `include_total=true`.
    #[oai(skip_serializing_if_is_none)]
    pub total: Option<u64>,
    /// Release of the IANA database, such as `2026a`.
    #[oai(validator(max_length = 16))]
    pub tzdata_version: String,
}

/// A wall time to read elsewhere.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct TimezoneConvert {
    /// What the clock on the wall shows, without zone: `2026-03-08T02:30`.
    #[oai(validator(max_length = 19, pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"))]
    pub local: String,
    /// The zone of that clock.
    pub from: Text<1, 50>,
    /// The zone to read it in.
    pub to: Text<1, 50>,
}

impl Example for TimezoneConvert {
    fn example() -> Self {
        Self { local: "2026-03-08T02:30".into(), from: Text::of("America/New_York"), to: Text::of("Europe/Berlin") }
    }
}

/// A clock on a wall at an instant.
#[derive(Clone, Debug, Object)]
pub struct WallClock {
    /// IANA name.
    #[oai(validator(max_length = 50))]
    pub timezone: String,
    /// What it shows, such as `2026-03-08T03:30:00`.
    #[oai(validator(max_length = 32))]
    pub local: String,
    /// Distance from Greenwich at that instant.
    #[oai(validator(max_length = 9))]
    pub offset: String,
}

/// One instant on two walls.
#[derive(Clone, Debug, Object)]
pub struct TimezoneConverted {
    pub at: Timestamp,
    /// The clock that was asked about. It differs from `local` where the clocks skip that time.
    pub from: WallClock,
    pub to: WallClock,
    /// Release of the IANA database, such as `2026a`.
    #[oai(validator(max_length = 16))]
    pub tzdata_version: String,
}

/// By which rules this service reads wall times.
#[derive(Clone, Debug, Object)]
pub struct TimezoneVersion {
    /// Release of the IANA database, such as `2026a`.
    #[oai(validator(max_length = 16))]
    pub tzdata_version: String,
}
