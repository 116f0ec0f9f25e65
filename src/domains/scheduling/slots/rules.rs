//! From rows to a search: pure, no IO, no clock.

use ::entity::enums::ResourceType;
use chrono::{DateTime, Days, NaiveDate, Utc};
use uuid::Uuid;

use super::groups::{groups, units};
use super::limits::limits;
use super::query::{BusyRow, Found, ResourceRow, ServiceRow};
use crate::domains::scheduling::rules::{
    Assign, Busy, ExceptionRow, Grid, LOOK_BACK_DAYS, MAX_QUERY_DAYS, ResourceCalendar, Rounding, RuleRow, Search,
    ServiceRules, Window, dated,
};
use crate::kernel::zone::Zone;

/// On whose behalf: the front desk keeps no notice and no horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    Public,
    Staff,
}

/// What a search is for.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    pub now: DateTime<Utc>,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub service: &'a ServiceRow,
    pub audience: Audience,
    /// Seats wanted.
    pub party: u32,
    /// The one that was asked for.
    pub resource: Option<Uuid>,
    pub zone: &'a Zone,
    pub defaults: Defaults,
}

/// What the business says where the service says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Defaults {
    pub notice_min: u32,
    pub horizon_days: Option<u32>,
    pub interval_min: Option<u32>,
}

/// The search of a question over what was found. `resources` keep their order.
#[must_use]
pub fn search(question: &Question<'_>, found: &Found) -> Search {
    let service = question.service;
    let zones: Vec<Zone> = found.resources.iter().map(|resource| zone_of(resource, question.zone)).collect();
    let groups = groups(found, question.resource);
    let met = groups.first().and_then(|group| group.members.first()).and_then(|index| zones.get(*index));
    let anchor = met.unwrap_or(question.zone).clone();
    let rules = ServiceRules {
        interval_min: service.interval_min.or(question.defaults.interval_min),
        buffer_before_min: service.buffer_before_min,
        buffer_after_min: service.buffer_after_min,
        notice_min: notice(question),
        window: window(question),
        grid: grid(service, &anchor),
        // of an appointment there is one seat: a party never fits
        seats: (service.capacity > 1 || question.party > 1).then_some(service.capacity.max(1)),
        party: question.party,
        ..ServiceRules::lasting(service.duration_min)
    };
    let mut search = Search::new(question.now, question.from, question.to, rules);
    // the most dates that may be asked for last longer when a clock is put back among them
    search.max_days = MAX_QUERY_DAYS + 1;
    let back = Days::new(u64::from(LOOK_BACK_DAYS.unsigned_abs()) + 2);
    let dates = (question.from.date_naive() - back, question.to.date_naive() + Days::new(2));
    search.limits = limits(found, service, &anchor, &zones);
    search.resources = (found.resources.iter().zip(zones).enumerate())
        .map(|(index, (resource, zone))| {
            // a room or a machine without hours of its own is there whenever whom the customer meets is
            let met = groups.first().is_none_or(|need| need.members.contains(&index));
            let open = !met && !resource.has_hours && resource.kind != ResourceType::Staff;
            let mut calendar = calendar(resource, &zone, found, service, dates, open);
            calendar.capacity = resource.capacity.max(1);
            calendar.wanted = Some(units(&groups, index, resource));
            calendar
        })
        .collect();
    search.assign = Assign::OneOfEach(groups.into_iter().map(|group| group.members).collect());
    search
}

fn zone_of(resource: &ResourceRow, tenant: &Zone) -> Zone {
    // names are checked when they are written; one that a newer database of zones dropped falls back
    resource.tz.as_deref().and_then(|name| Zone::parse(name).ok()).unwrap_or_else(|| tenant.clone())
}

fn notice(question: &Question<'_>) -> u32 {
    match question.audience {
        Audience::Staff => 0,
        Audience::Public if question.service.notice_min > 0 => question.service.notice_min,
        Audience::Public => question.defaults.notice_min,
    }
}

fn window(question: &Question<'_>) -> Window {
    match question.service.horizon_days.or(question.defaults.horizon_days) {
        Some(days) if question.audience == Audience::Public => Window::RollingDays { days, weekends: true, zone: None },
        _ => Window::Any,
    }
}

fn grid(service: &ServiceRow, zone: &Zone) -> Grid {
    use ::entity::enums::SlotGrid;
    match service.grid {
        SlotGrid::OpeningStart => Grid::OpeningStart,
        SlotGrid::FreeStart => Grid::FreeStart { align_min: 5, zone: zone.clone(), rounding: Rounding::Up },
        SlotGrid::WallClock => Grid::WallClock { zone: None },
    }
}

fn calendar(
    resource: &ResourceRow,
    zone: &Zone,
    found: &Found,
    service: &ServiceRow,
    dates: (NaiveDate, NaiveDate),
    open: bool,
) -> ResourceCalendar {
    let rules: Vec<&RuleRow> = found.rules.iter().filter(|rule| rule.resource_id == resource.id).collect();
    let concerns = |id: Option<Uuid>| id.is_none() || id == Some(resource.id);
    let exceptions: Vec<&ExceptionRow> = found.exceptions.iter().filter(|e| concerns(e.resource_id)).collect();
    let (hours, absences) = dated(zone, &rules, &exceptions, dates, open);
    let mut calendar = ResourceCalendar::new(hours);
    calendar.absences = absences;
    calendar.busy = found
        .busy
        .iter()
        .filter(|busy| busy.resource_id == resource.id)
        .map(|row| busy(row, resource, service))
        .collect();
    calendar
}

/// A class is told by its own time, its buffers beside it, so that others may join it; so is an appointment
/// whose own time was asked for. Everything else is told by what it occupies.
fn busy(row: &BusyRow, resource: &ResourceRow, service: &ServiceRow) -> Busy {
    let class = row.class.as_ref();
    let bare = class.map(|class| (class.start_at, class.end_at)).or(row.bare.map(|bare| (bare.start_at, bare.end_at)));
    let same = class.filter(|class| class.service_id == service.id);
    // seats of the class that is asked for, else what is out of the resource
    let units = same.map_or_else(|| row.units.unwrap_or(resource.capacity.max(1)), |class| class.taken);
    let (start, end) = bare.unwrap_or((row.start_at, row.end_at));
    let minutes = |a: DateTime<Utc>, b: DateTime<Utc>| u32::try_from((b - a).num_minutes()).unwrap_or(0);
    Busy {
        buffer_before_min: minutes(row.start_at, start),
        buffer_after_min: minutes(end, row.end_at),
        units,
        same_service: same.is_some(),
        held: row.held,
        ..Busy::new(start, end)
    }
}
