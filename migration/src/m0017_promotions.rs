//! What a business gives away or sells ahead: `coupons` with `coupon_services` and `coupon_redemptions`, `gift_cards`
//! with `gift_card_transactions`, `referral_settings`, `referral_codes`, `referrals`.
//!
//! A coupon is never redeemed more often than it says and a gift card never holds less than nothing:
//! `coupons_redeemed` and `gift_cards_balance` decide, whatever the code believes. A gift card's code is nowhere in the
//! database, only its digest; the audit log knows no code at all. Payments are known by their id, written by whoever
//! makes them in the same transaction.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0017_promotions",
    sql: r#"
CREATE TABLE app.coupons (
  tenant_id        uuid        NOT NULL,
  id               uuid        NOT NULL,
  -- As it was written, and as it is compared: in capitals.
  code             text        NOT NULL,
  code_normalized  text        NOT NULL,
  name             text,
  kind             text        NOT NULL,
  percent_bps      integer,
  amount_cents     bigint,
  currency         text        NOT NULL,
  min_amount_cents bigint      NOT NULL DEFAULT 0,
  first_visit_only boolean     NOT NULL DEFAULT false,
  -- Null: as often as they like.
  max_per_customer integer,
  max_redemptions  integer,
  -- How many redemptions stand.
  redeemed         integer     NOT NULL DEFAULT 0,
  starts_at        timestamptz,
  ends_at          timestamptz,
  active           boolean     NOT NULL DEFAULT true,
  -- Null: whoever has the code.
  customer_id      uuid,
  deleted_at       timestamptz,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT coupons_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT coupons_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT coupons_customer_id_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT coupons_code CHECK (length(code) BETWEEN 3 AND 40),
  CONSTRAINT coupons_name CHECK (length(name) <= 255),
  CONSTRAINT coupons_kind CHECK (kind IN ('percent', 'amount')),
  CONSTRAINT coupons_percent_bps CHECK (percent_bps BETWEEN 1 AND 10000),
  CONSTRAINT coupons_amount_cents CHECK (amount_cents > 0),
  CONSTRAINT coupons_worth CHECK ((kind = 'percent') = (percent_bps IS NOT NULL) AND (kind = 'amount') = (amount_cents IS NOT NULL)),
  CONSTRAINT coupons_currency CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT coupons_min_amount_cents CHECK (min_amount_cents >= 0),
  CONSTRAINT coupons_max_per_customer CHECK (max_per_customer > 0),
  CONSTRAINT coupons_max_redemptions CHECK (max_redemptions > 0),
  CONSTRAINT coupons_redeemed CHECK (redeemed BETWEEN 0 AND coalesce(max_redemptions, redeemed)),
  CONSTRAINT coupons_period CHECK (starts_at < ends_at)
);
CREATE UNIQUE INDEX coupons_code_unique ON app.coupons (tenant_id, code_normalized) WHERE deleted_at IS NULL;
CREATE INDEX coupons_list_idx ON app.coupons (tenant_id, created_at, id);
CREATE INDEX coupons_customer_idx ON app.coupons (tenant_id, customer_id);
CREATE TRIGGER coupons_touch BEFORE UPDATE ON app.coupons
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER coupons_audit AFTER INSERT OR UPDATE OR DELETE ON app.coupons
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('code', 'code_normalized');

-- What a coupon is good for; none: everything.
CREATE TABLE app.coupon_services (
  tenant_id  uuid        NOT NULL,
  coupon_id  uuid        NOT NULL,
  service_id uuid        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT coupon_services_pkey PRIMARY KEY (tenant_id, coupon_id, service_id),
  CONSTRAINT coupon_services_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT coupon_services_coupon_id_fkey FOREIGN KEY (tenant_id, coupon_id) REFERENCES app.coupons (tenant_id, id),
  CONSTRAINT coupon_services_service_id_fkey FOREIGN KEY (tenant_id, service_id) REFERENCES app.services (tenant_id, id)
);
CREATE INDEX coupon_services_service_idx ON app.coupon_services (tenant_id, service_id);
CREATE TRIGGER coupon_services_audit AFTER INSERT OR UPDATE OR DELETE ON app.coupon_services
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- A coupon that went with a payment: from when the payment was begun, until it fails.
CREATE TABLE app.coupon_redemptions (
  tenant_id    uuid        NOT NULL,
  id           uuid        NOT NULL,
  coupon_id    uuid        NOT NULL,
  customer_id  uuid        NOT NULL,
  payment_id   uuid        NOT NULL,
  booking_id   uuid,
  amount_cents bigint      NOT NULL,
  currency     text        NOT NULL,
  status       text        NOT NULL DEFAULT 'redeemed',
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT coupon_redemptions_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT coupon_redemptions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT coupon_redemptions_coupon_id_fkey FOREIGN KEY (tenant_id, coupon_id) REFERENCES app.coupons (tenant_id, id),
  CONSTRAINT coupon_redemptions_customer_id_fkey
    FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT coupon_redemptions_booking_id_fkey
    FOREIGN KEY (tenant_id, booking_id) REFERENCES app.bookings (tenant_id, id),
  CONSTRAINT coupon_redemptions_amount_cents CHECK (amount_cents > 0),
  CONSTRAINT coupon_redemptions_currency CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT coupon_redemptions_status CHECK (status IN ('redeemed', 'released'))
);
CREATE UNIQUE INDEX coupon_redemptions_payment_unique ON app.coupon_redemptions (tenant_id, payment_id) WHERE status = 'redeemed';
CREATE INDEX coupon_redemptions_coupon_idx ON app.coupon_redemptions (tenant_id, coupon_id, created_at, id);
CREATE INDEX coupon_redemptions_customer_idx ON app.coupon_redemptions (tenant_id, customer_id, coupon_id);
CREATE INDEX coupon_redemptions_booking_idx ON app.coupon_redemptions (tenant_id, booking_id);
CREATE TRIGGER coupon_redemptions_touch BEFORE UPDATE ON app.coupon_redemptions
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER coupon_redemptions_audit AFTER INSERT OR UPDATE OR DELETE ON app.coupon_redemptions
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

