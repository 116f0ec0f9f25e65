//! What a payment is for stands where it is sold: purchases and gift cards came into being after payments.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "m0022_subjects",
    sql: r#"
ALTER TABLE app.payments ADD CONSTRAINT payments_purchase_id_fkey
  FOREIGN KEY (tenant_id, purchase_id) REFERENCES app.purchases (tenant_id, id);
ALTER TABLE app.payments ADD CONSTRAINT payments_gift_card_id_fkey
  FOREIGN KEY (tenant_id, gift_card_id) REFERENCES app.gift_cards (tenant_id, id);
"#,
};
