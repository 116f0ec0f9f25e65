//! A time with resources that somebody chose from a list.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Board;
use super::choose::Chosen;
use crate::domains::scheduling::rules::{check, distinct};
use crate::error::{ApiError, Code};
use crate::kernel::zone::Zone;

impl Board {
    /// Decides one time, by the listing itself, with the resources that are named; what else is needed is whoever's
    /// turn it is.
    ///
    /// # Errors
    /// 404 for a named one that is not there; 409 with the reason, or when one of the named ones is not free or not needed.
    pub fn choose_named(&self, start: DateTime<Utc>, named: &[Uuid]) -> Result<Chosen<'_>, ApiError> {
        let place = |id: &Uuid| self.found.resources.iter().position(|resource| resource.id == *id);
        let missing = || ApiError::new(Code::ResourceNotFound, "Nobody of this id gives this service.");
        let named = named.iter().map(|id| place(id).ok_or_else(missing)).collect::<Result<Vec<usize>, _>>()?;
        self.past(start)?;
        let slot = check(&self.search, start).map_err(|reason| self.refusal(&reason))?;
        let free: Vec<usize> = slot.resources.iter().map(|index| *index as usize).collect();
        let mut ranked = self.ranked(&free, start);
        let mut fixed = vec![false; ranked.len()];
        let taken = || ApiError::new(Code::BookingConflict, "This time is taken.").with("reason", "booked");
        for index in named {
            let mut places = ranked.iter_mut().zip(&mut fixed);
            let (place, is_fixed) =
                places.find(|(place, is_fixed)| !**is_fixed && place.contains(&index)).ok_or_else(taken)?;
            (*place, *is_fixed) = (vec![index], true);
        }
        let chosen = distinct(&ranked, &|_| true).ok_or_else(taken)?;
        let resources = chosen.iter().filter_map(|index| self.assigned(*index, true)).collect();
        Ok(Chosen::listed(slot.start, slot.end, resources))
    }

    /// By whose clock the listing counts: that of the first whom the customer could meet.
    #[must_use]
    pub fn home(&self) -> Zone {
        let met = self.needs.first().and_then(|need| self.search.resources.get(*need.members.first()?));
        met.map_or_else(Zone::utc, |calendar| calendar.hours.zone.clone())
    }
}
