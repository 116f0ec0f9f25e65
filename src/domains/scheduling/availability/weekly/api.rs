//! The operations on weekly hours.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::dto::{AvailabilityRule, AvailabilityRuleCreate, AvailabilityRuleReplace};
use super::service;
use crate::app::App;
use crate::domains::identity::permission::{AvailabilityRead, AvailabilityWrite};
use crate::domains::impact::{Intent, Weighed};
use crate::error::ApiError;
use crate::guard::{Body, Can, Created, IfMatch, Listing, NoContent, OptionalKey, Page, Reply, Tag};

/// `/api/v1/availability/rules`
pub struct AvailabilityRulesApi {
    app: Arc<App>,
}

impl AvailabilityRulesApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn shown(rule: AvailabilityRule) -> Reply<AvailabilityRule> {
    let etag = service::tag(&rule);
    Reply::new(rule).tagged(etag)
}

#[OpenApi(tag = "Tag::Availability")]
impl AvailabilityRulesApi {
    /// List weekly hours
    ///
    /// One rule for each resource that has hours.
    #[oai(path = "/api/v1/availability/rules", method = "get", operation_id = "availability_rule_list")]
    async fn list(
        &self,
        guard: Can<AvailabilityRead>,
        page: Page,
        /// Only the hours of this resource.
        resource_id: Query<Option<Uuid>>,
    ) -> Result<Reply<Listing<AvailabilityRule>>, ApiError> {
        Ok(service::list(&guard.scope, &self.app.cursors, &page, resource_id.0).await?.into())
    }

    /// Set weekly hours
    ///
    /// Gives a resource its first hours; 409 when it has some. Emits `STAFF_AVAILABILITY_UPDATED`.
    #[oai(path = "/api/v1/availability/rules", method = "post", operation_id = "availability_rule_create")]
    async fn create(
        &self,
        guard: Can<AvailabilityWrite>,
        /// Names this attempt, so that a repeat makes nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        intent: Intent,
        new: Body<AvailabilityRuleCreate>,
    ) -> Result<Weighed<Created<AvailabilityRule>>, ApiError> {
        let made = service::create(&guard.scope, new.0, intent.by(&guard.person)).await?;
        Ok(made.map(|rule| {
            let etag = service::tag(&rule);
            Created::at(format!("/api/v1/availability/rules/{}", rule.id), rule).tagged(etag)
        }))
    }

    /// Read weekly hours
    ///
    /// The rule of a resource.
    #[oai(path = "/api/v1/availability/rules/:rule_id", method = "get", operation_id = "availability_rule_get")]
    async fn get(
        &self,
        guard: Can<AvailabilityRead>,
        /// The rule's id, which is the resource's.
        rule_id: Path<Uuid>,
    ) -> Result<Reply<AvailabilityRule>, ApiError> {
        Ok(shown(service::get(&guard.scope, rule_id.0).await?))
    }

    /// Replace weekly hours
    ///
    /// The whole week at once. Refused with 409 when bookings would fall out of the hours, unless it is forced; they
    /// stay as they are then. Windows that were set for a member of staff (`/api/v1/staff/{staff_id}/..`) must be
    /// repeated unchanged, else 409. Emits `STAFF_AVAILABILITY_UPDATED`.
    #[oai(path = "/api/v1/availability/rules/:rule_id", method = "put", operation_id = "availability_rule_replace")]
    async fn replace(
        &self,
        guard: Can<AvailabilityWrite>,
        /// The rule's id, which is the resource's.
        rule_id: Path<Uuid>,
        /// The tag of the hours that the change was made from.
        if_match: IfMatch,
        intent: Intent,
        new: Body<AvailabilityRuleReplace>,
    ) -> Result<Weighed<Reply<AvailabilityRule>>, ApiError> {
        let ask = intent.by(&guard.person);
        Ok(service::replace(&guard.scope, rule_id.0, &if_match, new.0, ask).await?.map(shown))
    }

    /// Delete weekly hours
    ///
    /// The resource has no hours then. Refused with 409 while it has bookings to come inside of them, unless it is
    /// forced; they stay as they are then. Emits `STAFF_AVAILABILITY_UPDATED`.
    #[oai(path = "/api/v1/availability/rules/:rule_id", method = "delete", operation_id = "availability_rule_delete")]
    async fn delete(
        &self,
        guard: Can<AvailabilityWrite>,
        /// The rule's id, which is the resource's.
        rule_id: Path<Uuid>,
        /// The tag of the hours that the decision was made from.
        if_match: IfMatch,
        intent: Intent,
    ) -> Result<Weighed<NoContent>, ApiError> {
        let gone = service::delete(&guard.scope, rule_id.0, &if_match, intent.by(&guard.person)).await?;
        Ok(gone.map(|()| NoContent))
    }
}
