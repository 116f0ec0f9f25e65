//! What a body wants: named field by field, or by the token of a listed time, or by a hold. What is given beside a token
//! or a hold must say the same.

use ::entity::ids::BookingHoldId;
use uuid::Uuid;

use crate::app::App;
use crate::db::Scope;
use crate::domains::booking::manage;
use crate::domains::booking::service::{self, Promise};
use crate::domains::scheduling::slots::open_token;
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, FieldError};
use crate::guard::Timestamp;

/// As it was sent.
#[derive(Default)]
pub struct Asked {
    pub slot_token: Option<String>,
    pub hold_token: Option<String>,
    /// A hold by its plain id: members only.
    pub hold_id: Option<Uuid>,
    pub service_id: Option<Uuid>,
    pub resource_id: Option<Uuid>,
    pub start_at: Option<Timestamp>,
    pub attendee_count: Option<u32>,
}

/// What is wanted, and on what terms.
pub struct Wanted {
    pub service_id: Uuid,
    pub resource_id: Option<Uuid>,
    pub start_at: chrono::DateTime<chrono::Utc>,
    pub attendee_count: u32,
    pub promise: Option<Promise>,
    pub hold: Option<BookingHoldId>,
}

impl Asked {
    /// Reads tokens and holds.
    ///
    /// # Errors
    /// 400 for what is missing or contradicts itself, 404 for a hold that is not there, 422 for a token whose time is over.
    pub async fn wanted(self, app: &App, scope: &Scope, tenant: &Tenant) -> Result<Wanted, ApiError> {
        let by_hold = self.hold_token.is_some() || self.hold_id.is_some();
        if self.hold_token.is_some() && self.hold_id.is_some() || by_hold && self.slot_token.is_some() {
            return Err(ApiError::field("#/hold_token", "conflict", "Give one of slot_token, hold_token and hold_id."));
        }
        let wanted = if by_hold {
            self.of_hold(app, scope, tenant).await?
        } else if let Some(token) = &self.slot_token {
            self.of_slot(app, scope, tenant, token)?
        } else {
            return self.plain();
        };
        self.agree(&wanted)?;
        Ok(wanted)
    }

    async fn of_hold(&self, app: &App, scope: &Scope, tenant: &Tenant) -> Result<Wanted, ApiError> {
        let id = match (&self.hold_token, self.hold_id) {
            (Some(token), _) => manage::open::<BookingHoldId>(&app.manage, tenant, token)?,
            (None, id) => BookingHoldId(id.unwrap_or_default()),
        };
        let hold = service::find_hold(scope, id).await?;
        Ok(Wanted {
            service_id: hold.service_id.0,
            resource_id: Some(hold.resource_id.0),
            start_at: hold.start_at,
            attendee_count: u32::try_from(hold.attendee_count).unwrap_or(1),
            promise: None,
            hold: Some(id),
        })
    }

    fn of_slot(&self, app: &App, scope: &Scope, tenant: &Tenant, token: &str) -> Result<Wanted, ApiError> {
        let promised = open_token(&app.manage, tenant, token, scope.now())?;
        Ok(Wanted {
            service_id: promised.service,
            resource_id: promised.resources.first().copied(),
            start_at: promised.start,
            attendee_count: promised.party,
            promise: Some(Promise {
                total_cents: promised.price_cents.saturating_mul(promised.party.max(1).into()),
                resources: promised.resources,
                currency: promised.currency,
            }),
            hold: None,
        })
    }

    fn plain(self) -> Result<Wanted, ApiError> {
        let missing = |name: &str| FieldError::new(format!("#/{name}"), "required", "Give it, or a slot_token.");
        match (self.service_id, self.start_at) {
            (Some(service_id), Some(start_at)) => Ok(Wanted {
                service_id,
                resource_id: self.resource_id,
                start_at: start_at.get(),
                attendee_count: self.attendee_count.unwrap_or(1),
                promise: None,
                hold: None,
            }),
            (service, start) => {
                let service = service.is_none().then(|| missing("service_id"));
                let start = start.is_none().then(|| missing("start_at"));
                Err(ApiError::validation(service.into_iter().chain(start).collect()))
            }
        }
    }

    fn agree(&self, wanted: &Wanted) -> Result<(), ApiError> {
        let differs = [
            ("service_id", self.service_id.is_some_and(|id| id != wanted.service_id)),
            ("resource_id", self.resource_id.is_some_and(|id| Some(id) != wanted.resource_id)),
            ("start_at", self.start_at.is_some_and(|at| at.get() != wanted.start_at)),
            ("attendee_count", self.attendee_count.is_some_and(|count| count != wanted.attendee_count)),
        ];
        let detail = "It differs from what was offered: leave it out, or ask for another time.";
        let faults: Vec<FieldError> = differs
            .into_iter()
            .filter(|(_, differs)| *differs)
            .map(|(name, _)| FieldError::new(format!("#/{name}"), "mismatch", detail))
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(ApiError::validation(faults)) }
    }
}
