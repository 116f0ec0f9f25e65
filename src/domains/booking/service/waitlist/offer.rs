//! Offers a time that has become free to the first in line whose wish fits: a hold is made for them, in the transaction
//! that freed the time. Each attempt sits in a savepoint: an offer that fails does not fail what freed the time, unless
//! all of it may be tried again.
//!
//! Where nobody waits it costs one look at an index. What is offered is what the listing lists for the public; the
//! constraint sees to it that no time is offered twice, and the guarded step from waiting that nobody has two.

use ::entity::booking_allocations::MAX_OCCUPIED;
use ::entity::booking_holds::{self as holds, Model as Hold};
use ::entity::bookings::Model as Booking;
use ::entity::enums::BookingSource;
use ::entity::waitlist_entries::{Entity, Model};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Statement, Value};
use uuid::Uuid;

use crate::db::Scope;
use crate::domains::booking::events;
use crate::domains::booking::service::{hold, lapse, take};
use crate::domains::scheduling::slots::{Audience, Board, Freedom, Wish};
use crate::domains::tenancy::{self, Tenant};
use crate::error::{ApiError, database};

/// So many in line are asked about one time.
const ASKED: i64 = 20;
/// How much work with the line one caller does: each look at the line counts, and each who is asked. Whoever takes a time
/// wants their own; whoever gives one up asks all the line about it; the round has time. What is left of the holds waits
/// for the round.
pub(in crate::domains::booking::service) const ON_THE_WAY: usize = 6;
pub(in crate::domains::booking::service) const AT_EASE: usize = 30;
pub(super) const A_ROUND: usize = 1_000;

/// Those who wait for a service that uses what was freed, in the order of the line. `$2` booking, `$3` hold,
/// `$4` class, `$5` to `$6` the starts that could meet it, `$7` how many, `$8` who is not asked. Of whoever wants one resource only that one counts,
/// unless the service needs others beside it.
const IN_LINE: &str = "
SELECT e.* FROM app.waitlist_entries e
WHERE e.tenant_id = $1 AND e.status = 'waiting' AND e.from_at < $6 AND e.until_at > $5 AND e.id IS DISTINCT FROM $8
  AND EXISTS (
    SELECT FROM app.booking_allocations a
    JOIN app.service_resources s ON s.tenant_id = $1 AND s.service_id = e.service_id AND s.resource_id = a.resource_id
    WHERE a.tenant_id = $1 AND (a.booking_id = $2 OR a.hold_id = $3 OR a.class_session_id = $4)
      AND (e.resource_id IS NULL OR e.resource_id = a.resource_id OR EXISTS (
        SELECT FROM app.service_resources o
        WHERE o.tenant_id = $1 AND o.service_id = e.service_id AND o.position <> s.position)))
ORDER BY e.queued_at, e.id LIMIT $7";

/// Out of the line, once.
const CLAIM: &str = "
UPDATE app.waitlist_entries SET status = 'offered', offers = offers + 1, offered_at = $3, offer_expires_at = $4, hold_id = $5
WHERE tenant_id = $1 AND id = $2 AND status = 'waiting' RETURNING *";

/// What the line is still to be asked about.
const LEAVE_DUE: &str = "UPDATE app.booking_holds SET offer_due = true WHERE tenant_id = $1 AND id = ANY ($2)";

/// What was left for the round, each once.
const TAKE_DUE: &str = "
WITH due AS (
  SELECT id FROM app.booking_holds WHERE tenant_id = $1 AND offer_due ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED
)
UPDATE app.booking_holds h SET offer_due = false FROM due WHERE h.tenant_id = $1 AND h.id = due.id RETURNING h.*";

/// Whether somebody still waits: who is offered something else meanwhile is waited for.
const STILL: &str =
    "SELECT * FROM app.waitlist_entries WHERE tenant_id = $1 AND id = $2 AND status = 'waiting' FOR NO KEY UPDATE";

