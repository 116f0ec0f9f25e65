//! What must be true of the tables after the storm, and of each thing that a client was told.
use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::client::Fact;

/// A booking: its status, its start, what it takes the place of, its series, when it was confirmed, and its visit.
type Booking = (String, DateTime<Utc>, Option<Uuid>, Option<Uuid>, Option<DateTime<Utc>>, Option<Uuid>);
/// A hold: its status, its start, its booking, who waited for it, and how often it was kept longer.
type Hold = (String, DateTime<Utc>, Option<Uuid>, Option<Uuid>, i32);
/// The same as they are read, with their ids.
type BookingRow = (Uuid, String, DateTime<Utc>, Option<Uuid>, Option<Uuid>, Option<DateTime<Utc>>, Option<Uuid>);
type HoldRow = (Uuid, String, DateTime<Utc>, Option<Uuid>, Option<Uuid>, i32);

/// Each counts what there must be none of. `$1` is the tenant.
const NONE_OF: &[(&str, &str)] = &[
    (
        "two that have one resource at once",
        "SELECT count(*) FROM app.booking_allocations a JOIN app.booking_allocations b
           ON b.tenant_id = $1 AND b.resource_id = a.resource_id AND a.id < b.id AND a.occupied && b.occupied
         JOIN app.resources r ON r.tenant_id = $1 AND r.id = a.resource_id AND r.capacity = 1
         WHERE a.tenant_id = $1 AND a.state IN ('held', 'pending', 'confirmed', 'checked_in')
           AND b.state IN ('held', 'pending', 'confirmed', 'checked_in')",
    ),
    (
        "times at which more is taken of a pool than there is",
        "SELECT count(*) FROM app.booking_allocations a
         JOIN app.resources r ON r.tenant_id = $1 AND r.id = a.resource_id AND r.capacity > 1
         WHERE a.tenant_id = $1 AND a.state IN ('held', 'pending', 'confirmed', 'checked_in') AND r.capacity < (
           SELECT sum(b.quantity) FROM app.booking_allocations b
           WHERE b.tenant_id = $1 AND b.resource_id = a.resource_id AND b.occupied @> a.start_at
             AND b.state IN ('held', 'pending', 'confirmed', 'checked_in'))",
    ),
    (
        "allocations that are not as their resource is",
        "SELECT count(*) FROM app.booking_allocations a JOIN app.resources r ON r.tenant_id = $1 AND r.id = a.resource_id
         WHERE a.tenant_id = $1 AND (a.exclusive <> (r.capacity = 1) OR a.overbooked)",
    ),
    (
        "classes whose seats are not those of their bookings and holds, or too many",
        "SELECT count(*) FROM app.class_sessions c WHERE c.tenant_id = $1 AND (c.taken > c.capacity OR c.capacity > 5
           OR c.taken <> (SELECT coalesce(sum(b.attendee_count), 0) FROM app.bookings b WHERE b.tenant_id = $1
                AND b.class_session_id = c.id AND b.status IN ('pending', 'confirmed', 'checked_in', 'completed', 'no_show'))
             + (SELECT coalesce(sum(h.attendee_count), 0) FROM app.booking_holds h WHERE h.tenant_id = $1
                AND h.class_session_id = c.id AND h.status = 'held'))",
    ),
    (
        "classes with seats and no room, or with a room and no seats",
        "SELECT count(*) FROM app.class_sessions c WHERE c.tenant_id = $1 AND (c.taken > 0)::int <> (
           SELECT count(*) FROM app.booking_allocations a
           WHERE a.tenant_id = $1 AND a.class_session_id = c.id AND a.state = 'confirmed')",
    ),
    (
        "bookings that have not all that they need, or need not what they have",
        "SELECT count(*) FROM app.bookings b WHERE b.tenant_id = $1 AND b.class_session_id IS NULL AND (
           EXISTS (SELECT FROM app.booking_allocations a WHERE a.tenant_id = $1 AND a.booking_id = b.id AND a.state <> b.status)
           OR (SELECT count(*) FROM app.booking_allocations a WHERE a.tenant_id = $1 AND a.booking_id = b.id)
             <> (SELECT count(DISTINCT position) FROM app.service_resources s WHERE s.tenant_id = $1 AND s.service_id = b.service_id)
           OR EXISTS (SELECT FROM app.booking_items i WHERE i.tenant_id = $1 AND i.booking_id = b.id AND NOT EXISTS (
             SELECT FROM app.booking_allocations a WHERE a.tenant_id = $1 AND a.booking_id = b.id AND a.resource_id = i.resource_id
               AND a.start_at <= b.start_at AND a.end_at >= b.end_at)))",
    ),
    (
        "holds that have ended and keep a time, or have not and keep none",
        "SELECT count(*) FROM app.booking_holds h WHERE h.tenant_id = $1 AND h.class_session_id IS NULL
           AND (h.status = 'held') <> EXISTS (SELECT FROM app.booking_allocations a
             WHERE a.tenant_id = $1 AND a.hold_id = h.id AND a.state = 'held')",
    ),
    (
        "times that are kept until another moment than their hold",
        "SELECT count(*) FROM app.booking_holds h JOIN app.booking_allocations a ON a.tenant_id = $1 AND a.hold_id = h.id
         WHERE h.tenant_id = $1 AND h.status = 'held' AND a.state = 'held' AND a.held_until <> h.expires_at",
    ),
    (
        "strangers who are known after their hold has ended",
        "SELECT count(*) FROM app.booking_holds h WHERE h.tenant_id = $1 AND h.status <> 'held' AND h.visitor_hash IS NOT NULL",
    ),
    (
        "visits with one booking, or of two customers",
        "SELECT count(*) FROM (SELECT FROM app.bookings WHERE tenant_id = $1 AND itinerary_id IS NOT NULL AND rescheduled_from IS NULL
           GROUP BY itinerary_id HAVING count(*) < 2 OR count(DISTINCT customer_id) > 1) wrong",
    ),
    (
        "expired holds in the way of who took their time",
        "SELECT count(*) FROM app.booking_holds h
         JOIN app.booking_allocations a ON a.tenant_id = $1 AND a.hold_id = h.id AND a.state = 'held'
         JOIN app.resources r ON r.tenant_id = $1 AND r.id = a.resource_id AND r.capacity = 1
         JOIN app.booking_allocations b ON b.tenant_id = $1 AND b.resource_id = a.resource_id AND b.id <> a.id
           AND b.occupied && a.occupied AND b.state IN ('held', 'pending', 'confirmed', 'checked_in')
         WHERE h.tenant_id = $1 AND h.expires_at <= now()",
    ),
    (
        "offers that are none",
        "SELECT count(*) FROM app.waitlist_entries w LEFT JOIN app.booking_holds h ON h.tenant_id = $1 AND h.id = w.hold_id
         WHERE w.tenant_id = $1 AND (w.status = 'offered' AND h.status IS DISTINCT FROM 'held'
           OR w.status = 'booked' AND NOT coalesce(h.status = 'redeemed' AND h.booking_id = w.booking_id
             OR h.status = 'expired' AND EXISTS (SELECT FROM app.bookings b WHERE b.tenant_id = $1 AND b.id = w.booking_id
               AND b.service_id = h.service_id AND b.start_at = h.start_at), false))",
    ),
    (
        "moves along no arrow",
        "SELECT count(*) FROM app.audit_logs WHERE tenant_id = $1 AND table_name = 'bookings' AND CASE operation
           WHEN 'INSERT' THEN new_data ->> 'status' NOT IN ('pending', 'confirmed')
           WHEN 'UPDATE' THEN old_data ->> 'status' <> new_data ->> 'status'
             AND (old_data ->> 'status', new_data ->> 'status') NOT IN (('pending', 'confirmed'), ('pending', 'canceled'),
               ('confirmed', 'checked_in'), ('confirmed', 'canceled'), ('confirmed', 'no_show'), ('checked_in', 'completed'))
           ELSE true END",
    ),
    (
        "bookings that came to a status twice, or are not where their moves end",
        "WITH entered AS (
           SELECT record_id AS id, new_data ->> 'status' AS status FROM app.audit_logs
           WHERE tenant_id = $1 AND table_name = 'bookings'
             AND (operation = 'INSERT' OR old_data ->> 'status' <> new_data ->> 'status')
         ), left_ AS (
           SELECT record_id AS id, old_data ->> 'status' AS status FROM app.audit_logs
           WHERE tenant_id = $1 AND table_name = 'bookings' AND operation = 'UPDATE'
             AND old_data ->> 'status' <> new_data ->> 'status'
         ), at AS (SELECT * FROM entered EXCEPT ALL SELECT * FROM left_)
         SELECT (SELECT count(*) FROM (SELECT FROM entered GROUP BY id, status HAVING count(*) > 1) twice)
           + (SELECT count(*) FROM app.bookings b FULL JOIN at ON at.id = b.id AND at.status = b.status
              WHERE (b.tenant_id = $1 OR b.id IS NULL) AND (b.id IS NULL OR at.id IS NULL))",
    ),
    (
        "bookings of one key",
        "SELECT count(*) FROM (SELECT FROM app.bookings WHERE tenant_id = $1 AND rescheduled_from IS NULL
           GROUP BY notes, series_index, CASE WHEN itinerary_id IS NOT NULL THEN start_at END HAVING count(*) > 1) twice",
    ),
    (
        "bookings in the place of one",
        "SELECT count(*) FROM (SELECT FROM app.bookings WHERE tenant_id = $1 AND rescheduled_from IS NOT NULL
           GROUP BY rescheduled_from HAVING count(*) > 1) twice",
    ),
    (
        "bookings that were moved and go on",
        "SELECT count(*) FROM app.bookings n JOIN app.bookings o ON o.tenant_id = $1 AND o.id = n.rescheduled_from
         WHERE n.tenant_id = $1 AND o.status <> 'canceled'",
    ),
    (
        "bookings of one hold",
        "SELECT count(*) FROM (SELECT FROM app.booking_holds WHERE tenant_id = $1 AND booking_id IS NOT NULL
           GROUP BY booking_id HAVING count(*) > 1) twice",
    ),
];

