//! Time that is promised before it is booked: `booking_holds`, `waitlist_entries`, and what repeats: `booking_series`.
//!
//! A hold's time is its allocations, as a booking's is; when it has expired, whoever takes the time next takes it over
//! in the same transaction, so that nothing depends on a clean-up. An offer to somebody who waits is a hold.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0009_holds",
    sql: r#"
CREATE TABLE app.waitlist_entries (
  tenant_id        uuid        NOT NULL,
  id               uuid        NOT NULL,
  customer_id      uuid        NOT NULL,
  service_id       uuid        NOT NULL,
  -- Null: whoever gives the service.
  resource_id      uuid,
  -- Starts in [from_at, until_at) are wanted.
  from_at          timestamptz NOT NULL,
  until_at         timestamptz NOT NULL,
  attendee_count   integer     NOT NULL DEFAULT 1,
  status           text        NOT NULL DEFAULT 'waiting',
  source           text        NOT NULL,
  notes            text,
  offers           integer     NOT NULL DEFAULT 0,
  offered_at       timestamptz,
  offer_expires_at timestamptz,
  -- The present offer, then what became of it.
  hold_id          uuid,
  booking_id       uuid,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT waitlist_entries_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT waitlist_entries_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT waitlist_entries_customer_id_fkey
    FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT waitlist_entries_service_id_fkey
    FOREIGN KEY (tenant_id, service_id) REFERENCES app.services (tenant_id, id),
  CONSTRAINT waitlist_entries_resource_id_fkey
    FOREIGN KEY (tenant_id, resource_id) REFERENCES app.resources (tenant_id, id),
  CONSTRAINT waitlist_entries_booking_id_fkey
    FOREIGN KEY (tenant_id, booking_id) REFERENCES app.bookings (tenant_id, id),
  CONSTRAINT waitlist_entries_time_order CHECK (from_at < until_at),
  CONSTRAINT waitlist_entries_attendee_count CHECK (attendee_count BETWEEN 1 AND 10000),
  CONSTRAINT waitlist_entries_status CHECK (status IN ('waiting', 'offered', 'booked', 'left', 'expired')),
  CONSTRAINT waitlist_entries_source CHECK (source IN ('staff', 'public', 'import')),
  CONSTRAINT waitlist_entries_notes CHECK (length(notes) <= 1000),
  CONSTRAINT waitlist_entries_offers CHECK (offers >= 0),
  CONSTRAINT waitlist_entries_offered CHECK (status <> 'offered' OR (hold_id IS NOT NULL AND offer_expires_at IS NOT NULL))
);
CREATE INDEX waitlist_entries_line_idx ON app.waitlist_entries (tenant_id, service_id, created_at, id) WHERE status = 'waiting';
CREATE INDEX waitlist_entries_list_idx ON app.waitlist_entries (tenant_id, created_at, id);
CREATE INDEX waitlist_entries_customer_idx ON app.waitlist_entries (tenant_id, customer_id);
CREATE INDEX waitlist_entries_service_idx ON app.waitlist_entries (tenant_id, service_id);
CREATE INDEX waitlist_entries_resource_idx ON app.waitlist_entries (tenant_id, resource_id);
CREATE INDEX waitlist_entries_booking_idx ON app.waitlist_entries (tenant_id, booking_id);
CREATE INDEX waitlist_entries_lapsing_idx ON app.waitlist_entries (tenant_id, offer_expires_at) WHERE status = 'offered';
CREATE TRIGGER waitlist_entries_touch BEFORE UPDATE ON app.waitlist_entries
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER waitlist_entries_audit AFTER INSERT OR UPDATE OR DELETE ON app.waitlist_entries
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

