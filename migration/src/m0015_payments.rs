//! Money that comes in: `payments`, `payment_methods`, `refunds`, `payment_customers`, and what services and bookings
//! say of it.
//!
//! Three things hold whatever the code believes: a payment's state moves along the arrows of
//! `app.payment_transition()` only; refunds never sum up to more than was captured (`refunds_within_payment`); a booking
//! has one payment under way at a time and is charged one fee for not coming.
//!
//! No card ever stands here: the provider has it, we have its ids.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0015_payments",
    sql: r#"
-- Whether the business's account at the provider may be charged on. Follows the account; no request sets it.
ALTER TABLE app.tenants ADD COLUMN charges_enabled boolean NOT NULL DEFAULT false;

ALTER TABLE app.services
  -- What the public pays before a booking is confirmed.
  ADD COLUMN payment_mode         text    NOT NULL DEFAULT 'none',
  ADD COLUMN deposit_bps          integer,
  ADD COLUMN deposit_cents        bigint,
  -- Null: what the business says.
  ADD COLUMN tax_bps              integer,
  ADD COLUMN no_show_fee_bps      integer,
  ADD COLUMN no_show_fee_cents    bigint,
  ADD CONSTRAINT services_payment_mode CHECK (payment_mode IN ('none', 'deposit', 'full')),
  ADD CONSTRAINT services_deposit_bps CHECK (deposit_bps BETWEEN 1 AND 10000),
  ADD CONSTRAINT services_deposit_cents CHECK (deposit_cents > 0),
  ADD CONSTRAINT services_deposit CHECK (num_nonnulls(deposit_bps, deposit_cents) = CASE payment_mode WHEN 'deposit' THEN 1 ELSE 0 END),
  ADD CONSTRAINT services_tax_bps CHECK (tax_bps BETWEEN 0 AND 10000),
  ADD CONSTRAINT services_no_show_fee_bps CHECK (no_show_fee_bps BETWEEN 0 AND 10000),
  ADD CONSTRAINT services_no_show_fee_cents CHECK (no_show_fee_cents >= 0),
  ADD CONSTRAINT services_no_show_fee CHECK (num_nonnulls(no_show_fee_bps, no_show_fee_cents) <= 1);

-- On which terms it was booked, what was paid of it and what is to be given back.
ALTER TABLE app.bookings
  ADD COLUMN payment_mode      text        NOT NULL DEFAULT 'none',
  ADD COLUMN payment_status    text        NOT NULL DEFAULT 'none',
  ADD COLUMN payment_due_at    timestamptz,
  ADD COLUMN payment_due_cents bigint      NOT NULL DEFAULT 0,
  ADD COLUMN paid_cents        bigint      NOT NULL DEFAULT 0,
  -- What coupons have taken off its price.
  ADD COLUMN discount_cents    bigint      NOT NULL DEFAULT 0,
  ADD COLUMN refunded_cents    bigint      NOT NULL DEFAULT 0,
  ADD COLUMN refund_due_cents  bigint      NOT NULL DEFAULT 0,
  ADD COLUMN tax_bps           integer     NOT NULL DEFAULT 0,
  ADD COLUMN tax_included      boolean     NOT NULL DEFAULT true,
  ADD COLUMN no_show_fee_cents bigint      NOT NULL DEFAULT 0,
  -- Paid, it waits for the business all the same.
  ADD COLUMN confirm_by_hand   boolean     NOT NULL DEFAULT false,
  ADD COLUMN payment_intent_id text,
  ADD CONSTRAINT bookings_payment_mode CHECK (payment_mode IN ('none', 'deposit', 'full')),
  ADD CONSTRAINT bookings_payment_status
    CHECK (payment_status IN ('none', 'due', 'partly_paid', 'paid', 'partially_refunded', 'refunded')),
  ADD CONSTRAINT bookings_payment_due_cents CHECK (payment_due_cents >= 0),
  ADD CONSTRAINT bookings_paid_cents CHECK (paid_cents >= 0),
  ADD CONSTRAINT bookings_discount_cents CHECK (discount_cents >= 0),
  ADD CONSTRAINT bookings_refunded CHECK (refunded_cents BETWEEN 0 AND paid_cents),
  ADD CONSTRAINT bookings_refund_due_cents CHECK (refund_due_cents >= 0),
  ADD CONSTRAINT bookings_tax_bps CHECK (tax_bps BETWEEN 0 AND 10000),
  ADD CONSTRAINT bookings_no_show_fee_cents CHECK (no_show_fee_cents >= 0),
  ADD CONSTRAINT bookings_payment_intent_id CHECK (length(payment_intent_id) BETWEEN 1 AND 255);
