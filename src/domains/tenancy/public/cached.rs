//! An answer that anybody may keep for a minute: 200 with a tag, or 304 when the caller has it already.

use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaResponse, MetaResponses, Registry};
use poem_openapi::types::ToJSON;
use sha2::{Digest, Sha256};

use crate::guard::{ETag, Reply, etag};

/// How long anybody may keep it.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=60");

/// 200 or 304.
pub enum Cached<T> {
    Fresh(Reply<T>),
    NotModified(ETag),
}

impl<T: ToJSON> Cached<T> {
    /// The answer to a caller that has the versions in `if_none_match`.
    pub fn of(value: T, if_none_match: Option<&str>) -> Self {
        let digest = Sha256::digest(value.to_json_string().as_bytes());
        let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let tag = ETag::from_digest(&hex);
        match if_none_match {
            Some(list) if etag::none_match(list, &tag) => Self::NotModified(tag),
            _ => Self::Fresh(Reply::new(value).tagged(tag)),
        }
    }
}

impl<T: ToJSON + Send> IntoResponse for Cached<T> {
    fn into_response(self) -> Response {
        let mut response = match self {
            Self::Fresh(reply) => reply.into_response(),
            Self::NotModified(tag) => {
                Response::builder().status(StatusCode::NOT_MODIFIED).header(header::ETAG, tag.as_str()).finish()
            }
        };
        response.headers_mut().insert(header::CACHE_CONTROL, KEPT);
        response
    }
}

impl<T: ToJSON + Send> ApiResponse for Cached<T> {
    fn meta() -> MetaResponses {
        let mut all = Reply::<T>::meta();
        all.responses.push(MetaResponse {
            description: "The caller's version is the current one",
            status: Some(304),
            status_range: None,
            content: Vec::new(),
            headers: Vec::new(),
        });
        all
    }

    fn register(registry: &mut Registry) {
        Reply::<T>::register(registry);
    }
}
