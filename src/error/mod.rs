//! One error for the whole service.
//!
//! [`ApiError`] keeps apart what the caller may see (`detail`, `errors`, `extra`) and what only the
//! log sees (`source`). An answer of 500 and above always carries fixed text.
use std::{error::Error as StdError, fmt};

use poem::http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value};

mod code;
pub mod constraint;
pub mod database;
mod document;
pub mod problem;

pub use code::Code;
pub use document::{Problem, ProblemField, STATUSES};

/// What a 5xx says instead of its cause.
const HIDDEN: &str = "The request could not be completed. It was logged under its request id.";

/// One field that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// `#/customer/email` in the body; `query/limit`, `path/service_id`, `header/if-match` elsewhere.
    pub pointer: String,
    /// `required`, `too_short`, `format` and so on.
    pub code: String,
    /// A sentence for people.
    pub detail: String,
}

impl FieldError {
    pub fn new(pointer: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: code.into(), detail: detail.into() }
    }
}

/// A refusal or a failure, ready to become problem+json.
#[derive(Debug)]
pub struct ApiError(Box<Inner>);

// Boxed, because every Result of every service carries it.
#[derive(Debug)]
struct Inner {
    code: Code,
    detail: String,
    errors: Vec<FieldError>,
    extra: Map<String, Value>,
    retry_after: Option<u32>,
    headers: HeaderMap,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl ApiError {
    /// `detail` is shown to the caller: a sentence about this occurrence.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            extra: Map::new(),
            retry_after: None,
            headers: HeaderMap::new(),
            source: None,
        }))
    }

    /// The code with its own title as the detail.
    pub fn of(code: Code) -> Self {
        Self::new(code, format!("{}.", code.title()))
    }

    /// A failure of ours: 500 for the caller, the cause for the log.
    pub fn internal(err: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(Code::InternalError, HIDDEN).caused_by(err)
    }

    /// 400 with all the fields that were refused.
    pub fn validation(errors: Vec<FieldError>) -> Self {
        let detail = match errors.len() {
            1 => "One field is not valid.".to_owned(),
            n => format!("{n} fields are not valid."),
        };
        let mut error = Self::new(Code::ValidationError, detail);
        error.0.errors = errors;
        error
    }

    /// 400 for one field.
    pub fn field(pointer: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::validation(vec![FieldError::new(pointer, code, detail)])
    }

    #[must_use]
    pub fn with_field(
        mut self,
        pointer: impl Into<String>,
        code: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        self.0.errors.push(FieldError::new(pointer, code, detail));
        self
    }

    /// Adds a member to the problem, such as `next_free`.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.extra.insert(key.into(), value.into());
        self
    }

    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.append(name, value);
        self
    }

    /// Seconds for `Retry-After`; never less than one.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds.max(1));
        self
    }

    /// Keeps the cause for the log. The caller never sees it.
    #[must_use]
    pub fn caused_by(mut self, err: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(err.into());
        self
    }

    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What the caller reads; fixed text from 500 on.
    pub fn detail(&self) -> &str {
        if self.is_ours() { HIDDEN } else { &self.0.detail }
    }

    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    pub fn extra(&self) -> &Map<String, Value> {
        &self.0.extra
    }

    pub fn retry_after_seconds(&self) -> Option<u32> {
        self.0.retry_after
    }

    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The fault is on this side: log it with its causes.
    pub fn is_ours(&self) -> bool {
        self.0.code.status().is_server_error()
    }
}

/// For the log: the code, the detail as it was given, and the chain of causes.
impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.name(), self.0.detail)?;
        let mut cause = StdError::source(self);
        while let Some(err) = cause {
            write!(f, ": {err}")?;
            cause = err.source();
        }
        Ok(())
    }
}

impl StdError for ApiError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|err| err as _)
    }
}

impl From<Code> for ApiError {
    fn from(code: Code) -> Self {
        Self::of(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_error_hides_its_detail_and_keeps_its_cause() {
        let error =
            ApiError::new(Code::InternalError, "table booking is gone").caused_by(std::io::Error::other("disk"));
        assert_eq!(error.detail(), HIDDEN);
        assert_eq!(error.to_string(), "TITHI_INTERNAL_ERROR: table booking is gone: disk");
    }

    #[test]
    fn retry_after_is_at_least_a_second() {
        let error = ApiError::of(Code::RateLimitExceeded).retry_after(0);
        assert_eq!(error.retry_after_seconds(), Some(1));
    }
}
