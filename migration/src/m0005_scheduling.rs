//! When a resource works: weekly `availability_rules` and dated `availability_exceptions`, both in wall time.
//!
//! Weekdays count from Monday = 0 to Sunday = 6. A window whose end is not after its start runs past midnight; `24:00`
//! and `00:00` as an end mean the same midnight (a client that knows no 24:00 reads 00:00), so 00:00 to 00:00 is the
//! whole day. Any other window without length is refused.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0005_scheduling",
    sql: r#"
CREATE TABLE app.availability_rules (
  tenant_id   uuid        NOT NULL,
  id          uuid        NOT NULL,
  resource_id uuid        NOT NULL,
  rule_type   text        NOT NULL DEFAULT 'weekly',
  weekday     smallint    NOT NULL,
  starts      time        NOT NULL,
  ends        time        NOT NULL,
  valid_from  date,
  valid_until date,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT availability_rules_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT availability_rules_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT availability_rules_resource_id_fkey
    FOREIGN KEY (tenant_id, resource_id) REFERENCES app.resources (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT availability_rules_rule_type CHECK (rule_type IN ('weekly')),
  CONSTRAINT availability_rules_weekday CHECK (weekday BETWEEN 0 AND 6),
  CONSTRAINT availability_rules_window CHECK (starts < '24:00' AND (starts <> ends OR starts = '00:00')),
  CONSTRAINT availability_rules_whole_minutes CHECK (extract(second FROM starts) = 0 AND extract(second FROM ends) = 0),
  -- Both days included.
  CONSTRAINT availability_rules_validity CHECK (valid_from <= valid_until)
);
CREATE INDEX availability_rules_resource_idx ON app.availability_rules (tenant_id, resource_id, weekday);
CREATE TRIGGER availability_rules_touch BEFORE UPDATE ON app.availability_rules
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER availability_rules_audit AFTER INSERT OR UPDATE OR DELETE ON app.availability_rules
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

CREATE TABLE app.availability_exceptions (
  tenant_id      uuid        NOT NULL,
  id             uuid        NOT NULL,
  -- Null: the whole business.
  resource_id    uuid,
  exception_date date        NOT NULL,
  is_available   boolean     NOT NULL,
  -- Both null: the whole day.
  starts         time,
  ends           time,
  reason         text,
  created_at     timestamptz NOT NULL DEFAULT now(),
  updated_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT availability_exceptions_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT availability_exceptions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT availability_exceptions_resource_id_fkey
    FOREIGN KEY (tenant_id, resource_id) REFERENCES app.resources (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT availability_exceptions_pair CHECK ((starts IS NULL) = (ends IS NULL)),
  CONSTRAINT availability_exceptions_window CHECK (starts < '24:00' AND (starts <> ends OR starts = '00:00')),
  CONSTRAINT availability_exceptions_whole_minutes CHECK (extract(second FROM starts) = 0 AND extract(second FROM ends) = 0),
  CONSTRAINT availability_exceptions_reason CHECK (length(reason) <= 500)
);
CREATE INDEX availability_exceptions_resource_idx ON app.availability_exceptions (tenant_id, resource_id, exception_date);
CREATE INDEX availability_exceptions_date_idx ON app.availability_exceptions (tenant_id, exception_date, id);
CREATE TRIGGER availability_exceptions_touch BEFORE UPDATE ON app.availability_exceptions
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER availability_exceptions_audit AFTER INSERT OR UPDATE OR DELETE ON app.availability_exceptions
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();
"#,
};
