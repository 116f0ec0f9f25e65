//! What a business knows of its customers beside their details: `customer_notes`, `customer_segments` with
//! `segment_memberships`, `loyalty_accounts` with `loyalty_transactions`.
//!
//! A balance never falls below zero: `loyalty_accounts_points_balance` decides, whatever the code believes. It is the
//! sum of the account's transactions, which are only ever added.
//!
//! What is personal stays in its row, where it can be erased: from here on the audit log holds none of it. The log
//! cannot be rewritten by those whom it watches, so it must not hold what has to be forgotten on demand.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0012_crm",
    sql: r#"
CREATE TABLE app.customer_notes (
  tenant_id   uuid        NOT NULL,
  id          uuid        NOT NULL,
  customer_id uuid        NOT NULL,
  content     text        NOT NULL,
  created_by  uuid        NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT customer_notes_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT customer_notes_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT customer_notes_customer_id_fkey
    FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT customer_notes_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.users (id),
  CONSTRAINT customer_notes_content CHECK (length(content) BETWEEN 1 AND 10000)
);
CREATE INDEX customer_notes_customer_idx ON app.customer_notes (tenant_id, customer_id, created_at, id);
CREATE INDEX customer_notes_created_by_idx ON app.customer_notes (tenant_id, created_by);
CREATE TRIGGER customer_notes_touch BEFORE UPDATE ON app.customer_notes
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER customer_notes_audit AFTER INSERT OR UPDATE OR DELETE ON app.customer_notes
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('content');

CREATE TABLE app.customer_segments (
  tenant_id   uuid        NOT NULL,
  id          uuid        NOT NULL,
  name        text        NOT NULL,
  description text,
  -- Whom the segment finds by itself; empty finds nobody.
  criteria    jsonb       NOT NULL DEFAULT '{}',
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT customer_segments_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT customer_segments_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT customer_segments_name_unique UNIQUE (tenant_id, name),
  CONSTRAINT customer_segments_name CHECK (length(name) BETWEEN 1 AND 100),
  CONSTRAINT customer_segments_description CHECK (length(description) <= 1000),
  CONSTRAINT customer_segments_criteria CHECK (jsonb_typeof(criteria) = 'object')
);
CREATE INDEX customer_segments_list_idx ON app.customer_segments (tenant_id, created_at, id);
CREATE TRIGGER customer_segments_touch BEFORE UPDATE ON app.customer_segments
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER customer_segments_audit AFTER INSERT OR UPDATE OR DELETE ON app.customer_segments
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- Who is in a segment by hand, beside those whom its criteria find.
CREATE TABLE app.segment_memberships (
  tenant_id   uuid        NOT NULL,
  segment_id  uuid        NOT NULL,
  customer_id uuid        NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT segment_memberships_pkey PRIMARY KEY (tenant_id, segment_id, customer_id),
  CONSTRAINT segment_memberships_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT segment_memberships_segment_id_fkey
    FOREIGN KEY (tenant_id, segment_id) REFERENCES app.customer_segments (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT segment_memberships_customer_id_fkey
    FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id)
);
CREATE INDEX segment_memberships_customer_idx ON app.segment_memberships (tenant_id, customer_id);
CREATE TRIGGER segment_memberships_audit AFTER INSERT OR UPDATE OR DELETE ON app.segment_memberships
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

CREATE TABLE app.loyalty_accounts (
  tenant_id      uuid        NOT NULL,
  id             uuid        NOT NULL,
  customer_id    uuid        NOT NULL,
  points_balance bigint      NOT NULL DEFAULT 0,
  total_earned   bigint      NOT NULL DEFAULT 0,
  total_redeemed bigint      NOT NULL DEFAULT 0,
  -- Follows from `total_earned`; kept, so that customers can be found by it.
  tier           text        NOT NULL DEFAULT 'bronze',
  is_active      boolean     NOT NULL DEFAULT true,
  created_at     timestamptz NOT NULL DEFAULT now(),
  updated_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT loyalty_accounts_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT loyalty_accounts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT loyalty_accounts_customer_id_fkey
    FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT loyalty_accounts_customer_unique UNIQUE (tenant_id, customer_id),
  CONSTRAINT loyalty_accounts_points_balance CHECK (points_balance >= 0),
  CONSTRAINT loyalty_accounts_total_earned CHECK (total_earned >= 0),
  CONSTRAINT loyalty_accounts_total_redeemed CHECK (total_redeemed >= 0),
  CONSTRAINT loyalty_accounts_sum CHECK (points_balance = total_earned - total_redeemed),
  CONSTRAINT loyalty_accounts_tier CHECK (tier IN ('bronze', 'silver', 'gold', 'platinum'))
);
CREATE TRIGGER loyalty_accounts_touch BEFORE UPDATE ON app.loyalty_accounts
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();

