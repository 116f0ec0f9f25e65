//! Held times: a visitor on the business's host comes by the token, a member by the id too.

use std::sync::Arc;

use ::entity::booking_holds::Model;
use ::entity::enums::BookingSource;
use ::entity::ids::BookingHoldId;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::trap;
use super::wanted::Asked;
use crate::app::App;
use crate::db::Scope;
use crate::db::keyset::Walk;
use crate::domains::booking::dto::{Hold, HoldCreate, HoldSort};
use crate::domains::booking::manage;
use crate::domains::booking::service::{self, HoldFilter, Kept, NewHold, Stranger};
use crate::domains::identity::permission::BookingWrite;
use crate::error::{ApiError, Code};
use crate::guard::{Anyone, Binding, Body, Can, Created, Listing, NoContent, Page, Reply, RequiredKey, Tag};

/// `/api/v1/availability/holds`
pub struct HoldsApi {
    app: Arc<App>,
}

impl HoldsApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

fn source(guard: &Anyone) -> BookingSource {
    if guard.may::<BookingWrite>() { BookingSource::Staff } else { BookingSource::Public }
}

/// The hold of a path: by its token, or for members by its id.
pub(super) fn hold_of(app: &App, guard: &Anyone, named: &str) -> Result<BookingHoldId, ApiError> {
    match named.parse::<Uuid>() {
        Ok(id) if guard.may::<BookingWrite>() => Ok(BookingHoldId(id)),
        _ => manage::open(&app.manage, &guard.tenant, named),
    }
}

/// A hold as it goes out.
pub(super) async fn shown(app: &App, guard: &Anyone, row: Model) -> Result<Hold, ApiError> {
    let token = manage::seal(&app.manage, &guard.tenant, row.id)?;
    let kept = Kept::of(&guard.scope, row).await?;
    Ok(Hold::of(kept, token, guard.scope.now()))
}

/// Who a stranger is, and how much they may hold; nobody of the business.
fn stranger(app: &App, guard: &Anyone) -> Option<Stranger> {
    let key = app.manage.first().filter(|_| guard.member.is_none())?;
    let binding = Binding { tenant: guard.tenant.id.0, sort: "visitor", filter: "" };
    let limits = &app.settings.limits;
    Some(Stranger {
        hash: key.pseudonym(&binding, guard.network.as_bytes()),
        most: limits.holds_per_visitor,
        most_a_day: limits.holds_per_visitor_day,
    })
}

/// Holds what a body asks for.
pub(super) async fn make(app: &App, guard: &Anyone, new: HoldCreate, source: BookingSource) -> Result<Hold, ApiError> {
    let program = trap::sprung(guard, new.website.as_ref());
    let asked = Asked {
        slot_token: new.slot_token.map(Into::into),
        service_id: new.service_id,
        resource_id: new.resource_id,
        start_at: new.start_at,
        attendee_count: new.attendee_count,
        ..Asked::default()
    };
    let wanted = asked.wanted(app, &guard.scope, &guard.tenant).await?;
    let new = NewHold {
        service_id: wanted.service_id,
        resource_id: wanted.resource_id,
        start_at: wanted.start_at,
        attendee_count: wanted.attendee_count,
        source,
        promise: wanted.promise,
        stranger: stranger(app, guard),
    };
    let hold = async |scope: &Scope| {
        let row = service::make_hold(scope, &guard.tenant, new).await?;
        shown(app, guard, row).await
    };
    trap::unless(program, &guard.scope, hold).await
}

#[OpenApi(tag = "Tag::Availability")]
impl HoldsApi {
    /// List held times
    ///
    /// The newest first.
    #[oai(path = "/api/v1/availability/holds", method = "get", operation_id = "hold_list")]
    async fn list(
        &self,
        guard: Can<BookingWrite>,
        page: Page,
        /// Only those that are good now (true).
        live: Query<Option<bool>>,
        /// Only those of this service.
        service_id: Query<Option<Uuid>>,
        /// The order.
        sort: Query<Option<HoldSort>>,
    ) -> Result<Reply<Listing<Hold>>, ApiError> {
        let now = guard.scope.now();
        let filter = HoldFilter { live_at: (live.0 == Some(true)).then_some(now), service_id: service_id.0 };
        let walk = Walk { cursors: &self.app.cursors, page: &page, sort: sort.0.unwrap_or_default() };
        let shown = |kept: Kept| {
            let token = manage::seal(&self.app.manage, &guard.tenant, kept.row.id).unwrap_or_default();
            Hold::of(kept, token, now)
        };
        Ok(Reply::new(service::list_holds(&guard.scope, walk, &filter, shown).await?))
    }

    /// Hold a time
    ///
    /// Nobody else is offered the time or gets it until `expires_at`; 15 minutes, unless the business says otherwise. It
    /// is booked with the `hold_token`. Refused with 409 and the next free times when the time cannot be had, or when too
    /// many are held at once; with 429 and `Retry-After` when a visitor, or all visitors together, hold too many. Emits
    /// `BOOKING_HOLD_CREATED`.
    #[oai(path = "/api/v1/availability/holds", method = "post", operation_id = "hold_create")]
    async fn create(
        &self,
        guard: Anyone,
        /// Names this attempt, so that a repeat holds nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        new: Body<HoldCreate>,
    ) -> Result<Created<Hold>, ApiError> {
        if guard.member.is_some() && !guard.may::<BookingWrite>() {
            return Err(ApiError::new(Code::AuthForbidden, "This needs the permission booking.write."));
        }
        let shown = make(&self.app, &guard, new.0, source(&guard)).await?;
        Ok(Created::at(format!("/api/v1/availability/holds/{}", shown.hold_token), shown))
    }

    /// Read a held time
    ///
    /// As it is now.
    #[oai(path = "/api/v1/availability/holds/:hold", method = "get", operation_id = "hold_get")]
    async fn get(
        &self,
        guard: Anyone,
        /// The hold's token; members with booking.write may give its id.
        hold: Path<String>,
    ) -> Result<Reply<Hold>, ApiError> {
        let row = service::find_hold(&guard.scope, hold_of(&self.app, &guard, &hold.0)?).await?;
        Ok(Reply::new(shown(&self.app, &guard, row).await?))
    }

    /// Keep a time longer
    ///
    /// For the same length again, from now on. A visitor at most three times, a member at most a hundred times; 422 after that, and for an offer to
    /// somebody who waits. 409 when it has ended.
    #[oai(path = "/api/v1/availability/holds/:hold/extend", method = "put", operation_id = "hold_extend")]
    async fn extend(
        &self,
        guard: Anyone,
        /// The hold's token; members with booking.write may give its id.
        hold: Path<String>,
    ) -> Result<Reply<Hold>, ApiError> {
        let id = hold_of(&self.app, &guard, &hold.0)?;
        let row = service::extend_hold(&guard.scope, &guard.tenant, id, source(&guard)).await?;
        Ok(Reply::new(shown(&self.app, &guard, row).await?))
    }

    /// Give a held time up
    ///
    /// It is free at once; whoever waits for it is offered it. One that has ended stays as it is. Emits
    /// `BOOKING_HOLD_RELEASED`.
    #[oai(path = "/api/v1/availability/holds/:hold", method = "delete", operation_id = "hold_delete")]
    async fn delete(
        &self,
        guard: Anyone,
        /// The hold's token; members with booking.write may give its id.
        hold: Path<String>,
    ) -> Result<NoContent, ApiError> {
        service::release_hold(&guard.scope, hold_of(&self.app, &guard, &hold.0)?).await?;
        Ok(NoContent)
    }
}