CREATE INDEX bookings_payment_due_idx ON app.bookings (tenant_id, payment_due_at) WHERE status = 'pending' AND payment_due_at IS NOT NULL;
CREATE INDEX bookings_refund_due_idx ON app.bookings (tenant_id, id) WHERE refund_due_cents > 0;

-- Who a customer is at the provider, on each account of the business.
CREATE TABLE app.payment_customers (
  tenant_id            uuid        NOT NULL,
  customer_id          uuid        NOT NULL,
  provider_account_id  text        NOT NULL,
  provider             text        NOT NULL DEFAULT 'stripe',
  provider_customer_id text        NOT NULL,
  created_at           timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT payment_customers_pkey PRIMARY KEY (tenant_id, customer_id, provider_account_id),
  CONSTRAINT payment_customers_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT payment_customers_customer_id_fkey
    FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT payment_customers_provider CHECK (provider IN ('stripe', 'none')),
  CONSTRAINT payment_customers_provider_account_id CHECK (length(provider_account_id) BETWEEN 1 AND 255),
  CONSTRAINT payment_customers_provider_customer_id CHECK (length(provider_customer_id) BETWEEN 1 AND 255)
);
CREATE TRIGGER payment_customers_audit AFTER INSERT OR UPDATE OR DELETE ON app.payment_customers
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

