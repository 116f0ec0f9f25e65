//! What is bought ahead and used up: `packages` with `package_services`, `membership_plans`, `customer_memberships`,
//! `purchases`; the ledger, `credits` with `credit_transactions`; what bookings take of it, `credit_prices` and
//! `booking_coverages`. And what points are worth: `loyalty_settings`, `loyalty_tiers`.
//!
//! The ledger is double entry and only grows. An account is either a lot, which is what a customer got at once and
//! loses at once, or one of the business's own that say where units come from and where they go. Each movement takes
//! from one account what it gives to another: `credit_movement_zero` decides, when the transaction commits. No lot ever
//! holds less than nothing: `credit_lot_balance` decides, with the lot locked.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0018_packages",
    sql: r#"
CREATE TABLE app.packages (
  tenant_id   uuid        NOT NULL,
  id          uuid        NOT NULL,
  type        text        NOT NULL DEFAULT 'sessions',
  name        text        NOT NULL,
  description text,
  sessions    integer     NOT NULL,
  price_cents bigint      NOT NULL,
  currency    text        NOT NULL,
  -- Null: for ever.
  valid_days  integer,
  active      boolean     NOT NULL DEFAULT true,
  sort_order  integer     NOT NULL DEFAULT 0,
  deleted_at  timestamptz,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT packages_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT packages_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT packages_type CHECK (type IN ('sessions')),
  CONSTRAINT packages_name CHECK (length(name) BETWEEN 1 AND 255),
  CONSTRAINT packages_description CHECK (length(description) <= 1000),
  CONSTRAINT packages_sessions CHECK (sessions BETWEEN 1 AND 10000),
  CONSTRAINT packages_price_cents CHECK (price_cents >= 0),
  CONSTRAINT packages_currency CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT packages_valid_days CHECK (valid_days BETWEEN 1 AND 3650)
);
CREATE INDEX packages_list_idx ON app.packages (tenant_id, sort_order, id);
CREATE TRIGGER packages_touch BEFORE UPDATE ON app.packages
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER packages_audit AFTER INSERT OR UPDATE OR DELETE ON app.packages
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- What the sessions of a package are good for; none: every service. Stays as it was made.
CREATE TABLE app.package_services (
  tenant_id  uuid        NOT NULL,
  package_id uuid        NOT NULL,
  service_id uuid        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT package_services_pkey PRIMARY KEY (tenant_id, package_id, service_id),
  CONSTRAINT package_services_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT package_services_package_id_fkey FOREIGN KEY (tenant_id, package_id) REFERENCES app.packages (tenant_id, id),
  CONSTRAINT package_services_service_id_fkey FOREIGN KEY (tenant_id, service_id) REFERENCES app.services (tenant_id, id)
);
CREATE INDEX package_services_service_idx ON app.package_services (tenant_id, service_id);
CREATE TRIGGER package_services_audit AFTER INSERT OR UPDATE OR DELETE ON app.package_services
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- What a membership gives in each of its periods: sessions of a package, or credits.
CREATE TABLE app.membership_plans (
  tenant_id      uuid        NOT NULL,
  id             uuid        NOT NULL,
  name           text        NOT NULL,
  description    text,
  grants         text        NOT NULL,
  quantity       integer     NOT NULL,
  package_id     uuid,
  period_months  integer     NOT NULL DEFAULT 1,
  price_cents    bigint      NOT NULL,
  currency       text        NOT NULL,
  -- How much of what is left goes over into the next period; null: all of it.
  carry_over_cap integer,
  active         boolean     NOT NULL DEFAULT true,
  deleted_at     timestamptz,
  created_at     timestamptz NOT NULL DEFAULT now(),
  updated_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT membership_plans_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT membership_plans_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT membership_plans_package_id_fkey FOREIGN KEY (tenant_id, package_id) REFERENCES app.packages (tenant_id, id),
  CONSTRAINT membership_plans_name CHECK (length(name) BETWEEN 1 AND 255),
  CONSTRAINT membership_plans_description CHECK (length(description) <= 1000),
  CONSTRAINT membership_plans_grants CHECK (grants IN ('sessions', 'credits')),
  CONSTRAINT membership_plans_package CHECK ((grants = 'sessions') = (package_id IS NOT NULL)),
  CONSTRAINT membership_plans_quantity CHECK (quantity BETWEEN 1 AND 100000),
  CONSTRAINT membership_plans_period_months CHECK (period_months BETWEEN 1 AND 12),
  CONSTRAINT membership_plans_price_cents CHECK (price_cents >= 0),
  CONSTRAINT membership_plans_currency CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT membership_plans_carry_over_cap CHECK (carry_over_cap BETWEEN 0 AND 100000)
);
CREATE INDEX membership_plans_list_idx ON app.membership_plans (tenant_id, created_at, id);
CREATE INDEX membership_plans_package_idx ON app.membership_plans (tenant_id, package_id);
CREATE TRIGGER membership_plans_touch BEFORE UPDATE ON app.membership_plans
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER membership_plans_audit AFTER INSERT OR UPDATE OR DELETE ON app.membership_plans
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- A customer's membership. Its periods are counted from a date in its own zone, so that the 31st stays the 31st.
CREATE TABLE app.customer_memberships (
  tenant_id     uuid        NOT NULL,
  id            uuid        NOT NULL,
  customer_id   uuid        NOT NULL,
  plan_id       uuid        NOT NULL,
  status        text        NOT NULL DEFAULT 'pending',
  tz            text        NOT NULL,
  -- The day from which periods are counted, once it has begun, and the number of the one that begins on it.
  anchor        date,
  anchor_period integer     NOT NULL DEFAULT 0,
  -- The number of the present period.
  period        integer     NOT NULL DEFAULT 0,
  period_ends   timestamptz,
  paused_at     timestamptz,
  -- It ends with its period.
  ends_then     boolean     NOT NULL DEFAULT false,
  ended_at      timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT customer_memberships_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT customer_memberships_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT customer_memberships_customer_id_fkey
    FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT customer_memberships_plan_id_fkey
    FOREIGN KEY (tenant_id, plan_id) REFERENCES app.membership_plans (tenant_id, id),
  CONSTRAINT customer_memberships_status CHECK (status IN ('pending', 'active', 'paused', 'ended')),
  CONSTRAINT customer_memberships_tz CHECK (length(tz) BETWEEN 1 AND 50),
  CONSTRAINT customer_memberships_anchor_period CHECK (anchor_period >= 0),
  CONSTRAINT customer_memberships_period CHECK (period >= 0),
  CONSTRAINT customer_memberships_begun CHECK (status NOT IN ('active', 'paused') OR (anchor IS NOT NULL AND period_ends IS NOT NULL)),
  CONSTRAINT customer_memberships_paused CHECK ((status = 'paused') = (paused_at IS NOT NULL)),
  CONSTRAINT customer_memberships_ended CHECK ((status = 'ended') = (ended_at IS NOT NULL))
);
CREATE INDEX customer_memberships_list_idx ON app.customer_memberships (tenant_id, created_at, id);
CREATE INDEX customer_memberships_customer_idx ON app.customer_memberships (tenant_id, customer_id);
CREATE INDEX customer_memberships_plan_idx ON app.customer_memberships (tenant_id, plan_id);
CREATE INDEX customer_memberships_due_idx ON app.customer_memberships (tenant_id, period_ends) WHERE status = 'active';
CREATE TRIGGER customer_memberships_touch BEFORE UPDATE ON app.customer_memberships
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER customer_memberships_audit AFTER INSERT OR UPDATE OR DELETE ON app.customer_memberships
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- Something that somebody buys, on the terms of when they bought it: worth something once it is paid.
CREATE TABLE app.purchases (
  tenant_id     uuid        NOT NULL,
  id            uuid        NOT NULL,
  customer_id   uuid        NOT NULL,
  kind          text        NOT NULL,
  package_id    uuid,
  membership_id uuid,
  -- Sessions or credits.
  quantity      bigint      NOT NULL,
  -- Days from when it is paid; null: for ever, or to the end of a membership's period.
  valid_days    integer,
  -- Which of a membership's periods it is for.
  period        integer,
  description   text        NOT NULL,
  amount_cents  bigint      NOT NULL,
  currency      text        NOT NULL,
  status        text        NOT NULL DEFAULT 'pending',
  paid_with     text,
  payment_id    uuid,
  source        text        NOT NULL,
  paid_at       timestamptz,
  undone_at     timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT purchases_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT purchases_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT purchases_customer_id_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT purchases_package_id_fkey FOREIGN KEY (tenant_id, package_id) REFERENCES app.packages (tenant_id, id),
  CONSTRAINT purchases_membership_id_fkey
    FOREIGN KEY (tenant_id, membership_id) REFERENCES app.customer_memberships (tenant_id, id),
  CONSTRAINT purchases_period_unique UNIQUE (tenant_id, membership_id, period),
  CONSTRAINT purchases_kind CHECK (kind IN ('package', 'membership', 'credits')),
  CONSTRAINT purchases_subject CHECK ((kind <> 'package' OR package_id IS NOT NULL) AND (kind = 'membership') = (membership_id IS NOT NULL) AND (kind = 'membership') = (period IS NOT NULL)),
  CONSTRAINT purchases_quantity CHECK (quantity BETWEEN 1 AND 1000000000),
  CONSTRAINT purchases_valid_days CHECK (valid_days BETWEEN 1 AND 3650),
  CONSTRAINT purchases_description CHECK (length(description) BETWEEN 1 AND 500),
  CONSTRAINT purchases_amount_cents CHECK (amount_cents >= 0),
  CONSTRAINT purchases_currency CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT purchases_status CHECK (status IN ('pending', 'paid', 'undone', 'canceled')),
  CONSTRAINT purchases_paid_with CHECK (paid_with IN ('payment', 'cash', 'given')),
  CONSTRAINT purchases_paid CHECK (status NOT IN ('paid', 'undone') OR (paid_with IS NOT NULL AND paid_at IS NOT NULL)),
  CONSTRAINT purchases_source CHECK (source IN ('staff', 'public', 'import'))
);
CREATE INDEX purchases_list_idx ON app.purchases (tenant_id, created_at, id);
CREATE INDEX purchases_customer_idx ON app.purchases (tenant_id, customer_id);
CREATE INDEX purchases_package_idx ON app.purchases (tenant_id, package_id);
CREATE TRIGGER purchases_touch BEFORE UPDATE ON app.purchases
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER purchases_audit AFTER INSERT OR UPDATE OR DELETE ON app.purchases
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- The accounts of the ledger: what customers hold, lot by lot, and the business's own, from which units come and to
-- which they go.
CREATE TABLE app.credits (
  tenant_id     uuid        NOT NULL,
  id            uuid        NOT NULL,
  kind          text        NOT NULL,
  unit          text        NOT NULL,
  -- Who holds a lot, what bought it, and which package its sessions are of.
  customer_id   uuid,
  purchase_id   uuid,
  package_id    uuid,
  membership_id uuid,
  expires_at    timestamptz,
  -- When what was left of it had expired; what comes back after that expires again.
  swept_at      timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT credits_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT credits_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT credits_customer_id_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT credits_purchase_id_fkey FOREIGN KEY (tenant_id, purchase_id) REFERENCES app.purchases (tenant_id, id),
  CONSTRAINT credits_package_id_fkey FOREIGN KEY (tenant_id, package_id) REFERENCES app.packages (tenant_id, id),
  CONSTRAINT credits_membership_id_fkey
    FOREIGN KEY (tenant_id, membership_id) REFERENCES app.customer_memberships (tenant_id, id),
  CONSTRAINT credits_kind CHECK (kind IN ('lot', 'issued', 'used', 'expired')),
  CONSTRAINT credits_unit CHECK (unit IN ('credit', 'session')),
  CONSTRAINT credits_holder CHECK ((kind = 'lot') = (customer_id IS NOT NULL)),
  CONSTRAINT credits_lot CHECK (kind = 'lot' OR num_nonnulls(purchase_id, package_id, membership_id, expires_at) = 0),
  CONSTRAINT credits_sessions CHECK (kind <> 'lot' OR (unit = 'session') = (package_id IS NOT NULL))
);
CREATE UNIQUE INDEX credits_own_unique ON app.credits (tenant_id, kind, unit) WHERE kind <> 'lot';
CREATE INDEX credits_customer_idx ON app.credits (tenant_id, customer_id, unit, expires_at);
CREATE INDEX credits_purchase_idx ON app.credits (tenant_id, purchase_id);
CREATE INDEX credits_package_idx ON app.credits (tenant_id, package_id);
CREATE INDEX credits_membership_idx ON app.credits (tenant_id, membership_id);
CREATE INDEX credits_expiry_idx ON app.credits (tenant_id, expires_at) WHERE expires_at IS NOT NULL AND swept_at IS NULL;
CREATE TRIGGER credits_touch BEFORE UPDATE ON app.credits
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER credits_audit AFTER INSERT OR UPDATE OR DELETE ON app.credits
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- The entries of the ledger. Only grows.
CREATE TABLE app.credit_transactions (
  tenant_id   uuid        NOT NULL,
  id          uuid        NOT NULL,
  -- What belongs together and sums to nothing.
  movement_id uuid        NOT NULL,
  account_id  uuid        NOT NULL,
  kind        text        NOT NULL,
  -- Above zero into the account, below out of it.
  amount      bigint      NOT NULL,
  booking_id  uuid,
  purchase_id uuid,
  reason      text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT credit_transactions_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT credit_transactions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT credit_transactions_account_id_fkey FOREIGN KEY (tenant_id, account_id) REFERENCES app.credits (tenant_id, id),
  CONSTRAINT credit_transactions_booking_id_fkey
    FOREIGN KEY (tenant_id, booking_id) REFERENCES app.bookings (tenant_id, id),
  CONSTRAINT credit_transactions_purchase_id_fkey
    FOREIGN KEY (tenant_id, purchase_id) REFERENCES app.purchases (tenant_id, id),
  CONSTRAINT credit_transactions_kind CHECK (kind IN ('purchase', 'grant', 'consume', 'give_back', 'expire', 'undo')),
  CONSTRAINT credit_transactions_amount CHECK (amount <> 0),
  CONSTRAINT credit_transactions_reason CHECK (length(reason) BETWEEN 1 AND 255)
);
CREATE INDEX credit_transactions_account_idx ON app.credit_transactions (tenant_id, account_id, created_at, id) INCLUDE (amount);
CREATE INDEX credit_transactions_movement_idx ON app.credit_transactions (tenant_id, movement_id);
CREATE INDEX credit_transactions_booking_idx ON app.credit_transactions (tenant_id, booking_id);
CREATE INDEX credit_transactions_purchase_idx ON app.credit_transactions (tenant_id, purchase_id);
CREATE TRIGGER credit_transactions_audit AFTER INSERT OR UPDATE OR DELETE ON app.credit_transactions
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('reason');

