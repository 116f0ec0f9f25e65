//! What is for sale, for everybody.

use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use crate::domains::billing::dto::{Plan, PlanProduct, Plans};
use crate::domains::billing::service;
use crate::error::ApiError;
use crate::guard::{Inbound, Reply, Tag};

/// `/api/v1/plans`
pub struct PlansApi;

#[OpenApi(tag = "Tag::Billing")]
impl PlansApi {
    /// List the plans
    ///
    /// From the smallest. A limit of -1 is without limit; a price of null is by agreement.
    #[oai(path = "/api/v1/plans", method = "get", operation_id = "plan_list")]
    async fn list(
        &self,
        guard: Inbound,
        /// Only those for organizations, or for persons.
        product: Query<Option<PlanProduct>>,
    ) -> Result<Reply<Plans>, ApiError> {
        let plans = service::plans(&guard.scope, product.0.map(Into::into)).await?;
        Ok(Plans { data: plans.into_iter().map(Plan::from).collect() }.into())
    }
}