CREATE TABLE app.payments (
  tenant_id               uuid        NOT NULL,
  id                      uuid        NOT NULL,
  -- Exactly one of the three is what it is for.
  booking_id              uuid,
  purchase_id             uuid,
  gift_card_id            uuid,
  customer_id             uuid,
  status                  text        NOT NULL DEFAULT 'pending',
  method                  text        NOT NULL,
  currency_code           text        NOT NULL DEFAULT 'USD',
  -- What the payer gives: by card or in cash. A gift card's part stands beside it.
  amount_cents            bigint      NOT NULL DEFAULT 0,
  amount_captured_cents   bigint      NOT NULL DEFAULT 0,
  amount_refunded_cents   bigint      NOT NULL DEFAULT 0,
  tip_cents               bigint      NOT NULL DEFAULT 0,
  tax_cents               bigint      NOT NULL DEFAULT 0,
  discount_cents          bigint      NOT NULL DEFAULT 0,
  gift_card_cents         bigint      NOT NULL DEFAULT 0,
  application_fee_cents   bigint      NOT NULL DEFAULT 0,
  no_show_fee_cents       bigint      NOT NULL DEFAULT 0,
  fee_type                text        NOT NULL DEFAULT 'booking',
  related_payment_id      uuid,
  provider                text        NOT NULL DEFAULT 'stripe',
  -- The account on which it is made: later calls name the same one.
  provider_account_id     text,
  provider_payment_id     text,
  provider_charge_id      text,
  provider_checkout_id    text,
  provider_setup_intent_id text,
  provider_method_id      text,
  provider_status         text,
  provider_metadata       jsonb       NOT NULL DEFAULT '{}',
  -- The key of the first call to the provider.
  idempotency_key         text        NOT NULL,
  -- What was asked for, as one value: who asks for the same finds this payment.
  terms                   text        NOT NULL DEFAULT '',
  -- Attempts that the provider has declined; each has a key of its own.
  declines                integer     NOT NULL DEFAULT 0,
  failure_code            text,
  failure_message         text,
  backup_setup_intent_id  text,
  -- Keeps the card for charges without the payer: what they agreed to, when, and from where.
  explicit_consent_flag   boolean     NOT NULL DEFAULT false,
  consent_text            text,
  consent_version         text,
  consent_at              timestamptz,
  consent_ip              text,
  disputed_at             timestamptz,
  dispute_status          text,
  provider_dispute_id     text,
  royalty_applied         boolean     NOT NULL DEFAULT false,
  royalty_basis           text,
  metadata_json           jsonb       NOT NULL DEFAULT '{}',
  captured_at             timestamptz,
  closed_at               timestamptz,
  created_at              timestamptz NOT NULL DEFAULT now(),
  updated_at              timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT payments_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT payments_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT payments_booking_id_fkey FOREIGN KEY (tenant_id, booking_id) REFERENCES app.bookings (tenant_id, id),
  CONSTRAINT payments_customer_id_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT payments_related_payment_id_fkey
    FOREIGN KEY (tenant_id, related_payment_id) REFERENCES app.payments (tenant_id, id),
  CONSTRAINT payments_idempotency_key_unique UNIQUE (tenant_id, provider, idempotency_key),
  CONSTRAINT payments_provider_payment_id_unique UNIQUE (tenant_id, provider, provider_payment_id),
  CONSTRAINT payments_provider_charge_id_unique UNIQUE (tenant_id, provider, provider_charge_id),
  CONSTRAINT payments_provider_checkout_id_unique UNIQUE (tenant_id, provider, provider_checkout_id),
  CONSTRAINT payments_subject CHECK (num_nonnulls(booking_id, purchase_id, gift_card_id) = 1),
  CONSTRAINT payments_status CHECK (status IN
    ('pending', 'requires_action', 'processing', 'authorized', 'captured', 'partially_refunded', 'refunded', 'canceled', 'failed')),
  CONSTRAINT payments_method CHECK (method IN ('card', 'cash', 'apple_pay', 'paypal', 'other')),
  CONSTRAINT payments_currency_code CHECK (currency_code ~ '^[A-Z]{3}$'),
  CONSTRAINT payments_amount_cents CHECK (amount_cents >= 0),
  CONSTRAINT payments_captured CHECK (amount_captured_cents BETWEEN 0 AND amount_cents),
  CONSTRAINT payments_refunded CHECK (amount_refunded_cents BETWEEN 0 AND amount_captured_cents),
  CONSTRAINT payments_tip_cents CHECK (tip_cents >= 0),
  CONSTRAINT payments_tax_cents CHECK (tax_cents >= 0),
  CONSTRAINT payments_discount_cents CHECK (discount_cents >= 0),
  CONSTRAINT payments_gift_card_cents CHECK (gift_card_cents >= 0),
  CONSTRAINT payments_application_fee CHECK (application_fee_cents BETWEEN 0 AND amount_cents),
  CONSTRAINT payments_no_show_fee_cents CHECK (no_show_fee_cents >= 0),
  CONSTRAINT payments_fee_type CHECK (fee_type IN ('booking', 'no_show_fee', 'purchase', 'gift_card')),
  CONSTRAINT payments_provider CHECK (provider IN ('stripe', 'none')),
  CONSTRAINT payments_provider_account_id CHECK (length(provider_account_id) BETWEEN 1 AND 255),
  CONSTRAINT payments_provider_payment_id CHECK (length(provider_payment_id) BETWEEN 1 AND 255),
  CONSTRAINT payments_provider_charge_id CHECK (length(provider_charge_id) BETWEEN 1 AND 255),
  CONSTRAINT payments_provider_checkout_id CHECK (length(provider_checkout_id) BETWEEN 1 AND 255),
  CONSTRAINT payments_provider_setup_intent_id CHECK (length(provider_setup_intent_id) BETWEEN 1 AND 255),
  CONSTRAINT payments_provider_method_id CHECK (length(provider_method_id) BETWEEN 1 AND 255),
  CONSTRAINT payments_provider_status CHECK (length(provider_status) BETWEEN 1 AND 100),
  CONSTRAINT payments_provider_metadata CHECK (jsonb_typeof(provider_metadata) = 'object'),
  CONSTRAINT payments_idempotency_key CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  CONSTRAINT payments_terms CHECK (length(terms) <= 2000),
  CONSTRAINT payments_declines CHECK (declines >= 0),
  CONSTRAINT payments_failure_code CHECK (length(failure_code) <= 100),
  CONSTRAINT payments_failure_message CHECK (length(failure_message) <= 1000),
  CONSTRAINT payments_backup_setup_intent_id CHECK (length(backup_setup_intent_id) BETWEEN 1 AND 255),
  CONSTRAINT payments_consent CHECK (NOT explicit_consent_flag OR (consent_at IS NOT NULL AND consent_version IS NOT NULL)),
  CONSTRAINT payments_consent_text CHECK (length(consent_text) <= 5000),
  CONSTRAINT payments_consent_version CHECK (length(consent_version) BETWEEN 1 AND 100),
  CONSTRAINT payments_consent_ip CHECK (length(consent_ip) <= 64),
  CONSTRAINT payments_dispute_status CHECK (length(dispute_status) BETWEEN 1 AND 100),
  CONSTRAINT payments_provider_dispute_id CHECK (length(provider_dispute_id) BETWEEN 1 AND 255),
  CONSTRAINT payments_royalty_basis CHECK (length(royalty_basis) <= 50),
  CONSTRAINT payments_metadata_json CHECK (jsonb_typeof(metadata_json) = 'object')
);
-- One payment under way for each thing that is paid for: two who begin at once find the same.
CREATE UNIQUE INDEX payments_open_booking_unique ON app.payments (tenant_id, booking_id)
  WHERE fee_type = 'booking' AND provider <> 'none' AND status IN ('pending', 'requires_action', 'processing', 'authorized', 'failed');