-- Every movement of points: more when they are earned, fewer when they are redeemed. Only grows.
CREATE TABLE app.loyalty_transactions (
  tenant_id          uuid        NOT NULL,
  id                 uuid        NOT NULL,
  loyalty_account_id uuid        NOT NULL,
  points_change      bigint      NOT NULL,
  reason             text        NOT NULL,
  -- The booking that earned them: each earns once.
  booking_id         uuid,
  created_at         timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT loyalty_transactions_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT loyalty_transactions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT loyalty_transactions_loyalty_account_id_fkey
    FOREIGN KEY (tenant_id, loyalty_account_id) REFERENCES app.loyalty_accounts (tenant_id, id),
  CONSTRAINT loyalty_transactions_booking_id_fkey
    FOREIGN KEY (tenant_id, booking_id) REFERENCES app.bookings (tenant_id, id),
  CONSTRAINT loyalty_transactions_booking_unique UNIQUE (tenant_id, booking_id),
  CONSTRAINT loyalty_transactions_points_change CHECK (points_change <> 0),
  CONSTRAINT loyalty_transactions_reason CHECK (length(reason) BETWEEN 1 AND 255)
);
CREATE INDEX loyalty_transactions_account_idx
  ON app.loyalty_transactions (tenant_id, loyalty_account_id, created_at, id);
CREATE TRIGGER loyalty_transactions_audit AFTER INSERT OR UPDATE OR DELETE ON app.loyalty_transactions
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('reason');

-- Nobody books for somebody who has left meanwhile. The lock waits for whoever is leaving right now, as that one
-- waits for us; a weaker one would be content with the row as it was. It is the one that marking the first booking
-- takes too. History that is brought along may be of anybody.
CREATE FUNCTION app.booking_customer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  gone boolean;
BEGIN
  SELECT c.deleted_at IS NOT NULL OR c.pseudonymized_at IS NOT NULL INTO gone
  FROM app.customers c WHERE c.tenant_id = NEW.tenant_id AND c.id = NEW.customer_id FOR NO KEY UPDATE;
  IF gone THEN
    RAISE EXCEPTION 'the customer has left' USING ERRCODE = 'foreign_key_violation',
      CONSTRAINT = 'bookings_customer_id_fkey', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bookings_e_customer BEFORE INSERT ON app.bookings
  FOR EACH ROW WHEN (NEW.source <> 'import') EXECUTE FUNCTION app.booking_customer();

-- The log says who changed a customer or a booking and when, no longer to which name, address or words.
DROP TRIGGER customers_audit ON app.customers;
CREATE TRIGGER customers_audit AFTER INSERT OR UPDATE OR DELETE ON app.customers
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('display_name', 'email', 'email_normalized', 'phone');
DROP TRIGGER bookings_audit ON app.bookings;
CREATE TRIGGER bookings_audit AFTER INSERT OR UPDATE OR DELETE ON app.bookings
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('notes', 'cancel_reason');
DROP TRIGGER waitlist_entries_audit ON app.waitlist_entries;
CREATE TRIGGER waitlist_entries_audit AFTER INSERT OR UPDATE OR DELETE ON app.waitlist_entries
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('notes');

-- What was logged before. Row security binds the owner too: one tenant after the other, each looked through again.
DO $$
DECLARE
  tenant   uuid;
  personal constant text[] :=
    ARRAY['display_name', 'email', 'email_normalized', 'phone', 'notes', 'cancel_reason'];
BEGIN
  FOR tenant IN SELECT d.tenant_id FROM app.tenant_directory d LOOP
    PERFORM set_config('app.tenant_id', tenant::text, true);
    UPDATE app.audit_logs SET old_data = old_data - personal, new_data = new_data - personal
    WHERE tenant_id = tenant AND table_name IN ('customers', 'bookings', 'waitlist_entries')
      AND (old_data ?| personal OR new_data ?| personal);
    IF NOT EXISTS (SELECT FROM app.tenants t WHERE t.id = tenant) OR EXISTS (
      SELECT FROM app.audit_logs
      WHERE tenant_id = tenant AND table_name IN ('customers', 'bookings', 'waitlist_entries')
        AND (old_data ?| personal OR new_data ?| personal)
    ) THEN
      RAISE EXCEPTION 'the audit log of % was not reached', tenant;
    END IF;
  END LOOP;
  PERFORM set_config('app.tenant_id', '', true);
END $$;
"#,
};
