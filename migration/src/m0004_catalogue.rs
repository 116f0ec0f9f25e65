//! What is offered, by whom and to whom: `services`, `resources`, `service_resources`, `staff_profiles`, `customers`.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0004_catalogue",
    sql: r#"
CREATE TABLE app.services (
  tenant_id             uuid        NOT NULL,
  id                    uuid        NOT NULL,
  slug                  text        NOT NULL,
  name                  text        NOT NULL,
  description           text,
  category              text,
  duration_min          integer     NOT NULL DEFAULT 60,
  buffer_before_min     integer     NOT NULL DEFAULT 0,
  buffer_after_min      integer     NOT NULL DEFAULT 0,
  -- Null: starts are one duration apart.
  interval_min          integer,
  notice_min            integer     NOT NULL DEFAULT 0,
  -- Null: as far ahead as one likes.
  horizon_days          integer,
  grid                  text        NOT NULL DEFAULT 'opening_start',
  -- Seats of one start; 1 takes the resource for itself.
  capacity              integer     NOT NULL DEFAULT 1,
  price_cents           bigint      NOT NULL DEFAULT 0,
  currency              text        NOT NULL DEFAULT 'USD',
  requires_confirmation boolean     NOT NULL DEFAULT false,
  active                boolean     NOT NULL DEFAULT true,
  sort_order            integer     NOT NULL DEFAULT 0,
  metadata_json         jsonb       NOT NULL DEFAULT '{}',
  deleted_at            timestamptz,
  created_at            timestamptz NOT NULL DEFAULT now(),
  updated_at            timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT services_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT services_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT services_slug CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,98}[a-z0-9])?$'),
  CONSTRAINT services_name CHECK (length(name) BETWEEN 1 AND 255),
  CONSTRAINT services_description CHECK (length(description) <= 10000),
  CONSTRAINT services_category CHECK (length(category) <= 255),
  CONSTRAINT services_duration_min CHECK (duration_min BETWEEN 1 AND 1440),
  CONSTRAINT services_buffer_before_min CHECK (buffer_before_min >= 0),
  CONSTRAINT services_buffer_after_min CHECK (buffer_after_min >= 0),
  -- What a booking occupies is bounded (see booking_allocations_length): a service that could not be booked is refused here.
  CONSTRAINT services_occupied_length CHECK (duration_min + buffer_before_min + buffer_after_min <= 1440),
  CONSTRAINT services_interval_min CHECK (interval_min BETWEEN 1 AND 1440),
  CONSTRAINT services_notice_min CHECK (notice_min BETWEEN 0 AND 525600),
  CONSTRAINT services_horizon_days CHECK (horizon_days BETWEEN 1 AND 3650),
  CONSTRAINT services_grid CHECK (grid IN ('opening_start', 'free_start', 'wall_clock')),
  CONSTRAINT services_capacity CHECK (capacity BETWEEN 1 AND 10000),
  CONSTRAINT services_price_cents CHECK (price_cents >= 0),
  CONSTRAINT services_currency CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT services_metadata_json CHECK (jsonb_typeof(metadata_json) = 'object')
);
CREATE UNIQUE INDEX services_slug_unique ON app.services (tenant_id, slug) WHERE deleted_at IS NULL;
CREATE INDEX services_list_idx ON app.services (tenant_id, sort_order, id) WHERE deleted_at IS NULL;
CREATE TRIGGER services_touch BEFORE UPDATE ON app.services
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER services_audit AFTER INSERT OR UPDATE OR DELETE ON app.services
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

