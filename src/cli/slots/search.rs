//! A `slots` or `booking_allowed` case as a search of the engine.

use chrono::Weekday;
use serde_json::Value;

use super::{
    Answered, Refusal, case, member,
    members::refuse,
    resources::resource,
    text::{utc, wall_time, weekday, weekdays, zone, zone_or},
};
use crate::{
    domains::scheduling::rules::{
        Assign, Grid, Invalid, Limit, Period, Reason, ResourceCalendar, Rounding, Search, ServiceRules, Weekdays,
        Window, explain, slots as list,
    },
    kernel::{interval::Interval, zone::Zone},
};

/// Wider than the server allows, since no visitor waits here.
const MAX_QUERY_DAYS: i64 = 400;

pub fn slots(input: Value) -> Answered {
    let search = search(serde_json::from_value(input)?)?;
    let listing = list(&search).map_err(invalid)?;
    Ok(member("starts", listing.starts().map(utc).collect::<Vec<_>>()))
}

/// Whether one booking may be: hours, bookings and limits decide, the grid does not.
pub fn booking_allowed(input: Value) -> Answered {
    let mut input: case::Input = serde_json::from_value(input)?;
    let new: Interval<_> = input.new.take().ok_or_else(|| Refusal::malformed("new is missing"))?.into();
    let length = new.end - new.start;
    let duration = u32::try_from(length.num_minutes()).ok().filter(|_| length.num_seconds() % 60 == 0);
    let duration = duration.ok_or_else(|| Refusal::malformed("new lasts no whole number of minutes"))?;
    input.now.get_or_insert(new.start);
    input.query.get_or_insert_with(|| case::Query {
        from: new.start,
        to: new.end,
        clip_open_to_query: false,
        slot_must_end_inside: false,
        rest: Default::default(),
    });
    let mut search = search_lasting(input, Some(duration))?;
    search.service.interval_min = None;
    let reasons = explain(&search, new.start);
    if let [Reason::Invalid(cause), ..] = reasons[..] {
        return Err(invalid(cause));
    }
    Ok(member("allowed", reasons.iter().all(|reason| *reason == Reason::OffGrid)))
}

fn invalid(cause: Invalid) -> Refusal {
    match cause {
        Invalid::QueryTooLong { .. } => Refusal::Unsupported(cause.to_string()),
        _ => Refusal::malformed(cause),
    }
}

fn search(input: case::Input) -> Answered<Search> {
    search_lasting(input, None)
}

fn search_lasting(input: case::Input, duration: Option<u32>) -> Answered<Search> {
    refuse("input", &input.rest)?;
    let missing = |name: &str| Refusal::Malformed(format!("{name} is missing"));
    let now = input.now.ok_or_else(|| missing("now"))?;
    let query = input.query.ok_or_else(|| missing("query"))?;
    refuse("query", &query.rest)?;
    let ids: Vec<String> = input.resources.iter().map(|r| r.id.clone()).collect();
    let tenant = zone_or(input.timezone.as_deref(), &Zone::utc())?;
    let resources = input.resources.into_iter().map(|r| resource(r, &tenant, now));
    let resources: Vec<_> = resources.collect::<Answered<_>>()?;
    let home = resources.first().map_or_else(Zone::utc, |r: &ResourceCalendar| r.hours.zone.clone());

    let interval = input.service.as_ref().and_then(|s| s.interval_min.or(s.duration_min));
    let service = service(input.service, duration, grid(input.grid, interval, &home)?)?;
    let assign = assign(input.assign, &ids)?;
    let limits = input.limits.into_iter().map(|l| limit("limits", l, &home, &ids, &resources));
    let limits = limits.collect::<Answered<_>>()?;
    buffers_add_up(input.buffer_model.as_deref(), &service, &resources)?;
    Ok(Search {
        clip_open: query.clip_open_to_query,
        ends_inside: query.slot_must_end_inside,
        max_days: MAX_QUERY_DAYS,
        resources,
        assign,
        limits,
        ..Search::new(now, query.from, query.to, service)
    })
}

