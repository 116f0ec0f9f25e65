//! What operators do: look, and have an event worked on again.

use ::entity::enums::InboxState;
use ::entity::ids::{TenantId, WebhookEventId};
use ::entity::webhook_event_inbox::{Column, Entity};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, DerivePartialModel, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::app::App;
use crate::db::Scope;
use crate::domains::identity::Person;
use crate::domains::payments::inbox::dto::WebhookEvent;
use crate::domains::platform;
use crate::error::{ApiError, Code};
use crate::guard::{Binding, CursorKey, Listing, Page};

/// What a list of events is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct InboxFilter {
    pub state: Option<InboxState>,
    pub event_type: Option<String>,
}

/// An event without its bytes.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub struct InboxRow {
    pub id: WebhookEventId,
    pub provider: String,
    pub account: String,
    pub event_id: String,
    pub event_type: String,
    pub event_created_at: DateTime<Utc>,
    pub livemode: bool,
    pub state: InboxState,
    pub tenant_id: Option<TenantId>,
    pub attempts: i32,
    pub next_attempt_at: DateTime<Utc>,
    pub last_error: Option<String>,
    pub received_at: DateTime<Utc>,
    pub processed_at: Option<DateTime<Utc>>,
}

/// A page of all events, newest first.
///
/// # Errors
/// 400 for a cursor of another list.
pub async fn list(
    scope: &Scope,
    person: &Person,
    cursors: &CursorKey,
    page: &Page,
    filter: &InboxFilter,
) -> Result<Listing<WebhookEvent>, ApiError> {
    platform::note(scope, person, "webhook_event_inbox", "ADMIN_VIEW", None).await?;
    let text = format!("{filter:?}");
    let binding = Binding { tenant: Uuid::nil(), sort: "webhook_event_inbox:-received_at", filter: &text };
    let mut rows = Entity::find().filter(
        Condition::all()
            .add_option(filter.state.map(|state| Column::State.eq(state)))
            .add_option(filter.event_type.as_deref().map(|event_type| Column::EventType.eq(event_type))),
    );
    let total = if page.include_total { Some(rows.clone().count(scope).await?) } else { None };
    if let Some((at, id)) = page.after::<(DateTime<Utc>, Uuid)>(cursors, &binding)? {
        let here = Expr::tuple([Expr::col((Entity, Column::ReceivedAt)), Expr::col((Entity, Column::Id))]);
        rows = rows.filter(here.lt(Expr::tuple([Expr::val(at), Expr::val(id)])));
    }
    let rows = rows.order_by_desc(Column::ReceivedAt).order_by_desc(Column::Id).limit(page.limit + 1);
    let rows = rows.into_partial_model::<InboxRow>().all(scope).await?;
    let list = Listing::of(rows, page, cursors, &binding, |row| (row.received_at, row.id.0), WebhookEvent::from)?;
    Ok(list.with_total(total))
}

/// Sends an event back to the beginning. One that waits anyway is only hurried.
///
/// # Errors
/// 404 for an event that is not there.
pub async fn replay(app: &App, scope: &Scope, person: &Person, id: Uuid) -> Result<WebhookEvent, ApiError> {
    let id = WebhookEventId(id);
    let changed = Entity::update_many()
        .col_expr(Column::State, Expr::val(InboxState::Received.as_str()))
        .col_expr(Column::Attempts, Expr::val(0))
        .col_expr(Column::NextAttemptAt, Expr::val(scope.now()))
        .col_expr(Column::ProcessedAt, Expr::val(Option::<DateTime<Utc>>::None))
        .filter(Column::Id.eq(id))
        .exec(scope)
        .await?;
    if changed.rows_affected == 0 {
        return Err(ApiError::of(Code::NotFound));
    }
    platform::note(scope, person, "webhook_event_inbox", "WEBHOOK_REPLAY", Some(id.0)).await?;
    let row = Entity::find_by_id(id).into_partial_model::<InboxRow>().one(scope).await?;
    let bell = std::sync::Arc::clone(&app.inbox_bell);
    scope.after_commit(async move { bell.notify_one() });
    row.map(WebhookEvent::from).ok_or_else(|| ApiError::of(Code::NotFound))
}
