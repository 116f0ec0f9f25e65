//! What a service needs at once, and what a resource can take: groups of resources (a therapist and a room), pools
//! (four massage tables), limits, and the traces that a booking keeps of how it was arranged.
//!
//! `booking_no_overlap` guards what is alone; `app.guard_allocation()` guards what is shared, under the resource's row
//! lock, and keeps the two from meeting. So no time is sold twice whatever the code believes, pools included. An
//! overbooking is a row that says so (`overbooked`): somebody wanted it, and the audit log knows who.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0008_needs",
    sql: r#"
-- How one is chosen out of a group, and what of it is taken. A group without a row here has the defaults.
CREATE TABLE app.service_resource_groups (
  tenant_id  uuid        NOT NULL,
  service_id uuid        NOT NULL,
  position   smallint    NOT NULL,
  name       text,
  pick       text        NOT NULL DEFAULT 'fewest_bookings',
  -- How many different ones: two therapists for a massage of two.
  count      integer     NOT NULL DEFAULT 1,
  -- What is taken of each. Null: one of equipment, and a member of staff or a room as a whole.
  units      integer,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT service_resource_groups_pkey PRIMARY KEY (tenant_id, service_id, position),
  CONSTRAINT service_resource_groups_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT service_resource_groups_service_id_fkey
    FOREIGN KEY (tenant_id, service_id) REFERENCES app.services (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT service_resource_groups_position CHECK (position BETWEEN 0 AND 9),
  CONSTRAINT service_resource_groups_name CHECK (length(name) BETWEEN 1 AND 100),
  CONSTRAINT service_resource_groups_pick CHECK (pick IN ('fewest_bookings', 'round_robin', 'least_recent', 'priority')),
  CONSTRAINT service_resource_groups_count CHECK (count BETWEEN 1 AND 10),
  CONSTRAINT service_resource_groups_units CHECK (units BETWEEN 1 AND 10000)
);
CREATE TRIGGER service_resource_groups_touch BEFORE UPDATE ON app.service_resource_groups
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER service_resource_groups_audit AFTER INSERT OR UPDATE OR DELETE ON app.service_resource_groups
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- One resource may stand in several groups of a service: the same therapists, twice.
ALTER TABLE app.service_resources
  ADD COLUMN position smallint NOT NULL DEFAULT 0,
  ADD COLUMN priority integer NOT NULL DEFAULT 0,
  ADD COLUMN weight integer NOT NULL DEFAULT 1,
  DROP CONSTRAINT service_resources_pkey,
  ADD CONSTRAINT service_resources_pkey PRIMARY KEY (tenant_id, service_id, position, resource_id),
  ADD CONSTRAINT service_resources_position CHECK (position BETWEEN 0 AND 9),
  ADD CONSTRAINT service_resources_priority CHECK (priority BETWEEN -1000 AND 1000),
  ADD CONSTRAINT service_resources_weight CHECK (weight BETWEEN 1 AND 100);

-- How many bookings a day, week or month take; in all, or of one customer.
ALTER TABLE app.services
  ADD COLUMN limits_json jsonb NOT NULL DEFAULT '[]',
  ADD CONSTRAINT services_limits_json CHECK (jsonb_typeof(limits_json) = 'array');
ALTER TABLE app.resources
  ADD COLUMN limits_json jsonb NOT NULL DEFAULT '[]',
  ADD CONSTRAINT resources_limits_json CHECK (jsonb_typeof(limits_json) = 'array');

-- One visit of several services shares `itinerary_id`, one rule of repetition `series_id`.
-- `wall_start` in `wall_tz` is what was agreed upon, by the clock on the wall; `tzdata` is the release of the zone rules
-- that made `start_at` of it: when a later release disagrees, the customer can be told.
ALTER TABLE app.bookings
  ADD COLUMN series_id uuid,
  ADD COLUMN series_index integer,
  ADD COLUMN itinerary_id uuid,
  ADD COLUMN overbooked boolean NOT NULL DEFAULT false,
  ADD COLUMN wall_start timestamp,
  ADD COLUMN wall_tz text,
  ADD COLUMN tzdata text,
  ADD CONSTRAINT bookings_series_index CHECK (series_index >= 0),
  ADD CONSTRAINT bookings_wall CHECK ((wall_start IS NULL) = (wall_tz IS NULL)),
  ADD CONSTRAINT bookings_wall_tz CHECK (length(wall_tz) BETWEEN 1 AND 50),
  ADD CONSTRAINT bookings_tzdata CHECK (length(tzdata) BETWEEN 1 AND 20);
CREATE INDEX bookings_itinerary_idx ON app.bookings (tenant_id, itinerary_id) WHERE itinerary_id IS NOT NULL;
CREATE INDEX bookings_series_idx ON app.bookings (tenant_id, series_id, series_index) WHERE series_id IS NOT NULL;

-- `picked`: nobody asked for this one, the rule of the group chose it.
ALTER TABLE app.booking_items
  ADD COLUMN position smallint NOT NULL DEFAULT 0,
  ADD COLUMN picked boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT booking_items_position CHECK (position BETWEEN 0 AND 99);
CREATE INDEX booking_items_assigned_idx ON app.booking_items (tenant_id, resource_id, created_at);
CREATE INDEX booking_items_picked_idx ON app.booking_items (tenant_id, resource_id, created_at) WHERE picked;
DROP INDEX app.booking_items_resource_idx;

-- What takes time without being a booking yet comes with its own step; here is where it will be written.
ALTER TABLE app.booking_allocations
  ADD COLUMN hold_id uuid,
  ADD COLUMN held_until timestamptz,
  ADD COLUMN overbooked boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT booking_allocations_owner,
  ADD CONSTRAINT booking_allocations_owner CHECK (num_nonnulls(booking_id, class_session_id, hold_id) = 1),
  ADD CONSTRAINT booking_allocations_held CHECK ((hold_id IS NULL) = (held_until IS NULL)),
  ADD CONSTRAINT booking_allocations_held_state CHECK (state <> 'held' OR hold_id IS NOT NULL);

-- What no constraint can state. A resource that takes one at a time is alone on its time, and meets nothing that is
-- shared; of one that takes several no more is taken at any instant than there is. `exclusive` follows the resource.
-- What is shared waits for the resource's row: the count below sees whatever was committed before.
CREATE FUNCTION app.guard_allocation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  room integer;
  used bigint;
BEGIN
  IF NEW.overbooked THEN
    NEW.exclusive := false;
    RETURN NEW;
  END IF;
  SELECT r.capacity INTO room FROM app.resources r
  WHERE r.tenant_id = NEW.tenant_id AND r.id = NEW.resource_id FOR KEY SHARE;
  IF room IS NULL THEN
    RETURN NEW; -- the foreign key says it better
  END IF;
  NEW.exclusive := room = 1;
  IF coalesce(NEW.state NOT IN ('held', 'pending', 'confirmed', 'checked_in'), true) THEN
    RETURN NEW;
  END IF;
  IF room = 1 THEN
    PERFORM 1 FROM app.booking_allocations a
    WHERE a.tenant_id = NEW.tenant_id AND a.resource_id = NEW.resource_id AND a.id <> NEW.id
      AND a.start_at > NEW.start_at - interval '24 hours' AND a.start_at < NEW.end_at AND a.end_at > NEW.start_at
      AND NOT a.exclusive AND coalesce(a.state IN ('held', 'pending', 'confirmed', 'checked_in'), false);
    IF FOUND THEN
      RAISE EXCEPTION 'this time of the resource is taken'
        USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'booking_no_overlap', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
  END IF;
  PERFORM 1 FROM app.resources r WHERE r.tenant_id = NEW.tenant_id AND r.id = NEW.resource_id FOR NO KEY UPDATE;
  WITH near AS (
    SELECT a.start_at, a.end_at, CASE WHEN a.exclusive THEN room ELSE a.quantity END AS units
    FROM app.booking_allocations a
    WHERE a.tenant_id = NEW.tenant_id AND a.resource_id = NEW.resource_id AND a.id <> NEW.id
      AND a.start_at > NEW.start_at - interval '24 hours' AND a.start_at < NEW.end_at AND a.end_at > NEW.start_at
      AND coalesce(a.state IN ('held', 'pending', 'confirmed', 'checked_in'), false)
  ), peaks AS (
    SELECT NEW.start_at AS at UNION SELECT start_at FROM near WHERE start_at > NEW.start_at
  )
  SELECT max(held.units) INTO used
  FROM (SELECT sum(near.units) AS units FROM peaks JOIN near ON near.start_at <= peaks.at AND near.end_at > peaks.at
        GROUP BY peaks.at) held;
  IF coalesce(used, 0) + NEW.quantity > room THEN
    RAISE EXCEPTION 'not enough of the resource is left at this time'
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'booking_pool_capacity', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER booking_allocations_a_guard BEFORE INSERT ON app.booking_allocations
  FOR EACH ROW EXECUTE FUNCTION app.guard_allocation();
-- A row that blocks already, and stays where it is, keeps its place without asking again.
CREATE TRIGGER booking_allocations_a_guard_again BEFORE UPDATE ON app.booking_allocations
  FOR EACH ROW WHEN (
    coalesce(NEW.state IN ('held', 'pending', 'confirmed', 'checked_in'), false)
    AND (coalesce(OLD.state NOT IN ('held', 'pending', 'confirmed', 'checked_in'), true)
      OR (OLD.resource_id, OLD.start_at, OLD.end_at, OLD.quantity, OLD.overbooked, OLD.exclusive)
        IS DISTINCT FROM (NEW.resource_id, NEW.start_at, NEW.end_at, NEW.quantity, NEW.overbooked, NEW.exclusive)))
  EXECUTE FUNCTION app.guard_allocation();
"#,
};
