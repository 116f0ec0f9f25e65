//! The verbs on ways to pay: one file each.

mod change;
mod charge;
mod setup;

use ::entity::enums::StoredMethodStatus;
use ::entity::ids::CustomerId;
use ::entity::payment_methods::{Column, Entity};
use sea_orm::{ColumnTrait, QueryFilter, Select};

use crate::db::{Scope, row};
use crate::error::ApiError;

pub use change::{detach, forget, leaving, list, make_default, remove};
pub use charge::{Stored, chargeable, process};
pub use setup::{begin, confirm, fill, keep_of_payment, set_up, unnamed};

fn active(scope: &Scope, customer: CustomerId) -> Result<Select<Entity>, ApiError> {
    let own = row::live::<Entity>(scope)?.filter(Column::CustomerId.eq(customer));
    Ok(own.filter(Column::Status.eq(StoredMethodStatus::Active)))
}
