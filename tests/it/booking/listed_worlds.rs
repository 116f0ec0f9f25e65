//! Listed means bookable, in small random businesses: staff with rooms, two of a group, pools, classes, buffers, limits,
//! exceptions, in several zones around days on which clocks change. Times are booked, canceled, held, given up and left to
//! lapse on the way, each listing is taken anew, and what a visit of two services was offered is booked as well. Days that
//! the overview calls free have a time that can be booked, the others have none. The seeds are fixed.
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;
use tithi::kernel::zone::Zone;
use uuid::Uuid;

use super::hold::HOLDS;
use super::itinerary::visit;
use super::{BOOKINGS, key};
use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::people::Tenant;

/// Numbers that come the same each time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % sides as u64) as usize
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.roll(choices.len())]
    }
}

const CHANGES: [(&str, &str); 4] = [
    ("America/New_York", "2027-03-14"),
    ("Europe/Berlin", "2027-03-28"),
    ("Australia/Lord_Howe", "2027-04-04"),
    ("Asia/Kathmandu", "2027-03-20"),
];

/// A business with two services.
struct World {
    tenant: Tenant,
    owner: Client,
    services: Vec<(Uuid, usize)>,
    date: NaiveDate,
    zone: Zone,
}

impl World {
    async fn new(service: &Service, dice: &mut Dice, seed: usize) -> Self {
        let (zone, date) = CHANGES[seed % CHANGES.len()];
        let date: NaiveDate = date.parse().unwrap();
        let tenant = service.tenant_in(zone).await;
        let owner = service.owner_of(&tenant).await;
        let mut connection = service.platform().await;
        let mut made = Vec::new();
        for (kind, count) in [("staff", 3), ("room", 2), ("equipment", 1)] {
            for number in 0..count {
                let capacity = if kind == "equipment" { 1 + dice.roll(3) as i32 } else { 1 };
                made.push((kind, resource(service, &mut connection, &tenant, kind, number, capacity).await));
                if kind == "staff" {
                    let (_, id) = made[made.len() - 1];
                    hours(&mut connection, &tenant, id, dice).await;
                    exception(service, &mut connection, &tenant, id, date, dice).await;
                }
            }
        }
        let of = |kind: &str| made.iter().filter(|(known, _)| *known == kind).map(|(_, id)| *id).collect::<Vec<_>>();
        let mut services = Vec::new();
        for number in 0..2 {
            let capacity = if dice.roll(4) == 0 { 3 } else { 1 };
            let id = offer(service, &mut connection, &tenant, number, capacity, dice).await;
            let staff = of("staff");
            let groups: Vec<(Vec<Uuid>, i32)> = match dice.roll(4) {
                0 => vec![(staff, 1)],
                1 => vec![(staff, 1), (of("room"), 1)],
                2 => vec![(staff, 2)],
                _ => vec![(staff[..2].to_vec(), 1), (of("equipment"), 1)],
            };
            for (position, (members, count)) in (0i16..).zip(&groups) {
                group(&mut connection, &tenant, id, position, *count, members).await;
            }
            services.push((id, capacity));
        }
        Self { tenant, owner, services, date, zone: Zone::parse(zone).unwrap() }
    }

    async fn listed(&self, service: Uuid, party: usize) -> Vec<Value> {
        let (first, last) = (self.date - Days::new(1), self.date + Days::new(3));
        let path = format!(
            "/api/v1/availability?service_id={service}&start_date={first}&end_date={last}&attendee_count={party}"
        );
        self.owner.get(&path).await.expect(200)["data"].as_array().unwrap().clone()
    }

    /// Holds a listed time, as the list names it.
    async fn hold(&self, service: Uuid, slot: &Value, party: usize) -> Value {
        let wish = json!({"service_id": service, "start_at": slot["start"], "attendee_count": party});
        let hold = self.owner.key(&key()).post(HOLDS, &wish).await.expect(201);
        assert_eq!(hold["resource_id"], slot["resource_id"], "held with whom the list names: {slot}");
        hold
    }

