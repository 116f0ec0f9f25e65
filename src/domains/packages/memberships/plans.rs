//! The operations on plans.

use std::sync::Arc;

use ::entity::membership_plans::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{MembershipPlan, MembershipPlanCreate, MembershipPlanSort, MembershipPlanUpdate};
use super::service::{self, PlanFilter};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::{PackageRead, PackageWrite};
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, IfMatch, Listing, NoContent, OptionalKey, Page, Reply, Tag};

/// `/api/v1/memberships/plans`
pub struct MembershipPlansApi {
    app: Arc<App>,
}

impl MembershipPlansApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn shown(row: Model) -> Reply<MembershipPlan> {
    let etag = row::tag::<Entity>(&row);
    Reply::new(row.into()).tagged(etag)
}

#[OpenApi(tag = "Tag::Packages")]
impl MembershipPlansApi {
    /// List plans
    ///
    /// The oldest first, unless another order is asked for.
    #[oai(path = "/api/v1/memberships/plans", method = "get", operation_id = "membership_plan_list")]
    async fn list(
        &self,
        guard: Can<PackageRead>,
        page: Page,
        /// Only those that are sold, or are not.
        active: Query<Option<bool>>,
        /// The order.
        sort: Query<Option<MembershipPlanSort>>,
    ) -> Result<Reply<Listing<MembershipPlan>>, ApiError> {
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::plans(&guard.scope, walk, &PlanFilter { active: active.0 }).await?.into())
    }

    /// Make a plan
    ///
    /// So many sessions of a package, or credits, in each period. Emits `MEMBERSHIP_PLAN_CREATED`.
    #[oai(path = "/api/v1/memberships/plans", method = "post", operation_id = "membership_plan_create")]
    async fn create(
        &self,
        guard: Can<PackageWrite>,
        /// Names this attempt, so that a repeat makes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        new: Body<MembershipPlanCreate>,
    ) -> Result<Created<MembershipPlan>, ApiError> {
        let made = service::create(&guard.scope, &guard.tenant.currency, new.0).await?;
        let etag = row::tag::<Entity>(&made);
        Ok(Created::at(format!("/api/v1/memberships/plans/{}", made.id), made.into()).tagged(etag))
    }

    /// Read a plan
    ///
    /// One that was not deleted.
    #[oai(path = "/api/v1/memberships/plans/:plan_id", method = "get", operation_id = "membership_plan_get")]
    async fn get(
        &self,
        guard: Can<PackageRead>,
        /// The plan's id.
        plan_id: Path<Uuid>,
    ) -> Result<Reply<MembershipPlan>, ApiError> {
        Ok(shown(service::plan(&guard.scope, plan_id.0).await?))
    }

    /// Change a plan
    ///
    /// What is absent stays, null clears. It counts from each member's next period on; what a period gives stays. Emits
    /// `MEMBERSHIP_PLAN_UPDATED`.
    #[oai(path = "/api/v1/memberships/plans/:plan_id", method = "patch", operation_id = "membership_plan_update")]
    async fn update(
        &self,
        guard: Can<PackageWrite>,
        /// The plan's id.
        plan_id: Path<Uuid>,
        /// The tag of the state that the change was made from.
        if_match: IfMatch,
        change: Body<MembershipPlanUpdate>,
    ) -> Result<Reply<MembershipPlan>, ApiError> {
        Ok(shown(service::update(&guard.scope, plan_id.0, &if_match, change.0).await?))
    }

    /// Delete a plan
    ///
    /// Whoever is a member stays one. Emits `MEMBERSHIP_PLAN_DELETED`.
    #[oai(path = "/api/v1/memberships/plans/:plan_id", method = "delete", operation_id = "membership_plan_delete")]
    async fn delete(
        &self,
        guard: Can<PackageWrite>,
        /// The plan's id.
        plan_id: Path<Uuid>,
        /// The tag of the state that the decision was made from.
        if_match: IfMatch,
    ) -> Result<NoContent, ApiError> {
        service::delete(&guard.scope, plan_id.0, &if_match).await?;
        Ok(NoContent)
    }
}
