//! The field that people never see. Whoever fills it in is a program: it is answered like anybody, and nothing comes of it.

use crate::db::Scope;
use crate::domains::booking::dto::Website;
use crate::domains::booking::service;
use crate::error::ApiError;
use crate::guard::Anyone;

/// Whether the caller went into the trap. Members have nothing to gain by what they may do anyway.
pub(super) fn sprung(guard: &Anyone, website: Option<&Website>) -> bool {
    guard.member.is_none() && website.is_some_and(|website| !website.is_empty())
}

/// Does `work`; for a program only so far that it cannot tell.
pub(super) async fn unless<T>(
    program: bool,
    scope: &Scope,
    work: impl AsyncFnOnce(&Scope) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    if program { service::pretend(scope, work).await } else { work(scope).await }
}