/// What must have been told, by what the log says that has happened: each once.
const EXPECTED: &str = "
WITH log AS (
  SELECT table_name AS of, record_id AS id, operation AS op, old_data ->> 'status' AS was, new_data ->> 'status' AS is_,
    new_data ->> 'rescheduled_from' AS place, (new_data ->> 'itinerary_id')::uuid AS visit
  FROM app.audit_logs WHERE tenant_id = $1
), moved AS (SELECT * FROM log WHERE op = 'UPDATE' AND was <> is_),
expected AS (
  SELECT id, CASE WHEN place IS NULL THEN 'BOOKING_CREATED' ELSE 'BOOKING_RESCHEDULED' END AS code FROM log
    WHERE of = 'bookings' AND op = 'INSERT'
  UNION ALL SELECT id, 'BOOKING_CONFIRMED' FROM log WHERE of = 'bookings' AND op = 'INSERT' AND is_ = 'confirmed' AND place IS NULL
  UNION ALL SELECT id, 'BOOKING_CONFIRMED' FROM moved WHERE of = 'bookings' AND is_ = 'confirmed'
  UNION ALL SELECT id, 'BOOKING_CHECKED_IN' FROM moved WHERE of = 'bookings' AND is_ = 'checked_in'
  UNION ALL SELECT id, 'BOOKING_COMPLETED' FROM moved WHERE of = 'bookings' AND is_ = 'completed'
  UNION ALL SELECT id, 'BOOKING_NO_SHOW' FROM moved WHERE of = 'bookings' AND is_ = 'no_show'
  UNION ALL SELECT DISTINCT visit, 'BOOKING_ITINERARY_CREATED' FROM log
    WHERE of = 'bookings' AND op = 'INSERT' AND place IS NULL AND visit IS NOT NULL
  UNION ALL SELECT m.id, 'BOOKING_CANCELED' FROM moved m WHERE of = 'bookings' AND is_ = 'canceled'
    AND NOT EXISTS (SELECT FROM app.bookings b WHERE b.tenant_id = $1 AND b.rescheduled_from = m.id)
  UNION ALL SELECT id, 'BOOKING_HOLD_CREATED' FROM log WHERE of = 'booking_holds' AND op = 'INSERT'
  UNION ALL SELECT id, 'BOOKING_HOLD_RELEASED' FROM moved WHERE of = 'booking_holds' AND is_ = 'released'
  UNION ALL SELECT id, 'BOOKING_HOLD_EXPIRED' FROM moved WHERE of = 'booking_holds' AND is_ = 'expired'
  UNION ALL SELECT id, 'BOOKING_SERIES_CREATED' FROM log WHERE of = 'booking_series' AND op = 'INSERT'
  UNION ALL SELECT id, 'WAITLIST_JOINED' FROM log WHERE of = 'waitlist_entries' AND op = 'INSERT'
  UNION ALL SELECT id, 'WAITLIST_OFFERED' FROM moved WHERE of = 'waitlist_entries' AND is_ = 'offered'
  UNION ALL SELECT id, 'WAITLIST_LEFT' FROM moved WHERE of = 'waitlist_entries' AND is_ = 'left'
), told AS (
  SELECT aggregate_id AS id, event_code AS code FROM app.events_outbox WHERE tenant_id = $1
    AND (event_code LIKE 'BOOKING_%' OR event_code LIKE 'WAITLIST_%') AND event_code <> 'BOOKING_SERIES_CANCELED'
)
SELECT 'untold ' || code, count(*) FROM (SELECT * FROM expected EXCEPT ALL SELECT * FROM told) missing GROUP BY code
UNION ALL
SELECT 'told for nothing ' || code, count(*) FROM (SELECT * FROM told EXCEPT ALL SELECT * FROM expected) more GROUP BY code";

