//! `GET /api/v1/directory`.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::dto::DirectoryEntry;
use super::service;
use crate::app::App;
use crate::error::ApiError;
use crate::guard::{Fresh, IfNoneMatch, Inbound, Keeper, Listing, Page, Tag, Text};

/// The directory of businesses.
pub struct DirectoryApi {
    app: Arc<App>,
}

impl DirectoryApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Public")]
impl DirectoryApi {
    /// List businesses
    ///
    /// Those that stand in the public directory because they want to, in the order of their slugs. For everybody; the
    /// same for everybody. `If-None-Match` is answered with 304 while the version is the current one.
    #[oai(path = "/api/v1/directory", method = "get", operation_id = "directory_list")]
    async fn list(
        &self,
        caller: Inbound,
        page: Page,
        /// Only those whose name, category or words about themselves contain this text.
        q: Query<Option<Text<1, 100>>>,
        /// Tags of the versions that the caller has.
        if_none_match: IfNoneMatch,
    ) -> Result<Fresh<Listing<DirectoryEntry>>, ApiError> {
        let (app, typed) = (&self.app, q.0.as_deref());
        let list = service::list(&caller.scope, typed, &page, &app.cursors, &app.settings.server).await?;
        Ok(Fresh::of(list, &if_none_match, Keeper::EverybodyForAMinute))
    }
}
