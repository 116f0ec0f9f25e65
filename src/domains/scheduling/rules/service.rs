//! What a service asks of time. Minutes are the unit, as in the catalogue.

use super::window::Window;
use crate::kernel::zone::Zone;

#[derive(Clone, Debug)]
pub struct ServiceRules {
    pub duration_min: u32,
    /// Distance between starts; the duration when not given.
    pub interval_min: Option<u32>,
    /// Moves every start of the grid, once.
    pub offset_min: u32,
    pub buffer_before_min: u32,
    pub buffer_after_min: u32,
    /// A start exactly this long after now, now rounded up to the minute, is allowed.
    pub notice_min: u32,
    pub window: Window,
    pub grid: Grid,
    /// A class: places that bookings of one start share. `None` takes the resource alone.
    pub seats: Option<u32>,
    /// Seats of a class, or units of a pooled resource, that the booking takes.
    pub party: u32,
}

impl ServiceRules {
    /// A service with nothing but a duration.
    pub fn lasting(duration_min: u32) -> Self {
        Self {
            duration_min,
            interval_min: None,
            offset_min: 0,
            buffer_before_min: 0,
            buffer_after_min: 0,
            notice_min: 0,
            window: Window::Any,
            grid: Grid::OpeningStart,
            seats: None,
            party: 1,
        }
    }
}

/// Where starts may lie.
#[derive(Clone, Debug)]
pub enum Grid {
    /// Steps of elapsed time from each opening's start; bookings do not move them.
    OpeningStart,
    /// Steps from the start of each free stretch, rounded to wall minutes that are a multiple of
    /// `align_min`. What is too near to now is not free, so here the grid moves with time.
    FreeStart { align_min: u32, zone: Zone, rounding: Rounding },
    /// Wherever the local minute of the day is a multiple of the interval.
    WallClock { zone: Option<Zone> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    Up,
    /// The coarsest of the alignment, 15 and 5 minutes that costs no slot; none if each does.
    KeepCount,
}