-- Looked at when the transaction commits, once all entries of a movement are there. The lot is locked before it is
-- summed, so that nobody spends beside us what we spend; and the last to commit sees what the others have left.
CREATE FUNCTION app.credit_movement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  lot uuid;
BEGIN
  IF (SELECT sum(t.amount) FROM app.credit_transactions t
      WHERE t.tenant_id = NEW.tenant_id AND t.movement_id = NEW.movement_id) <> 0 THEN
    RAISE EXCEPTION 'what a movement takes is not what it gives' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'credit_movement_zero', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  SELECT c.id INTO lot FROM app.credits c
  WHERE c.tenant_id = NEW.tenant_id AND c.id = NEW.account_id AND c.kind = 'lot' AND NEW.amount < 0 FOR NO KEY UPDATE;
  IF FOUND AND (SELECT sum(t.amount) FROM app.credit_transactions t
                WHERE t.tenant_id = NEW.tenant_id AND t.account_id = lot) < 0 THEN
    RAISE EXCEPTION 'more was taken than the lot holds' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'credit_lot_balance', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER credit_transactions_movement AFTER INSERT ON app.credit_transactions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.credit_movement();

-- What each account holds.
CREATE VIEW app.credit_balances WITH (security_invoker = true) AS
  SELECT c.tenant_id, c.id AS account_id, c.kind, c.unit, c.customer_id, c.package_id, c.expires_at,
         coalesce(sum(t.amount), 0)::bigint AS balance
  FROM app.credits c LEFT JOIN app.credit_transactions t ON t.tenant_id = c.tenant_id AND t.account_id = c.id
  GROUP BY c.tenant_id, c.id;