const FIGURES: &str = "
SELECT 'bookings ' || status, count(*) FROM app.bookings WHERE tenant_id = $1 GROUP BY status
UNION ALL SELECT 'holds ' || status, count(*) FROM app.booking_holds WHERE tenant_id = $1 GROUP BY status
UNION ALL SELECT 'waitlist ' || status, count(*) FROM app.waitlist_entries WHERE tenant_id = $1 GROUP BY status
UNION ALL SELECT 'series ' || status, count(*) FROM app.booking_series WHERE tenant_id = $1 GROUP BY status
UNION ALL SELECT 'event ' || event_code, count(*) FROM app.events_outbox WHERE tenant_id = $1 GROUP BY event_code
UNION ALL SELECT 'idempotency keys', count(*) FROM app.idempotency_keys WHERE tenant_id = $1
UNION ALL SELECT 'classes', count(*) FROM app.class_sessions WHERE tenant_id = $1
UNION ALL SELECT 'allocations ' || state, count(*) FROM app.booking_allocations WHERE tenant_id = $1 GROUP BY state
ORDER BY 1";

/// Prints what has come of the storm.
pub async fn figures(looking: &mut PgConnection, tenant: Uuid) {
    let figures: Vec<(String, i64)> = sqlx::query_as(FIGURES).bind(tenant).fetch_all(looking).await.unwrap();
    for (what, count) in figures {
        println!("{count:>7} {what}");
    }
}