CREATE UNIQUE INDEX payments_open_purchase_unique ON app.payments (tenant_id, purchase_id)
  WHERE provider <> 'none' AND status IN ('pending', 'requires_action', 'processing', 'authorized', 'failed');
CREATE UNIQUE INDEX payments_open_gift_card_unique ON app.payments (tenant_id, gift_card_id)
  WHERE provider <> 'none' AND status IN ('pending', 'requires_action', 'processing', 'authorized', 'failed');
-- A booking is charged for not coming once; an attempt that was given up does not count.
CREATE UNIQUE INDEX payments_no_show_fee_unique ON app.payments (tenant_id, booking_id)
  WHERE fee_type = 'no_show_fee' AND status <> 'canceled';
CREATE INDEX payments_list_idx ON app.payments (tenant_id, created_at, id);
CREATE INDEX payments_booking_idx ON app.payments (tenant_id, booking_id);
CREATE INDEX payments_purchase_idx ON app.payments (tenant_id, purchase_id);
CREATE INDEX payments_gift_card_idx ON app.payments (tenant_id, gift_card_id);
CREATE INDEX payments_customer_idx ON app.payments (tenant_id, customer_id, created_at);
CREATE INDEX payments_related_payment_idx ON app.payments (tenant_id, related_payment_id);
CREATE INDEX payments_open_idx ON app.payments (tenant_id, created_at)
  WHERE status IN ('pending', 'requires_action', 'processing', 'authorized', 'failed');

