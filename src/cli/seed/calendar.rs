//! Where appointments can be put: a resource's hours on a date, and what is taken already. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::fixture::{Business, Exception, Resource, Service};
use crate::kernel::zone::Zone;

/// Weekdays as the fixtures name them, Monday first.
pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// How many days further away an appointment may move to find a free time.
const REACH: i64 = 40;

/// What cannot be: the fixture says something that does not fit together.
#[derive(Debug, PartialEq, Eq)]
pub struct Impossible(pub String);

/// A stretch of wall time on one date.
pub type Window = (NaiveTime, NaiveTime);

/// From an instant to another.
pub type Span = (DateTime<Utc>, DateTime<Utc>);

/// The days and hours of a business, as seen from `now`.
pub struct Calendar<'a> {
    business: &'a Business,
    zone: Zone,
    now: DateTime<Utc>,
    taken: BTreeMap<&'a str, Vec<Span>>,
}

/// A time that was found; `occupied` has the buffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub occupied: Span,
}

impl<'a> Calendar<'a> {
    pub fn new(business: &'a Business, now: DateTime<Utc>) -> Result<Self, Impossible> {
        let zone = Zone::parse(&business.timezone).map_err(|error| Impossible(error.to_string()))?;
        Ok(Self { business, zone, now, taken: BTreeMap::new() })
    }

    /// The present date of the business.
    pub fn today(&self) -> NaiveDate {
        self.zone.date(self.now)
    }

    /// The date of an exception.
    pub fn date_of(&self, exception: &Exception) -> Result<NaiveDate, Impossible> {
        let today = self.today();
        match (exception.in_days, exception.next.as_deref()) {
            (Some(days), None) => Ok(today + TimeDelta::days(days)),
            (None, Some(weekday)) => {
                let wanted = weekday_number(weekday)?;
                let ahead =
                    (i64::from(wanted) - i64::from(today.weekday().num_days_from_monday()) - 1).rem_euclid(7) + 1;
                Ok(today + TimeDelta::days(ahead))
            }
            _ => Err(Impossible(format!("`{}` needs in_days or next", exception.reason))),
        }
    }

    /// When a resource works on a date, with the exceptions of the date.
    pub fn windows(&self, resource: &Resource, date: NaiveDate) -> Result<Vec<Window>, Impossible> {
        let mut special = Vec::new();
        for exception in &self.business.exceptions {
            let concerns = exception.resource.as_deref().is_none_or(|name| name == resource.name);
            if !concerns || self.date_of(exception)? != date {
                continue;
            }
            match (exception.open, exception.from.as_deref(), exception.to.as_deref()) {
                (true, Some(from), Some(to)) => special.push((time(from)?, time(to)?)),
                (false, None, None) => return Ok(Vec::new()),
                _ => return Err(Impossible(format!("`{}` is neither an opening nor a closed day", exception.reason))),
            }
        }
        if !special.is_empty() {
            return Ok(special);
        }
        let weekday = WEEKDAYS[date.weekday().num_days_from_monday() as usize];
        resource.hours.get(weekday).into_iter().flatten().map(|text| window(text)).collect()
    }

    /// Takes a time of the resource, as near to the wished one as there is: the same day or one further away from today.
    pub fn take(
        &mut self,
        resource: &'a Resource,
        service: &Service,
        in_days: i64,
        at: &str,
    ) -> Result<Place, Impossible> {
        let (wished, step) = (time(at)?, if in_days < 0 { -1 } else { 1 });
        for further in 0..REACH {
            let date = self.today() + TimeDelta::days(in_days + step * further);
            for window in self.windows(resource, date)? {
                if let Some(place) = self.first_free(resource, service, date, window, wished) {
                    self.taken.entry(&resource.name).or_default().push(place.occupied);
                    return Ok(place);
                }
            }
        }
        Err(Impossible(format!("{} has no time for {}", resource.name, service.name)))
    }

    /// On the grid of the opening, as the engine lists times: the first free one from the wished time on.
    fn first_free(
        &self,
        resource: &Resource,
        service: &Service,
        date: NaiveDate,
        window: Window,
        wished: NaiveTime,
    ) -> Option<Place> {
        let minutes = |count: i32| TimeDelta::minutes(count.into());
        let (opens, closes) = (self.zone.instant(date.and_time(window.0)), self.zone.instant(date.and_time(window.1)));
        let wished = self.zone.instant(date.and_time(wished));
        let step = minutes(service.interval_min.unwrap_or(service.duration_min));
        let mut start = opens;
        while start + minutes(service.duration_min) <= closes {
            let end = start + minutes(service.duration_min);
            let occupied = (start - minutes(service.buffer_before_min), end + minutes(service.buffer_after_min));
            let taken = self.taken.get(resource.name.as_str()).into_iter().flatten();
            if start >= wished && taken.into_iter().all(|(from, to)| occupied.1 <= *from || occupied.0 >= *to) {
                return Some(Place { start, end, occupied });
            }
            start += step;
        }
        None
    }
}

/// Monday is 0.
pub fn weekday_number(name: &str) -> Result<u8, Impossible> {
    let at = WEEKDAYS.iter().position(|weekday| *weekday == name);
    at.and_then(|at| u8::try_from(at).ok()).ok_or_else(|| Impossible(format!("`{name}` is no weekday")))
}

/// `09:00-13:00`
pub fn window(text: &str) -> Result<Window, Impossible> {
    let (from, to) = text.split_once('-').ok_or_else(|| Impossible(format!("`{text}` is no window")))?;
    Ok((time(from)?, time(to)?))
}

/// `09:00`
pub fn time(text: &str) -> Result<NaiveTime, Impossible> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| Impossible(format!("`{text}` is no time of the day")))
}

/// Some days before an instant.
pub fn days_before(at: DateTime<Utc>, days: u64) -> DateTime<Utc> {
    at.checked_sub_days(Days::new(days)).unwrap_or(at)
}
