//! Weekly hours of staff on the wire.

use ::entity::staff_availability::Model;
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::domains::scheduling::availability::wall;
use crate::guard::Timestamp;

/// A window in which a member of staff works every week.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct StaffAvailabilityCreate {
    /// The day on which it begins: 0 is Monday, 6 is Sunday.
    #[oai(validator(minimum(value = "0"), maximum(value = "6")))]
    pub weekday: i16,
    /// Wall time in the zone of their resource.
    #[oai(validator(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", max_length = 5))]
    pub start_time: String,
    /// Wall time; 24:00 is midnight, a time that is not after the start lies on the next day.
    #[oai(validator(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", max_length = 5))]
    pub end_time: String,
}

/// A window in which a member of staff works every week.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct StaffAvailability {
    pub id: Uuid,
    /// The day on which it begins: 0 is Monday, 6 is Sunday.
    pub weekday: i16,
    /// Wall time in the zone of their resource.
    #[oai(validator(max_length = 5))]
    pub start_time: String,
    /// Wall time; 24:00 is midnight, a time that is not after the start lies on the next day.
    #[oai(validator(max_length = 5))]
    pub end_time: String,
    pub updated_at: Timestamp,
}

impl From<Model> for StaffAvailability {
    fn from(row: Model) -> Self {
        Self {
            id: row.id.0,
            weekday: row.weekday,
            start_time: wall::start(row.starts),
            end_time: wall::end(row.ends),
            updated_at: row.updated_at.into(),
        }
    }
}

impl Example for StaffAvailabilityCreate {
    fn example() -> Self {
        Self { weekday: 0, start_time: "09:00".into(), end_time: "17:00".into() }
    }
}

impl Example for StaffAvailability {
    fn example() -> Self {
        let StaffAvailabilityCreate { weekday, start_time, end_time } = StaffAvailabilityCreate::example();
        let id = Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0007);
        Self { id, weekday, start_time, end_time, updated_at: Timestamp::example() }
    }
}