CREATE TABLE app.payment_methods (
  tenant_id                  uuid        NOT NULL,
  id                         uuid        NOT NULL,
  customer_id                uuid        NOT NULL,
  provider                   text        NOT NULL DEFAULT 'stripe',
  provider_account_id        text        NOT NULL,
  -- Null until the customer has given it to the provider.
  provider_payment_method_id text,
  provider_setup_intent_id   text,
  type                       text        NOT NULL DEFAULT 'card',
  last4                      text,
  exp_month                  integer,
  exp_year                   integer,
  brand                      text,
  is_default                 boolean     NOT NULL DEFAULT false,
  status                     text        NOT NULL DEFAULT 'pending',
  explicit_consent_flag      boolean     NOT NULL DEFAULT false,
  consent_text               text,
  consent_version            text,
  consent_at                 timestamptz,
  consent_ip                 text,
  created_at                 timestamptz NOT NULL DEFAULT now(),
  updated_at                 timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT payment_methods_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT payment_methods_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT payment_methods_customer_id_fkey
    FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT payment_methods_provider_method_unique UNIQUE (tenant_id, provider, provider_payment_method_id),
  CONSTRAINT payment_methods_provider_setup_unique UNIQUE (tenant_id, provider, provider_setup_intent_id),
  CONSTRAINT payment_methods_provider CHECK (provider IN ('stripe', 'none')),
  CONSTRAINT payment_methods_provider_account_id CHECK (length(provider_account_id) BETWEEN 1 AND 255),
  CONSTRAINT payment_methods_provider_payment_method_id CHECK (length(provider_payment_method_id) BETWEEN 1 AND 255),
  CONSTRAINT payment_methods_provider_setup_intent_id CHECK (length(provider_setup_intent_id) BETWEEN 1 AND 255),
  CONSTRAINT payment_methods_type CHECK (length(type) BETWEEN 1 AND 50),
  CONSTRAINT payment_methods_last4 CHECK (last4 ~ '^[0-9]{4}$'),
  CONSTRAINT payment_methods_exp_month CHECK (exp_month BETWEEN 1 AND 12),
  CONSTRAINT payment_methods_exp_year CHECK (exp_year >= 2024),
  CONSTRAINT payment_methods_brand CHECK (length(brand) <= 50),
  CONSTRAINT payment_methods_status CHECK (status IN ('pending', 'active', 'removed')),
  CONSTRAINT payment_methods_active CHECK (status <> 'active' OR provider_payment_method_id IS NOT NULL),
  CONSTRAINT payment_methods_default CHECK (NOT is_default OR status = 'active'),
  CONSTRAINT payment_methods_consent CHECK (NOT explicit_consent_flag OR (consent_at IS NOT NULL AND consent_version IS NOT NULL)),
  CONSTRAINT payment_methods_consent_text CHECK (length(consent_text) <= 5000),
  CONSTRAINT payment_methods_consent_version CHECK (length(consent_version) BETWEEN 1 AND 100),
  CONSTRAINT payment_methods_consent_ip CHECK (length(consent_ip) <= 64)
);
CREATE UNIQUE INDEX payment_methods_default_unique ON app.payment_methods (tenant_id, customer_id) WHERE is_default;
CREATE INDEX payment_methods_customer_idx ON app.payment_methods (tenant_id, customer_id, created_at, id);
CREATE TRIGGER payment_methods_touch BEFORE UPDATE ON app.payment_methods
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER payment_methods_audit AFTER INSERT OR UPDATE OR DELETE ON app.payment_methods
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('consent_ip');

CREATE TABLE app.refunds (
  tenant_id          uuid        NOT NULL,
  id                 uuid        NOT NULL,
  payment_id         uuid        NOT NULL,
  booking_id         uuid,
  amount_cents       bigint      NOT NULL,
  reason             text,
  refund_type        text        NOT NULL DEFAULT 'full',
  provider           text        NOT NULL DEFAULT 'stripe',
  provider_refund_id text,
  provider_metadata  jsonb       NOT NULL DEFAULT '{}',
  status             text        NOT NULL DEFAULT 'pending',
  failure_reason     text,
  -- Who asks again with the same key finds this refund.
  idempotency_key    text        NOT NULL,
  metadata_json      jsonb       NOT NULL DEFAULT '{}',
  created_at         timestamptz NOT NULL DEFAULT now(),
  updated_at         timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT refunds_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT refunds_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT refunds_payment_id_fkey FOREIGN KEY (tenant_id, payment_id) REFERENCES app.payments (tenant_id, id),
  CONSTRAINT refunds_booking_id_fkey FOREIGN KEY (tenant_id, booking_id) REFERENCES app.bookings (tenant_id, id),
  CONSTRAINT refunds_idempotency_key_unique UNIQUE (tenant_id, payment_id, idempotency_key),
  CONSTRAINT refunds_provider_refund_id_unique UNIQUE (tenant_id, provider, provider_refund_id),
  CONSTRAINT refunds_amount_cents CHECK (amount_cents > 0),
  CONSTRAINT refunds_reason CHECK (length(reason) <= 1000),
  CONSTRAINT refunds_refund_type CHECK (refund_type IN ('full', 'partial', 'no_show_fee_only')),
  CONSTRAINT refunds_provider CHECK (provider IN ('stripe', 'none')),
  CONSTRAINT refunds_provider_refund_id CHECK (length(provider_refund_id) BETWEEN 1 AND 255),
  CONSTRAINT refunds_provider_metadata CHECK (jsonb_typeof(provider_metadata) = 'object'),
  CONSTRAINT refunds_status CHECK (status IN ('pending', 'succeeded', 'failed', 'canceled')),
  CONSTRAINT refunds_failure_reason CHECK (length(failure_reason) <= 1000),
  CONSTRAINT refunds_idempotency_key CHECK (length(idempotency_key) BETWEEN 1 AND 400),
  CONSTRAINT refunds_metadata_json CHECK (jsonb_typeof(metadata_json) = 'object')
);
CREATE INDEX refunds_booking_idx ON app.refunds (tenant_id, booking_id);
CREATE INDEX refunds_pending_idx ON app.refunds (tenant_id, created_at) WHERE status = 'pending';
CREATE TRIGGER refunds_touch BEFORE UPDATE ON app.refunds
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER refunds_audit AFTER INSERT OR UPDATE OR DELETE ON app.refunds
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('reason');

