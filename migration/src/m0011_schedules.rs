//! When members of staff work: `staff_availability` (one window of a weekday) and `work_schedules` (a set of windows for
//! a season, other hours on some dates, time off).
//!
//! Slots are computed from `availability_rules` and `availability_exceptions` alone. These tables are written through to
//! them: a row there that follows from a row here names it, and goes with it.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0011_schedules",
    sql: r#"
CREATE TABLE app.staff_availability (
  tenant_id        uuid        NOT NULL,
  id               uuid        NOT NULL,
  staff_profile_id uuid        NOT NULL,
  weekday          smallint    NOT NULL,
  starts           time        NOT NULL,
  ends             time        NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT staff_availability_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT staff_availability_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT staff_availability_staff_profile_id_fkey
    FOREIGN KEY (tenant_id, staff_profile_id) REFERENCES app.staff_profiles (tenant_id, id),
  CONSTRAINT staff_availability_start_unique UNIQUE (tenant_id, staff_profile_id, weekday, starts),
  CONSTRAINT staff_availability_weekday CHECK (weekday BETWEEN 0 AND 6),
  CONSTRAINT staff_availability_window CHECK (starts < '24:00' AND (starts <> ends OR starts = '00:00')),
  CONSTRAINT staff_availability_whole_minutes CHECK (extract(second FROM starts) = 0 AND extract(second FROM ends) = 0)
);
CREATE TRIGGER staff_availability_touch BEFORE UPDATE ON app.staff_availability
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER staff_availability_audit AFTER INSERT OR UPDATE OR DELETE ON app.staff_availability
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

CREATE TABLE app.work_schedules (
  tenant_id        uuid        NOT NULL,
  id               uuid        NOT NULL,
  staff_profile_id uuid        NOT NULL,
  schedule_type    text        NOT NULL,
  -- Both dates included; null is without end, which only what recurs may be.
  valid_from       date,
  valid_until      date,
  -- Windows: {start_time, end_time}, and of what recurs the weekday. None of time off is whole days.
  work_hours       jsonb       NOT NULL,
  reason           text,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT work_schedules_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT work_schedules_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT work_schedules_staff_profile_id_fkey
    FOREIGN KEY (tenant_id, staff_profile_id) REFERENCES app.staff_profiles (tenant_id, id),
  CONSTRAINT work_schedules_schedule_type CHECK (schedule_type IN ('recurring', 'override', 'time_off')),
  CONSTRAINT work_schedules_validity CHECK (valid_from <= valid_until),
  CONSTRAINT work_schedules_dates CHECK (schedule_type = 'recurring'
    OR (num_nonnulls(valid_from, valid_until) = 2
        AND valid_until - valid_from < CASE schedule_type WHEN 'override' THEN 92 ELSE 366 END)),
  CONSTRAINT work_schedules_work_hours CHECK (jsonb_typeof(work_hours) = 'array' AND jsonb_array_length(work_hours) <= 100),
  CONSTRAINT work_schedules_reason CHECK (length(reason) <= 500)
);
CREATE INDEX work_schedules_staff_idx ON app.work_schedules (tenant_id, staff_profile_id, created_at, id);
CREATE TRIGGER work_schedules_touch BEFORE UPDATE ON app.work_schedules
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER work_schedules_audit AFTER INSERT OR UPDATE OR DELETE ON app.work_schedules
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- Where a rule comes from; both null: it was written as a rule.
ALTER TABLE app.availability_rules ADD COLUMN staff_availability_id uuid;
ALTER TABLE app.availability_rules ADD COLUMN work_schedule_id uuid;
ALTER TABLE app.availability_rules
  ADD CONSTRAINT availability_rules_staff_availability_id_fkey FOREIGN KEY (tenant_id, staff_availability_id)
    REFERENCES app.staff_availability (tenant_id, id) ON DELETE CASCADE,
  ADD CONSTRAINT availability_rules_work_schedule_id_fkey FOREIGN KEY (tenant_id, work_schedule_id)
    REFERENCES app.work_schedules (tenant_id, id) ON DELETE CASCADE,
  ADD CONSTRAINT availability_rules_staff_availability_unique UNIQUE (tenant_id, staff_availability_id),
  ADD CONSTRAINT availability_rules_origin CHECK (num_nonnulls(staff_availability_id, work_schedule_id) <= 1);
CREATE INDEX availability_rules_work_schedule_idx ON app.availability_rules (tenant_id, work_schedule_id);

ALTER TABLE app.availability_exceptions ADD COLUMN work_schedule_id uuid;
-- Dates that were made with one call share it; null: a date of its own.
ALTER TABLE app.availability_exceptions ADD COLUMN range_id uuid;
ALTER TABLE app.availability_exceptions
  ADD CONSTRAINT availability_exceptions_work_schedule_id_fkey FOREIGN KEY (tenant_id, work_schedule_id)
    REFERENCES app.work_schedules (tenant_id, id) ON DELETE CASCADE;
CREATE INDEX availability_exceptions_work_schedule_idx ON app.availability_exceptions (tenant_id, work_schedule_id);
CREATE INDEX availability_exceptions_range_idx ON app.availability_exceptions (tenant_id, range_id);
"#,
};