    /// Books a held time, or gives it up.
    async fn settle(&self, hold: &Value, dice: &mut Dice) {
        let token = hold["hold_token"].as_str().unwrap();
        if dice.roll(3) == 0 {
            return drop(self.owner.delete(&format!("{HOLDS}/{token}")).await.expect(204));
        }
        let customer = json!({"display_name": "Ana Torres", "email": format!("{}@visitors.example", key())});
        let booking = json!({"hold_token": token, "customer": customer});
        let booking = self.owner.key(&key()).post(BOOKINGS, &booking).await.expect(201);
        assert_eq!((&booking["start_at"], &booking["resource_id"]), (&hold["start_at"], &hold["resource_id"]));
    }

    /// The overview of some days: what it calls free is, and what it does not is not. Answers a free day and a day that is
    /// not.
    async fn days(&self, service: Uuid, party: usize) -> (Option<String>, Option<NaiveDate>) {
        let (first, last) = (self.date - Days::new(1), self.date + Days::new(8));
        let path = format!(
            "/api/v1/availability/days?service_id={service}&start_date={first}&end_date={last}&attendee_count={party}"
        );
        let (mut free, mut full) = (None, None);
        for day in self.owner.get(&path).await.expect(200)["data"].as_array().unwrap() {
            let date = day["date"].as_str().unwrap();
            if day["free"] == true { free = Some(date.to_owned()) } else { full = Some(date.parse().unwrap()) }
        }
        (free, full)
    }

    /// The free times of one day.
    async fn of_day(&self, service: Uuid, date: &str, party: usize) -> Vec<Value> {
        let path = format!("/api/v1/availability?service_id={service}&date={date}&attendee_count={party}");
        self.owner.get(&path).await.expect(200)["data"].as_array().unwrap().clone()
    }

    /// Books from the overview. Answers the booking of a free day, and whether there was a day without any free time.
    async fn overview_booked(&self, service: Uuid, party: usize, dice: &mut Dice) -> (Option<Value>, bool) {
        let (free, full) = self.days(service, party).await;
        if let Some(date) = full {
            assert_eq!(self.of_day(service, &date.to_string(), party).await, [Value::Null; 0], "{date} is not free");
            let day = self.zone.dates(date, date);
            for _ in 0..3 {
                let minutes = dice.roll((day.end - day.start).num_minutes() as usize / 5) as i64;
                let start = (day.start + TimeDelta::minutes(5 * minutes)).to_rfc3339();
                let answer = self.book(service, &start, party).await;
                assert_eq!(answer.status.as_u16(), 409, "{date} has no free time: {start}");
            }
        }
        let Some(date) = free else { return (None, full.is_some()) };
        let slots = self.of_day(service, &date, party).await;
        assert!(!slots.is_empty(), "{date} is free");
        let slot = &slots[dice.roll(slots.len())];
        let booking = self.book(service, slot["start"].as_str().unwrap(), party).await.expect(201);
        assert_eq!(booking["resource_id"], slot["resource_id"], "booked with whom the list names: {slot}");
        (Some(booking), full.is_some())
    }

    async fn book(&self, service: Uuid, start: &str, party: usize) -> crate::support::client::Answer {
        let customer = json!({"display_name": "Ana Torres", "email": format!("{}@visitors.example", key())});
        let wish = json!({"service_id": service, "start_at": start, "attendee_count": party, "customer": customer});
        self.owner.key(&key()).post(BOOKINGS, &wish).await
    }

    /// A time of the two days that is not listed.
    fn unlisted(&self, listed: &[Value], dice: &mut Dice) -> String {
        let midnight = self.date.and_time(NaiveTime::MIN).and_utc();
        loop {
            let start: DateTime<Utc> = midnight + TimeDelta::minutes(5 * dice.roll(576) as i64);
            let start = start.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
            if !listed.iter().any(|slot| slot["start"] == start.as_str()) {
                return start;
            }
        }
    }

    /// Two services of one visit, as they are offered.
    async fn visits(&self, dice: &mut Dice) -> Vec<Value> {
        let order = dice.of(&["given", "any"]);
        let (second, gap) = (dice.roll(2), 15 * dice.roll(8));
        let services = [json!({"service_id": self.services[0].0}), json!({"service_id": self.services[second].0})];
        let question = json!({
            "services": services, "order": order, "max_gap_min": gap, "limit": 20,
            "from": self.date.and_time(NaiveTime::MIN).and_utc(),
            "to": (self.date + Days::new(2)).and_time(NaiveTime::MIN).and_utc(),
        });
        let found = self.owner.post("/api/v1/availability/itineraries", &question).await.expect(200);
        found["data"].as_array().unwrap().clone()
    }
}

