//! The waiting list: members see all of it, a visitor their own place by its token.

use std::sync::Arc;

use ::entity::enums::{BookingSource, WaitlistStatus as Status};
use ::entity::ids::WaitlistEntryId;
use ::entity::waitlist_entries::{Entity, Model};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::{trap, who};
use crate::app::App;
use crate::db::Scope;
use crate::db::keyset::Walk;
use crate::db::row;
use crate::domains::booking::dto::{WaitlistEntry, WaitlistJoin, WaitlistSort, WaitlistStatus};
use crate::domains::booking::manage;
use crate::domains::booking::service::{self, NewEntry, WaitlistFilter};
use crate::domains::identity::permission::BookingWrite;
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::guard::{Anyone, Body, Can, Created, ETag, Listing, NoContent, OptionalKey, Page, Reply, Tag};

/// `/api/v1/waitlist`
pub struct WaitlistApi {
    app: Arc<App>,
}

impl WaitlistApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

/// The place in line of a path: by its token, or for members by its id.
pub(super) fn entry_of(app: &App, guard: &Anyone, named: &str) -> Result<WaitlistEntryId, ApiError> {
    match named.parse::<Uuid>() {
        Ok(id) if guard.may::<BookingWrite>() => Ok(WaitlistEntryId(id)),
        _ => manage::open(&app.manage, &guard.tenant, named),
    }
}

fn sealed(app: &App, tenant: &Tenant, row: Model) -> WaitlistEntry {
    let entry = manage::seal(&app.manage, tenant, row.id).unwrap_or_default();
    let offer = row.hold_id.filter(|_| row.status == Status::Offered);
    let hold = offer.and_then(|hold| manage::seal(&app.manage, tenant, hold).ok());
    WaitlistEntry::of(row, entry, hold)
}

/// A place in line as it goes out; the customer's id is for members.
pub(super) fn shown(app: &App, guard: &Anyone, row: Model) -> WaitlistEntry {
    let entry = sealed(app, &guard.tenant, row);
    let customer_id = entry.customer_id.filter(|_| guard.may::<BookingWrite>());
    WaitlistEntry { customer_id, ..entry }
}

/// Puts whom a body names at the end of the line.
pub(super) async fn join(app: &App, guard: &Anyone, new: WaitlistJoin) -> Result<(WaitlistEntry, ETag), ApiError> {
    let member = guard.may::<BookingWrite>();
    let program = trap::sprung(guard, new.website.as_ref());
    let entry = NewEntry {
        who: who(new.customer_id, new.customer, member)?,
        service_id: new.service_id,
        resource_id: new.resource_id,
        from_at: new.from_at.get(),
        until_at: new.until_at.get(),
        attendee_count: new.attendee_count,
        notes: new.notes.map(Into::into),
        source: if member { BookingSource::Staff } else { BookingSource::Public },
    };
    let join = async |scope: &Scope| service::join_waitlist(scope, &guard.tenant, entry).await;
    let row = trap::unless(program, &guard.scope, join).await?;
    let etag = row::tag::<Entity>(&row);
    Ok((shown(app, guard, row), etag))
}

#[OpenApi(tag = "Tag::Bookings")]
impl WaitlistApi {
    /// List the waiting list
    ///
    /// Who came first is first, unless another order is asked for.
    #[oai(path = "/api/v1/waitlist", method = "get", operation_id = "waitlist_list")]
    async fn list(
        &self,
        guard: Can<BookingWrite>,
        page: Page,
        /// Only these states; give it more than once for several.
        #[oai(validator(max_items = 5))]
        status: Query<Vec<WaitlistStatus>>,
        /// Only those who wait for this service.
        service_id: Query<Option<Uuid>>,
        /// Only those of this customer.
        customer_id: Query<Option<Uuid>>,
        /// The order.
        sort: Query<Option<WaitlistSort>>,
    ) -> Result<Reply<Listing<WaitlistEntry>>, ApiError> {
        let filter = WaitlistFilter {
            status: status.0.into_iter().map(Into::into).collect(),
            service_id: service_id.0,
            customer_id: customer_id.0,
        };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        let seal = |row: Model| sealed(&self.app, &guard.tenant, row);
        Ok(Reply::new(service::list_waitlist(&guard.scope, walk, &filter, seal).await?))
    }

    /// Join the waiting list
    ///
    /// When a time becomes free that is wanted, the first in line is offered it: it is held for them, an hour unless the
    /// business says otherwise, and booked with the hold's token. Whoever lets an offer pass stands at the end of the line
    /// again; after three they wait no more. At most five times for one service. Emits `WAITLIST_JOINED`, and for an offer
    /// `WAITLIST_OFFERED`.
    #[oai(path = "/api/v1/waitlist", method = "post", operation_id = "waitlist_create")]
    async fn create(
        &self,
        guard: Anyone,
        /// Names this attempt, so that a repeat joins nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        new: Body<WaitlistJoin>,
    ) -> Result<Created<WaitlistEntry>, ApiError> {
        if guard.member.is_some() && !guard.may::<BookingWrite>() {
            return Err(ApiError::new(Code::AuthForbidden, "This needs the permission booking.write."));
        }
        let (shown, etag) = join(&self.app, &guard, new.0).await?;
        Ok(Created::at(format!("/api/v1/waitlist/{}", shown.entry_token), shown).tagged(etag))
    }

    /// Read a place in line
    ///
    /// With the token of the hold, while a time is offered.
    #[oai(path = "/api/v1/waitlist/:entry", method = "get", operation_id = "waitlist_get")]
    async fn get(
        &self,
        guard: Anyone,
        /// The token that was answered when they joined; members with booking.write may give the id.
        entry: Path<String>,
    ) -> Result<Reply<WaitlistEntry>, ApiError> {
        let row = service::find_entry(&guard.scope, entry_of(&self.app, &guard, &entry.0)?.0).await?;
        let etag = row::tag::<Entity>(&row);
        Ok(Reply::new(shown(&self.app, &guard, row)).tagged(etag))
    }

    /// Leave the waiting list
    ///
    /// A time that was offered goes to the next in line. Whoever waits no more stays as they are. Emits `WAITLIST_LEFT`.
    #[oai(path = "/api/v1/waitlist/:entry", method = "delete", operation_id = "waitlist_delete")]
    async fn delete(
        &self,
        guard: Anyone,
        /// The token that was answered when they joined; members with booking.write may give the id.
        entry: Path<String>,
    ) -> Result<NoContent, ApiError> {
        service::leave_waitlist(&guard.scope, entry_of(&self.app, &guard, &entry.0)?.0).await?;
        Ok(NoContent)
    }
}
