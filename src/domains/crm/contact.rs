//! The customer behind a booking: found by e-mail, or made.

use ::entity::ids::CustomerId;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use super::{events, rules};
use crate::db::Scope;
use crate::error::ApiError;

const FIND_OR_CREATE: &str = "\
WITH made AS (
  INSERT INTO app.customers
    (tenant_id, id, display_name, email, email_normalized, phone, marketing_opt_in, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
  ON CONFLICT (tenant_id, email_normalized) WHERE deleted_at IS NULL AND email_normalized IS NOT NULL DO NOTHING
  RETURNING id
)
SELECT id, true AS made FROM made
UNION ALL
SELECT id, false FROM app.customers WHERE tenant_id = $1 AND email_normalized = $5 AND deleted_at IS NULL
LIMIT 1";

/// A customer whom somebody else made while the statement ran is seen by the next one.
const TRIES: u32 = 3;

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
/// Whoever types an address proves nothing by it, so nothing that the business knows is changed by what a stranger
/// typed: neither the name nor the telephone number, and least of all consent to marketing (that needs the
/// person's own link, or staff).
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
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, FIND_OR_CREATE, values);
    for _ in 0..TRIES {
        let Some(row) = scope.query_one_raw(statement.clone()).await? else { continue };
        let customer: CustomerId = row.try_get("", "id")?;
        if row.try_get::<bool>("", "made")? {
            scope.emit(events::created(customer));
        }
        return Ok(customer);
    }
    Err(ApiError::internal("the customer was neither found nor made"))
}
