//! The customer behind a booking: found by e-mail, or made.

use ::entity::ids::CustomerId;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use super::{events, rules};
use crate::db::Scope;
use crate::error::ApiError;

/// Without a change of what is known, the update still locks the row: two bookings of one person wait for each other.
const FIND_OR_CREATE: &str = "\
INSERT INTO app.customers AS known
  (tenant_id, id, display_name, email, email_normalized, phone, marketing_opt_in, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
ON CONFLICT (tenant_id, email_normalized) WHERE deleted_at IS NULL AND email_normalized IS NOT NULL
DO UPDATE SET
  phone = coalesce(known.phone, excluded.phone),
  marketing_opt_in = known.marketing_opt_in OR excluded.marketing_opt_in,
  updated_at = excluded.updated_at
RETURNING known.id, (known.id = $2) AS made";

/// What somebody who books says of themselves.
#[derive(Clone, Debug)]
pub struct NewContact {
    pub display_name: String,
    pub email: String,
    pub phone: Option<String>,
    pub marketing_opt_in: bool,
}

/// The customer with this address, made if there is none. One statement, safe against two at once.
///
/// Whoever types an address proves nothing by it, so what the business knows is never rewritten with what a
/// stranger typed: the name stays, a telephone number is only filled in where there is none, and consent to
/// marketing can be given here but not taken away (that needs the person's own link, or staff).
///
/// # Errors
/// 400 for an address that is none.
pub async fn find_or_create(scope: &Scope, contact: NewContact) -> Result<CustomerId, ApiError> {
    let comparable =
        rules::comparable(&contact.email, "#/customer/email").map_err(|fault| ApiError::validation(vec![fault]))?;
    let id = scope.new_id();
    let values: [Value; 8] = [
        scope.tenant()?.0.into(),
        id.into(),
        contact.display_name.into(),
        contact.email.trim().to_owned().into(),
        comparable.into(),
        contact.phone.into(),
        contact.marketing_opt_in.into(),
        scope.now().into(),
    ];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, FIND_OR_CREATE, values)).await?;
    let row = row.ok_or_else(|| ApiError::internal("the customer was neither found nor made"))?;
    let customer: CustomerId = row.try_get("", "id")?;
    if row.try_get::<bool>("", "made")? {
        scope.emit(events::created(customer));
    }
    Ok(customer)
}