-- What a seat of a service costs in credits; without a row it cannot be had for credits.
CREATE TABLE app.credit_prices (
  tenant_id  uuid        NOT NULL,
  service_id uuid        NOT NULL,
  credits    integer     NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT credit_prices_pkey PRIMARY KEY (tenant_id, service_id),
  CONSTRAINT credit_prices_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT credit_prices_service_id_fkey FOREIGN KEY (tenant_id, service_id) REFERENCES app.services (tenant_id, id),
  CONSTRAINT credit_prices_credits CHECK (credits BETWEEN 1 AND 1000000)
);
CREATE TRIGGER credit_prices_touch BEFORE UPDATE ON app.credit_prices
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER credit_prices_audit AFTER INSERT OR UPDATE OR DELETE ON app.credit_prices
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- What a booking is paid with instead of money. It goes along when the booking moves.
CREATE TABLE app.booking_coverages (
  tenant_id   uuid        NOT NULL,
  id          uuid        NOT NULL,
  booking_id  uuid        NOT NULL,
  customer_id uuid        NOT NULL,
  kind        text        NOT NULL,
  -- Sessions or credits.
  units       bigint      NOT NULL,
  movement_id uuid        NOT NULL,
  status      text        NOT NULL DEFAULT 'consumed',
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT booking_coverages_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT booking_coverages_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT booking_coverages_booking_id_fkey FOREIGN KEY (tenant_id, booking_id) REFERENCES app.bookings (tenant_id, id),
  CONSTRAINT booking_coverages_customer_id_fkey
    FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT booking_coverages_booking_unique UNIQUE (tenant_id, booking_id),
  CONSTRAINT booking_coverages_kind CHECK (kind IN ('package', 'credits')),
  CONSTRAINT booking_coverages_units CHECK (units > 0),
  CONSTRAINT booking_coverages_status CHECK (status IN ('consumed', 'given_back', 'forfeited'))
);
CREATE INDEX booking_coverages_customer_idx ON app.booking_coverages (tenant_id, customer_id);
CREATE TRIGGER booking_coverages_touch BEFORE UPDATE ON app.booking_coverages
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER booking_coverages_audit AFTER INSERT OR UPDATE OR DELETE ON app.booking_coverages
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- What pays for it instead of money.
ALTER TABLE app.bookings
  ADD COLUMN covered_by text,
  ADD CONSTRAINT bookings_covered_by CHECK (covered_by IN ('package', 'credits'));

