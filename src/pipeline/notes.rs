//! What the steps learn about a request and the envelope writes down: headers, log line, metrics.
//! It also lives through errors, which have no request any more.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use ::entity::ids::UserId;
use poem_openapi::OperationId;

use super::rate_limit::Spent;
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, problem};

/// One request's notes, shared by reference.
#[derive(Clone)]
pub struct Notes(Arc<Inner>);

struct Inner {
    request_id: String,
    peer: IpAddr,
    tenant: OnceLock<Arc<Tenant>>,
    user: OnceLock<UserId>,
    spent: OnceLock<Spent>,
    operation: OnceLock<&'static str>,
    statements: AtomicU32,
}

impl Notes {
    pub(super) fn new(request_id: String, peer: IpAddr) -> Self {
        Self(Arc::new(Inner {
            request_id,
            peer,
            tenant: OnceLock::new(),
            user: OnceLock::new(),
            spent: OnceLock::new(),
            operation: OnceLock::new(),
            statements: AtomicU32::new(0),
        }))
    }

    /// The id of the request, ours or the caller's.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// The caller's address, as far as our own proxies vouch for it.
    #[must_use]
    pub fn peer(&self) -> IpAddr {
        self.0.peer
    }

    /// The tenant, once resolved.
    #[must_use]
    pub fn tenant(&self) -> Option<&Arc<Tenant>> {
        self.0.tenant.get()
    }

    /// The person, once known.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        self.0.user.get().copied()
    }

    pub(super) fn spent(&self) -> Option<&Spent> {
        self.0.spent.get()
    }

    pub(super) fn statements(&self) -> u32 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// The operation that refused; one that answered stands in its answer.
    pub(super) fn operation(&self) -> Option<&'static str> {
        self.0.operation.get().copied()
    }

    /// Makes the framework's error one of ours, and keeps the operation that it names.
    pub(super) fn operation_of(&self, error: poem::Error) -> ApiError {
        if let Some(id) = error.data::<OperationId>() {
            let _ = self.0.operation.set(id.0);
        }
        problem::from_poem(error)
    }

    pub(super) fn note_tenant(&self, tenant: &Arc<Tenant>) {
        let _ = self.0.tenant.set(Arc::clone(tenant));
    }

    pub(super) fn note_user(&self, user: UserId) {
        let _ = self.0.user.set(user);
    }

    pub(super) fn note_spent(&self, spent: Spent) {
        let _ = self.0.spent.set(spent);
    }

    pub(super) fn note_statements(&self, count: u32) {
        self.0.statements.fetch_add(count, Ordering::Relaxed);
    }
}
