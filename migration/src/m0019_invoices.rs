//! What was sold, on paper: `invoices` with `invoice_items`, and `invoice_series`, which gives the numbers.
//!
//! Numbers have no gaps: they count up by one in each series and year, under the series' row lock, in the transaction
//! that issues the document. One that was issued never changes: only whether it is paid, void or credited, and those
//! only along the arrows of `app.invoice_guard()`. What it says is the sum of its items.
//!
//! The buyer's details stand on the document as they were, since it must be kept; the audit log holds none of them.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0019_invoices",
    sql: r#"
CREATE TABLE app.invoice_series (
  tenant_id   uuid        NOT NULL,
  series      text        NOT NULL,
  -- Of the calendar in the business's own zone.
  year        integer     NOT NULL,
  last_number bigint      NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT invoice_series_pkey PRIMARY KEY (tenant_id, series, year),
  CONSTRAINT invoice_series_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT invoice_series_series CHECK (series IN ('invoice', 'credit_note')),
  CONSTRAINT invoice_series_year CHECK (year BETWEEN 1 AND 9999),
  CONSTRAINT invoice_series_last_number CHECK (last_number > 0)
);

-- A series begins with 1 and goes on by 1: no way back, no way past.
CREATE FUNCTION app.invoice_series_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.last_number = 1
    OR TG_OP = 'UPDATE' AND NEW.last_number = OLD.last_number + 1 AND (NEW.series, NEW.year) = (OLD.series, OLD.year)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a series of numbers goes on by one'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_series_step', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END $$;
CREATE TRIGGER invoice_series_guard BEFORE INSERT OR UPDATE OR DELETE ON app.invoice_series
  FOR EACH ROW EXECUTE FUNCTION app.invoice_series_guard();
CREATE TRIGGER invoice_series_touch BEFORE UPDATE ON app.invoice_series
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();

CREATE TABLE app.invoices (
  tenant_id      uuid        NOT NULL,
  id             uuid        NOT NULL,
  kind           text        NOT NULL,
  status         text        NOT NULL DEFAULT 'draft',
  -- The place in the series, and how it is written; null while it is a draft.
  year           integer,
  number         bigint,
  reference      text,
  customer_id    uuid,
  booking_id     uuid,
  payment_id     uuid,
  refund_id      uuid,
  -- The invoice that a credit note takes from.
  invoice_id     uuid,
  currency       text        NOT NULL,
  subtotal_cents bigint      NOT NULL,
  tax_cents      bigint      NOT NULL,
  total_cents    bigint      NOT NULL,
  -- What credit notes have taken from it.
  credited_cents bigint      NOT NULL DEFAULT 0,
  -- Both sides as they were.
  seller         jsonb       NOT NULL,
  buyer          jsonb       NOT NULL,
  note           text,
  -- The day in the business's own zone.
  issued_on      date,
  issued_at      timestamptz,
  due_at         timestamptz,
  paid_at        timestamptz,
  voided_at      timestamptz,
  created_at     timestamptz NOT NULL DEFAULT now(),
  updated_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT invoices_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT invoices_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT invoices_customer_id_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES app.customers (tenant_id, id),
  CONSTRAINT invoices_booking_id_fkey FOREIGN KEY (tenant_id, booking_id) REFERENCES app.bookings (tenant_id, id),
  CONSTRAINT invoices_invoice_id_fkey FOREIGN KEY (tenant_id, invoice_id) REFERENCES app.invoices (tenant_id, id),
  CONSTRAINT invoices_number_unique UNIQUE (tenant_id, kind, year, number),
  CONSTRAINT invoices_refund_unique UNIQUE (tenant_id, refund_id),
  CONSTRAINT invoices_kind CHECK (kind IN ('invoice', 'credit_note')),
  CONSTRAINT invoices_status CHECK (status IN ('draft', 'open', 'paid', 'void', 'credited')),
  CONSTRAINT invoices_currency CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT invoices_subtotal_cents CHECK (subtotal_cents >= 0),
  CONSTRAINT invoices_tax_cents CHECK (tax_cents >= 0),
  CONSTRAINT invoices_total_cents CHECK (total_cents >= 0),
  CONSTRAINT invoices_credited_cents CHECK (credited_cents >= 0),
  CONSTRAINT invoices_sum CHECK (total_cents = subtotal_cents + tax_cents),
  CONSTRAINT invoices_credited CHECK (credited_cents <= total_cents),
  CONSTRAINT invoices_origin CHECK ((kind = 'credit_note') = (invoice_id IS NOT NULL)),
  CONSTRAINT invoices_refund CHECK (refund_id IS NULL OR kind = 'credit_note'),
  CONSTRAINT invoices_numbered CHECK (
    num_nonnulls(year, number, reference, issued_on, issued_at) = CASE status WHEN 'draft' THEN 0 ELSE 5 END),
  CONSTRAINT invoices_paid CHECK (status <> 'paid' OR paid_at IS NOT NULL),
  CONSTRAINT invoices_voided CHECK ((status = 'void') = (voided_at IS NOT NULL)),
  CONSTRAINT invoices_number CHECK (number > 0),
  CONSTRAINT invoices_reference CHECK (length(reference) BETWEEN 1 AND 40),
  CONSTRAINT invoices_seller CHECK (jsonb_typeof(seller) = 'object'),
  CONSTRAINT invoices_buyer CHECK (jsonb_typeof(buyer) = 'object'),
  CONSTRAINT invoices_note CHECK (length(note) <= 1000)
);
-- A payment has one invoice; whoever pays it back gets credit notes.
CREATE UNIQUE INDEX invoices_payment_unique ON app.invoices (tenant_id, payment_id) WHERE kind = 'invoice';
CREATE INDEX invoices_payment_idx ON app.invoices (tenant_id, payment_id);
CREATE INDEX invoices_customer_idx ON app.invoices (tenant_id, customer_id, created_at, id);
CREATE INDEX invoices_booking_idx ON app.invoices (tenant_id, booking_id);
CREATE INDEX invoices_invoice_idx ON app.invoices (tenant_id, invoice_id);
CREATE INDEX invoices_list_idx ON app.invoices (tenant_id, created_at, id);
CREATE INDEX invoices_issued_idx ON app.invoices (tenant_id, issued_on);

