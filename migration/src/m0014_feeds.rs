//! Calendars that are read without a login: `calendar_feeds`. And the way through the public directory of businesses.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0014_feeds",
    sql: r#"
-- One secret address for each member of staff, at most. Only the digest of the secret is kept: whoever reads this table
-- cannot subscribe to anything.
CREATE TABLE app.calendar_feeds (
  tenant_id        uuid        NOT NULL,
  id               uuid        NOT NULL,
  staff_profile_id uuid        NOT NULL,
  -- SHA-256 of 256 random bits.
  secret_hash      bytea       NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT calendar_feeds_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT calendar_feeds_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT calendar_feeds_staff_profile_id_fkey
    FOREIGN KEY (tenant_id, staff_profile_id) REFERENCES app.staff_profiles (tenant_id, id),
  CONSTRAINT calendar_feeds_staff_profile_unique UNIQUE (tenant_id, staff_profile_id),
  CONSTRAINT calendar_feeds_secret_unique UNIQUE (tenant_id, secret_hash),
  CONSTRAINT calendar_feeds_secret_hash CHECK (length(secret_hash) = 32)
);
CREATE TRIGGER calendar_feeds_touch BEFORE UPDATE ON app.calendar_feeds
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER calendar_feeds_audit AFTER INSERT OR UPDATE OR DELETE ON app.calendar_feeds
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('secret_hash');

-- The directory is walked by slug, over the few who want to stand in it.
CREATE INDEX tenants_directory_idx ON app.tenants (slug)
  WHERE is_public_directory AND status = 'active' AND deleted_at IS NULL;
"#,
};
