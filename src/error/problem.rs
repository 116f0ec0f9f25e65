//! `application/problem+json`: from an error to its answer, and from the framework's errors to ours.
use poem::{
    Body, IntoResponse, Response,
    error::{CorsError, MethodNotAllowedError, NotFoundError, ReadBodyError, ResponseError, SizedLimitError},
    http::{StatusCode, header},
};
use poem_openapi::error::{
    AuthorizationError, ContentTypeError, ParseMultipartError, ParseParamError, ParsePathError,
    ParseRequestPayloadError,
};
use serde_json::{Map, Value, json};

use super::{ApiError, Code};

/// RFC 9457.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// What only the outermost layer knows of the request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Occurrence<'a> {
    /// Path of the request, without its query.
    pub instance: Option<&'a str>,
    /// The value of `X-Request-ID`.
    pub request_id: Option<&'a str>,
}

/// The problem's members. `extra` never replaces one of the named members; an object `details` in it is kept, and the
/// refused fields stand beside what it says.
pub fn document(error: &ApiError, occurrence: Occurrence<'_>) -> Value {
    let code = error.code();
    let mut members = if error.is_ours() { Map::new() } else { error.extra().clone() };
    members.insert("type".to_owned(), code.type_uri().into());
    members.insert("title".to_owned(), code.title().into());
    members.insert("status".to_owned(), code.status().as_u16().into());
    members.insert("detail".to_owned(), error.detail().into());
    members.insert("code".to_owned(), code.name().into());
    for (name, value) in [("instance", occurrence.instance), ("request_id", occurrence.request_id)] {
        if let Some(value) = value {
            members.insert(name.to_owned(), value.into());
        }
    }
    let mut details = match members.remove("details") {
        Some(Value::Object(facts)) => facts,
        _ => Map::new(),
    };
    if !error.errors().is_empty() {
        let errors: Vec<Value> =
            error.errors().iter().map(|e| json!({"pointer": e.pointer, "code": e.code, "detail": e.detail})).collect();
        details.insert("errors".to_owned(), errors.clone().into());
        members.insert("errors".to_owned(), errors.into());
    }
    members.insert("details".to_owned(), details.into());
    Value::Object(members)
}

/// The whole answer: status, media type, `Retry-After`, the error's own headers, the problem.
pub fn render(error: &ApiError, occurrence: Occurrence<'_>) -> Response {
    let body = document(error, occurrence).to_string();
    let mut response = Response::builder()
        .status(error.code().status())
        .content_type(CONTENT_TYPE)
        .header(header::CACHE_CONTROL, "no-store")
        .body(Body::from_string(body));
    if let Some(challenge) = challenge(error.code()) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static(challenge));
    }
    if let Some(seconds) = error.retry_after_seconds() {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    for (name, value) in error.headers() {
        response.headers_mut().append(name.clone(), value.clone());
    }
    response
}

/// How to authenticate, which every 401 must say (RFC 9110, 15.5.2; RFC 6750, 3.1).
fn challenge(code: Code) -> Option<&'static str> {
    match code {
        Code::AuthTokenInvalid | Code::AuthTokenExpired => Some("Bearer error=\"invalid_token\""),
        code if code.status() == StatusCode::UNAUTHORIZED => Some("Bearer"),
        _ => None,
    }
}

impl ResponseError for ApiError {
    fn status(&self) -> StatusCode {
        self.code().status()
    }

    fn as_response(&self) -> Response {
        render(self, Occurrence::default())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.as_response()
    }
}

/// Every error that the framework can raise, as one of ours.
pub fn from_poem(err: poem::Error) -> ApiError {
    let err = match err.downcast::<ApiError>() {
        Ok(error) => return error,
        Err(err) => err,
    };
    let status = err.status();
    let known = request_error(&err).unwrap_or_else(|| ApiError::of(Code::from_status(status)));
    known.caused_by(err)
}

fn request_error(err: &poem::Error) -> Option<ApiError> {
    if let Some(err) = err.downcast_ref::<ParseParamError>() {
        let place = if err.name.contains('-') { "header" } else { "query" };
        return Some(parameter(place, err.name, &err.reason));
    }
    if let Some(err) = err.downcast_ref::<ParsePathError>() {
        return Some(path_parameter(None, err));
    }
    if let Some(err) = err.downcast_ref::<ParseRequestPayloadError>() {
        return Some(ApiError::field("#", "malformed", readable(&err.reason)));
    }
    if let Some(err) = err.downcast_ref::<ParseMultipartError>() {
        return Some(ApiError::field("#", "malformed", readable(&err.reason)));
    }
    if let Some(err) = err.downcast_ref::<ContentTypeError>() {
        let detail = match err {
            ContentTypeError::NotSupported { .. } => "This Content-Type is not read here.",
            ContentTypeError::ExpectContentType => "The Content-Type header is missing.",
        };
        return Some(ApiError::new(Code::UnsupportedMediaType, detail));
    }
    if let Some(err) = err.downcast_ref::<ReadBodyError>() {
        return Some(match err {
            ReadBodyError::PayloadTooLarge => ApiError::of(Code::PayloadTooLarge),
            ReadBodyError::Utf8(_) => ApiError::new(Code::BadRequest, "The body is not UTF-8."),
            ReadBodyError::Io(_) => ApiError::new(Code::BadRequest, "The body ended early."),
            ReadBodyError::BodyHasBeenTaken => ApiError::of(Code::InternalError),
        });
    }
    if err.is::<SizedLimitError>() {
        return Some(ApiError::of(Code::PayloadTooLarge));
    }
    if err.is::<AuthorizationError>() {
        return Some(ApiError::of(Code::AuthTokenMissing));
    }
    if err.is::<NotFoundError>() {
        return Some(ApiError::new(Code::NotFound, "There is nothing at this address."));
    }
    if err.is::<MethodNotAllowedError>() {
        return Some(ApiError::of(Code::MethodNotAllowed));
    }
    err.is::<CorsError>().then(|| ApiError::of(Code::OriginNotAllowed))
}