fn service(given: Option<case::Service>, duration: Option<u32>, grid: Grid) -> Answered<ServiceRules> {
    let missing = || Refusal::malformed("service.duration_min is missing");
    let Some(given) = given else {
        return Ok(ServiceRules { grid, ..ServiceRules::lasting(duration.ok_or_else(missing)?) });
    };
    refuse("service", &given.rest)?;
    Ok(ServiceRules {
        duration_min: duration.or(given.duration_min).ok_or_else(missing)?,
        interval_min: given.interval_min,
        offset_min: given.offset_min.unwrap_or(0),
        buffer_before_min: given.buffer_before_min.unwrap_or(0),
        buffer_after_min: given.buffer_after_min.unwrap_or(0),
        notice_min: given.notice_min.unwrap_or(0),
        window: given.window.map_or(Ok(Window::Any), window)?,
        grid,
        seats: given.seats,
        party: given.party.unwrap_or(1),
    })
}

fn window(given: case::Window) -> Answered<Window> {
    refuse("service.window", &given.rest)?;
    let zone = given.timezone.as_deref().map(zone).transpose()?;
    let missing = |name: &str| Refusal::Malformed(format!("service.window.{name} is missing"));
    let (weekends, days) = (given.count_weekends.unwrap_or(true), given.days.ok_or_else(|| missing("days")));
    match given.kind.as_str() {
        "none" | "unlimited" => Ok(Window::Any),
        "rolling_days" => Ok(Window::RollingDays { days: days?, weekends, zone }),
        "rolling_bookable_days" => Ok(Window::BookableDays { days: days?, weekends, zone }),
        "range" => Ok(Window::Dates {
            first: given.from_date.ok_or_else(|| missing("from_date"))?,
            last: given.to_date.ok_or_else(|| missing("to_date"))?,
            zone,
        }),
        other => Err(Refusal::Unsupported(format!("service.window.type={other:.40}"))),
    }
}

fn grid(given: case::Grid, interval: Option<u32>, home: &Zone) -> Answered<Grid> {
    refuse("grid", &given.rest)?;
    let zone = given.align_timezone.as_deref().map(zone).transpose()?;
    let anchor = given.anchor.as_deref().unwrap_or("opening_start");
    let unlike = |member: &str| Err(Refusal::Unsupported(format!("grid.{member} with grid.anchor={anchor}")));
    match anchor {
        "opening_start" if given.align_min.is_some_and(|m| m > 1) => unlike("align_min"),
        "wall_clock" if given.align_min.is_some_and(|m| Some(m) != interval) => unlike("align_min"),
        "opening_start" | "wall_clock" if given.rounding.is_some() => unlike("rounding"),
        "opening_start" => Ok(Grid::OpeningStart),
        "wall_clock" => Ok(Grid::WallClock { zone }),
        "free_start" => {
            let rounding = match given.rounding.as_deref() {
                None | Some("up") => Rounding::Up,
                Some("keep_count") => Rounding::KeepCount,
                Some(other) => return Err(Refusal::Unsupported(format!("grid.rounding={other:.40}"))),
            };
            let zone = zone.unwrap_or_else(|| home.clone());
            Ok(Grid::FreeStart { align_min: given.align_min.unwrap_or(1), zone, rounding })
        }
        other => Err(Refusal::Unsupported(format!("grid.anchor={other:.40}"))),
    }
}

