//! The operations of billing: an organization's, the owner's overview, the plans, a person's, and what
//! operators agree with one business.

mod agreement;
mod organization;
mod overview;
mod person;
mod plans;

pub use agreement::AgreementApi;
pub use organization::OrganizationsApi;
pub use overview::BillingApi;
pub use person::PersonApi;
pub use plans::PlansApi;

use ::entity::enums::PlanTier;

use super::dto::SubscriptionWrite;
use super::service::Wanted;

impl From<SubscriptionWrite> for Wanted {
    fn from(wire: SubscriptionWrite) -> Self {
        Self { plan: PlanTier::from(wire.plan), trial: wire.trial }
    }
}
