//! The small kinds of cases: each puts one rule of the engine to the test.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::{
    Answered, Refusal, case, member,
    members::{Rest, refuse},
    search::limit,
    text::{Range, range, utc, weekdays, zone},
};
use crate::{
    domains::scheduling::rules::{
        Candidate, Ending, Order, Recurrence, Repeat, Use, exceeds, fits, limits_ordered, pick,
        rolling_window_end as window_end,
    },
    kernel::{
        interval::{Interval, Set},
        zone::Zone,
    },
};

/// More occurrences than a series may have.
const MAX_OCCURRENCES: usize = 5_000;

#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
enum Algebra {
    Subtract {
        from: Vec<Range>,
        minus: Vec<Range>,
    },
    Intersect {
        sets: Vec<Vec<Range>>,
    },
    #[serde(alias = "union")]
    Merge {
        ranges: Vec<Range>,
    },
    #[serde(other)]
    Other,
}

pub fn interval_algebra(input: Value) -> Answered {
    let set = |ranges: Vec<Range>| ranges.into_iter().map(Interval::from).collect::<Set<DateTime<Utc>>>();
    let result = match serde_json::from_value(input)? {
        Algebra::Subtract { from, minus } => set(from).subtract(&set(minus)),
        Algebra::Intersect { sets } => sets.into_iter().map(set).reduce(|a, b| a.intersect(&b)).unwrap_or_default(),
        Algebra::Merge { ranges } => set(ranges),
        Algebra::Other => return Err(Refusal::Unsupported("an op other than subtract, intersect, merge".to_owned())),
    };
    Ok(member("ranges", result.iter().map(range).collect::<Vec<_>>()))
}

#[derive(Deserialize)]
struct Quota {
    new: Range,
    #[serde(flatten)]
    limit: case::Limit,
}

pub fn quota(input: Value) -> Answered {
    let Quota { new, limit: given } = serde_json::from_value(input)?;
    let limit = limit("quota", given, &Zone::utc(), &[], &[])?;
    Ok(member("exceeds", exceeds(&limit, new.into())))
}

#[derive(Deserialize)]
struct Series {
    timezone: String,
    first_local: String,
    freq: String,
    interval: Option<u32>,
    #[serde(default)]
    days: Vec<String>,
    until_date: Option<NaiveDate>,
    count: Option<u32>,
    #[serde(flatten)]
    rest: Rest,
}

pub fn recurrence(input: Value) -> Answered {
    let given: Series = serde_json::from_value(input)?;
    refuse("recurrence", &given.rest)?;
    let zone = zone(&given.timezone)?;
    let first: NaiveDateTime = NaiveDateTime::parse_from_str(&given.first_local, "%Y-%m-%dT%H:%M")
        .or_else(|_| given.first_local.parse())
        .map_err(Refusal::malformed)?;
    let repeat = match given.freq.as_str() {
        "daily" => Repeat::Daily,
        "weekly" => Repeat::Weekly(weekdays(&given.days)?),
        "monthly" | "monthly_day" => Repeat::MonthlyDay,
        "monthly_nth_weekday" => Repeat::MonthlyNthWeekday,
        "yearly" => Repeat::Yearly,
        other => return Err(Refusal::Unsupported(format!("freq={other:.40}"))),
    };
    if !given.days.is_empty() && !matches!(repeat, Repeat::Weekly(_)) {
        return Err(Refusal::Unsupported(format!("days with freq={}", given.freq)));
    }
    let ending = match (given.until_date, given.count) {
        (Some(date), None) => Ending::Until(date),
        (None, Some(count)) => Ending::Count(count),
        _ => return Err(Refusal::malformed("either until_date or count ends a series")),
    };
    let rule = Recurrence { repeat, interval: given.interval.unwrap_or(1), ending };
    let starts = rule.instants(first, &zone).take(MAX_OCCURRENCES + 1);
    let later: Vec<_> = starts.filter(|start| zone.date(*start) > first.date()).map(utc).collect();
    if later.len() >= MAX_OCCURRENCES {
        return Err(Refusal::Unsupported(format!("a series of more than {MAX_OCCURRENCES}")));
    }
    let count = later.len();
    let mut members = member("later_starts", later);
    members.extend(member("count", count));
    Ok(members)
}