fn assign(given: Option<case::Assign>, ids: &[String]) -> Answered<Assign> {
    let everyone = || (0..ids.len()).collect::<Vec<_>>();
    let places = |names: &[String]| names.iter().map(|name| place(name, ids)).collect::<Answered<Vec<_>>>();
    let Some(given) = given else { return Ok(Assign::AllOf(everyone())) };
    refuse("assign", &given.rest)?;
    let fixed = given.fixed.as_deref().map(places).transpose()?;
    let pool = given.pool.as_deref().map(places).transpose()?;
    match given.mode.as_str() {
        "one" => match (given.resource, fixed.or(pool).unwrap_or_else(everyone).as_slice()) {
            (Some(id), _) => Ok(Assign::One(place(&id, ids)?)),
            (None, [one]) => Ok(Assign::One(*one)),
            _ => Err(Refusal::malformed("assign.mode one takes one resource")),
        },
        mode if given.resource.is_some() => Err(Refusal::Unsupported(format!("assign.resource with mode {mode:.40}"))),
        "any" => Ok(Assign::AnyOf(pool.unwrap_or_else(everyone))),
        "all" => Ok(Assign::AllOf(fixed.or(pool).unwrap_or_else(everyone))),
        "fixed_plus_any" => {
            let fixed = fixed.unwrap_or_default();
            let others = || everyone().into_iter().filter(|r| !fixed.contains(r)).collect();
            let pool = pool.unwrap_or_else(others);
            Ok(Assign::FixedPlusAny { fixed, pool })
        }
        "one_of_each" => {
            let groups = given.groups.ok_or_else(|| Refusal::malformed("assign.groups is missing"))?;
            Ok(Assign::OneOfEach(groups.iter().map(|group| places(group)).collect::<Answered<_>>()?))
        }
        other => Err(Refusal::Unsupported(format!("assign.mode={other:.40}"))),
    }
}

fn week_start(given: case::WeekStart) -> Answered<Weekday> {
    match given {
        case::WeekStart::Name(name) => weekday(&name),
        case::WeekStart::Number(number) => Weekday::try_from((number % 7 + 6) % 7).map_err(Refusal::malformed),
    }
}

fn place(id: &str, ids: &[String]) -> Answered<usize> {
    let place = ids.iter().position(|known| known == id);
    place.ok_or_else(|| Refusal::Malformed(format!("no resource {id:.60}")))
}

/// A limit; where it does not say what it counts, every booking of the resources counts.
pub fn limit(
    at: &str,
    given: case::Limit,
    home: &Zone,
    ids: &[String],
    resources: &[ResourceCalendar],
) -> Answered<Limit> {
    refuse(at, &given.rest)?;
    let week_start = given.week_start.map_or(Ok(Weekday::Mon), week_start)?;
    let busy = || resources.iter().flat_map(|r| &r.busy).map(|b| Interval::new(b.start, b.end)).collect();
    Ok(Limit {
        per: match given.per.as_str() {
            "day" => Period::Day,
            "week" => Period::Week(week_start),
            "month" => Period::Month,
            "year" => Period::Year,
            other => return Err(Refusal::Unsupported(format!("{at}.per={other:.40}"))),
        },
        zone: zone_or(given.timezone.as_deref(), home)?,
        max_count: given.max_count,
        max_minutes: given.max_minutes,
        enforce_between: match given.enforce_between {
            Some((from, to)) => Some((wall_time(&from)?, wall_time(&to)?)),
            None => None,
        },
        enforce_on: given.enforce_on.map_or(Ok(Weekdays::ALL), |days| weekdays(&days))?,
        counted: given.counted.map_or_else(busy, |counted| counted.into_iter().map(Interval::from).collect()),
        resource: given.resource.as_deref().map(|id| place(id, ids)).transpose()?,
    })
}

/// Neighbours' buffers add up. Another model is taken only where it cannot make a difference, since no
/// two buffers meet.
fn buffers_add_up(model: Option<&str>, service: &ServiceRules, resources: &[ResourceCalendar]) -> Answered<()> {
    let mut busy = resources.iter().flat_map(|r| &r.busy);
    let same = match model {
        None | Some("sum") => true,
        Some("candidate_only") => busy.all(|b| b.buffer_before_min == 0 && b.buffer_after_min == 0),
        Some("max") => busy.all(|b| {
            (b.buffer_after_min == 0 || service.buffer_before_min == 0)
                && (b.buffer_before_min == 0 || service.buffer_after_min == 0)
        }),
        Some(_) => false,
    };
    let refused = || Refusal::Unsupported(format!("buffer_model={:.40}", model.unwrap_or_default()));
    if same { Ok(()) } else { Err(refused()) }
}
