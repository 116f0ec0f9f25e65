//! Who takes which time: `bookings`, `booking_items`, `class_sessions`, `booking_allocations`.
//!
//! Two bookings never hold one resource at once: `booking_no_overlap` decides, whatever the code believes. Every
//! resource of an appointment has one exclusive allocation. A class has one exclusive allocation for itself, and its
//! seats are counted in `class_sessions.taken`, guarded by `class_sessions_seats`.
//!
//! A booking's status moves along the arrows of `app.booking_transition()` only, and carries its allocations with it.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0006_booking",
    sql: r#"
-- One start of a service that has several seats. Take seats by
-- UPDATE .. SET taken = taken + n WHERE taken + n <= capacity: never count, then insert.
CREATE TABLE app.class_sessions (
  tenant_id   uuid        NOT NULL,
  id          uuid        NOT NULL,
  service_id  uuid        NOT NULL,
  resource_id uuid        NOT NULL,
  start_at    timestamptz NOT NULL,
  end_at      timestamptz NOT NULL,
  capacity    integer     NOT NULL,
  taken       integer     NOT NULL DEFAULT 0,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT class_sessions_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT class_sessions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT class_sessions_service_id_fkey
    FOREIGN KEY (tenant_id, service_id) REFERENCES app.services (tenant_id, id),
  CONSTRAINT class_sessions_resource_id_fkey
    FOREIGN KEY (tenant_id, resource_id) REFERENCES app.resources (tenant_id, id),
  CONSTRAINT class_sessions_start_unique UNIQUE (tenant_id, service_id, resource_id, start_at),
  CONSTRAINT class_sessions_time_order CHECK (start_at < end_at),
  CONSTRAINT class_sessions_capacity CHECK (capacity BETWEEN 1 AND 10000),
  CONSTRAINT class_sessions_seats CHECK (taken BETWEEN 0 AND capacity)
);
CREATE INDEX class_sessions_resource_idx ON app.class_sessions (tenant_id, resource_id, start_at);
CREATE TRIGGER class_sessions_touch BEFORE UPDATE ON app.class_sessions
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();

CREATE TABLE app.bookings (
  tenant_id           uuid        NOT NULL,
  id                  uuid        NOT NULL,
  customer_id         uuid        NOT NULL,
  service_id          uuid        NOT NULL,
  -- The resource that the customer meets; others of the same appointment stand in the items.
  resource_id         uuid        NOT NULL,
  class_session_id    uuid,
  client_generated_id text,
  service_snapshot    jsonb       NOT NULL DEFAULT '{}',
  start_at            timestamptz NOT NULL,
  end_at              timestamptz NOT NULL,
  booking_tz          text        NOT NULL,
  status              text        NOT NULL DEFAULT 'pending',
  source              text        NOT NULL,
  attendee_count      integer     NOT NULL DEFAULT 1,
  total_cents         bigint      NOT NULL DEFAULT 0,
  currency            text        NOT NULL,
  notes               text,
  confirmed_at        timestamptz,
  checked_in_at       timestamptz,
  completed_at        timestamptz,
  canceled_at         timestamptz,
  canceled_by         text,
  cancel_reason       text,
  no_show_flag        boolean     NOT NULL DEFAULT false,
  no_show_fee_status  text        NOT NULL DEFAULT 'none',
  rescheduled_from    uuid,
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT bookings_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT bookings_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT bookings_customer_id_fkey
    FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT bookings_service_id_fkey
    FOREIGN KEY (tenant_id, service_id) REFERENCES app.services (tenant_id, id),
  CONSTRAINT bookings_resource_id_fkey
    FOREIGN KEY (tenant_id, resource_id) REFERENCES app.resources (tenant_id, id),
  CONSTRAINT bookings_class_session_id_fkey
    FOREIGN KEY (tenant_id, class_session_id) REFERENCES app.class_sessions (tenant_id, id),
  CONSTRAINT bookings_rescheduled_from_fkey
    FOREIGN KEY (tenant_id, rescheduled_from) REFERENCES app.bookings (tenant_id, id),
  CONSTRAINT bookings_client_generated_id_unique UNIQUE (tenant_id, client_generated_id),
  CONSTRAINT bookings_client_generated_id CHECK (length(client_generated_id) BETWEEN 1 AND 255),
  CONSTRAINT bookings_service_snapshot CHECK (jsonb_typeof(service_snapshot) = 'object'),
  CONSTRAINT bookings_time_order CHECK (start_at < end_at),
  CONSTRAINT bookings_booking_tz CHECK (length(booking_tz) BETWEEN 1 AND 50),
  CONSTRAINT bookings_status
    CHECK (status IN ('pending', 'confirmed', 'checked_in', 'completed', 'canceled', 'no_show', 'failed')),
  CONSTRAINT bookings_source CHECK (source IN ('staff', 'public', 'import')),
  CONSTRAINT bookings_attendee_count CHECK (attendee_count > 0),
  CONSTRAINT bookings_total_cents CHECK (total_cents >= 0),
  CONSTRAINT bookings_currency CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT bookings_notes CHECK (length(notes) <= 5000),
  CONSTRAINT bookings_canceled_by CHECK (canceled_by IN ('customer', 'staff', 'system')),
  CONSTRAINT bookings_cancel_reason CHECK (length(cancel_reason) <= 1000),
  CONSTRAINT bookings_no_show_fee_status CHECK (no_show_fee_status IN ('none', 'due', 'charged', 'waived', 'failed')),
  CONSTRAINT bookings_no_show_fee CHECK (no_show_fee_status = 'none' OR status = 'no_show'),
  CONSTRAINT bookings_not_from_itself CHECK (rescheduled_from <> id)
);
CREATE INDEX bookings_start_idx ON app.bookings (tenant_id, start_at, id);
CREATE INDEX bookings_status_idx ON app.bookings (tenant_id, status, start_at);
CREATE INDEX bookings_customer_idx ON app.bookings (tenant_id, customer_id, start_at);
CREATE INDEX bookings_service_idx ON app.bookings (tenant_id, service_id, start_at);
CREATE INDEX bookings_resource_idx ON app.bookings (tenant_id, resource_id, start_at);
CREATE INDEX bookings_class_session_idx ON app.bookings (tenant_id, class_session_id);
CREATE INDEX bookings_rescheduled_from_idx ON app.bookings (tenant_id, rescheduled_from);

