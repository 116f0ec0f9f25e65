//! The operations on memberships; `plans` has those on what is sold.

use std::sync::Arc;

use ::entity::customer_memberships::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{
    CancelMembershipAt, CustomerMembership, CustomerMembershipCancel, CustomerMembershipCreate, CustomerMembershipSort,
    CustomerMembershipStatus,
};
use super::life;
use super::service::{self, MemberFilter};
use crate::app::App;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::identity::permission::{PackageGive, PackageSell};
use crate::domains::packages::purchases::PaidWith;
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, Listing, OptionalKey, Page, Reply, RequiredKey, Tag};

/// `/api/v1/memberships`
pub struct MembershipsApi {
    app: Arc<App>,
}

impl MembershipsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn shown(row: Model) -> Reply<CustomerMembership> {
    let etag = row::tag::<Entity>(&row);
    Reply::new(row.into()).tagged(etag)
}

#[OpenApi(tag = "Tag::Packages")]
impl MembershipsApi {
    /// List memberships
    ///
    /// The newest first, unless the other order is asked for.
    #[oai(path = "/api/v1/memberships", method = "get", operation_id = "membership_list")]
    async fn list(
        &self,
        guard: Can<PackageSell>,
        page: Page,
        /// Only those of this customer.
        customer_id: Query<Option<Uuid>>,
        /// Only those in this state.
        status: Query<Option<CustomerMembershipStatus>>,
        /// The order.
        sort: Query<Option<CustomerMembershipSort>>,
    ) -> Result<Reply<Listing<CustomerMembership>>, ApiError> {
        let filter = MemberFilter { customer_id: customer_id.0, status: status.0.map(Into::into) };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        Ok(service::list(&guard.scope, walk, &filter).await?.into())
    }

    /// Make a customer a member
    ///
    /// It begins when its first period is paid, which is a purchase: by a payment, at the counter, or given, which needs
    /// `package.give`. Each period after it is a purchase that waits to be paid; one that nobody paid ends the
    /// membership. Emits `MEMBERSHIP_CREATED`, and `MEMBERSHIP_BEGUN` once it is paid.
    #[oai(path = "/api/v1/memberships", method = "post", operation_id = "membership_create")]
    async fn create(
        &self,
        guard: Can<PackageSell>,
        /// Names this attempt, so that a repeat sells nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        new: Body<CustomerMembershipCreate>,
    ) -> Result<Created<CustomerMembership>, ApiError> {
        if new.0.paid_with == PaidWith::Given {
            guard.also::<PackageGive>()?;
        }
        let made = service::join(&guard.scope, &guard.tenant.tz, new.0).await?;
        let etag = row::tag::<Entity>(&made);
        Ok(Created::at(format!("/api/v1/memberships/{}", made.id), made.into()).tagged(etag))
    }

    /// Read a membership
    ///
    /// As it is now.
    #[oai(path = "/api/v1/memberships/:membership_id", method = "get", operation_id = "membership_get")]
    async fn get(
        &self,
        guard: Can<PackageSell>,
        /// The membership's id.
        membership_id: Path<Uuid>,
    ) -> Result<Reply<CustomerMembership>, ApiError> {
        Ok(shown(service::get(&guard.scope, membership_id.0).await?))
    }

    /// Pause a membership
    ///
    /// Its clock stands still: no period ends and none begins. From active only; 409 otherwise. Emits
    /// `MEMBERSHIP_PAUSED`.
    #[oai(path = "/api/v1/memberships/:membership_id/pause", method = "post", operation_id = "membership_pause")]
    async fn pause(
        &self,
        guard: Can<PackageSell>,
        /// Names this attempt, so that a repeat gets the same answer.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The membership's id.
        membership_id: Path<Uuid>,
    ) -> Result<Reply<CustomerMembership>, ApiError> {
        Ok(shown(life::pause(&guard.scope, membership_id.0).await?))
    }

    /// Resume a membership
    ///
    /// What was left of its period is left of it still. From paused only; 409 otherwise. Emits `MEMBERSHIP_RESUMED`.
    #[oai(path = "/api/v1/memberships/:membership_id/resume", method = "post", operation_id = "membership_resume")]
    async fn resume(
        &self,
        guard: Can<PackageSell>,
        /// Names this attempt, so that a repeat gets the same answer.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The membership's id.
        membership_id: Path<Uuid>,
    ) -> Result<Reply<CustomerMembership>, ApiError> {
        Ok(shown(life::resume(&guard.scope, membership_id.0).await?))
    }

    /// Cancel a membership
    ///
    /// It ends with its period, or at once; what is left of it stays good as long as it was. 409 when it has ended.
    /// Emits `MEMBERSHIP_CANCELED`, and `MEMBERSHIP_ENDED` when it ends.
    #[oai(path = "/api/v1/memberships/:membership_id/cancel", method = "post", operation_id = "membership_cancel")]
    async fn cancel(
        &self,
        guard: Can<PackageSell>,
        /// Names this attempt, so that a repeat gets the same answer.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        /// The membership's id.
        membership_id: Path<Uuid>,
        cancel: Body<CustomerMembershipCancel>,
    ) -> Result<Reply<CustomerMembership>, ApiError> {
        let at_once = cancel.0.at == CancelMembershipAt::Now;
        Ok(shown(life::cancel(&guard.scope, membership_id.0, at_once).await?))
    }
}
