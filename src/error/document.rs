//! How an error stands in the OpenAPI document.
//!
//! Each operation that returns `Result<_, ApiError>` documents the same problem answers; the
//! post-processing turns them into references to shared responses.
use poem_openapi::{
    ApiResponse, Object,
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::{Any, Type},
};
use serde_json::Value;

use super::{ApiError, problem::CONTENT_TYPE};

/// The statuses that every operation may answer with, beside `default`.
pub const STATUSES: &[(u16, &str)] = &[
    (400, "The request is malformed or a field is not valid"),
    (401, "Nobody is logged in, or the credentials are not valid"),
    (403, "The caller may not do this"),
    (404, "It does not exist, or not for this caller"),
    (409, "It contradicts the current state"),
    (422, "A rule of the business does not allow it"),
    (429, "Too many requests"),
    (500, "Something went wrong on our side"),
];

/// An error as problem details (RFC 9457). More members may follow, depending on the code.
#[derive(Debug, Object)]
pub struct Problem {
    /// Identifies the kind of problem; opens a page about it.
    #[oai(rename = "type", validator(max_length = 255))]
    pub kind: String,
    /// A short sentence that is the same for each occurrence.
    #[oai(validator(max_length = 255))]
    pub title: String,
    /// The HTTP status.
    #[oai(validator(minimum(value = "400"), maximum(value = "599")))]
    pub status: i32,
    /// A sentence about this occurrence.
    #[oai(validator(max_length = 2000))]
    pub detail: String,
    /// The code to compare in programs, such as `TITHI_BOOKING_CONFLICT`.
    #[oai(validator(max_length = 64, pattern = "^TITHI_[A-Z_]+$"))]
    pub code: String,
    /// The address that was asked for.
    #[oai(skip_serializing_if_is_none, validator(max_length = 2048))]
    pub instance: Option<String>,
    /// The same as in the `X-Request-ID` header; quote it to support.
    #[oai(skip_serializing_if_is_none, validator(max_length = 128))]
    pub request_id: Option<String>,
    /// Facts about this occurrence; `errors` repeats the list of the same name.
    #[oai(skip_serializing_if_is_none)]
    pub details: Option<Any<Value>>,
    /// The fields that were refused, all at once.
    #[oai(skip_serializing_if_is_none, validator(max_items = 1000))]
    pub errors: Option<Vec<ProblemField>>,
}

/// One field that was refused.
#[derive(Debug, Object)]
pub struct ProblemField {
    /// Where: a JSON pointer such as `#/customer/email` into the body, or `query/limit`.
    #[oai(validator(max_length = 2048))]
    pub pointer: String,
    /// Why, for programs: `required`, `type`, `too_short`, `too_long`, `format`, `enum` and so on.
    #[oai(validator(max_length = 64))]
    pub code: String,
    /// Why, for people.
    #[oai(validator(max_length = 2000))]
    pub detail: String,
}

impl ApiResponse for ApiError {
    fn meta() -> MetaResponses {
        let answer = |status, description| MetaResponse {
            description,
            status,
            status_range: None,
            content: vec![MetaMediaType { content_type: CONTENT_TYPE, schema: Problem::schema_ref() }],
            headers: Vec::new(),
        };
        let mut responses: Vec<_> =
            STATUSES.iter().map(|(status, description)| answer(Some(*status), description)).collect();
        responses.push(answer(None, "Any other problem"));
        MetaResponses { responses }
    }

    fn register(registry: &mut Registry) {
        Problem::register(registry);
    }
}
