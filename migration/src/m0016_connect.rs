//! Who gets the money and how the provider tells about it: `tenant_billing`, `connected_accounts`,
//! `webhook_event_inbox`, `webhook_receipts`; and what reports are read by.
//!
//! A provider's call names an account, not a business. `connected_accounts` says whose an account is, once for the whole
//! platform, and no request can write it: what a business claims of itself moves nobody's money.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0016_connect",
    sql: r#"
-- One row a business: the account on which it is paid, and how the platform is paid by it.
CREATE TABLE app.tenant_billing (
  tenant_id            uuid        NOT NULL,
  id                   uuid        NOT NULL,
  stripe_account_id    text,
  -- What the provider says of the account.
  charges_enabled      boolean     NOT NULL DEFAULT false,
  payouts_enabled      boolean     NOT NULL DEFAULT false,
  details_submitted    boolean     NOT NULL DEFAULT false,
  -- When the provider was asked for that: an answer to an older question changes nothing.
  account_seen_at      timestamptz,
  -- The business took its account away from us: nothing is charged on it until it is set up anew.
  deauthorized_at      timestamptz,
  -- How often an account and a link to its set-up were asked for: each has a key of its own at the provider.
  account_attempts     integer     NOT NULL DEFAULT 0,
  link_attempts        integer     NOT NULL DEFAULT 0,
  -- The platform's share of each charge, in hundredths of a percent.
  application_fee_bps  integer     NOT NULL DEFAULT 0,
  -- The business as a customer of the platform.
  stripe_customer_id   text,
  subscription_status  text,
  created_at           timestamptz NOT NULL DEFAULT now(),
  updated_at           timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT tenant_billing_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT tenant_billing_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT tenant_billing_tenant_unique UNIQUE (tenant_id),
  CONSTRAINT tenant_billing_stripe_account_id CHECK (length(stripe_account_id) BETWEEN 1 AND 255),
  CONSTRAINT tenant_billing_account_attempts CHECK (account_attempts >= 0),
  CONSTRAINT tenant_billing_link_attempts CHECK (link_attempts >= 0),
  CONSTRAINT tenant_billing_application_fee_bps CHECK (application_fee_bps BETWEEN 0 AND 10000),
  CONSTRAINT tenant_billing_stripe_customer_id CHECK (length(stripe_customer_id) BETWEEN 1 AND 255),
  CONSTRAINT tenant_billing_subscription_status CHECK (subscription_status IN
    ('trialing', 'active', 'past_due', 'unpaid', 'canceled', 'incomplete', 'incomplete_expired', 'paused'))
);
-- A bill's event names the customer; the platform looks for whose it is.
CREATE INDEX tenant_billing_customer_idx ON app.tenant_billing (stripe_customer_id) WHERE stripe_customer_id IS NOT NULL;
CREATE TRIGGER tenant_billing_touch BEFORE UPDATE ON app.tenant_billing
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER tenant_billing_audit AFTER INSERT OR UPDATE OR DELETE ON app.tenant_billing
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- What the catalogue shows of it: whether cards are taken.
CREATE FUNCTION app.sync_charges_enabled() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  may boolean := NEW.charges_enabled AND NEW.stripe_account_id IS NOT NULL AND NEW.deauthorized_at IS NULL;
BEGIN
  UPDATE app.tenants SET charges_enabled = may WHERE id = NEW.tenant_id AND charges_enabled <> may;
  RETURN NULL;
END $$;
CREATE TRIGGER tenant_billing_charges AFTER INSERT OR UPDATE ON app.tenant_billing
  FOR EACH ROW EXECUTE FUNCTION app.sync_charges_enabled();

-- Whose an account is. An account that a business has left stays its own: what was paid there is still told of.
CREATE TABLE app.connected_accounts (
  provider   text        NOT NULL,
  account_id text        NOT NULL,
  tenant_id  uuid        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT connected_accounts_pkey PRIMARY KEY (provider, account_id),
  CONSTRAINT connected_accounts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT connected_accounts_provider CHECK (provider IN ('stripe')),
  CONSTRAINT connected_accounts_account_id CHECK (length(account_id) BETWEEN 1 AND 255)
);
CREATE INDEX connected_accounts_tenant_idx ON app.connected_accounts (tenant_id);

-- What a provider told us, byte by byte, stored before anybody has thought about it. `tenant_id` is what was found out
-- later; `account` is empty for the platform's own.
CREATE TABLE app.webhook_event_inbox (
  id               uuid        NOT NULL,
  provider         text        NOT NULL,
  account          text        NOT NULL DEFAULT '',
  event_id         text        NOT NULL,
  event_type       text        NOT NULL,
  event_created_at timestamptz NOT NULL,
  livemode         boolean     NOT NULL,
  raw              bytea       NOT NULL,
  state            text        NOT NULL DEFAULT 'received',
  tenant_id        uuid,
  attempts         integer     NOT NULL DEFAULT 0,
  next_attempt_at  timestamptz NOT NULL,
  last_error       text,
  received_at      timestamptz NOT NULL,
  processed_at     timestamptz,
  CONSTRAINT webhook_event_inbox_pkey PRIMARY KEY (id),
  CONSTRAINT webhook_event_inbox_event_unique UNIQUE (provider, account, event_id),
  CONSTRAINT webhook_event_inbox_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT webhook_event_inbox_provider CHECK (provider IN ('stripe')),
  CONSTRAINT webhook_event_inbox_account CHECK (length(account) <= 255),
  CONSTRAINT webhook_event_inbox_event_id CHECK (length(event_id) BETWEEN 1 AND 255),
  CONSTRAINT webhook_event_inbox_event_type CHECK (length(event_type) BETWEEN 1 AND 255),
  CONSTRAINT webhook_event_inbox_raw CHECK (octet_length(raw) BETWEEN 1 AND 1048576),
  CONSTRAINT webhook_event_inbox_state CHECK (state IN ('received', 'processed', 'ignored', 'quarantined', 'dead')),
  CONSTRAINT webhook_event_inbox_attempts CHECK (attempts >= 0),
  CONSTRAINT webhook_event_inbox_last_error CHECK (length(last_error) <= 2000)
);
CREATE INDEX webhook_event_inbox_due_idx ON app.webhook_event_inbox (next_attempt_at, id) WHERE state = 'received';
CREATE INDEX webhook_event_inbox_trouble_idx ON app.webhook_event_inbox (received_at, id)
  WHERE state IN ('quarantined', 'dead');
CREATE INDEX webhook_event_inbox_received_idx ON app.webhook_event_inbox (received_at, id);
CREATE INDEX webhook_event_inbox_tenant_idx ON app.webhook_event_inbox (tenant_id) WHERE tenant_id IS NOT NULL;

-- That an event has had its effect on a business: written in the transaction of the effect, so that both are or neither.
CREATE TABLE app.webhook_receipts (
  tenant_id  uuid        NOT NULL,
  -- The event's row in the inbox, which requests cannot see.
  event_id   uuid        NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT webhook_receipts_pkey PRIMARY KEY (tenant_id, event_id),
  CONSTRAINT webhook_receipts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id)
);

-- Reports are read by when money moved.
CREATE INDEX payments_captured_idx ON app.payments (tenant_id, captured_at) WHERE captured_at IS NOT NULL;
CREATE INDEX refunds_succeeded_idx ON app.refunds (tenant_id, created_at) WHERE status = 'succeeded';
"#,
};
