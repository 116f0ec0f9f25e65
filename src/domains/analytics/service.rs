//! The dashboard: four statements, and what follows from them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::dto::{BookedMinutes, BookingCounts, CustomerCounts, Dashboard, DashboardBooking, RevenueBooked};
use super::query::{self, Figures, Line, Use};
use super::rules;
use crate::db::Scope;
use crate::domains::impact;
use crate::error::ApiError;
use crate::guard::{Date, Timestamp};
use crate::kernel::interval::Interval;
use crate::kernel::zone::Zone;

/// The most services and the most resources.
const MOST_ROWS: u64 = 50;
/// The most bookings of today, and of those that come next.
const MOST_TODAY: u32 = 20;
const MOST_NEXT: u32 = 10;
/// The most who give these services, in all.
const MOST_GIVERS: i64 = 1_000;

/// The dashboard of the days from `first` to `last` in the business's zone.
pub async fn dashboard(scope: &Scope, zone: &Zone, first: NaiveDate, last: NaiveDate) -> Result<Dashboard, ApiError> {
    let stretch = zone.dates(first, last);
    let figures = query::figures(scope, stretch.start, stretch.end, MOST_ROWS).await?;
    let today = zone.day(scope.now());
    let heads = query::heads(scope, (today.start, today.end), MOST_TODAY, MOST_NEXT).await?;
    let open = Open::read(scope, &figures, &stretch).await?;
    let bookings = counts(&figures);
    let settled = bookings.checked_in + bookings.completed + bookings.no_show;
    let meant = bookings.total - bookings.failed;
    Ok(Dashboard {
        start_date: Date(first),
        end_date: Date(last),
        timezone: zone.name().to_owned(),
        no_show_rate: rules::share(bookings.no_show, settled),
        cancellation_rate: rules::share(bookings.canceled, meant),
        bookings,
        revenue_booked: figures
            .revenue
            .into_iter()
            .map(|row| RevenueBooked { currency: row.currency, total_cents: row.total_cents, bookings: row.bookings })
            .collect(),
        customers: CustomerCounts {
            total: figures.customers,
            new: figures.customers.saturating_sub(figures.returning),
            returning: figures.returning,
        },
        services: figures.services.into_iter().map(|row| minutes(&open.services, row)).collect(),
        resources: figures.resources.into_iter().map(|row| minutes(&open.resources, row)).collect(),
        pending_count: figures.pending,
        today: heads.today.into_iter().map(line).collect(),
        next_bookings: heads.next.into_iter().map(line).collect(),
    })
}

fn counts(figures: &Figures) -> BookingCounts {
    let of = |status: &str| figures.by_status.get(status).copied().unwrap_or_default();
    BookingCounts {
        total: figures.by_status.values().sum(),
        pending: of("pending"),
        confirmed: of("confirmed"),
        checked_in: of("checked_in"),
        completed: of("completed"),
        canceled: of("canceled"),
        no_show: of("no_show"),
        failed: of("failed"),
        rescheduled: figures.rescheduled,
    }
}

/// Minutes that are open, by the id of what is booked.
struct Open {
    services: HashMap<Uuid, u64>,
    resources: HashMap<Uuid, u64>,
}

impl Open {
    /// Of what the figures name: at most [`MOST_ROWS`] services and resources, and [`MOST_GIVERS`] who give them.
    async fn read(scope: &Scope, figures: &Figures, stretch: &Interval<DateTime<Utc>>) -> Result<Self, ApiError> {
        let ids = |rows: &[Use]| rows.iter().map(|row| row.id).collect::<Vec<Uuid>>();
        let mut asked = ids(&figures.resources);
        if asked.is_empty() {
            return Ok(Self { services: HashMap::new(), resources: HashMap::new() });
        }
        let givers = query::givers(scope, ids(&figures.services), MOST_GIVERS).await?;
        asked.extend(givers.iter().map(|giver| giver.resource_id));
        asked.sort_unstable();
        asked.dedup();
        let resources = impact::open_minutes(scope, asked, stretch).await?;
        let mut services = HashMap::new();
        for giver in givers {
            if let Some(minutes) = resources.get(&giver.resource_id) {
                *services.entry(giver.service_id).or_default() += *minutes;
            }
        }
        Ok(Self { services, resources })
    }
}

fn minutes(open: &HashMap<Uuid, u64>, row: Use) -> BookedMinutes {
    let open_min = open.get(&row.id).copied();
    BookedMinutes {
        id: row.id,
        name: row.name,
        bookings: row.bookings,
        seats: row.seats,
        booked_min: row.minutes,
        open_min,
        utilization: open_min.and_then(|open| rules::share(row.minutes, open)),
    }
}

fn line(row: Line) -> DashboardBooking {
    DashboardBooking {
        id: row.id,
        status: row.status,
        start_at: Timestamp::new(row.start_at),
        end_at: Timestamp::new(row.end_at),
        attendee_count: row.attendee_count,
        customer_name: row.customer_name,
        service_name: row.service_name,
        resource_name: row.resource_name,
    }
}
