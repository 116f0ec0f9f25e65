//! The businesses: `tenants`, the public `tenant_directory`, `themes`, `branding`, and the audit log.
//!
//! `audit_logs` stands here and not with the other reliability tables because the first audited row is a tenant.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0002_tenancy",
    sql: r#"
CREATE TABLE app.tenants (
  id                      uuid        NOT NULL,
  slug                    text        NOT NULL,
  name                    text        NOT NULL,
  email                   text,
  category                text,
  logo_url                text,
  tz                      text        NOT NULL DEFAULT 'UTC',
  currency                text        NOT NULL DEFAULT 'USD',
  locale                  text        NOT NULL DEFAULT 'en_US',
  status                  text        NOT NULL DEFAULT 'active',
  trust_copy_json         jsonb       NOT NULL DEFAULT '{}',
  settings_json           jsonb       NOT NULL DEFAULT '{}',
  billing_json            jsonb       NOT NULL DEFAULT '{}',
  is_public_directory     boolean     NOT NULL DEFAULT false,
  public_blurb            text,
  -- Hundredths of a percent (300 = 3.00 %): whole numbers, like all money here.
  default_no_show_fee_bps integer     NOT NULL DEFAULT 300,
  deleted_at              timestamptz,
  created_at              timestamptz NOT NULL DEFAULT now(),
  updated_at              timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT tenants_pkey PRIMARY KEY (id),
  -- Never reused, not even after deletion: old links must not lead to a stranger.
  CONSTRAINT tenants_slug_unique UNIQUE (slug),
  CONSTRAINT tenants_slug CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenants_name CHECK (length(name) BETWEEN 1 AND 255),
  CONSTRAINT tenants_email CHECK (length(email) BETWEEN 3 AND 255),
  CONSTRAINT tenants_category CHECK (length(category) <= 100),
  CONSTRAINT tenants_logo_url CHECK (length(logo_url) <= 500),
  CONSTRAINT tenants_tz CHECK (length(tz) BETWEEN 1 AND 50),
  CONSTRAINT tenants_currency CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT tenants_locale CHECK (length(locale) BETWEEN 2 AND 35),
  CONSTRAINT tenants_status CHECK (status IN ('active', 'suspended', 'closed')),
  CONSTRAINT tenants_trust_copy_json CHECK (jsonb_typeof(trust_copy_json) = 'object'),
  CONSTRAINT tenants_settings_json CHECK (jsonb_typeof(settings_json) = 'object'),
  CONSTRAINT tenants_billing_json CHECK (jsonb_typeof(billing_json) = 'object'),
  CONSTRAINT tenants_public_blurb CHECK (length(public_blurb) <= 5000),
  CONSTRAINT tenants_default_no_show_fee_bps CHECK (default_no_show_fee_bps BETWEEN 0 AND 10000)
);

-- What a stranger's request is resolved with. No personal data: everybody may read it.
CREATE TABLE app.tenant_directory (
  slug      text NOT NULL,
  tenant_id uuid NOT NULL,
  status    text NOT NULL,
  CONSTRAINT tenant_directory_pkey PRIMARY KEY (slug),
  CONSTRAINT tenant_directory_tenant_unique UNIQUE (tenant_id),
  CONSTRAINT tenant_directory_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id) ON DELETE CASCADE,
  CONSTRAINT tenant_directory_status CHECK (status IN ('active', 'suspended', 'closed'))
);

CREATE FUNCTION app.sync_tenant_directory() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  shown text := CASE WHEN NEW.deleted_at IS NULL THEN NEW.status ELSE 'closed' END;
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO app.tenant_directory (slug, tenant_id, status) VALUES (NEW.slug, NEW.id, shown);
  ELSE
    UPDATE app.tenant_directory SET slug = NEW.slug, status = shown WHERE tenant_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;

-- The directory is written with the rights of the caller. Those who may not write it may not touch these columns either.
CREATE TRIGGER tenants_directory AFTER INSERT OR UPDATE OF slug, status, deleted_at ON app.tenants
  FOR EACH ROW EXECUTE FUNCTION app.sync_tenant_directory();
