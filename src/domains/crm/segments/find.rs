//! Finds the customers of a segment: one statement a page, which stops at the page's end.

use std::fmt;

use ::entity::customers::{Column, Entity};
use ::entity::ids::TenantId;
use ::entity::segment_memberships as picks;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::dto::SegmentCriteria;
use crate::db::Scope;
use crate::db::keyset::Filter;
use crate::domains::booking::Visits;
use crate::domains::tenancy::Tenant;
use crate::error::ApiError;

/// Whom a segment holds, or whom criteria would find.
pub struct Found {
    tenant: TenantId,
    currency: String,
    now: DateTime<Utc>,
    criteria: SegmentCriteria,
    /// The segment whose hand-picked customers are found too.
    segment: Option<Uuid>,
}

/// The list that a cursor walks is the segment by its criteria, whatever the time is meanwhile.
impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found").field("segment", &self.segment).field("criteria", &self.criteria).finish()
    }
}

impl Found {
    /// Those who fulfil the criteria, and those who were picked for the segment.
    pub fn new(
        scope: &Scope,
        tenant: &Tenant,
        criteria: SegmentCriteria,
        segment: Option<Uuid>,
    ) -> Result<Self, ApiError> {
        let (tenant, currency) = (scope.tenant()?, tenant.currency.clone());
        Ok(Self { tenant, currency, now: scope.now(), criteria, segment })
    }

    fn visits(&self) -> Visits {
        let c = &self.criteria;
        Visits {
            min_bookings: c.min_bookings,
            max_bookings: c.max_bookings,
            first_visit_after: c.first_visit_after.map(Into::into),
            first_visit_before: c.first_visit_before.map(Into::into),
            last_visit_after: c.last_visit_after.map(Into::into),
            last_visit_before: c.last_visit_before.map(Into::into),
            no_visit_days: c.no_visit_days,
            service_id: c.service_id,
            min_spent_cents: c.min_spent_cents.map(|cents| (cents, self.currency.clone())),
            min_no_shows: c.no_show_min,
        }
    }

    fn matching(&self) -> Option<Condition> {
        let c = &self.criteria;
        let created = (c.created_after.map(DateTime::from), c.created_before.map(DateTime::from));
        let all = Condition::all()
            .add_option(c.is_first_time.map(|first| Column::IsFirstTime.eq(first)))
            .add_option(c.marketing_opt_in.map(|agreed| Column::MarketingOptIn.eq(agreed)))
            .add_option(created.0.map(|after: DateTime<Utc>| Column::CreatedAt.gte(after)))
            .add_option(created.1.map(|before: DateTime<Utc>| Column::CreatedAt.lt(before)))
            .add_option(self.visits().condition(self.now));
        (*c != SegmentCriteria::default()).then_some(all)
    }

    fn picked(&self, segment: Uuid) -> Condition {
        let picked = picks::Entity::find()
            .select_only()
            .column(picks::Column::CustomerId)
            .filter(picks::Column::TenantId.eq(self.tenant))
            .filter(picks::Column::SegmentId.eq(segment));
        Condition::all().add(Column::Id.in_subquery(picked.into_query()))
    }
}

impl Filter<Entity> for Found {
    fn condition(&self) -> Condition {
        // nothing asked finds nobody: an empty "any" would find everybody
        let nobody = Condition::all().add(Column::Id.is_null());
        let either = Condition::any()
            .add(self.matching().unwrap_or(nobody))
            .add_option(self.segment.map(|segment| self.picked(segment)));
        Condition::all().add(Column::PseudonymizedAt.is_null()).add(either)
    }
}