/// Everything that is not as it must be, in words.
pub async fn faults(looking: &mut PgConnection, tenant: Uuid, facts: &[Fact]) -> Vec<String> {
    let mut faults = Vec::new();
    for (what, sql) in NONE_OF {
        let count: i64 = sqlx::query_scalar(*sql).bind(tenant).fetch_one(&mut *looking).await.unwrap();
        if count > 0 {
            faults.push(format!("{count} {what}"));
        }
    }
    let events: Vec<(String, i64)> = sqlx::query_as(EXPECTED).bind(tenant).fetch_all(&mut *looking).await.unwrap();
    faults.extend(events.into_iter().map(|(what, count)| format!("{count} {what}")));
    let tables = Tables::read(looking, tenant).await;
    faults.extend(tables.unfounded(facts));
    let begun = facts.iter().filter_map(|fact| if let Fact::Begun { id } = fact { Some(uuid(id)) } else { None });
    let begun: HashSet<Uuid> = begun.collect();
    faults.extend(facts.iter().filter(|fact| !tables.bear_out(fact, &begun)).map(|fact| tables.not_so(fact)));
    faults
}

/// What is there, by its id.
struct Tables {
    bookings: HashMap<Uuid, Booking>,
    holds: HashMap<Uuid, Hold>,
    series: HashMap<Uuid, String>,
    entries: HashMap<Uuid, String>,
}