/// What has become free.
struct Freed {
    booking: Option<Uuid>,
    hold: Option<Uuid>,
    session: Option<Uuid>,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    /// Who has just let it pass: they are not asked again.
    passed: Option<Uuid>,
}

/// An offer that was made.
struct Offered {
    /// Expired holds that had to be ended for it: their time is free too.
    lapsed: Vec<Hold>,
    /// Nothing is left of what was freed.
    whole: bool,
}

impl From<&Booking> for Freed {
    fn from(booking: &Booking) -> Self {
        Self {
            booking: Some(booking.id.0),
            hold: None,
            session: booking.class_session_id.map(|session| session.0),
            start: booking.start_at,
            end: booking.end_at,
            passed: None,
        }
    }
}

impl From<&Hold> for Freed {
    fn from(hold: &Hold) -> Self {
        Self {
            booking: None,
            hold: Some(hold.id.0),
            session: hold.class_session_id.map(|session| session.0),
            start: hold.start_at,
            end: hold.end_at,
            passed: hold.waitlist_entry_id.map(|entry| entry.0),
        }
    }
}

/// Offers what a booking has given back.
pub(in crate::domains::booking::service) async fn offer_freed(
    scope: &Scope,
    booking: &Booking,
) -> Result<(), ApiError> {
    offer(scope, vec![booking.into()], AT_EASE).await
}

/// Offers what holds have given back, one after the other, as far as `work` goes.
pub(in crate::domains::booking::service) async fn pass_on(
    scope: &Scope,
    ended: &[Hold],
    work: usize,
) -> Result<(), ApiError> {
    offer(scope, ended.iter().map(Freed::from).collect(), work).await
}

/// One after the other; what lapses on the way is offered too. Each hold ends once, so this does. A booking's time comes
/// first and alone, so that only holds are ever left.
async fn offer(scope: &Scope, mut freed: Vec<Freed>, mut work: usize) -> Result<(), ApiError> {
    let mut tenant = None;
    let mut due: Vec<Uuid> = Vec::new();
    while let Some(free) = freed.pop() {
        if free.end <= scope.now() {
            continue;
        }
        if work == 0 {
            due.extend(free.hold);
            continue;
        }
        work -= 1;
        for entry in in_line(scope, &free).await? {
            if work == 0 {
                due.extend(free.hold);
                break;
            }
            work -= 1;
            let tenant = match &tenant {
                Some(known) => known,
                None => &*tenant.insert(tenancy::current(scope).await?),
            };
            match scope.savepoint(async |scope| offer_to(scope, tenant, &entry, &free).await).await {
                Ok(Some(offered)) => {
                    freed.extend(offered.lapsed.iter().map(Freed::from));
                    if offered.whole {
                        break;
                    }
                }
                Ok(None) => {}
                // the transaction is tried again, and the offer with it
                Err(error) if database::is_passing(&error) => return Err(error),
                Err(error) => tracing::warn!(%error, entry = %entry.id, "a time that has become free was not offered"),
            }
        }
    }
    if !due.is_empty() {
        let values: [Value; 2] = [scope.tenant()?.0.into(), due.into()];
        scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, LEAVE_DUE, values)).await?;
    }
    Ok(())
}

async fn in_line(scope: &Scope, freed: &Freed) -> Result<Vec<Model>, ApiError> {
    let values: [Value; 8] = [
        scope.tenant()?.0.into(),
        freed.booking.into(),
        freed.hold.into(),
        freed.session.into(),
        (freed.start - MAX_OCCUPIED).into(),
        freed.end.into(),
        ASKED.into(),
        freed.passed.into(),
    ];
    let find = Entity::find().from_raw_sql(Statement::from_sql_and_values(DbBackend::Postgres, IN_LINE, values));
    Ok(find.all(scope).await?)
}