-- The zone in which the customer's time is shown: the resource's, else the tenant's.
CREATE FUNCTION app.fill_booking_tz() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.booking_tz IS NULL THEN
    SELECT coalesce(r.tz, t.tz) INTO NEW.booking_tz
    FROM app.tenants t
    LEFT JOIN app.resources r ON r.tenant_id = t.id AND r.id = NEW.resource_id
    WHERE t.id = NEW.tenant_id;
  END IF;
  RETURN NEW;
END $$;

-- The status leads. Whoever sets only the older marks (`no_show_flag`, `canceled_at`) moves the status by them; after
-- that the marks are made to agree with the status.
CREATE FUNCTION app.sync_booking_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.status = OLD.status THEN
    IF NEW.canceled_at IS NOT NULL AND OLD.canceled_at IS NULL THEN
      NEW.status := 'canceled';
    ELSIF NEW.no_show_flag AND NOT OLD.no_show_flag THEN
      NEW.status := 'no_show';
    END IF;
  END IF;
  NEW.canceled_at := CASE WHEN NEW.status = 'canceled' THEN coalesce(NEW.canceled_at, now()) END;
  NEW.no_show_flag := NEW.status = 'no_show';
  RETURN NEW;
END $$;

-- The table of moves that no code gets round. A new booking is pending or confirmed; only an import may bring one with
-- its history.
CREATE FUNCTION app.booking_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status IN ('pending', 'confirmed') OR NEW.source = 'import' THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a booking cannot begin as %', NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_transition', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  IF NEW.status = OLD.status OR (OLD.status, NEW.status) IN (
    ('pending', 'confirmed'), ('pending', 'canceled'), ('pending', 'failed'),
    ('confirmed', 'checked_in'), ('confirmed', 'canceled'), ('confirmed', 'no_show'),
    ('checked_in', 'completed')
  ) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a booking cannot go from % to %', OLD.status, NEW.status
    USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_transition', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END $$;

