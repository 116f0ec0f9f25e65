//! Conditional reads: an answer that names its own bytes, and 304 for whoever has them already.
//!
//! `no-cache` means "keep it, but ask": a change is seen by the next request, and an unchanged list
//! costs its headers only. A lifetime (`max-age`) would show yesterday's prices after a change.
use std::marker::PhantomData;

use poem::{
    IntoResponse, Response,
    http::{HeaderValue, StatusCode, header},
};
use poem_openapi::{
    ApiResponse,
    registry::{MetaResponse, MetaResponses, Registry},
    types::ToJSON,
};

use serde::Serialize;

use super::reply::CONTENT_TYPE;
use super::{ETag, IfNoneMatch, Reply};
use crate::error::ApiError;

/// Who may keep an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// Any cache on the way: the answer is the same for everybody.
    Everybody,
    /// The same, for a minute without asking: a page that is opened more often than it is changed.
    EverybodyForAMinute,
    /// The caller's own.
    Caller,
    /// The caller's own, for five minutes without asking: figures that are looked at again and again.
    CallerForFiveMinutes,
}

/// 200 with a body and its tag, or 304.
#[derive(Debug, Clone)]
pub struct Fresh<T> {
    /// The JSON, written once: it is tagged and sent. `None`: the caller has it.
    body: Option<String>,
    etag: ETag,
    keeper: Keeper,
    value: PhantomData<fn() -> T>,
}

impl<T> Fresh<T> {
    fn json(body: String, given: &IfNoneMatch, keeper: Keeper) -> Self {
        let etag = ETag::of(body.as_bytes());
        Self { body: (!given.names(&etag)).then_some(body), etag, keeper, value: PhantomData }
    }
}

impl<T: ToJSON> Fresh<T> {
    /// Tags the value with a digest of what would be sent.
    pub fn of(value: T, given: &IfNoneMatch, keeper: Keeper) -> Self {
        Self::json(value.to_json().unwrap_or_default().to_string(), given, keeper)
    }
}

impl<T: Serialize> Fresh<T> {
    /// The same for long answers, without a tree of values between.
    ///
    /// # Errors
    /// 500 when it cannot be written.
    pub fn written(value: &T, given: &IfNoneMatch, keeper: Keeper) -> Result<Self, ApiError> {
        let body = serde_json::to_string(value).map_err(|error| ApiError::internal(error.to_string()))?;
        Ok(Self::json(body, given, keeper))
    }
}

/// The whole answer, or 304 for whoever has it; either names its version and how long it may be kept.
pub fn conditional(whole: Option<Response>, etag: &ETag, kept: &'static str) -> Response {
    let mut response = whole.unwrap_or_else(|| Response::builder().status(StatusCode::NOT_MODIFIED).finish());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    if let Ok(etag) = HeaderValue::from_str(etag.as_str()) {
        headers.insert(header::ETAG, etag);
    }
    response
}

impl<T> IntoResponse for Fresh<T> {
    fn into_response(self) -> Response {
        let kept = match self.keeper {
            Keeper::Everybody => "public, no-cache",
            Keeper::EverybodyForAMinute => "public, max-age=60",
            Keeper::Caller => "private, no-cache",
            Keeper::CallerForFiveMinutes => "private, max-age=300",
        };
        let whole = self.body.map(|body| Response::builder().content_type(CONTENT_TYPE).body(body));
        let mut response = conditional(whole, &self.etag, kept);
        // which business a request is for stands in the host, who asks in the other three
        response.headers_mut().append(header::VARY, HeaderValue::from_static("Authorization, Cookie, X-Tenant-ID"));
        response
    }
}

impl<T: ToJSON + Send> ApiResponse for Fresh<T> {
    fn meta() -> MetaResponses {
        let mut meta = Reply::<T>::meta();
        meta.responses.push(MetaResponse {
            description: "The caller has it already",
            status: Some(304),
            status_range: None,
            content: Vec::new(),
            headers: Vec::new(),
        });
        meta
    }

    fn register(registry: &mut Registry) {
        Reply::<T>::register(registry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(value: &str, given: Option<&str>) -> StatusCode {
        let given = IfNoneMatch::new(given.map(str::to_owned));
        Fresh::of(value.to_owned(), &given, Keeper::Everybody).into_response().status()
    }

    #[test]
    fn the_same_bytes_are_sent_once() {
        let first = Fresh::of("a".to_owned(), &IfNoneMatch::default(), Keeper::Caller).into_response();
        assert_eq!(first.headers()[header::CACHE_CONTROL], "private, no-cache");
        let tag = first.headers()[header::ETAG].to_str().unwrap();
        assert_eq!(status("a", Some(tag)), StatusCode::NOT_MODIFIED);
        assert_eq!(status("a", Some(&format!("\"x\", W/{tag}"))), StatusCode::NOT_MODIFIED);
        assert_eq!(status("b", Some(tag)), StatusCode::OK);
        assert_eq!(status("a", None), StatusCode::OK);
    }
}
