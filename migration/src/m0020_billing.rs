//! What the platform sells and to whom: `plans`, `tenant_subscriptions` of businesses, `user_subscriptions` of persons,
//! and `subscription_bills`, what was billed for them.
//!
//! A business and a person each have at most one subscription, which moves along the arrows of
//! `app.subscription_guard()`. Every business begins with a trial: the trigger on `tenants` sees to that, whoever makes
//! one.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0020_billing",
    sql: r#"
CREATE TABLE app.plans (
  id          uuid        NOT NULL,
  -- Who buys it: an organization, or a person.
  product     text        NOT NULL,
  tier        text        NOT NULL,
  name        text        NOT NULL,
  -- A month; null is by agreement.
  price_cents bigint,
  currency    text        NOT NULL DEFAULT 'USD',
  trial_days  integer     NOT NULL DEFAULT 0,
  -- From the smallest.
  position    integer     NOT NULL,
  -- max_users, max_sound_libraries, sessions_per_day, minutes_per_session: -1 is without limit, absent is not its matter.
  limits      jsonb       NOT NULL,
  features    jsonb       NOT NULL DEFAULT '[]',
  is_active   boolean     NOT NULL DEFAULT true,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT plans_pkey PRIMARY KEY (id),
  CONSTRAINT plans_tier_unique UNIQUE (product, tier),
  CONSTRAINT plans_product CHECK (product IN ('organization', 'personal')),
  CONSTRAINT plans_tier CHECK (tier IN ('starter', 'professional', 'enterprise', 'custom', 'premium', 'pro')),
  CONSTRAINT plans_name CHECK (length(name) BETWEEN 1 AND 100),
  CONSTRAINT plans_price_cents CHECK (price_cents >= 0),
  CONSTRAINT plans_currency CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT plans_trial_days CHECK (trial_days BETWEEN 0 AND 365),
  CONSTRAINT plans_limits CHECK (jsonb_typeof(limits) = 'object'),
  CONSTRAINT plans_features CHECK (jsonb_typeof(features) = 'array')
);
CREATE TRIGGER plans_touch BEFORE UPDATE ON app.plans
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();

INSERT INTO app.plans (id, product, tier, name, price_cents, trial_days, position, limits, features) VALUES
  ('0198c0de-7000-7000-8000-000000000101', 'organization', 'starter', 'Starter', 4900, 14, 1,
   '{"max_users": 10, "max_sound_libraries": 3}', '["basic_analytics", "email_support"]'),
  ('0198c0de-7000-7000-8000-000000000102', 'organization', 'professional', 'Professional', 14900, 14, 2,
   '{"max_users": 50, "max_sound_libraries": 10}', '["advanced_analytics", "email_support", "automations"]'),
  ('0198c0de-7000-7000-8000-000000000103', 'organization', 'enterprise', 'Enterprise', 39900, 14, 3,
   '{"max_users": -1, "max_sound_libraries": -1}', '["all"]'),
  ('0198c0de-7000-7000-8000-000000000104', 'organization', 'custom', 'Custom', NULL, 0, 4,
   '{"max_users": -1, "max_sound_libraries": -1}', '["all"]'),
  ('0198c0de-7000-7000-8000-000000000111', 'personal', 'starter', 'Starter', 0, 0, 1,
   '{"sessions_per_day": 3, "minutes_per_session": 15}', '["basic_content", "basic_analytics"]'),
  ('0198c0de-7000-7000-8000-000000000112', 'personal', 'premium', 'Premium', 999, 14, 2,
   '{"sessions_per_day": 10, "minutes_per_session": 60}', '["full_content", "advanced_analytics", "wellness_tracking"]'),
  ('0198c0de-7000-7000-8000-000000000113', 'personal', 'pro', 'Pro', 1999, 14, 3,
   '{"sessions_per_day": -1, "minutes_per_session": -1}', '["all_content", "premium_analytics", "priority_support"]');

