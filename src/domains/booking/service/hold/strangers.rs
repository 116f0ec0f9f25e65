//! How much strangers hold at once: each of them a few times, all of them together no more than a business can bear. Who a
//! stranger is, is told by their network alone, and that stands in the table as a pseudonym.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::db::Scope;
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::kernel::zone::Zone;

/// So many times strangers hold of one business at once. Offers to the line are not theirs.
const MOST: i64 = 500;

/// Somebody without a login who holds a time.
#[derive(Clone, Debug)]
pub struct Stranger {
    /// Their network, as a pseudonym of this business.
    pub hash: String,
    /// So many times they hold at once.
    pub most: u32,
    /// The same, of one service on one day.
    pub most_a_day: u32,
}

/// One stranger at a time: of two holds that are made at once the second counts the first.
const ALONE: &str = "SELECT pg_advisory_xact_lock(hashtextextended('hold:' || $1 || ':' || $2, 0))";

/// `$3` the stranger, `$4` the service, `$5` to `$6` the day.
const HELD: &str = "
SELECT count(*) AS everybody, min(expires_at) AS first_of_everybody,
  count(*) FILTER (WHERE visitor_hash = $3) AS own, min(expires_at) FILTER (WHERE visitor_hash = $3) AS first_own,
  count(*) FILTER (WHERE visitor_hash = $3 AND service_id = $4 AND start_at >= $5 AND start_at < $6) AS day,
  min(expires_at) FILTER (WHERE visitor_hash = $3 AND service_id = $4 AND start_at >= $5 AND start_at < $6) AS first_of_day
FROM app.booking_holds
WHERE tenant_id = $1 AND status = 'held' AND expires_at > $2 AND source = 'public' AND waitlist_entry_id IS NULL";

#[derive(FromQueryResult)]
struct Counted {
    everybody: i64,
    first_of_everybody: Option<DateTime<Utc>>,
    own: i64,
    first_own: Option<DateTime<Utc>>,
    day: i64,
    first_of_day: Option<DateTime<Utc>>,
}

/// Lets a stranger hold one more time of a service, if they may.
///
/// # Errors
/// 429 with the seconds until one of the holds that count has ended.
pub(super) async fn admit(
    scope: &Scope,
    tenant: &Tenant,
    stranger: &Stranger,
    (service, start): (Uuid, DateTime<Utc>),
) -> Result<(), ApiError> {
    let zone = Zone::parse(&tenant.tz).map_err(|error| ApiError::internal(error.to_string()))?;
    let date = zone.date(start);
    let day = zone.dates(date, date);
    let own = scope.tenant()?.0;
    let alone: [Value; 2] = [own.to_string().into(), stranger.hash.as_str().into()];
    scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, ALONE, alone)).await?;
    let values: [Value; 6] = [
        own.into(),
        scope.now().into(),
        stranger.hash.as_str().into(),
        service.into(),
        day.start.into(),
        day.end.into(),
    ];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, HELD, values)).await?;
    let row = row.ok_or_else(|| ApiError::internal("the count of held times answered no row"))?;
    let counted = Counted::from_query_result(&row, "")?;
    let (sentence, reason, first) = if counted.day >= i64::from(stranger.most_a_day) {
        ("You hold as many times of this day as one visitor may.", "visitor_day", counted.first_of_day)
    } else if counted.own >= i64::from(stranger.most) {
        ("You hold as many times as one visitor may.", "visitor", counted.first_own)
    } else if counted.everybody >= MOST {
        ("Too many times are held at this moment.", "business", counted.first_of_everybody)
    } else {
        return Ok(());
    };
    let wait = first.map_or(1, |first| (first - scope.now()).num_seconds().saturating_add(1));
    let refusal = ApiError::new(Code::HoldLimitReached, sentence).with("reason", reason);
    Err(refusal.retry_after(u32::try_from(wait).unwrap_or(1)))
}
