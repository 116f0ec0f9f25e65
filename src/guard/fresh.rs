//! Conditional reads: an answer that names its own bytes, and 304 for whoever has them already.
//!
//! `no-cache` means "keep it, but ask": a change is seen by the next request, and an unchanged list
//! costs its headers only. A lifetime (`max-age`) would show yesterday's prices after a change.
use poem::{
    IntoResponse, Request, RequestBody, Response,
    http::{HeaderValue, StatusCode, header},
};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions,
    registry::{MetaParamIn, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry},
    types::ToJSON,
};

use super::{ETag, Reply, etag};
use crate::error::ApiError;

/// The `If-None-Match` header. Named `if_none_match` in a handler's arguments.
#[derive(Debug, Clone, Default)]
pub struct IfNoneMatch(Option<String>);

/// Who may keep an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// Any cache on the way: the answer is the same for everybody.
    Everybody,
    /// The caller's own.
    Caller,
}

/// 200 with a body and its tag, or 304.
#[derive(Debug, Clone)]
pub struct Fresh<T> {
    /// `None`: the caller has it.
    value: Option<T>,
    etag: ETag,
    keeper: Keeper,
}

impl<T: ToJSON> Fresh<T> {
    /// Tags the value with a digest of what would be sent.
    pub fn of(value: T, given: &IfNoneMatch, keeper: Keeper) -> Self {
        let etag = ETag::of(value.to_json().unwrap_or_default().to_string().as_bytes());
        let known = given.0.as_deref().is_some_and(|list| etag::none_match(list, &etag));
        Self { value: (!known).then_some(value), etag, keeper }
    }
}

impl<T: ToJSON + Send> IntoResponse for Fresh<T> {
    fn into_response(self) -> Response {
        let mut response = match self.value {
            Some(value) => Reply::new(value).into_response(),
            None => Response::builder().status(StatusCode::NOT_MODIFIED).finish(),
        };
        let kept = match self.keeper {
            Keeper::Everybody => "public, no-cache",
            Keeper::Caller => "private, no-cache",
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
        // which business a request is for stands in the host, who asks in the other three
        headers.append(header::VARY, HeaderValue::from_static("Authorization, Cookie, X-Tenant-ID"));
        if let Ok(etag) = HeaderValue::from_str(self.etag.as_str()) {
            headers.insert(header::ETAG, etag);
        }
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

impl<'a> ApiExtractor<'a> for IfNoneMatch {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    type ParamType = String;
    type ParamRawType = String;

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(MetaSchemaRef::Inline(Box::new(MetaSchema {
            max_length: Some(1024),
            example: Some("\"5f2b9c0e8d7a4f31b6c2d9e0a1f47c85\"".into()),
            ..MetaSchema::new("string")
        })))
    }

    fn param_raw_type(&self) -> Option<&String> {
        self.0.as_ref()
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<String>,
    ) -> poem::Result<Self> {
        let mut lines = Vec::new();
        for line in request.headers().get_all(header::IF_NONE_MATCH) {
            lines.push(line.to_str().map_err(|err| {
                ApiError::field("header/if-none-match", "format", "The header is not ASCII.").caused_by(err)
            })?);
        }
        Ok(Self((!lines.is_empty()).then(|| lines.join(","))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(value: &str, given: Option<&str>) -> StatusCode {
        let given = IfNoneMatch(given.map(str::to_owned));
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