CREATE TABLE app.tenant_subscriptions (
  tenant_id                uuid        NOT NULL,
  id                       uuid        NOT NULL,
  plan_id                  uuid        NOT NULL,
  state                    text        NOT NULL DEFAULT 'free_trial',
  -- What the provider says of it; null while it bills nothing.
  provider_status          text,
  -- What it costs and allows here, where that is not the plan's.
  custom_price_cents       bigint,
  custom_limits            jsonb,
  trial_end_at             timestamptz,
  period_start_at          timestamptz,
  period_end_at            timestamptz,
  -- How long a payment that failed is waited for.
  grace_end_at             timestamptz,
  cancel_at_period_end     boolean     NOT NULL DEFAULT false,
  ended_at                 timestamptz,
  provider_customer_id     text,
  -- With what it is paid.
  provider_method_id       text,
  provider_subscription_id text,
  -- As of when the provider said so: what it said before that changes nothing.
  provider_seen_at         timestamptz,
  -- A change that the provider is being asked for: to which plan, since when.
  pending_plan_id          uuid,
  pending_at               timestamptz,
  -- How often the provider was asked to change something: each time has a key of its own.
  attempts                 integer     NOT NULL DEFAULT 0,
  -- How often somebody was reminded in this state.
  reminders                integer     NOT NULL DEFAULT 0,
  created_at               timestamptz NOT NULL DEFAULT now(),
  updated_at               timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT tenant_subscriptions_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT tenant_subscriptions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT tenant_subscriptions_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES app.plans (id),
  CONSTRAINT tenant_subscriptions_pending_plan_id_fkey FOREIGN KEY (pending_plan_id) REFERENCES app.plans (id),
  CONSTRAINT tenant_subscriptions_tenant_unique UNIQUE (tenant_id),
  CONSTRAINT tenant_subscriptions_state CHECK (state IN
    ('free_trial', 'paid_subscription', 'active', 'payment_failed', 'suspended', 'cancelled', 'expired')),
  CONSTRAINT tenant_subscriptions_provider_status CHECK (provider_status IN
    ('trialing', 'active', 'past_due', 'unpaid', 'canceled', 'incomplete', 'incomplete_expired', 'paused')),
  CONSTRAINT tenant_subscriptions_custom_price_cents CHECK (custom_price_cents >= 0),
  CONSTRAINT tenant_subscriptions_custom_limits CHECK (jsonb_typeof(custom_limits) = 'object'),
  CONSTRAINT tenant_subscriptions_trial CHECK (state <> 'free_trial' OR trial_end_at IS NOT NULL),
  CONSTRAINT tenant_subscriptions_grace CHECK (state <> 'payment_failed' OR grace_end_at IS NOT NULL),
  CONSTRAINT tenant_subscriptions_ended CHECK ((state IN ('cancelled', 'expired')) = (ended_at IS NOT NULL)),
  CONSTRAINT tenant_subscriptions_pending CHECK ((pending_plan_id IS NULL) = (pending_at IS NULL)),
  CONSTRAINT tenant_subscriptions_provider_customer_id CHECK (length(provider_customer_id) BETWEEN 1 AND 255),
  CONSTRAINT tenant_subscriptions_provider_method_id CHECK (length(provider_method_id) BETWEEN 1 AND 255),
  CONSTRAINT tenant_subscriptions_provider_subscription_id CHECK (length(provider_subscription_id) BETWEEN 1 AND 255),
  CONSTRAINT tenant_subscriptions_attempts CHECK (attempts >= 0),
  CONSTRAINT tenant_subscriptions_reminders CHECK (reminders >= 0)
);
CREATE INDEX tenant_subscriptions_plan_idx ON app.tenant_subscriptions (tenant_id, plan_id);
CREATE INDEX tenant_subscriptions_pending_plan_idx ON app.tenant_subscriptions (tenant_id, pending_plan_id);
-- The provider's event names the customer; the platform looks for whose it is.
CREATE INDEX tenant_subscriptions_customer_idx ON app.tenant_subscriptions (provider_customer_id)
  WHERE provider_customer_id IS NOT NULL;
-- What the round looks after.
CREATE INDEX tenant_subscriptions_due_idx ON app.tenant_subscriptions (state, tenant_id)
  WHERE state IN ('free_trial', 'payment_failed') OR pending_at IS NOT NULL;

-- Those who are there already begin theirs now. Before the audit listens: it takes rows of one tenant
-- at a time.
INSERT INTO app.tenant_subscriptions (tenant_id, id, plan_id, state, trial_end_at)
SELECT d.tenant_id, app.uuid_v7(), p.id, 'free_trial', now() + make_interval(days => p.trial_days)
FROM app.tenant_directory d, app.plans p WHERE p.product = 'organization' AND p.tier = 'professional';

