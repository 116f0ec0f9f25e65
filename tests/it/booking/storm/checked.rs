//! The audit itself: a calm business has no faults, and each thing that may not be is found.
use super::client::{Client, Storm};
use super::place::Place;
use super::wire::Wire;
use super::{audit, begin};
use crate::support::app::Service;

/// Enough that there is some of everything.
const OPERATIONS: usize = 300;

/// What is done to the tables behind the service's back, and what the audit says of it.
const WRONGS: &[(&str, &str)] = &[
    (
        "ALTER TABLE app.booking_allocations DROP CONSTRAINT booking_no_overlap;
         WITH pair AS (
           SELECT a.id, b.start_at, b.end_at FROM app.booking_allocations a JOIN app.booking_allocations b USING (tenant_id, resource_id)
           WHERE a.exclusive AND a.id < b.id AND a.state = 'confirmed' AND b.state IN ('pending', 'confirmed') LIMIT 1)
         UPDATE app.booking_allocations a SET start_at = pair.start_at, end_at = pair.end_at FROM pair WHERE a.id = pair.id",
        "two that have one resource at once",
    ),
    (
        "UPDATE app.booking_allocations SET quantity = 4 WHERE id =
           (SELECT id FROM app.booking_allocations WHERE NOT exclusive AND state = 'confirmed' LIMIT 1)",
        "times at which more is taken of a pool than there is",
    ),
    (
        "UPDATE app.booking_allocations SET exclusive = false WHERE id =
           (SELECT id FROM app.booking_allocations WHERE exclusive AND state = 'confirmed' LIMIT 1)",
        "allocations that are not as their resource is",
    ),
    (
        "UPDATE app.class_sessions SET taken = CASE WHEN taken = 0 THEN 1 ELSE taken - 1 END",
        "classes whose seats are not those of their bookings and holds",
    ),
    (
        "DELETE FROM app.booking_allocations WHERE class_session_id IS NOT NULL AND state = 'confirmed'",
        "classes with seats and no room",
    ),
    (
        "UPDATE app.booking_allocations SET state = 'canceled' WHERE id =
           (SELECT id FROM app.booking_allocations WHERE booking_id IS NOT NULL AND state = 'confirmed' LIMIT 1)",
        "bookings that have not all that they need",
    ),
    ("DELETE FROM app.booking_allocations WHERE hold_id IS NOT NULL AND state = 'held'", "holds that have ended"),
    (
        "UPDATE app.audit_logs SET new_data = jsonb_set(new_data, '{status}', '\"completed\"')
         WHERE table_name = 'bookings' AND operation = 'UPDATE' AND new_data ->> 'status' = 'canceled'",
        "moves along no arrow",
    ),
    (
        "UPDATE app.bookings SET status = 'confirmed' WHERE status = 'checked_in'",
        "bookings that came to a status twice, or are not where their moves end",
    ),
    ("UPDATE app.bookings SET notes = 'the same' WHERE series_id IS NULL", "bookings of one key"),
    (
        "WITH one AS (SELECT rescheduled_from AS id FROM app.bookings WHERE rescheduled_from IS NOT NULL LIMIT 1)
         UPDATE app.bookings b SET rescheduled_from = one.id FROM one WHERE b.id <> one.id",
        "bookings in the place of one",
    ),
    (
        "UPDATE app.bookings SET status = 'confirmed' WHERE id IN (SELECT rescheduled_from FROM app.bookings)",
        "bookings that were moved and go on",
    ),
    ("DELETE FROM app.events_outbox WHERE event_code = 'BOOKING_CREATED'", "untold BOOKING_CREATED"),
    ("DELETE FROM app.events_outbox WHERE event_code = 'BOOKING_RESCHEDULED'", "untold BOOKING_RESCHEDULED"),
    (
        "INSERT INTO app.events_outbox (tenant_id, id, event_code, aggregate_type, aggregate_id)
         SELECT tenant_id, gen_random_uuid(), event_code, aggregate_type, aggregate_id FROM app.events_outbox
         WHERE event_code = 'BOOKING_CANCELED' LIMIT 1",
        "told for nothing BOOKING_CANCELED",
    ),
    (
        "DELETE FROM app.bookings WHERE status = 'confirmed' AND rescheduled_from IS NULL",
        "acknowledged and not so: Booked",
    ),
    ("UPDATE app.bookings SET status = 'confirmed' WHERE status = 'canceled'", "acknowledged and not so: Canceled"),
    ("UPDATE app.bookings SET rescheduled_from = NULL", "acknowledged and not so: Moved"),
    ("UPDATE app.bookings SET end_at = end_at + interval '1 h', start_at = start_at + interval '1 h'", "acknowledged and not so: Booked"),
    ("DELETE FROM app.booking_holds WHERE status <> 'redeemed'", "acknowledged and not so: Held"),
    ("UPDATE app.bookings SET series_id = NULL, series_index = NULL", "acknowledged and not so: Series"),
    ("DELETE FROM app.waitlist_entries", "acknowledged and not so: Joined"),
    ("UPDATE app.bookings SET status = 'checked_in' WHERE status = 'completed'", "acknowledged and not so: Completed"),
    ("UPDATE app.bookings SET status = 'confirmed', no_show_fee_status = 'none' WHERE status = 'no_show'", "acknowledged and not so: Missed"),
    ("UPDATE app.bookings SET itinerary_id = NULL", "acknowledged and not so: Visit"),
    ("UPDATE app.booking_holds SET extensions = 0", "acknowledged and not so: Extended"),
    ("DELETE FROM app.events_outbox WHERE event_code = 'BOOKING_COMPLETED'", "untold BOOKING_COMPLETED"),
    ("DELETE FROM app.events_outbox WHERE event_code = 'BOOKING_NO_SHOW'", "untold BOOKING_NO_SHOW"),
    ("DELETE FROM app.events_outbox WHERE event_code = 'BOOKING_ITINERARY_CREATED'", "untold BOOKING_ITINERARY_CREATED"),
    (
        "UPDATE app.booking_allocations SET held_until = held_until + interval '1 s' WHERE hold_id IS NOT NULL AND state = 'held'",
        "times that are kept until another moment than their hold",
    ),
    (
        "DELETE FROM app.bookings WHERE id IN (SELECT DISTINCT ON (itinerary_id) id FROM app.bookings
           WHERE itinerary_id IS NOT NULL AND rescheduled_from IS NULL ORDER BY itinerary_id, id)",
        "visits with one booking, or of two customers",
    ),
    ("UPDATE app.booking_holds SET visitor_hash = repeat('x', 22) WHERE status <> 'held'", "strangers who are known"),
];

