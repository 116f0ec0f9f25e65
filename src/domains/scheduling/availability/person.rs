//! Whose hours: a member of staff, and who may touch them.

use ::entity::staff_profiles::Model;
use uuid::Uuid;

use crate::db::Scope;
use crate::domains::catalogue;
use crate::domains::identity::Person;
use crate::domains::identity::permission::AvailabilityWrite;
use crate::domains::tenancy;
use crate::error::{ApiError, Code};

/// A member of staff, for the person behind the profile and for whoever may change all hours.
///
/// # Errors
/// 404; 403 for anybody else.
pub async fn find(scope: &Scope, person: &Person, staff: Uuid) -> Result<Model, ApiError> {
    own(scope, person, catalogue::find_staff(scope, staff).await?).await
}

/// The same, and nobody else writes their hours until the transaction ends.
///
/// # Errors
/// 404; 403 for anybody else.
pub async fn hold(scope: &Scope, person: &Person, staff: Uuid) -> Result<Model, ApiError> {
    let profile = own(scope, person, catalogue::hold_staff(scope, staff).await?).await?;
    catalogue::hold_resource(scope, profile.resource_id.0, "path/staff_id").await?;
    Ok(profile)
}

async fn own(scope: &Scope, person: &Person, profile: Model) -> Result<Model, ApiError> {
    if person.may::<AvailabilityWrite>() {
        return Ok(profile);
    }
    let own = tenancy::membership_of(scope, person.user).await?;
    if own.is_some() && own == profile.membership_id {
        return Ok(profile);
    }
    Err(ApiError::new(Code::AuthForbidden, "These are the hours of somebody else."))
}
