//! The customer behind a booking: found by e-mail, or made.

use ::entity::ids::CustomerId;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use serde_json::json;

use crate::db::{Event, Scope};
use crate::error::ApiError;
use crate::kernel::contact::normal_email;

/// What somebody who books says of themselves.
#[derive(Clone, Debug)]
pub struct NewContact {
    pub display_name: String,
    pub email: String,
    pub phone: Option<String>,
    pub marketing_opt_in: bool,
}

/// The customer of an e-mail address; one statement.
///
/// What a stranger types never overwrites what the business knows: a name stays, a phone number is only
/// filled in where there was none, and consent can be given but not taken away.
///
/// # Errors
/// 400 for an address that is none.
pub async fn find_or_create(scope: &Scope, contact: NewContact) -> Result<CustomerId, ApiError> {
    let normal = normal_email(&contact.email)
        .ok_or_else(|| ApiError::field("#/customer/email", "format", "This is no e-mail address."))?;
    let sql = "INSERT INTO app.customers AS c (tenant_id, id, display_name, email, email_normalized, phone, marketing_opt_in, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) \
               ON CONFLICT (tenant_id, email_normalized) WHERE deleted_at IS NULL AND email_normalized IS NOT NULL DO UPDATE SET \
                 phone = coalesce(c.phone, excluded.phone), marketing_opt_in = c.marketing_opt_in OR excluded.marketing_opt_in \
               RETURNING c.id, (c.id = $2) AS made";
    let id = scope.new_id();
    let values: [Value; 8] = [
        scope.tenant()?.0.into(),
        id.into(),
        contact.display_name.into(),
        contact.email.trim().to_owned().into(),
        normal.into(),
        contact.phone.into(),
        contact.marketing_opt_in.into(),
        scope.now().into(),
    ];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let row = row.ok_or_else(|| ApiError::internal("the customer was neither found nor made"))?;
    let customer: CustomerId = row.try_get("", "id")?;
    if row.try_get::<bool>("", "made")? {
        let payload = json!({ "customer_id": customer });
        scope.emit(Event {
            code: "CUSTOMER_CREATED",
            tenant: None,
            aggregate_type: "customers",
            aggregate_id: customer.0,
            payload,
        });
    }
    Ok(customer)
}