impl Tables {
    async fn read(looking: &mut PgConnection, tenant: Uuid) -> Self {
        let bookings = "SELECT id, status, start_at, rescheduled_from, series_id, confirmed_at, itinerary_id
                        FROM app.bookings WHERE tenant_id = $1";
        let bookings: Vec<BookingRow> = sqlx::query_as(bookings).bind(tenant).fetch_all(&mut *looking).await.unwrap();
        let holds = "SELECT id, status, start_at, booking_id, waitlist_entry_id, extensions FROM app.booking_holds WHERE tenant_id = $1";
        let holds: Vec<HoldRow> = sqlx::query_as(holds).bind(tenant).fetch_all(&mut *looking).await.unwrap();
        let series = "SELECT id, status FROM app.booking_series WHERE tenant_id = $1";
        let series: Vec<(Uuid, String)> = sqlx::query_as(series).bind(tenant).fetch_all(&mut *looking).await.unwrap();
        let entries = "SELECT id, status FROM app.waitlist_entries WHERE tenant_id = $1";
        let entries: Vec<(Uuid, String)> = sqlx::query_as(entries).bind(tenant).fetch_all(&mut *looking).await.unwrap();
        Self {
            bookings: bookings.into_iter().map(|(id, a, b, c, d, e, f)| (id, (a, b, c, d, e, f))).collect(),
            holds: holds.into_iter().map(|(id, a, b, c, d, e)| (id, (a, b, c, d, e))).collect(),
            series: series.into_iter().collect(),
            entries: entries.into_iter().collect(),
        }
    }

    /// What is there although nobody was told so: everybody has had an answer, so a row without one is a second one.
    fn unfounded(&self, facts: &[Fact]) -> Vec<String> {
        let mut told: HashSet<Uuid> = HashSet::new();
        for fact in facts {
            match fact {
                Fact::Booked { id, .. } | Fact::Held { id, .. } | Fact::Joined { id } => drop(told.insert(uuid(id))),
                Fact::Moved { new, .. } => drop(told.insert(uuid(new))),
                Fact::Series { id, bookings } | Fact::Visit { id, bookings } => {
                    told.extend(bookings.iter().chain([id]).map(|id| uuid(id)))
                }
                _ => {}
            }
        }
        let offered = |hold: &Hold| hold.3.is_some();
        let counts: BTreeMap<&str, usize> = BTreeMap::from([
            ("bookings", self.bookings.keys().filter(|id| !told.contains(id)).count()),
            ("holds", self.holds.iter().filter(|(id, hold)| !offered(hold) && !told.contains(id)).count()),
            ("series", self.series.keys().filter(|id| !told.contains(id)).count()),
            ("entries", self.entries.keys().filter(|id| !told.contains(id)).count()),
        ]);
        let there = counts.into_iter().filter(|(_, count)| *count > 0);
        there.map(|(what, count)| format!("{count} {what} that nobody was told of")).collect()
    }