#[tokio::test]
async fn the_audit_finds_what_may_not_be() {
    let service = Service::alone().await;
    let place = Place::open(&service, OPERATIONS).await;
    let token = service.token(place.tenant.owner, Some(place.tenant.id)).await;
    let tenant = place.tenant.id.0;
    let wire = Wire::new(service.address, place.tenant.host(), token);
    let storm = Storm::new(place, wire, 7, OPERATIONS);
    let mut client = Client::new(&storm, 0);
    client.run().await;
    let mut begun = service.platform().await;
    for number in 0..3 {
        begin(&storm, &mut begun, number).await;
        client.miss().await;
    }
    let facts = storm.facts.lock().unwrap().clone();
    let mut behind = service.database.connect("postgres").await;
    assert_eq!(audit::faults(&mut behind, tenant, &facts).await, [""; 0]);
    let untold = audit::faults(&mut behind, tenant, &facts[1..]).await;
    assert!(untold.iter().any(|fault| fault.contains("that nobody was told of")), "{untold:?}");
    for (wrong, said) in WRONGS {
        // without triggers and foreign keys
        sqlx::raw_sql("BEGIN; SET LOCAL session_replication_role = replica").execute(&mut behind).await.unwrap();
        sqlx::raw_sql(*wrong).execute(&mut behind).await.unwrap();
        let faults = audit::faults(&mut behind, tenant, &facts).await;
        assert!(faults.iter().any(|fault| fault.contains(said)), "{said}: {faults:?}");
        sqlx::raw_sql("ROLLBACK").execute(&mut behind).await.unwrap();
    }
    assert_eq!(audit::faults(&mut behind, tenant, &facts).await, [""; 0]);
}