CREATE TABLE app.booking_items (
  tenant_id         uuid        NOT NULL,
  id                uuid        NOT NULL,
  booking_id        uuid        NOT NULL,
  resource_id       uuid        NOT NULL,
  service_id        uuid        NOT NULL,
  start_at          timestamptz NOT NULL,
  end_at            timestamptz NOT NULL,
  buffer_before_min integer     NOT NULL DEFAULT 0,
  buffer_after_min  integer     NOT NULL DEFAULT 0,
  price_cents       bigint      NOT NULL DEFAULT 0,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT booking_items_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT booking_items_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT booking_items_booking_id_fkey
    FOREIGN KEY (tenant_id, booking_id) REFERENCES app.bookings (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT booking_items_resource_id_fkey
    FOREIGN KEY (tenant_id, resource_id) REFERENCES app.resources (tenant_id, id),
  CONSTRAINT booking_items_service_id_fkey
    FOREIGN KEY (tenant_id, service_id) REFERENCES app.services (tenant_id, id),
  CONSTRAINT booking_items_time_order CHECK (start_at < end_at),
  CONSTRAINT booking_items_buffer_before_min CHECK (buffer_before_min >= 0),
  CONSTRAINT booking_items_buffer_after_min CHECK (buffer_after_min >= 0),
  CONSTRAINT booking_items_price_cents CHECK (price_cents >= 0)
);
CREATE INDEX booking_items_booking_idx ON app.booking_items (tenant_id, booking_id);
CREATE INDEX booking_items_resource_idx ON app.booking_items (tenant_id, resource_id);
CREATE INDEX booking_items_service_idx ON app.booking_items (tenant_id, service_id);
CREATE TRIGGER booking_items_touch BEFORE UPDATE ON app.booking_items
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();

-- A resource's time as taken, buffers included: start_at and end_at are the occupied bounds.
CREATE TABLE app.booking_allocations (
  tenant_id        uuid        NOT NULL,
  id               uuid        NOT NULL,
  -- Exactly one of the two: an appointment, or a class as a whole.
  booking_id       uuid,
  class_session_id uuid,
  resource_id      uuid        NOT NULL,
  start_at         timestamptz NOT NULL,
  end_at           timestamptz NOT NULL,
  occupied         tstzrange   NOT NULL GENERATED ALWAYS AS (tstzrange(start_at, end_at, '[)')) STORED,
  state            text        NOT NULL,
  -- False for one of several equal things (a pool of mats): `quantity` of the resource's capacity is taken.
  exclusive        boolean     NOT NULL DEFAULT true,
  quantity         integer     NOT NULL DEFAULT 1,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT booking_allocations_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT booking_allocations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT booking_allocations_booking_id_fkey
    FOREIGN KEY (tenant_id, booking_id) REFERENCES app.bookings (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT booking_allocations_class_session_id_fkey
    FOREIGN KEY (tenant_id, class_session_id) REFERENCES app.class_sessions (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT booking_allocations_resource_id_fkey
    FOREIGN KEY (tenant_id, resource_id) REFERENCES app.resources (tenant_id, id),
  CONSTRAINT booking_allocations_owner CHECK (num_nonnulls(booking_id, class_session_id) = 1),
  CONSTRAINT booking_allocations_time_order CHECK (start_at < end_at),
  -- entity::booking_allocations::MAX_OCCUPIED is this bound. Busy times are read with
  -- start_at > from - bound AND start_at < to AND end_at > from, which is right only while it holds.
  CONSTRAINT booking_allocations_length CHECK (end_at - start_at <= interval '24 hours'),
  CONSTRAINT booking_allocations_state CHECK
    (state IN ('held', 'pending', 'confirmed', 'checked_in', 'completed', 'canceled', 'no_show', 'failed')),
  CONSTRAINT booking_allocations_quantity CHECK (quantity > 0),
  CONSTRAINT booking_no_overlap EXCLUDE USING gist (tenant_id WITH =, resource_id WITH =, occupied WITH &&)
    WHERE (exclusive AND state IN ('held', 'pending', 'confirmed', 'checked_in'))
);
CREATE INDEX booking_allocations_busy_idx ON app.booking_allocations (tenant_id, resource_id, start_at) INCLUDE (end_at);
CREATE INDEX booking_allocations_booking_idx ON app.booking_allocations (tenant_id, booking_id);
CREATE INDEX booking_allocations_class_session_idx ON app.booking_allocations (tenant_id, class_session_id);
CREATE TRIGGER booking_allocations_touch BEFORE UPDATE ON app.booking_allocations
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();

-- What is freed or kept follows the booking, in the same statement.
CREATE FUNCTION app.carry_booking_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE app.booking_allocations SET state = NEW.status
  WHERE tenant_id = NEW.tenant_id AND booking_id = NEW.id AND state <> NEW.status;
  RETURN NULL;
END $$;

-- Triggers of one kind fire in the order of their names: the zone, then the marks, then the guard.
CREATE TRIGGER bookings_a_fill_tz BEFORE INSERT ON app.bookings
  FOR EACH ROW EXECUTE FUNCTION app.fill_booking_tz();
CREATE TRIGGER bookings_b_sync_status BEFORE INSERT OR UPDATE ON app.bookings
  FOR EACH ROW EXECUTE FUNCTION app.sync_booking_status();
CREATE TRIGGER bookings_c_transition BEFORE INSERT OR UPDATE ON app.bookings
  FOR EACH ROW EXECUTE FUNCTION app.booking_transition();
CREATE TRIGGER bookings_d_touch BEFORE UPDATE ON app.bookings
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
-- Not "UPDATE OF status": a mark may have moved the status without naming it.
CREATE TRIGGER bookings_carry_status AFTER UPDATE ON app.bookings
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION app.carry_booking_status();
CREATE TRIGGER bookings_audit AFTER INSERT OR UPDATE OR DELETE ON app.bookings
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();
"#,
};