-- How a business's points are earned and what they are worth; without a row a point for each whole unit of money.
CREATE TABLE app.loyalty_settings (
  tenant_id        uuid        NOT NULL,
  earn_by          text        NOT NULL DEFAULT 'amount',
  -- Points for each whole unit of money, or for each visit.
  points           integer     NOT NULL DEFAULT 1,
  -- So many points are one credit; null: they are not redeemed for credits.
  points_per_credit integer,
  -- So many points are a coupon over one whole unit of money; null: not redeemed for coupons.
  points_per_unit  integer,
  -- How long what points were redeemed for is good; null: for ever.
  valid_days       integer,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT loyalty_settings_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT loyalty_settings_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT loyalty_settings_earn_by CHECK (earn_by IN ('amount', 'visit')),
  CONSTRAINT loyalty_settings_points CHECK (points BETWEEN 0 AND 100000),
  CONSTRAINT loyalty_settings_points_per_credit CHECK (points_per_credit BETWEEN 1 AND 1000000),
  CONSTRAINT loyalty_settings_points_per_unit CHECK (points_per_unit BETWEEN 1 AND 1000000),
  CONSTRAINT loyalty_settings_valid_days CHECK (valid_days BETWEEN 1 AND 3650)
);
CREATE TRIGGER loyalty_settings_touch BEFORE UPDATE ON app.loyalty_settings
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER loyalty_settings_audit AFTER INSERT OR UPDATE OR DELETE ON app.loyalty_settings
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- Where a business's tiers begin, and how much more they earn; without rows 0, 500, 2000, 5000 and no more.
CREATE TABLE app.loyalty_tiers (
  tenant_id      uuid        NOT NULL,
  tier           text        NOT NULL,
  -- Points ever earned.
  threshold      bigint      NOT NULL,
  -- Basis points of what is earned: 10000 is once.
  multiplier_bps integer     NOT NULL DEFAULT 10000,
  created_at     timestamptz NOT NULL DEFAULT now(),
  updated_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT loyalty_tiers_pkey PRIMARY KEY (tenant_id, tier),
  CONSTRAINT loyalty_tiers_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT loyalty_tiers_threshold_unique UNIQUE (tenant_id, threshold),
  CONSTRAINT loyalty_tiers_tier CHECK (tier IN ('bronze', 'silver', 'gold', 'platinum')),
  CONSTRAINT loyalty_tiers_threshold CHECK (threshold >= 0),
  CONSTRAINT loyalty_tiers_bronze CHECK (tier <> 'bronze' OR threshold = 0),
  CONSTRAINT loyalty_tiers_multiplier_bps CHECK (multiplier_bps BETWEEN 0 AND 100000)
);
CREATE TRIGGER loyalty_tiers_touch BEFORE UPDATE ON app.loyalty_tiers
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER loyalty_tiers_audit AFTER INSERT OR UPDATE OR DELETE ON app.loyalty_tiers
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();
"#,
};