CREATE TABLE app.user_subscriptions (
  tenant_id                uuid        NOT NULL,
  id                       uuid        NOT NULL,
  user_id                  uuid        NOT NULL,
  plan_id                  uuid        NOT NULL,
  state                    text        NOT NULL DEFAULT 'free_trial',
  provider_status          text,
  custom_price_cents       bigint,
  custom_limits            jsonb,
  trial_end_at             timestamptz,
  period_start_at          timestamptz,
  period_end_at            timestamptz,
  grace_end_at             timestamptz,
  cancel_at_period_end     boolean     NOT NULL DEFAULT false,
  ended_at                 timestamptz,
  provider_customer_id     text,
  provider_method_id       text,
  provider_subscription_id text,
  provider_seen_at         timestamptz,
  pending_plan_id          uuid,
  pending_at               timestamptz,
  attempts                 integer     NOT NULL DEFAULT 0,
  reminders                integer     NOT NULL DEFAULT 0,
  created_at               timestamptz NOT NULL DEFAULT now(),
  updated_at               timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT user_subscriptions_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT user_subscriptions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT user_subscriptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users (id),
  CONSTRAINT user_subscriptions_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES app.plans (id),
  CONSTRAINT user_subscriptions_pending_plan_id_fkey FOREIGN KEY (pending_plan_id) REFERENCES app.plans (id),
  CONSTRAINT user_subscriptions_user_unique UNIQUE (tenant_id, user_id),
  CONSTRAINT user_subscriptions_state CHECK (state IN
    ('free_trial', 'paid_subscription', 'active', 'payment_failed', 'suspended', 'cancelled', 'expired')),
  CONSTRAINT user_subscriptions_provider_status CHECK (provider_status IN
    ('trialing', 'active', 'past_due', 'unpaid', 'canceled', 'incomplete', 'incomplete_expired', 'paused')),
  CONSTRAINT user_subscriptions_custom_price_cents CHECK (custom_price_cents >= 0),
  CONSTRAINT user_subscriptions_custom_limits CHECK (jsonb_typeof(custom_limits) = 'object'),
  CONSTRAINT user_subscriptions_trial CHECK (state <> 'free_trial' OR trial_end_at IS NOT NULL),
  CONSTRAINT user_subscriptions_grace CHECK (state <> 'payment_failed' OR grace_end_at IS NOT NULL),
  CONSTRAINT user_subscriptions_ended CHECK ((state IN ('cancelled', 'expired')) = (ended_at IS NOT NULL)),
  CONSTRAINT user_subscriptions_pending CHECK ((pending_plan_id IS NULL) = (pending_at IS NULL)),
  CONSTRAINT user_subscriptions_provider_customer_id CHECK (length(provider_customer_id) BETWEEN 1 AND 255),
  CONSTRAINT user_subscriptions_provider_method_id CHECK (length(provider_method_id) BETWEEN 1 AND 255),
  CONSTRAINT user_subscriptions_provider_subscription_id CHECK (length(provider_subscription_id) BETWEEN 1 AND 255),
  CONSTRAINT user_subscriptions_attempts CHECK (attempts >= 0),
  CONSTRAINT user_subscriptions_reminders CHECK (reminders >= 0)
);
CREATE INDEX user_subscriptions_plan_idx ON app.user_subscriptions (tenant_id, plan_id);
CREATE INDEX user_subscriptions_pending_plan_idx ON app.user_subscriptions (tenant_id, pending_plan_id);
CREATE INDEX user_subscriptions_customer_idx ON app.user_subscriptions (provider_customer_id)
  WHERE provider_customer_id IS NOT NULL;
CREATE INDEX user_subscriptions_due_idx ON app.user_subscriptions (state, tenant_id, user_id)
  WHERE state IN ('free_trial', 'payment_failed') OR pending_at IS NOT NULL;

CREATE FUNCTION app.subscription_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state IN ('free_trial', 'paid_subscription', 'active') THEN RETURN NEW; END IF;
  ELSIF NEW.state = OLD.state THEN
    RETURN NEW;
  ELSIF (OLD.state, NEW.state) IN (
    ('free_trial', 'paid_subscription'), ('free_trial', 'active'), ('free_trial', 'expired'), ('free_trial', 'cancelled'),
    ('paid_subscription', 'active'), ('paid_subscription', 'payment_failed'), ('paid_subscription', 'suspended'),
    ('paid_subscription', 'cancelled'), ('paid_subscription', 'expired'),
    ('active', 'payment_failed'), ('active', 'suspended'), ('active', 'cancelled'), ('active', 'paid_subscription'),
    ('active', 'free_trial'),
    ('payment_failed', 'active'), ('payment_failed', 'suspended'), ('payment_failed', 'cancelled'),
    ('suspended', 'active'), ('suspended', 'cancelled'),
    -- whoever comes back begins anew
    ('expired', 'paid_subscription'), ('cancelled', 'paid_subscription'), ('expired', 'active'), ('cancelled', 'active')
  ) AND NOT (NEW.state = 'free_trial' AND OLD.trial_end_at IS NOT NULL) THEN
    -- nobody tries it twice
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a subscription cannot go from % to %', OLD.state, NEW.state
    USING ERRCODE = 'check_violation', CONSTRAINT = 'subscription_transition', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END $$;