CREATE TRIGGER tenants_touch BEFORE UPDATE ON app.tenants
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();

-- Themes are versions: one is published, the others are drafts or former states. To publish, unpublish first.
CREATE TABLE app.themes (
  tenant_id   uuid        NOT NULL,
  id          uuid        NOT NULL,
  version     integer     NOT NULL,
  name        text        NOT NULL,
  brand_color text,
  logo_url    text,
  theme_json  jsonb       NOT NULL DEFAULT '{}',
  status      text        NOT NULL DEFAULT 'draft',
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT themes_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT themes_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT themes_version_unique UNIQUE (tenant_id, version),
  CONSTRAINT themes_version CHECK (version > 0),
  CONSTRAINT themes_name CHECK (length(name) BETWEEN 1 AND 255),
  CONSTRAINT themes_brand_color CHECK (brand_color ~ '^#[0-9A-Fa-f]{6}$'),
  CONSTRAINT themes_logo_url CHECK (length(logo_url) <= 500),
  CONSTRAINT themes_theme_json CHECK (jsonb_typeof(theme_json) = 'object'),
  CONSTRAINT themes_status CHECK (status IN ('draft', 'published'))
);
CREATE UNIQUE INDEX themes_published_unique ON app.themes (tenant_id) WHERE status = 'published';
CREATE TRIGGER themes_touch BEFORE UPDATE ON app.themes
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();

CREATE TABLE app.branding (
  tenant_id       uuid        NOT NULL,
  id              uuid        NOT NULL,
  logo_url        text,
  primary_color   text,
  secondary_color text,
  font_family     text,
  custom_css      text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT branding_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT branding_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT branding_tenant_unique UNIQUE (tenant_id),
  CONSTRAINT branding_logo_url CHECK (length(logo_url) <= 500),
  CONSTRAINT branding_primary_color CHECK (primary_color ~ '^#[0-9A-Fa-f]{6}$'),
  CONSTRAINT branding_secondary_color CHECK (secondary_color ~ '^#[0-9A-Fa-f]{6}$'),
  CONSTRAINT branding_font_family CHECK (length(font_family) <= 100),
  CONSTRAINT branding_custom_css CHECK (length(custom_css) <= 65536)
);
CREATE TRIGGER branding_touch BEFORE UPDATE ON app.branding
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();

-- Append-only. `tenant_id` is null for what the platform does outside every tenant, and a null cannot stand in a
-- primary key: hence `id` alone. No caller chooses ids here, so the key tells nobody anything.
-- `operation` also takes the verbs of the flows (CREATE, UPDATE, ADMIN_VIEW, BULK_CONFIRM ..), hence a form, not a list.
CREATE TABLE app.audit_logs (
  id         uuid        NOT NULL,
  tenant_id  uuid,
  table_name text        NOT NULL,
  operation  text        NOT NULL,
  record_id  uuid,
  old_data   jsonb,
  new_data   jsonb,
  user_id    uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT audit_logs_pkey PRIMARY KEY (id),
  CONSTRAINT audit_logs_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT audit_logs_table_name CHECK (length(table_name) BETWEEN 1 AND 100),
  CONSTRAINT audit_logs_operation CHECK (operation ~ '^[A-Z][A-Z_]{0,19}$')
);
CREATE INDEX audit_logs_created_idx ON app.audit_logs (tenant_id, created_at, id);
CREATE INDEX audit_logs_record_idx ON app.audit_logs (tenant_id, record_id, created_at);
CREATE INDEX audit_logs_user_idx ON app.audit_logs (tenant_id, user_id, created_at);

CREATE TRIGGER tenants_audit AFTER INSERT OR UPDATE OR DELETE ON app.tenants
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();
CREATE TRIGGER themes_audit AFTER INSERT OR UPDATE OR DELETE ON app.themes
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();
CREATE TRIGGER branding_audit AFTER INSERT OR UPDATE OR DELETE ON app.branding
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();
"#,
};