CREATE TABLE app.gift_cards (
  tenant_id             uuid        NOT NULL,
  id                    uuid        NOT NULL,
  -- SHA-256 of the code, whose 80 bits are as good as random; its last letters, so that people can tell cards apart.
  code_hash             bytea       NOT NULL,
  code_hint             text        NOT NULL,
  status                text        NOT NULL,
  initial_cents         bigint      NOT NULL,
  -- The sum of the card's transactions.
  balance_cents         bigint      NOT NULL DEFAULT 0,
  currency              text        NOT NULL,
  purchaser_customer_id uuid,
  recipient_customer_id uuid,
  message               text,
  source                text        NOT NULL,
  -- The payment that bought it.
  payment_id            uuid,
  expires_at            timestamptz,
  activated_at          timestamptz,
  sent_at               timestamptz,
  voided_at             timestamptz,
  created_at            timestamptz NOT NULL DEFAULT now(),
  updated_at            timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT gift_cards_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT gift_cards_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT gift_cards_purchaser_customer_id_fkey
    FOREIGN KEY (tenant_id, purchaser_customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT gift_cards_recipient_customer_id_fkey
    FOREIGN KEY (tenant_id, recipient_customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT gift_cards_code_unique UNIQUE (tenant_id, code_hash),
  CONSTRAINT gift_cards_code_hash CHECK (length(code_hash) = 32),
  CONSTRAINT gift_cards_code_hint CHECK (length(code_hint) = 4),
  CONSTRAINT gift_cards_status CHECK (status IN ('pending', 'active', 'void')),
  CONSTRAINT gift_cards_initial_cents CHECK (initial_cents > 0),
  CONSTRAINT gift_cards_balance CHECK (balance_cents BETWEEN 0 AND initial_cents),
  CONSTRAINT gift_cards_pending CHECK (status <> 'pending' OR balance_cents = 0),
  CONSTRAINT gift_cards_currency CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT gift_cards_message CHECK (length(message) <= 1000),
  CONSTRAINT gift_cards_source CHECK (source IN ('staff', 'public', 'import'))
);
CREATE INDEX gift_cards_list_idx ON app.gift_cards (tenant_id, created_at, id);
CREATE INDEX gift_cards_purchaser_idx ON app.gift_cards (tenant_id, purchaser_customer_id);
CREATE INDEX gift_cards_recipient_idx ON app.gift_cards (tenant_id, recipient_customer_id);
CREATE TRIGGER gift_cards_touch BEFORE UPDATE ON app.gift_cards
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER gift_cards_audit AFTER INSERT OR UPDATE OR DELETE ON app.gift_cards
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('code_hash', 'code_hint', 'message');

-- Every movement of a card's money. Only grows.
CREATE TABLE app.gift_card_transactions (
  tenant_id     uuid        NOT NULL,
  id            uuid        NOT NULL,
  gift_card_id  uuid        NOT NULL,
  kind          text        NOT NULL,
  -- Above zero into the card, below out of it.
  amount_cents  bigint      NOT NULL,
  balance_cents bigint      NOT NULL,
  payment_id    uuid,
  created_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT gift_card_transactions_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT gift_card_transactions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT gift_card_transactions_gift_card_id_fkey
    FOREIGN KEY (tenant_id, gift_card_id) REFERENCES app.gift_cards (tenant_id, id),
  CONSTRAINT gift_card_transactions_kind CHECK (kind IN ('issued', 'redeemed', 'returned', 'voided')),
  CONSTRAINT gift_card_transactions_amount CHECK (amount_cents <> 0 AND (kind IN ('issued', 'returned')) = (amount_cents > 0)),
  CONSTRAINT gift_card_transactions_balance_cents CHECK (balance_cents >= 0)
);
CREATE INDEX gift_card_transactions_card_idx ON app.gift_card_transactions (tenant_id, gift_card_id, created_at, id);
CREATE INDEX gift_card_transactions_payment_idx ON app.gift_card_transactions (tenant_id, payment_id);
CREATE TRIGGER gift_card_transactions_audit AFTER INSERT OR UPDATE OR DELETE ON app.gift_card_transactions
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- What a business gives for bringing somebody along; without a row nothing.
CREATE TABLE app.referral_settings (
  tenant_id         uuid        NOT NULL,
  enabled           boolean     NOT NULL DEFAULT false,
  reward            text        NOT NULL,
  -- Credits, points, minor units or basis points, as the reward says; 0 is nothing.
  referrer_reward   bigint      NOT NULL,
  referee_reward    bigint      NOT NULL,
  -- How long a coupon or credits are good; null is for ever.
  valid_days        integer,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT referral_settings_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT referral_settings_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT referral_settings_reward CHECK (reward IN ('credits', 'points', 'coupon_amount', 'coupon_percent')),
  CONSTRAINT referral_settings_referrer_reward CHECK (referrer_reward BETWEEN 0 AND 100000000),
  CONSTRAINT referral_settings_referee_reward CHECK (referee_reward BETWEEN 0 AND 100000000),
  CONSTRAINT referral_settings_percent CHECK (reward <> 'coupon_percent' OR (referrer_reward <= 10000 AND referee_reward <= 10000)),
  CONSTRAINT referral_settings_valid_days CHECK (valid_days BETWEEN 1 AND 3650)
);
CREATE TRIGGER referral_settings_touch BEFORE UPDATE ON app.referral_settings
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER referral_settings_audit AFTER INSERT OR UPDATE OR DELETE ON app.referral_settings
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- The code by which a customer brings others along.
CREATE TABLE app.referral_codes (
  tenant_id   uuid        NOT NULL,
  id          uuid        NOT NULL,
  customer_id uuid        NOT NULL,
  code        text        NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT referral_codes_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT referral_codes_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT referral_codes_customer_id_fkey
    FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT referral_codes_customer_unique UNIQUE (tenant_id, customer_id),
  CONSTRAINT referral_codes_code_unique UNIQUE (tenant_id, code),
  CONSTRAINT referral_codes_code CHECK (length(code) BETWEEN 6 AND 20)
);
CREATE TRIGGER referral_codes_audit AFTER INSERT OR UPDATE OR DELETE ON app.referral_codes
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('code');

-- Who brought whom; each customer is brought once.
CREATE TABLE app.referrals (
  tenant_id            uuid        NOT NULL,
  id                   uuid        NOT NULL,
  referrer_customer_id uuid        NOT NULL,
  referee_customer_id  uuid        NOT NULL,
  -- The first booking.
  booking_id           uuid        NOT NULL,
  status               text        NOT NULL DEFAULT 'claimed',
  -- What was given, in which unit.
  reward               text,
  referrer_reward      bigint,
  referee_reward       bigint,
  rewarded_at          timestamptz,
  created_at           timestamptz NOT NULL DEFAULT now(),
  updated_at           timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT referrals_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT referrals_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT referrals_referrer_customer_id_fkey
    FOREIGN KEY (tenant_id, referrer_customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT referrals_referee_customer_id_fkey
    FOREIGN KEY (tenant_id, referee_customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT referrals_booking_id_fkey FOREIGN KEY (tenant_id, booking_id) REFERENCES app.bookings (tenant_id, id),
  CONSTRAINT referrals_referee_unique UNIQUE (tenant_id, referee_customer_id),
  CONSTRAINT referrals_two CHECK (referrer_customer_id <> referee_customer_id),
  CONSTRAINT referrals_status CHECK (status IN ('claimed', 'rewarded')),
  CONSTRAINT referrals_reward CHECK (reward IN ('credits', 'points', 'coupon_amount', 'coupon_percent')),
  CONSTRAINT referrals_rewarded CHECK ((status = 'rewarded') = (rewarded_at IS NOT NULL))
);
CREATE INDEX referrals_list_idx ON app.referrals (tenant_id, created_at, id);
CREATE INDEX referrals_referrer_idx ON app.referrals (tenant_id, referrer_customer_id);
CREATE INDEX referrals_booking_idx ON app.referrals (tenant_id, booking_id);
CREATE TRIGGER referrals_touch BEFORE UPDATE ON app.referrals
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER referrals_audit AFTER INSERT OR UPDATE OR DELETE ON app.referrals
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();
"#,
};
