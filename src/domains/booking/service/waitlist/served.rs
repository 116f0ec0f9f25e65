//! Who has what was offered to them waits no more.

use ::entity::ids::{BookingHoldId, BookingId};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use crate::db::Scope;
use crate::error::ApiError;

const SERVED: &str = "
UPDATE app.waitlist_entries SET status = 'booked', booking_id = $3, offer_expires_at = NULL
WHERE tenant_id = $1 AND hold_id = $2 AND status IN ('waiting', 'offered')";

/// Takes whoever was offered a hold out of the line: they have booked its time, although it had expired.
pub(in crate::domains::booking::service) async fn served(
    scope: &Scope,
    offer: BookingHoldId,
    booking: BookingId,
) -> Result<(), ApiError> {
    let values: [Value; 3] = [scope.tenant()?.0.into(), offer.0.into(), booking.0.into()];
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, SERVED, values)).await?;
    Ok(())
}