#[derive(Deserialize)]
struct Pool {
    capacity: Option<u32>,
    existing: Vec<Taken>,
    new: Taken,
    #[serde(flatten)]
    rest: Rest,
}

#[derive(Deserialize)]
struct Taken {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    qty: Option<u32>,
}

impl From<Taken> for Use {
    fn from(taken: Taken) -> Self {
        Self::new(Interval::new(taken.start, taken.end), taken.qty.unwrap_or(1))
    }
}

pub fn capacity(input: Value) -> Answered {
    let given: Pool = serde_json::from_value(input)?;
    refuse("capacity", &given.rest)?;
    let existing: Vec<Use> = given.existing.into_iter().map(Use::from).collect();
    Ok(member("fits", fits(given.capacity, &existing, given.new.into())))
}

#[derive(Deserialize)]
struct RollingWindow {
    today: NaiveDate,
    days_needed: u32,
    bookable_dates: BTreeSet<NaiveDate>,
    count_weekends: Option<bool>,
    look_ahead_days: u32,
    #[serde(flatten)]
    rest: Rest,
}

pub fn rolling_window_end(input: Value) -> Answered {
    let given: RollingWindow = serde_json::from_value(input)?;
    refuse("rolling_window_end", &given.rest)?;
    let weekends = given.count_weekends.unwrap_or(true);
    let look_ahead = given.look_ahead_days.min(3_660);
    let last = window_end(given.today, given.days_needed, &given.bookable_dates, weekends, look_ahead);
    Ok(member("last_date", last.to_string()))
}

#[derive(Deserialize)]
struct Limits {
    per_day: Option<u32>,
    per_week: Option<u32>,
    per_month: Option<u32>,
    per_year: Option<u32>,
    #[serde(flatten)]
    rest: Rest,
}

pub fn limit_config(input: Value) -> Answered {
    let given: Limits = serde_json::from_value(input)?;
    refuse("limit_config", &given.rest)?;
    let valid = limits_ordered([given.per_day, given.per_week, given.per_month, given.per_year]);
    Ok(member("valid", valid))
}

#[derive(Deserialize)]
struct Assignment {
    algorithm: String,
    members: Vec<Member>,
    #[serde(flatten)]
    rest: Rest,
}

#[derive(Deserialize)]
struct Member {
    id: String,
    #[serde(alias = "last", alias = "last_booked", alias = "last_booked_at", alias = "last_assigned_at")]
    last_assigned: Option<Stamp>,
    #[serde(alias = "count", alias = "events", alias = "upcoming", alias = "upcoming_count")]
    bookings: Option<u32>,
    weight: Option<u32>,
    priority: Option<i32>,
    #[serde(flatten)]
    rest: Rest,
}

/// An instant, or a number that only orders.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Stamp {
    At(DateTime<Utc>),
    Number(i64),
}

pub fn assignment(input: Value) -> Answered {
    let given: Assignment = serde_json::from_value(input)?;
    refuse("assignment", &given.rest)?;
    let order = match given.algorithm.as_str() {
        "least_recent" | "round_robin" => Order::LeastRecent,
        "fewest_bookings" | "least_booked" | "equal_distribution" => Order::FewestBookings,
        "priority" => Order::Priority,
        other => return Err(Refusal::Unsupported(format!("algorithm={other:.40}"))),
    };
    given.members.iter().try_for_each(|m| refuse("members", &m.rest))?;
    let candidates: Vec<_> = given.members.iter().map(candidate).collect();
    let chosen = pick(order, &candidates).into_iter().filter_map(|place| given.members.get(place));
    Ok(member("one_of", chosen.map(|m| m.id.clone()).collect::<Vec<_>>()))
}

fn candidate(member: &Member) -> Candidate {
    Candidate {
        last_assigned: member.last_assigned.and_then(|stamp| match stamp {
            Stamp::At(at) => Some(at),
            Stamp::Number(number) => DateTime::from_timestamp(number, 0),
        }),
        bookings: member.bookings.unwrap_or(0),
        weight: member.weight.unwrap_or(1),
        priority: member.priority.unwrap_or(0),
    }
}