async fn resource(
    service: &Service,
    connection: &mut PgConnection,
    tenant: &Tenant,
    kind: &str,
    number: i32,
    capacity: i32,
) -> Uuid {
    let id = service.new_id();
    let sql = "INSERT INTO app.resources (tenant_id, id, type, name, capacity) VALUES ($1, $2, $3, $4, $5)";
    let name = format!("{kind} {number}");
    let query = sqlx::query(sql).bind(tenant.id.0).bind(id).bind(kind).bind(name).bind(capacity);
    query.execute(connection).await.unwrap();
    id
}

/// Nights are open too: that is when clocks change.
async fn hours(connection: &mut PgConnection, tenant: &Tenant, resource: Uuid, dice: &mut Dice) {
    let (starts, ends) = dice.of(&[("00:00", "05:00"), ("01:20", "06:00"), ("09:00", "12:30"), ("22:00", "24:00")]);
    let sql = "INSERT INTO app.availability_rules (tenant_id, id, resource_id, weekday, starts, ends)
               SELECT $1, gen_random_uuid(), $2, weekday, $3::time, $4::time FROM generate_series(0, 6) AS weekday";
    let query = sqlx::query(sql).bind(tenant.id.0).bind(resource).bind(starts).bind(ends);
    query.execute(connection).await.unwrap();
}

async fn exception(
    service: &Service,
    connection: &mut PgConnection,
    tenant: &Tenant,
    resource: Uuid,
    date: NaiveDate,
    dice: &mut Dice,
) {
    let (is_available, starts, ends) = dice.of(&[
        (false, "02:00", "02:40"),
        (true, "00:30", "04:10"),
        (false, "10:00", "10:30"),
        (true, "08:05", "11:00"),
    ]);
    let sql = "INSERT INTO app.availability_exceptions (tenant_id, id, resource_id, exception_date, is_available, starts, ends)
               VALUES ($1, $2, $3, $4, $5, $6::time, $7::time)";
    let query = sqlx::query(sql).bind(tenant.id.0).bind(service.new_id()).bind(resource).bind(date);
    query.bind(is_available).bind(starts).bind(ends).execute(connection).await.unwrap();
}

async fn offer(
    service: &Service,
    connection: &mut PgConnection,
    tenant: &Tenant,
    number: i32,
    capacity: usize,
    dice: &mut Dice,
) -> Uuid {
    let id = service.new_id();
    let limits = dice.of(&[
        "[]",
        "[]",
        r#"[{"per": "day", "max_bookings": 3}]"#,
        r#"[{"per": "week", "max_bookings": 5}]"#,
        r#"[{"per": "day", "max_minutes": 100}]"#,
    ]);
    let sql = "INSERT INTO app.services (tenant_id, id, slug, name, duration_min, buffer_before_min, buffer_after_min,
                 interval_min, grid, capacity, price_cents, limits_json)
               VALUES ($1, $2, 'service-' || $3, 'Service', $4, $5, $6, $7, $8, $9, 4500, $10::jsonb)";
    let query = sqlx::query(sql).bind(tenant.id.0).bind(id).bind(number);
    let query = query.bind(dice.of(&[30, 45, 60])).bind(dice.of(&[0, 0, 10])).bind(dice.of(&[0, 5, 15]));
    let query = query.bind(dice.of(&[None, Some(15), Some(20)]));
    let query = query.bind(dice.of(&["opening_start", "opening_start", "free_start", "wall_clock"]));
    query.bind(capacity as i32).bind(limits).execute(connection).await.unwrap();
    id
}

async fn group(
    connection: &mut PgConnection,
    tenant: &Tenant,
    service: Uuid,
    position: i16,
    count: i32,
    members: &[Uuid],
) {
    let sql =
        "INSERT INTO app.service_resource_groups (tenant_id, service_id, position, count) VALUES ($1, $2, $3, $4)";
    let query = sqlx::query(sql).bind(tenant.id.0).bind(service).bind(position).bind(count);
    query.execute(&mut *connection).await.unwrap();
    let sql = "INSERT INTO app.service_resources (tenant_id, service_id, resource_id, position)
               SELECT $1, $2, unnest($3::uuid[]), $4";
    let query = sqlx::query(sql).bind(tenant.id.0).bind(service).bind(members).bind(position);
    query.execute(connection).await.unwrap();
}