fn parameter(place: &str, name: &str, reason: &str) -> ApiError {
    let (code, detail) = fault(reason);
    ApiError::field(format!("{place}/{name}"), code, detail)
}

/// A part of the path that cannot be read. The framework knows it by its place only; whoever knows the operation's
/// path gives its name.
pub fn path_parameter(name: Option<&str>, err: &ParsePathError) -> ApiError {
    let (code, detail) = fault(&err.reason);
    let pointer = name.map_or_else(|| "path".to_owned(), |name| format!("path/{name}"));
    ApiError::field(pointer, code, detail)
}

/// What is wrong with a parameter, in plain words where its type alone says it.
fn fault(reason: &str) -> (&'static str, String) {
    let kind = reason.strip_prefix("failed to parse \"").and_then(|rest| Some(rest.split_once('"')?.0));
    match kind {
        Some("string_uuid") => ("format", "This is not a UUID.".to_owned()),
        Some(kind) if kind.starts_with("integer") => {
            ("format", "This is not a whole number that fits here.".to_owned())
        }
        Some("boolean") => ("format", "Use true or false.".to_owned()),
        None if reason.starts_with("Type \"") => ("required", "It is required.".to_owned()),
        _ => ("format", readable(reason)),
    }
}

/// Takes the framework's type names off: `failed to parse "string_uuid": why` -> `why`.
fn readable(reason: &str) -> String {
    let outer = reason.split(" (occurred while parsing").next().unwrap_or(reason);
    let bare = match outer.strip_prefix("failed to parse ").and_then(|rest| rest.split_once(": ")) {
        Some((_, why)) => why,
        None if outer.starts_with("Type \"") => "a value is required",
        None if outer.starts_with("Expected input type") => "the value has the wrong type",
        None => outer,
    };
    let bare = bare.trim_end_matches('.').replace('\0', "");
    let mut chars = bare.chars();
    match chars.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), chars.as_str()),
        None => "The value is not valid.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_those_of_the_standard_and_ours() {
        let error = ApiError::new(Code::BookingConflict, "Taken.")
            .with("next_free", json!(["2026-01-05T10:00:00Z"]))
            .with("status", 200);
        let occurrence = Occurrence { instance: Some("/v1/salon/bookings"), request_id: Some("r1") };
        assert_eq!(
            document(&error, occurrence),
            json!({
                "type": "/docs/errors/booking-conflict",
                "title": "This time has just been taken",
                "status": 409,
                "detail": "Taken.",
                "code": "TITHI_BOOKING_CONFLICT",
                "instance": "/v1/salon/bookings",
                "request_id": "r1",
                "details": {},
                "next_free": ["2026-01-05T10:00:00Z"],
            })
        );
    }

    #[test]
    fn fields_stand_at_the_top_and_in_details() {
        let error = ApiError::field("#/email", "format", "Not an address.");
        let value = document(&error, Occurrence::default());
        assert_eq!(value["errors"], value["details"]["errors"]);
        assert_eq!(value["errors"][0]["pointer"], "#/email");
    }

    #[test]
    fn a_server_error_shows_no_extra() {
        let error = ApiError::internal(std::io::Error::other("x")).with("row", 7);
        assert_eq!(document(&error, Occurrence::default()).get("row"), None);
    }

    #[test]
    fn framework_errors_get_codes_and_pointers() {
        let from = |err: poem::Error| from_poem(err);
        assert_eq!(from(NotFoundError.into()).code(), Code::NotFound);
        assert_eq!(from(MethodNotAllowedError.into()).code(), Code::MethodNotAllowed);
        assert_eq!(from(AuthorizationError.into()).code(), Code::AuthTokenMissing);
        assert_eq!(from(SizedLimitError::PayloadTooLarge.into()).code(), Code::PayloadTooLarge);
        assert_eq!(from(ContentTypeError::ExpectContentType.into()).code(), Code::UnsupportedMediaType);
        assert_eq!(from(poem::Error::from_status(StatusCode::IM_A_TEAPOT)).code(), Code::BadRequest);
        let param = from(
            ParseParamError { name: "limit", reason: "failed to parse \"integer_int32\": invalid digit".to_owned() }
                .into(),
        );
        assert_eq!(param.errors()[0].pointer, "query/limit");
        assert_eq!(param.errors()[0].detail, "This is not a whole number that fits here.");
        let path = from(
            ParsePathError { name: "param0", reason: "failed to parse \"string_uuid\": found `x`".to_owned() }.into(),
        );
        let field = &path.errors()[0];
        assert_eq!((&*field.pointer, &*field.detail), ("path", "This is not a UUID."));
        let reason = "Type \"string_uuid\" expects an input value.".to_owned();
        let missing = from(ParseParamError { name: "service_id", reason }.into());
        assert_eq!((&*missing.errors()[0].code, &*missing.errors()[0].detail), ("required", "It is required."));
        let ours = from(ApiError::of(Code::SlugTaken).into());
        assert_eq!(ours.code(), Code::SlugTaken);
    }

    #[test]
    fn retry_after_and_own_headers_are_sent() {
        let error = ApiError::of(Code::RateLimitExceeded)
            .retry_after(7)
            .with_header(header::ALLOW, header::HeaderValue::from_static("GET"));
        let response = render(&error, Occurrence::default());
        assert_eq!(response.headers()[header::RETRY_AFTER], "7");
        assert_eq!(response.headers()[header::ALLOW], "GET");
        assert_eq!(response.content_type(), Some(CONTENT_TYPE));
    }
}
