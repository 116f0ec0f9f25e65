//! What makes a repeated or interrupted request harmless: `idempotency_keys` and `events_outbox`.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0007_reliability",
    sql: r#"
-- Inserted and completed in the transaction of its effect: a row that others can see has its answer.
CREATE TABLE app.idempotency_keys (
  tenant_id   uuid        NOT NULL,
  id          uuid        NOT NULL,
  -- Whose key it is: a person, an API key, or an anonymous visitor.
  principal   text        NOT NULL,
  -- Method and route template.
  operation   text        NOT NULL,
  key         text        NOT NULL,
  fingerprint bytea       NOT NULL,
  status      integer,
  headers     jsonb,
  body        bytea,
  request_id  text        NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  expires_at  timestamptz NOT NULL,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT idempotency_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT idempotency_keys_key_unique UNIQUE (tenant_id, principal, operation, key),
  CONSTRAINT idempotency_keys_principal CHECK (length(principal) BETWEEN 1 AND 200),
  CONSTRAINT idempotency_keys_operation CHECK (length(operation) BETWEEN 1 AND 300),
  CONSTRAINT idempotency_keys_key CHECK (length(key) BETWEEN 1 AND 255),
  CONSTRAINT idempotency_keys_fingerprint CHECK (octet_length(fingerprint) = 32),
  CONSTRAINT idempotency_keys_status CHECK (status BETWEEN 100 AND 599),
  CONSTRAINT idempotency_keys_answer CHECK (num_nulls(status, headers, body) IN (0, 3)),
  CONSTRAINT idempotency_keys_headers CHECK (jsonb_typeof(headers) IN ('object', 'array')),
  CONSTRAINT idempotency_keys_request_id CHECK (length(request_id) BETWEEN 1 AND 200),
  CONSTRAINT idempotency_keys_expires_at CHECK (expires_at > created_at)
);
CREATE INDEX idempotency_keys_expires_idx ON app.idempotency_keys (tenant_id, expires_at);

-- Facts that leave the process after the commit that made them true.
CREATE TABLE app.events_outbox (
  tenant_id       uuid        NOT NULL,
  id              uuid        NOT NULL,
  event_code      text        NOT NULL,
  aggregate_type  text        NOT NULL,
  aggregate_id    uuid        NOT NULL,
  payload         jsonb       NOT NULL DEFAULT '{}',
  status          text        NOT NULL DEFAULT 'ready',
  ready_at        timestamptz NOT NULL DEFAULT now(),
  delivered_at    timestamptz,
  failed_at       timestamptz,
  attempts        integer     NOT NULL DEFAULT 0,
  max_attempts    integer     NOT NULL DEFAULT 3,
  last_attempt_at timestamptz,
  error_message   text,
  key             text,
  metadata_json   jsonb       NOT NULL DEFAULT '{}',
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT events_outbox_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT events_outbox_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  -- A key says "this fact once"; facts without one are as many as they are.
  CONSTRAINT events_outbox_key_unique UNIQUE (tenant_id, key),
  CONSTRAINT events_outbox_event_code CHECK (event_code ~ '^[A-Z][A-Z0-9_]{0,99}$'),
  CONSTRAINT events_outbox_aggregate_type CHECK (length(aggregate_type) BETWEEN 1 AND 100),
  CONSTRAINT events_outbox_payload CHECK (jsonb_typeof(payload) = 'object'),
  CONSTRAINT events_outbox_status CHECK (status IN ('ready', 'delivered', 'failed')),
  CONSTRAINT events_outbox_attempts CHECK (attempts >= 0),
  CONSTRAINT events_outbox_max_attempts CHECK (max_attempts >= 0),
  CONSTRAINT events_outbox_error_message CHECK (length(error_message) <= 5000),
  CONSTRAINT events_outbox_key CHECK (length(key) BETWEEN 1 AND 255),
  CONSTRAINT events_outbox_metadata_json CHECK (jsonb_typeof(metadata_json) = 'object')
);
CREATE INDEX events_outbox_ready_idx ON app.events_outbox (tenant_id, ready_at, id) WHERE status = 'ready';
CREATE INDEX events_outbox_aggregate_idx ON app.events_outbox (tenant_id, aggregate_id, created_at);
CREATE TRIGGER events_outbox_touch BEFORE UPDATE ON app.events_outbox
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
"#,
};
