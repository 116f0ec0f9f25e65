//! Messages to the customers of bookings: noted in the outbox, where a consumer will find them. Nothing is sent here.

use ::entity::bookings::{Column, Entity};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::list::{DeskFilter, Detailed, rows};
use crate::db::{Scope, row};
use crate::domains::audit::{self, Note};
use crate::domains::booking::admin::events;
use crate::error::{ApiError, Code};

/// The most bookings that one message goes to.
pub const MOST: usize = 500;

/// What is to be read.
#[derive(Clone, Debug)]
pub struct Letter {
    pub subject: Option<String>,
    pub message: String,
}

/// Whose bookings are meant.
#[derive(Clone, Debug)]
pub enum Recipient {
    Bookings(Vec<Uuid>),
    Passing(Box<DeskFilter>),
}

/// Why somebody is not written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreachable {
    NoAddress,
    Deleted,
}

/// What became of a letter.
#[derive(Clone, Debug, Default)]
pub struct Queued {
    pub queued: Vec<Uuid>,
    pub skipped: Vec<(Uuid, Unreachable)>,
}

/// Notes a letter for the customer of each booking; the log is told for which.
///
/// # Errors
/// 404 with all bookings that are not there; 422 when too many pass a filter.
pub async fn send(scope: &Scope, to: Recipient, letter: &Letter) -> Result<Queued, ApiError> {
    let queued = match to {
        Recipient::Bookings(ids) => queue_to(scope, &ids, letter).await?,
        Recipient::Passing(filter) => {
            let limit = u64::try_from(MOST + 1).map_err(ApiError::internal)?;
            let rows = rows(scope, &filter)?.order_by_asc(Column::StartAt).order_by_asc(Column::Id).limit(limit);
            let found = rows.into_model::<Detailed>().all(scope).await?;
            if found.len() > MOST {
                let detail = format!("More than {MOST} bookings pass the filter: narrow it.");
                let refusal = ApiError::new(Code::RuleViolation, detail.clone());
                return Err(refusal.with_field("#/filter", "maximum", detail));
            }
            queue(scope, &found, letter)
        }
    };
    let data = json!({ "event": "BOOKING_MESSAGE_REQUESTED", "characters": letter.message.chars().count() });
    let note = Note { table: "bookings", operation: "SEND_MESSAGE", data };
    audit::note_each(scope, note, queued.queued.iter().copied()).await?;
    Ok(queued)
}

/// Notes a letter for each of these, in their order.
pub(super) async fn queue_to(scope: &Scope, ids: &[Uuid], letter: &Letter) -> Result<Queued, ApiError> {
    let rows = rows(scope, &DeskFilter::default())?.filter(Column::Id.is_in(ids.iter().copied()));
    let found = rows.into_model::<Detailed>().all(scope).await?;
    let of = |id: &Uuid| found.iter().find(|row| row.booking.id.0 == *id);
    row::all_there::<Entity>(ids, "booking_ids", |id| of(id).is_some())?;
    let meant: Vec<Detailed> = ids.iter().filter_map(of).cloned().collect();
    Ok(queue(scope, &meant, letter))
}

fn queue(scope: &Scope, rows: &[Detailed], letter: &Letter) -> Queued {
    let mut result = Queued::default();
    for row in rows {
        let id = row.booking.id.0;
        if row.customer_deleted_at.is_some() {
            result.skipped.push((id, Unreachable::Deleted));
        } else if row.customer_email.is_none() {
            result.skipped.push((id, Unreachable::NoAddress));
        } else {
            scope.emit(events::message(scope, &row.booking, letter.subject.as_deref(), &letter.message));
            result.queued.push(id);
        }
    }
    result
}