    /// Whether what a client was told is so.
    fn bear_out(&self, fact: &Fact, begun: &HashSet<Uuid>) -> bool {
        let booking = |id: &str| self.bookings.get(&uuid(id));
        let status = |id: &str| booking(id).map_or("", |booking| &booking.0);
        match fact {
            Fact::Booked { id, start, hold } => {
                let redeemed = hold.as_deref().is_none_or(|hold| {
                    // one that had expired is booked without it
                    let hold = self.holds.get(&uuid(hold));
                    hold.is_some_and(|hold| hold.0 != "redeemed" || hold.2 == Some(uuid(id)))
                });
                let where_it_was = |at: DateTime<Utc>| at == instant(start) || begun.contains(&uuid(id));
                redeemed && booking(id).is_some_and(|booking| where_it_was(booking.1) && booking.2.is_none())
            }
            Fact::Moved { old, new, start } => {
                let there = booking(new);
                status(old) == "canceled"
                    && there.is_some_and(|new| new.1 == instant(start) && new.2 == Some(uuid(old)))
            }
            Fact::Confirmed { id } => {
                matches!(status(id), "confirmed" | "checked_in" | "completed" | "no_show" | "canceled")
                    && booking(id).is_some_and(|booking| booking.4.is_some())
            }
            Fact::CheckedIn { id } => matches!(status(id), "checked_in" | "completed"),
            Fact::Completed { id } => status(id) == "completed",
            Fact::Missed { id } => status(id) == "no_show",
            Fact::Begun { id } => booking(id).is_some(),
            Fact::Extended { id, times } => self.holds.get(&uuid(id)).is_some_and(|hold| hold.4 >= *times),
            Fact::Visit { id, bookings } => {
                let of_it = |one: &String| booking(one).is_some_and(|booking| booking.5 == Some(uuid(id)));
                bookings.len() > 1 && bookings.iter().all(of_it)
            }
            Fact::Canceled { id } => status(id) == "canceled",
            Fact::Held { id, start } => self.holds.get(&uuid(id)).is_some_and(|hold| hold.1 == instant(start)),
            Fact::Released { id } => self.holds.get(&uuid(id)).is_some_and(|hold| hold.0 != "held"),
            Fact::Series { id, bookings } => {
                let of_it = |one: &String| booking(one).is_some_and(|booking| booking.3 == Some(uuid(id)));
                self.series.contains_key(&uuid(id)) && !bookings.is_empty() && bookings.iter().all(of_it)
            }
            Fact::SeriesCanceled { id, bookings } => {
                self.series.contains_key(&uuid(id)) && bookings.iter().all(|id| status(id) == "canceled")
            }
            Fact::Joined { id } => self.entries.contains_key(&uuid(id)),
            Fact::Left { id } => {
                self.entries.get(&uuid(id)).is_some_and(|is| ["left", "booked", "expired"].contains(&&**is))
            }
        }
    }

    fn not_so(&self, fact: &Fact) -> String {
        let id = match fact {
            Fact::Moved { new, .. } => new,
            Fact::Booked { id, .. }
            | Fact::Confirmed { id }
            | Fact::CheckedIn { id }
            | Fact::Completed { id }
            | Fact::Missed { id }
            | Fact::Begun { id }
            | Fact::Extended { id, .. }
            | Fact::Visit { id, .. }
            | Fact::Canceled { id }
            | Fact::Held { id, .. }
            | Fact::Released { id }
            | Fact::Series { id, .. }
            | Fact::SeriesCanceled { id, .. }
            | Fact::Joined { id }
            | Fact::Left { id } => id,
        };
        let id = uuid(id);
        format!("acknowledged and not so: {fact:?}; there is {:?} {:?}", self.bookings.get(&id), self.holds.get(&id))
    }
}

fn uuid(text: &str) -> Uuid {
    Uuid::parse_str(text).unwrap()
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}
