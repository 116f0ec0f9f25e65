//! People: `users` belong to no tenant, `memberships` bind them to tenants; `sessions` and `refresh_tokens` are one
//! person's alone and are keyed by that person, as tenant tables are keyed by the tenant.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0003_identity",
    sql: r#"
CREATE TABLE app.users (
  id                uuid        NOT NULL,
  display_name      text        NOT NULL,
  primary_email     text        NOT NULL,
  -- Written by the service: the address as it is compared. A plain column, because lower() is no index condition here.
  email_normalized  text        NOT NULL,
  email_verified_at timestamptz,
  password_hash     text,
  avatar_url        text,
  locale            text        NOT NULL DEFAULT 'en_US',
  is_super_admin    boolean     NOT NULL DEFAULT false,
  is_active         boolean     NOT NULL DEFAULT true,
  last_login_at     timestamptz,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_email_unique UNIQUE (email_normalized),
  CONSTRAINT users_display_name CHECK (length(display_name) BETWEEN 1 AND 255),
  CONSTRAINT users_primary_email CHECK (length(primary_email) BETWEEN 3 AND 255),
  CONSTRAINT users_email_normalized CHECK (length(email_normalized) BETWEEN 3 AND 255 AND email_normalized !~ '[A-Z\s]'),
  CONSTRAINT users_password_hash CHECK (length(password_hash) BETWEEN 1 AND 500),
  CONSTRAINT users_avatar_url CHECK (length(avatar_url) <= 500),
  CONSTRAINT users_locale CHECK (length(locale) BETWEEN 2 AND 35)
);
CREATE TRIGGER users_touch BEFORE UPDATE ON app.users
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER users_audit AFTER INSERT OR UPDATE OR DELETE ON app.users
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('password_hash');

ALTER TABLE app.audit_logs
  ADD CONSTRAINT audit_logs_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users (id);

CREATE TABLE app.memberships (
  tenant_id        uuid        NOT NULL,
  id               uuid        NOT NULL,
  user_id          uuid        NOT NULL,
  role             text        NOT NULL,
  permissions_json jsonb       NOT NULL DEFAULT '{}',
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT memberships_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT memberships_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users (id),
  CONSTRAINT memberships_user_unique UNIQUE (tenant_id, user_id),
  CONSTRAINT memberships_role CHECK (role IN ('owner', 'admin', 'staff', 'viewer')),
  CONSTRAINT memberships_permissions_json CHECK (jsonb_typeof(permissions_json) = 'object')
);
-- Which businesses somebody belongs to: asked across tenants, by the platform role, at every login.
CREATE INDEX memberships_user_idx ON app.memberships (user_id, tenant_id);
CREATE TRIGGER memberships_touch BEFORE UPDATE ON app.memberships
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER memberships_audit AFTER INSERT OR UPDATE OR DELETE ON app.memberships
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

CREATE TABLE app.sessions (
  user_id      uuid        NOT NULL,
  id           uuid        NOT NULL,
  kind         text        NOT NULL,
  -- SHA-256 of the secret in the browser's cookie; null where the client holds a signed token instead.
  token_hash   bytea,
  user_agent   text,
  ip           text,
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz,
  CONSTRAINT sessions_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users (id) ON DELETE CASCADE,
  CONSTRAINT sessions_token_hash_unique UNIQUE (user_id, token_hash),
  CONSTRAINT sessions_kind CHECK (kind IN ('browser', 'api')),
  CONSTRAINT sessions_token_hash CHECK (octet_length(token_hash) = 32),
  CONSTRAINT sessions_user_agent CHECK (length(user_agent) <= 512),
  CONSTRAINT sessions_ip CHECK (length(ip) <= 45),
  CONSTRAINT sessions_expires_at CHECK (expires_at > created_at)
);

-- One family is one session: presenting a used token revokes the session and with it all its tokens.
CREATE TABLE app.refresh_tokens (
  user_id     uuid        NOT NULL,
  id          uuid        NOT NULL,
  session_id  uuid        NOT NULL,
  token_hash  bytea       NOT NULL,
  used_at     timestamptz,
  replaced_by uuid,
  created_at  timestamptz NOT NULL DEFAULT now(),
  expires_at  timestamptz NOT NULL,
  revoked_at  timestamptz,
  CONSTRAINT refresh_tokens_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT refresh_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users (id) ON DELETE CASCADE,
  CONSTRAINT refresh_tokens_session_id_fkey
    FOREIGN KEY (user_id, session_id) REFERENCES app.sessions (user_id, id) ON DELETE CASCADE,
  -- The successor is inserted first.
  CONSTRAINT refresh_tokens_replaced_by_fkey
    FOREIGN KEY (user_id, replaced_by) REFERENCES app.refresh_tokens (user_id, id),
  CONSTRAINT refresh_tokens_token_hash_unique UNIQUE (user_id, token_hash),
  CONSTRAINT refresh_tokens_token_hash CHECK (octet_length(token_hash) = 32),
  CONSTRAINT refresh_tokens_replaced CHECK (replaced_by IS NULL OR used_at IS NOT NULL),
  CONSTRAINT refresh_tokens_expires_at CHECK (expires_at > created_at)
);
CREATE INDEX refresh_tokens_session_idx ON app.refresh_tokens (user_id, session_id);
CREATE INDEX refresh_tokens_replaced_by_idx ON app.refresh_tokens (user_id, replaced_by);
"#,
};