-- The table of moves. What is open may become anything; what was captured never becomes open again; a provider who has
-- the money after all is believed.
CREATE FUNCTION app.payment_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status = 'pending' THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a payment cannot begin as %', NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_transition', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  IF NEW.status = OLD.status OR (OLD.status, NEW.status) IN (
    ('pending', 'requires_action'), ('pending', 'processing'), ('pending', 'failed'), ('pending', 'authorized'),
    ('pending', 'captured'), ('pending', 'canceled'),
    ('requires_action', 'processing'), ('requires_action', 'failed'), ('requires_action', 'authorized'),
    ('requires_action', 'captured'), ('requires_action', 'canceled'),
    ('processing', 'requires_action'), ('processing', 'failed'), ('processing', 'authorized'),
    ('processing', 'captured'), ('processing', 'canceled'),
    ('failed', 'requires_action'), ('failed', 'processing'), ('failed', 'authorized'), ('failed', 'captured'),
    ('failed', 'canceled'),
    ('authorized', 'captured'), ('authorized', 'canceled'),
    ('canceled', 'captured'),
    ('captured', 'partially_refunded'), ('captured', 'refunded'),
    ('partially_refunded', 'captured'), ('partially_refunded', 'refunded'),
    ('refunded', 'captured'), ('refunded', 'partially_refunded')
  ) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a payment cannot go from % to %', OLD.status, NEW.status
    USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_transition', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END $$;
CREATE TRIGGER payments_a_transition BEFORE INSERT OR UPDATE ON app.payments
  FOR EACH ROW EXECUTE FUNCTION app.payment_transition();
CREATE TRIGGER payments_b_touch BEFORE UPDATE ON app.payments
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER payments_audit AFTER INSERT OR UPDATE OR DELETE ON app.payments
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('consent_ip');

-- Whoever refunds holds the payment: of many at once the sum is looked at by one after the other.
CREATE FUNCTION app.refund_within_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  captured bigint;
  others   bigint;
BEGIN
  IF NEW.status IN ('failed', 'canceled') THEN
    RETURN NEW;
  END IF;
  SELECT p.amount_captured_cents INTO captured
  FROM app.payments p WHERE p.tenant_id = NEW.tenant_id AND p.id = NEW.payment_id FOR NO KEY UPDATE;
  SELECT coalesce(sum(r.amount_cents), 0) INTO others
  FROM app.refunds r
  WHERE r.tenant_id = NEW.tenant_id AND r.payment_id = NEW.payment_id AND r.id <> NEW.id AND r.status NOT IN ('failed', 'canceled');
  IF others + NEW.amount_cents > captured THEN
    RAISE EXCEPTION 'refunds of % and % are more than % captured', others, NEW.amount_cents, captured
      USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_within_payment', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refunds_b_within_payment BEFORE INSERT OR UPDATE ON app.refunds
  FOR EACH ROW EXECUTE FUNCTION app.refund_within_payment();

-- What was paid goes with the booking when another one takes its place.
CREATE FUNCTION app.carry_payments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE app.payments SET booking_id = NEW.id WHERE tenant_id = NEW.tenant_id AND booking_id = NEW.rescheduled_from;
  RETURN NULL;
END $$;
CREATE TRIGGER bookings_carry_payments AFTER INSERT ON app.bookings
  FOR EACH ROW WHEN (NEW.rescheduled_from IS NOT NULL AND NEW.source <> 'import') EXECUTE FUNCTION app.carry_payments();
"#,
};
