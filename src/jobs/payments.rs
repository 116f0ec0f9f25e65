//! Looks after payments, business by business: what was not paid in time, what is due back, what never reached the
//! provider. What one business or its provider refuses does not keep the others.

use ::entity::ids::TenantId;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};

use crate::app::App;
use crate::db::Access;
use crate::domains::payments::{self, Tended};

/// Businesses of one round; what is left waits for the next.
const MOST: i64 = 1_000;

const DUE: &str = "
SELECT tenant_id FROM app.bookings WHERE status = 'pending' AND payment_due_at <= $1
UNION
SELECT tenant_id FROM app.bookings WHERE refund_due_cents > 0
UNION
SELECT tenant_id FROM app.refunds WHERE status = 'pending' AND provider_refund_id IS NULL
UNION
SELECT tenant_id FROM app.payment_methods
WHERE (status = 'active' AND last4 IS NULL) OR (status = 'removed' AND provider_payment_method_id IS NOT NULL)
UNION
SELECT p.tenant_id FROM app.payments p JOIN app.bookings b ON b.tenant_id = p.tenant_id AND b.id = p.booking_id
WHERE p.status IN ('pending', 'requires_action', 'processing', 'authorized', 'failed') AND p.provider <> 'none'
  AND b.status IN ('canceled', 'failed')
LIMIT $2";

/// Answers how much was looked after.
pub(super) async fn run(app: &App) -> Result<Tended, DbErr> {
    let platform = app.platform.scope(Access::Read);
    let values: [Value; 2] = [platform.now().into(), MOST.into()];
    let due = platform.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, DUE, values)).await?;
    platform.roll_back().await;
    let mut sum = Tended::default();
    for row in due {
        let tenant: TenantId = row.try_get("", "tenant_id")?;
        match payments::tend(app, tenant).await {
            Ok(tended) => {
                sum.failed += tended.failed;
                sum.refunded += tended.refunded;
            }
            Err(error) => tracing::error!(%error, %tenant, "payments were not looked after"),
        }
    }
    Ok(sum)
}