CREATE TABLE app.resources (
  tenant_id     uuid        NOT NULL,
  id            uuid        NOT NULL,
  type          text        NOT NULL,
  name          text        NOT NULL,
  -- Null: the tenant's zone.
  tz            text,
  capacity      integer     NOT NULL DEFAULT 1,
  is_active     boolean     NOT NULL DEFAULT true,
  metadata_json jsonb       NOT NULL DEFAULT '{}',
  deleted_at    timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT resources_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT resources_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT resources_type CHECK (type IN ('staff', 'room', 'equipment')),
  CONSTRAINT resources_name CHECK (length(name) BETWEEN 1 AND 255),
  CONSTRAINT resources_tz CHECK (length(tz) BETWEEN 1 AND 50),
  CONSTRAINT resources_capacity CHECK (capacity BETWEEN 1 AND 10000),
  CONSTRAINT resources_metadata_json CHECK (jsonb_typeof(metadata_json) = 'object')
);
CREATE INDEX resources_list_idx ON app.resources (tenant_id, name, id) WHERE deleted_at IS NULL;
CREATE TRIGGER resources_touch BEFORE UPDATE ON app.resources
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER resources_audit AFTER INSERT OR UPDATE OR DELETE ON app.resources
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- Which resources may give which service. A link has no life of its own: it is made and removed, never changed.
CREATE TABLE app.service_resources (
  tenant_id   uuid        NOT NULL,
  service_id  uuid        NOT NULL,
  resource_id uuid        NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT service_resources_pkey PRIMARY KEY (tenant_id, service_id, resource_id),
  CONSTRAINT service_resources_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT service_resources_service_id_fkey
    FOREIGN KEY (tenant_id, service_id) REFERENCES app.services (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT service_resources_resource_id_fkey
    FOREIGN KEY (tenant_id, resource_id) REFERENCES app.resources (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX service_resources_resource_idx ON app.service_resources (tenant_id, resource_id);
CREATE TRIGGER service_resources_audit AFTER INSERT OR UPDATE OR DELETE ON app.service_resources
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

CREATE TABLE app.staff_profiles (
  tenant_id     uuid        NOT NULL,
  id            uuid        NOT NULL,
  -- Null: a member of staff who never logs in.
  membership_id uuid,
  resource_id   uuid        NOT NULL,
  display_name  text        NOT NULL,
  bio           text,
  avatar_url    text,
  is_active     boolean     NOT NULL DEFAULT true,
  deleted_at    timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT staff_profiles_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT staff_profiles_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT staff_profiles_membership_id_fkey
    FOREIGN KEY (tenant_id, membership_id) REFERENCES app.memberships (tenant_id, id),
  CONSTRAINT staff_profiles_resource_id_fkey
    FOREIGN KEY (tenant_id, resource_id) REFERENCES app.resources (tenant_id, id),
  CONSTRAINT staff_profiles_display_name CHECK (length(display_name) BETWEEN 1 AND 255),
  CONSTRAINT staff_profiles_bio CHECK (length(bio) <= 10000),
  CONSTRAINT staff_profiles_avatar_url CHECK (length(avatar_url) <= 500)
);
CREATE UNIQUE INDEX staff_profiles_membership_unique ON app.staff_profiles (tenant_id, membership_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX staff_profiles_resource_unique ON app.staff_profiles (tenant_id, resource_id) WHERE deleted_at IS NULL;
-- The two above are partial; a foreign key looks at every row.
CREATE INDEX staff_profiles_membership_idx ON app.staff_profiles (tenant_id, membership_id);
CREATE INDEX staff_profiles_resource_idx ON app.staff_profiles (tenant_id, resource_id);
CREATE TRIGGER staff_profiles_touch BEFORE UPDATE ON app.staff_profiles
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER staff_profiles_audit AFTER INSERT OR UPDATE OR DELETE ON app.staff_profiles
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

CREATE TABLE app.customers (
  tenant_id                 uuid        NOT NULL,
  id                        uuid        NOT NULL,
  display_name              text        NOT NULL,
  email                     text,
  -- Written by the service together with `email`: the address as it is compared.
  email_normalized          text,
  phone                     text,
  marketing_opt_in          boolean     NOT NULL DEFAULT false,
  notification_preferences  jsonb       NOT NULL DEFAULT '{}',
  is_first_time             boolean     NOT NULL DEFAULT true,
  customer_first_booking_at timestamptz,
  pseudonymized_at          timestamptz,
  deleted_at                timestamptz,
  created_at                timestamptz NOT NULL DEFAULT now(),
  updated_at                timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT customers_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT customers_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT customers_display_name CHECK (length(display_name) BETWEEN 1 AND 255),
  CONSTRAINT customers_email CHECK (length(email) BETWEEN 3 AND 255),
  CONSTRAINT customers_email_normalized CHECK (length(email_normalized) BETWEEN 3 AND 255 AND email_normalized !~ '[A-Z\s]'),
  CONSTRAINT customers_email_pair CHECK ((email IS NULL) = (email_normalized IS NULL)),
  CONSTRAINT customers_phone CHECK (length(phone) BETWEEN 1 AND 50),
  CONSTRAINT customers_notification_preferences CHECK (jsonb_typeof(notification_preferences) = 'object')
);
CREATE UNIQUE INDEX customers_email_unique ON app.customers (tenant_id, email_normalized)
  WHERE deleted_at IS NULL AND email_normalized IS NOT NULL;
CREATE INDEX customers_list_idx ON app.customers (tenant_id, created_at, id) WHERE deleted_at IS NULL;
CREATE TRIGGER customers_touch BEFORE UPDATE ON app.customers
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER customers_audit AFTER INSERT OR UPDATE OR DELETE ON app.customers
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();
"#,
};