CREATE TRIGGER tenant_subscriptions_guard BEFORE INSERT OR UPDATE ON app.tenant_subscriptions
  FOR EACH ROW EXECUTE FUNCTION app.subscription_guard();
CREATE TRIGGER tenant_subscriptions_touch BEFORE UPDATE ON app.tenant_subscriptions
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER tenant_subscriptions_audit AFTER INSERT OR UPDATE OR DELETE ON app.tenant_subscriptions
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();
CREATE TRIGGER user_subscriptions_guard BEFORE INSERT OR UPDATE ON app.user_subscriptions
  FOR EACH ROW EXECUTE FUNCTION app.subscription_guard();
CREATE TRIGGER user_subscriptions_touch BEFORE UPDATE ON app.user_subscriptions
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER user_subscriptions_audit AFTER INSERT OR UPDATE OR DELETE ON app.user_subscriptions
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- What the provider billed a business for its subscription, as the provider tells it.
CREATE TABLE app.subscription_bills (
  tenant_id           uuid        NOT NULL,
  id                  uuid        NOT NULL,
  subscription_id     uuid        NOT NULL,
  provider_invoice_id text        NOT NULL,
  -- As it is written on the bill.
  number              text,
  status              text        NOT NULL,
  currency            text        NOT NULL,
  amount_due_cents    bigint      NOT NULL,
  amount_paid_cents   bigint      NOT NULL DEFAULT 0,
  -- Pages of the provider.
  hosted_url          text,
  pdf_url             text,
  issued_at           timestamptz NOT NULL,
  paid_at             timestamptz,
  -- How often it was paid by hand, or tried: each time has a key of its own.
  attempts            integer     NOT NULL DEFAULT 0,
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT subscription_bills_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT subscription_bills_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT subscription_bills_subscription_id_fkey
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES app.tenant_subscriptions (tenant_id, id),
  CONSTRAINT subscription_bills_provider_unique UNIQUE (tenant_id, provider_invoice_id),
  CONSTRAINT subscription_bills_provider_invoice_id CHECK (length(provider_invoice_id) BETWEEN 1 AND 255),
  CONSTRAINT subscription_bills_number CHECK (length(number) BETWEEN 1 AND 100),
  CONSTRAINT subscription_bills_status CHECK (status IN ('draft', 'open', 'uncollectible', 'void', 'paid')),
  CONSTRAINT subscription_bills_currency CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT subscription_bills_amount_paid_cents CHECK (amount_paid_cents >= 0),
  CONSTRAINT subscription_bills_hosted_url CHECK (length(hosted_url) <= 2048),
  CONSTRAINT subscription_bills_pdf_url CHECK (length(pdf_url) <= 2048),
  CONSTRAINT subscription_bills_attempts CHECK (attempts >= 0)
);
CREATE INDEX subscription_bills_subscription_idx ON app.subscription_bills (tenant_id, subscription_id);
CREATE INDEX subscription_bills_list_idx ON app.subscription_bills (tenant_id, created_at, id);
CREATE TRIGGER subscription_bills_touch BEFORE UPDATE ON app.subscription_bills
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER subscription_bills_audit AFTER INSERT OR UPDATE OR DELETE ON app.subscription_bills
  FOR EACH ROW EXECUTE FUNCTION app.audit_row();

-- With the rights of the caller: whoever may make a business may begin its trial. The platform's own tenant tries nothing.
CREATE FUNCTION app.begin_trial() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  home constant boolean := NEW.settings_json @> '{"home": true}';
BEGIN
  INSERT INTO app.tenant_subscriptions (tenant_id, id, plan_id, state, trial_end_at, created_at, updated_at)
  SELECT NEW.id, app.uuid_v7(), p.id, CASE WHEN home THEN 'active' ELSE 'free_trial' END,
         CASE WHEN NOT home THEN NEW.created_at + make_interval(days => p.trial_days) END, NEW.created_at, NEW.created_at
  FROM app.plans p
  WHERE p.product = 'organization' AND p.tier = CASE WHEN home THEN 'enterprise' ELSE 'professional' END;
  RETURN NULL;
END $$;
CREATE TRIGGER tenants_trial AFTER INSERT ON app.tenants
  FOR EACH ROW EXECUTE FUNCTION app.begin_trial();
"#,
};
