//! Functions that every later table leans on: time-ordered ids, `updated_at`, the audit trigger.
//!
//! Bodies in plpgsql are resolved when they run, so `app.current_user_id()` and `app.current_tenant_id()` may come
//! with the policies, after the tables. All of these run with the rights of the caller: none sees past row security.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0001_helpers",
    sql: r#"
-- RFC 9562 version 7: 48 bits of Unix milliseconds, then random bits. A random version 4 is taken for its variant, and
-- bits 4 and 5 of octet 6 turn its version 0100 into 0111. For rows that the database writes by itself (audit).
CREATE FUNCTION app.uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
              PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
              FROM 1 FOR 6),
      52, 1), 53, 1),
    'hex')::uuid
$$;

CREATE FUNCTION app.touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A caller with its own clock (tests, imports) may name the time; otherwise it is the transaction's.
  IF NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at THEN
    NEW.updated_at := now();
  END IF;
  RETURN NEW;
END $$;

-- One trigger function for every audited table, so that no service can forget it. Trigger arguments name the columns
-- that never reach the log. `updated_at` alone is not a change. The tenant is the row's own; rows that belong to no
-- tenant (users) are logged in the tenant in which they were touched, or in none for the platform.
CREATE FUNCTION app.audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  hidden  text[] := coalesce(TG_ARGV, '{}');
  old_row jsonb;
  new_row jsonb;
  row_    jsonb;
  tenant  uuid;
BEGIN
  IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
  IF TG_OP = 'UPDATE' AND old_row - 'updated_at' = new_row - 'updated_at' THEN
    RETURN NULL;
  END IF;
  row_ := coalesce(new_row, old_row);
  tenant := CASE
    WHEN TG_TABLE_NAME = 'tenants' THEN (row_ ->> 'id')::uuid
    WHEN row_ ? 'tenant_id' THEN (row_ ->> 'tenant_id')::uuid
    ELSE app.current_tenant_id()
  END;
  -- A change of a hidden column alone is logged too, without the value. A row without `id` is known by its data.
  INSERT INTO app.audit_logs (id, tenant_id, table_name, operation, record_id, old_data, new_data, user_id)
  VALUES (app.uuid_v7(), tenant, TG_TABLE_NAME, TG_OP, (row_ ->> 'id')::uuid, old_row - hidden, new_row - hidden,
          app.current_user_id());
  RETURN NULL;
END $$;
"#,
};