/// Offers somebody the first listed time that they want and that meets what was freed, if there is one.
async fn offer_to(scope: &Scope, tenant: &Tenant, entry: &Model, freed: &Freed) -> Result<Option<Offered>, ApiError> {
    let party = u32::try_from(entry.attendee_count).unwrap_or(1);
    let resource = entry.resource_id.map(|resource| resource.0);
    let wish = Wish { service: entry.service_id.0, resource, party, audience: Audience::Public };
    let from = entry.from_at.max(freed.start - MAX_OCCUPIED).max(scope.now());
    let to = entry.until_at.min(freed.end);
    if from >= to {
        return Ok(None);
    }
    let board = Board::read(scope, tenant, &wish, from, to).await?;
    // nobody waits for a look that finds nothing
    if meeting(&board, freed)?.is_none() {
        return Ok(None);
    }
    let board = take::counted(scope, tenant, &wish, board, (from, to)).await?;
    let Some(start) = meeting(&board, freed)? else { return Ok(None) };
    let offered = promise(scope, tenant, &board, entry, start).await?;
    Ok(offered.map(|(hold, lapsed)| {
        let whole = freed.session.is_none() && hold.start_at <= freed.start && hold.end_at >= freed.end;
        Offered { lapsed, whole }
    }))
}

/// The first listed time that meets what was freed.
fn meeting(board: &Board, freed: &Freed) -> Result<Option<DateTime<Utc>>, ApiError> {
    let meets = |start: DateTime<Utc>, end: DateTime<Utc>| start < freed.end && end > freed.start;
    let offers = board.offers()?;
    Ok(offers.iter().find(|offer| meets(offer.start.get(), offer.end.get())).map(|offer| offer.start.get()))
}

/// Makes the offer: the hold, and the entry's step out of the line.
async fn promise(
    scope: &Scope,
    tenant: &Tenant,
    board: &Board,
    entry: &Model,
    start: DateTime<Utc>,
) -> Result<Option<(Hold, Vec<Hold>)>, ApiError> {
    let values: [Value; 2] = [scope.tenant()?.0.into(), entry.id.0.into()];
    let still = Entity::find().from_raw_sql(Statement::from_sql_and_values(DbBackend::Postgres, STILL, values));
    if still.one(scope).await?.is_none() {
        return Ok(None);
    }
    let chosen = board.choose(start, Freedom::Listed)?;
    let minutes = TimeDelta::minutes(tenant.booking.waitlist_offer_minutes.into());
    let seats = u32::try_from(entry.attendee_count).unwrap_or(1);
    let promised = hold::Promised {
        // nobody takes a time that has begun
        until: (scope.now() + minutes).min(start),
        total_cents: board.service.price_cents.saturating_mul(seats.into()),
        seats,
        source: BookingSource::Public,
        entry: Some(entry.id),
        visitor_hash: None,
    };
    let (hold, lapsed) = hold::keep(scope, board, &chosen, promised).await?;
    let now = scope.now();
    let values: [Value; 5] =
        [scope.tenant()?.0.into(), entry.id.0.into(), now.into(), hold.expires_at.into(), hold.id.0.into()];
    let claim = Entity::find().from_raw_sql(Statement::from_sql_and_values(DbBackend::Postgres, CLAIM, values));
    let entry = claim.one(scope).await?.ok_or_else(|| ApiError::internal("the entry was locked and has moved"))?;
    scope.emit(events::waitlist_offered(&entry, &hold));
    metrics::counter!("waitlist_offers_total").increment(1);
    Ok(Some((hold, lapsed)))
}

/// Ends what has expired and offers it on, with what others have left.
pub(super) async fn tend(scope: &Scope) -> Result<usize, ApiError> {
    let lapsed = lapse::sweep(scope).await?;
    let values: [Value; 1] = [scope.tenant()?.0.into()];
    let due = holds::Entity::find().from_raw_sql(Statement::from_sql_and_values(DbBackend::Postgres, TAKE_DUE, values));
    // what has waited longest comes last, and is offered first
    let mut ended = lapsed.clone();
    ended.extend(due.all(scope).await?);
    pass_on(scope, &ended, A_ROUND).await?;
    Ok(lapsed.len())
}
