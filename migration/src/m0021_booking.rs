//! What strangers hold, what is still to be offered to the line, and times that were not listed.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0021_booking",
    sql: r#"
-- Booked at a time that is not listed, on purpose.
ALTER TABLE app.bookings ADD COLUMN unlisted boolean NOT NULL DEFAULT false;

ALTER TABLE app.booking_holds
  -- Who holds it, when it is a stranger: the network, under a key of the service and of this business alone. Forgotten
  -- when the hold ends.
  ADD COLUMN visitor_hash text,
  -- It has ended, and the line was not asked about its time yet.
  ADD COLUMN offer_due boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT booking_holds_visitor_hash CHECK (length(visitor_hash) = 22),
  ADD CONSTRAINT booking_holds_offer_due CHECK (NOT offer_due OR status IN ('released', 'expired'));
CREATE INDEX booking_holds_visitor_idx ON app.booking_holds (tenant_id, visitor_hash) WHERE visitor_hash IS NOT NULL;
CREATE INDEX booking_holds_offer_due_idx ON app.booking_holds (tenant_id, id) WHERE offer_due;
DROP TRIGGER booking_holds_audit ON app.booking_holds;
CREATE TRIGGER booking_holds_audit AFTER INSERT OR UPDATE OR DELETE ON app.booking_holds
  FOR EACH ROW EXECUTE FUNCTION app.audit_row('visitor_hash');
"#,
};