CREATE TABLE app.invoice_items (
  tenant_id      uuid        NOT NULL,
  id             uuid        NOT NULL,
  invoice_id     uuid        NOT NULL,
  position       integer     NOT NULL,
  description    text        NOT NULL,
  quantity       integer     NOT NULL,
  -- Of one piece, with its tax.
  unit_cents     bigint      NOT NULL,
  discount_cents bigint      NOT NULL DEFAULT 0,
  -- Hundredths of a percent.
  tax_bps        integer     NOT NULL,
  net_cents      bigint      NOT NULL,
  tax_cents      bigint      NOT NULL,
  total_cents    bigint      NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT invoice_items_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT invoice_items_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants (id),
  CONSTRAINT invoice_items_invoice_id_fkey FOREIGN KEY (tenant_id, invoice_id) REFERENCES app.invoices (tenant_id, id),
  CONSTRAINT invoice_items_position_unique UNIQUE (tenant_id, invoice_id, position),
  CONSTRAINT invoice_items_position CHECK (position > 0),
  CONSTRAINT invoice_items_description CHECK (length(description) BETWEEN 1 AND 500),
  CONSTRAINT invoice_items_quantity CHECK (quantity > 0),
  CONSTRAINT invoice_items_unit_cents CHECK (unit_cents >= 0),
  CONSTRAINT invoice_items_discount_cents CHECK (discount_cents >= 0),
  CONSTRAINT invoice_items_tax_bps CHECK (tax_bps BETWEEN 0 AND 10000),
  CONSTRAINT invoice_items_net_cents CHECK (net_cents >= 0),
  CONSTRAINT invoice_items_tax_cents CHECK (tax_cents >= 0),
  CONSTRAINT invoice_items_total_cents CHECK (total_cents >= 0),
  CONSTRAINT invoice_items_sum CHECK (
    total_cents = net_cents + tax_cents AND total_cents = quantity * unit_cents - discount_cents)
);

-- Every document begins as a draft; once it has left that state nothing of what it says changes.
CREATE FUNCTION app.invoice_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  may_change constant text[] := '{status,credited_cents,paid_at,voided_at,updated_at}';
  lines record;
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.status = 'draft' THEN RETURN OLD; END IF;
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.status = 'draft' THEN RETURN NEW; END IF;
  ELSIF OLD.status = 'draft' AND NEW.status IN ('open', 'paid') THEN
    SELECT count(*) AS many, sum(net_cents) AS net, sum(tax_cents) AS tax INTO lines
    FROM app.invoice_items WHERE tenant_id = NEW.tenant_id AND invoice_id = NEW.id;
    IF lines.many > 0 AND (lines.net, lines.tax) = (NEW.subtotal_cents, NEW.tax_cents) THEN RETURN NEW; END IF;
  ELSIF OLD.status = 'draft' AND NEW.status = 'draft'
    OR (NEW.status = OLD.status OR (OLD.status, NEW.status) IN (
          ('open', 'paid'), ('open', 'void'), ('open', 'credited'), ('paid', 'credited')))
       AND to_jsonb(OLD) - may_change = to_jsonb(NEW) - may_change
       AND NEW.credited_cents >= OLD.credited_cents
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'an issued document stays as it is'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'invoices_transition', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END $$;
CREATE TRIGGER invoices_guard BEFORE INSERT OR UPDATE OR DELETE ON app.invoices
  FOR EACH ROW EXECUTE FUNCTION app.invoice_guard();
CREATE TRIGGER invoices_touch BEFORE UPDATE ON app.invoices
  FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at();
CREATE TRIGGER invoices_audit AFTER INSERT OR UPDATE OR DELETE ON app.invoices
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('buyer', 'note');

CREATE FUNCTION app.invoice_item_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM app.invoices WHERE tenant_id = NEW.tenant_id AND id = NEW.invoice_id AND status <> 'draft') THEN
    RAISE EXCEPTION 'an issued document stays as it is'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoices_transition', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER invoice_items_guard BEFORE INSERT ON app.invoice_items
  FOR EACH ROW EXECUTE FUNCTION app.invoice_item_guard();
"#,
};