#[tokio::test]
async fn whatever_is_listed_can_be_booked_and_nothing_else() {
    let service = Service::start().await;
    let march: DateTime<Utc> = "2027-03-08T00:00:00Z".parse().unwrap();
    service.clock.advance(march - service.clock.now());
    let (mut booked, mut visited, mut held, mut full) = (0, 0, 0, 0);
    for seed in 0..12 {
        let mut dice = Dice(seed as u64);
        let mut world = World::new(&service, &mut dice, seed).await;
        let mut bookings: Vec<Value> = Vec::new();
        let mut holds: Vec<Value> = Vec::new();
        for turn in 0..7 {
            let (id, capacity) = dice.of(&world.services);
            let party = 1 + dice.roll(capacity);
            let listed = world.listed(id, party).await;
            let wrong = world.unlisted(&listed, &mut dice);
            let answer = world.book(id, &wrong, party).await;
            assert_eq!(answer.status.as_u16(), 409, "seed {seed}, turn {turn}: {wrong} is not listed: {answer:?}");
            if !listed.is_empty() {
                let slot = &listed[dice.roll(listed.len())];
                let start = slot["start"].as_str().unwrap();
                let answer = world.book(id, start, party).await;
                let said = String::from_utf8_lossy(&answer.body).into_owned();
                assert_eq!(answer.status.as_u16(), 201, "seed {seed}, turn {turn}: {start} is listed: {said}");
                let booking = answer.json();
                assert_eq!(
                    booking["resource_id"], slot["resource_id"],
                    "seed {seed}, turn {turn}: whom the list names"
                );
                bookings.push(booking);
                booked += 1;
            }
            if turn == 4 {
                // what is held now lapses, and is taken over by whoever comes; so does the owner's token
                service.clock.advance(TimeDelta::minutes(16));
                world.owner = service.owner_of(&world.tenant).await;
                holds.clear();
            }
            let listed = world.listed(id, party).await;
            if dice.roll(2) == 0 && !listed.is_empty() {
                holds.push(world.hold(id, &listed[dice.roll(listed.len())], party).await);
                held += 1;
            }
            if !holds.is_empty() && dice.roll(3) == 0 {
                let hold = holds.swap_remove(dice.roll(holds.len()));
                world.settle(&hold, &mut dice).await;
            }
            if turn % 2 == 1 {
                let (booking, none) = world.overview_booked(id, party, &mut dice).await;
                booked += usize::from(booking.is_some());
                full += usize::from(none);
                bookings.extend(booking);
            }
            if turn % 3 == 2 {
                let options = world.visits(&mut dice).await;
                if !options.is_empty() {
                    let option = &options[dice.roll(options.len())];
                    let path = "/api/v1/booking-itineraries";
                    let answer = world.owner.key(&key()).post(path, &visit(option)).await;
                    let said = String::from_utf8_lossy(&answer.body).into_owned();
                    assert_eq!(answer.status.as_u16(), 201, "seed {seed}, turn {turn}: {option}: {said}");
                    for (made, leg) in
                        answer.json()["bookings"].as_array().unwrap().iter().zip(option["legs"].as_array().unwrap())
                    {
                        assert_eq!(made["resource_id"], leg["resource_id"], "seed {seed}: whom the option names");
                    }
                    visited += 1;
                }
            }
            if !bookings.is_empty() && dice.roll(3) == 0 {
                let at = dice.roll(bookings.len());
                let booking = bookings.swap_remove(at);
                let path = format!("{BOOKINGS}/{}/cancel", booking["id"].as_str().unwrap());
                world.owner.key(&key()).post(&path, &json!({})).await.expect(200);
            }
        }
        // what is alone on its time is alone
        let pairs: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM app.booking_allocations a JOIN app.booking_allocations b
               ON b.tenant_id = a.tenant_id AND b.resource_id = a.resource_id AND a.id < b.id
              AND a.start_at < b.end_at AND b.start_at < a.end_at
             WHERE a.tenant_id = $1 AND a.exclusive AND a.state = 'confirmed' AND b.state = 'confirmed'",
        )
        .bind(world.tenant.id.0)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
        assert_eq!(pairs, 0, "seed {seed}");
    }
    // the worlds are not all closed
    let told = format!("{booked} booked, {visited} visits, {held} held, {full} days without a time");
    assert!(booked >= 60 && visited >= 8 && held >= 20 && full >= 5, "{told}");
}