CREATE TABLE app.booking_holds (
  tenant_id         uuid        NOT NULL,
  id                uuid        NOT NULL,
  service_id        uuid        NOT NULL,
  -- The resource that the customer meets; the allocations have all of them.
  resource_id       uuid        NOT NULL,
  -- Seats of a class are held by its counter.
  class_session_id  uuid,
  waitlist_entry_id uuid,
  start_at          timestamptz NOT NULL,
  end_at            timestamptz NOT NULL,
  attendee_count    integer     NOT NULL DEFAULT 1,
  -- The price of all seats, as promised.
  total_cents       bigint      NOT NULL,
  currency          text        NOT NULL,
  status            text        NOT NULL DEFAULT 'held',
  source            text        NOT NULL,
  expires_at        timestamptz NOT NULL,
  extensions        integer     NOT NULL DEFAULT 0,
  booking_id        uuid,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT booking_holds_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT booking_holds_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT booking_holds_service_id_fkey FOREIGN KEY (tenant_id, service_id) REFERENCES app.services (tenant_id, id),
  CONSTRAINT booking_holds_resource_id_fkey
    FOREIGN KEY (tenant_id, resource_id) REFERENCES app.resources (tenant_id, id),
  CONSTRAINT booking_holds_class_session_id_fkey
    FOREIGN KEY (tenant_id, class_session_id) REFERENCES app.class_sessions (tenant_id, id),
  CONSTRAINT booking_holds_waitlist_entry_id_fkey
    FOREIGN KEY (tenant_id, waitlist_entry_id) REFERENCES app.waitlist_entries (tenant_id, id),
  CONSTRAINT booking_holds_booking_id_fkey FOREIGN KEY (tenant_id, booking_id) REFERENCES app.bookings (tenant_id, id),
  CONSTRAINT booking_holds_time_order CHECK (start_at < end_at),
  CONSTRAINT booking_holds_attendee_count CHECK (attendee_count BETWEEN 1 AND 10000),
  CONSTRAINT booking_holds_total_cents CHECK (total_cents >= 0),
  CONSTRAINT booking_holds_currency CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT booking_holds_status CHECK (status IN ('held', 'redeemed', 'released', 'expired')),
  CONSTRAINT booking_holds_source CHECK (source IN ('staff', 'public', 'import')),
  CONSTRAINT booking_holds_extensions CHECK (extensions BETWEEN 0 AND 100),
  CONSTRAINT booking_holds_redeemed CHECK ((status = 'redeemed') = (booking_id IS NOT NULL))
);
CREATE INDEX booking_holds_expiry_idx ON app.booking_holds (tenant_id, expires_at) WHERE status = 'held';
CREATE INDEX booking_holds_class_session_idx ON app.booking_holds (tenant_id, class_session_id);
CREATE INDEX booking_holds_service_idx ON app.booking_holds (tenant_id, service_id);
CREATE INDEX booking_holds_resource_idx ON app.booking_holds (tenant_id, resource_id);
CREATE INDEX booking_holds_waitlist_entry_idx ON app.booking_holds (tenant_id, waitlist_entry_id);
CREATE INDEX booking_holds_booking_idx ON app.booking_holds (tenant_id, booking_id);
CREATE TRIGGER booking_holds_touch BEFORE UPDATE ON app.booking_holds
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER booking_holds_audit AFTER INSERT OR UPDATE OR DELETE ON app.booking_holds
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

ALTER TABLE app.waitlist_entries
  ADD CONSTRAINT waitlist_entries_hold_id_fkey
    FOREIGN KEY (tenant_id, hold_id) REFERENCES app.booking_holds (tenant_id, id);
CREATE INDEX waitlist_entries_hold_idx ON app.waitlist_entries (tenant_id, hold_id);

ALTER TABLE app.booking_allocations
  ADD CONSTRAINT booking_allocations_hold_id_fkey
    FOREIGN KEY (tenant_id, hold_id) REFERENCES app.booking_holds (tenant_id, id) ON DELETE CASCADE;
CREATE INDEX booking_allocations_hold_idx ON app.booking_allocations (tenant_id, hold_id);

-- A rule of repetition and the bookings that came of it (`bookings.series_id`).
CREATE TABLE app.booking_series (
  tenant_id      uuid        NOT NULL,
  id             uuid        NOT NULL,
  customer_id    uuid        NOT NULL,
  service_id     uuid        NOT NULL,
  resource_id    uuid,
  -- RFC 5545, without DTSTART: that is `starts_local` in `tz`.
  rrule          text        NOT NULL,
  starts_local   timestamp   NOT NULL,
  tz             text        NOT NULL,
  attendee_count integer     NOT NULL DEFAULT 1,
  status         text        NOT NULL DEFAULT 'active',
  -- How many times the rule names, and how many of them were booked.
  occurrences    integer     NOT NULL,
  booked         integer     NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  updated_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT booking_series_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT booking_series_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT booking_series_customer_id_fkey
    FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT booking_series_service_id_fkey FOREIGN KEY (tenant_id, service_id) REFERENCES app.services (tenant_id, id),
  CONSTRAINT booking_series_resource_id_fkey
    FOREIGN KEY (tenant_id, resource_id) REFERENCES app.resources (tenant_id, id),
  CONSTRAINT booking_series_rrule CHECK (length(rrule) BETWEEN 1 AND 500),
  CONSTRAINT booking_series_tz CHECK (length(tz) BETWEEN 1 AND 50),
  CONSTRAINT booking_series_attendee_count CHECK (attendee_count BETWEEN 1 AND 10000),
  CONSTRAINT booking_series_status CHECK (status IN ('active', 'canceled')),
  CONSTRAINT booking_series_booked CHECK (booked BETWEEN 0 AND occurrences)
);
CREATE INDEX booking_series_list_idx ON app.booking_series (tenant_id, created_at, id);
CREATE INDEX booking_series_customer_idx ON app.booking_series (tenant_id, customer_id);
CREATE INDEX booking_series_service_idx ON app.booking_series (tenant_id, service_id);
CREATE INDEX booking_series_resource_idx ON app.booking_series (tenant_id, resource_id);
CREATE TRIGGER booking_series_touch BEFORE UPDATE ON app.booking_series
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER booking_series_audit AFTER INSERT OR UPDATE OR DELETE ON app.booking_series
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

ALTER TABLE app.bookings
  ADD CONSTRAINT bookings_series_id_fkey
    FOREIGN KEY (tenant_id, series_id) REFERENCES app.booking_series (tenant_id, id),
  ADD CONSTRAINT bookings_series_pair CHECK ((series_id IS NULL) = (series_index IS NULL));
"#,
};
