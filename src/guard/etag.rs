//! Entity tags: with `If-Match` nobody overwrites what he has not seen, with `If-None-Match` nobody is sent what he has.
use std::fmt;

use chrono::{DateTime, Utc};
use poem::{Request, RequestBody, http::header};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaParamIn, MetaSchema, MetaSchemaRef},
};
use sha2::{Digest, Sha256};

use crate::error::{ApiError, Code};

/// A strong validator, with its quotes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ETag(String);

impl ETag {
    /// For rows that count their versions.
    pub fn from_version(version: i64) -> Self {
        Self(format!("\"v{version}\""))
    }

    /// For rows that know when they were changed last; as exact as the database, a microsecond.
    pub fn from_updated_at(at: DateTime<Utc>) -> Self {
        Self(format!("\"{:x}\"", at.timestamp_micros()))
    }

    /// For bytes whose digest is known, in hexadecimal.
    pub fn from_digest(hex: &str) -> Self {
        Self(format!("\"{hex}\""))
    }

    /// For what has neither: half of the bytes' SHA-256.
    pub fn of(bytes: &[u8]) -> Self {
        let hex: String = Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Self::from_digest(&hex)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The `If-Match` header. Named `if_match` in a handler's arguments; the document writes the header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IfMatch(Option<String>);

impl IfMatch {
    /// From the header's value, several lines joined by commas.
    pub fn new(value: Option<String>) -> Self {
        Self(value)
    }

    /// Passes when the header is absent, `*`, or names the current tag; else 412.
    pub fn check(&self, current: &ETag) -> Result<(), ApiError> {
        match &self.0 {
            Some(given) if !names(given, current) => {
                Err(ApiError::of(Code::PreconditionFailed).with_header(header::ETAG, header_value(current)?))
            }
            _ => Ok(()),
        }
    }

    /// Like [`IfMatch::check`], and 428 when the header is absent.
    pub fn require(&self, current: &ETag) -> Result<(), ApiError> {
        match self.0 {
            Some(_) => self.check(current),
            None => Err(ApiError::of(Code::PreconditionRequired)),
        }
    }
}

/// Whether the list names the tag by the strong comparison, to which weak tags never match.
fn names(list: &str, tag: &ETag) -> bool {
    list.trim() == "*" || list.split(',').any(|given| given.trim() == tag.as_str())
}

/// The `If-None-Match` header. Named `if_none_match` in a handler's arguments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IfNoneMatch(Option<String>);

impl IfNoneMatch {
    /// From the header's value, several lines joined by commas.
    pub fn new(value: Option<String>) -> Self {
        Self(value)
    }

    /// Outside of an operation, where no extractor reads it. What cannot be read names nothing.
    pub fn of(request: &Request) -> Self {
        Self(list(request, &header::IF_NONE_MATCH).unwrap_or_default())
    }

    /// Whether the caller has this version, by the weak comparison.
    pub fn names(&self, tag: &ETag) -> bool {
        let bare = |given: &str| given.trim().trim_start_matches("W/") == tag.as_str();
        self.0.as_deref().is_some_and(|list| list.trim() == "*" || list.split(',').any(bare))
    }
}

fn header_value(tag: &ETag) -> Result<header::HeaderValue, ApiError> {
    header::HeaderValue::from_str(tag.as_str()).map_err(ApiError::internal)
}

/// A header's lines, joined as one list.
fn list(request: &Request, name: &header::HeaderName) -> Result<Option<String>, ApiError> {
    let mut lines = Vec::new();
    for line in request.headers().get_all(name) {
        lines.push(line.to_str().map_err(|err| {
            ApiError::field(format!("header/{name}"), "format", "The header is not ASCII.").caused_by(err)
        })?);
    }
    Ok((!lines.is_empty()).then(|| lines.join(",")))
}

macro_rules! tag_list {
    ($type:ident, $header:expr) => {
        impl<'a> ApiExtractor<'a> for $type {
            const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
            type ParamType = String;
            type ParamRawType = String;

            fn param_in() -> Option<MetaParamIn> {
                Some(MetaParamIn::Header)
            }

            fn param_schema_ref() -> Option<MetaSchemaRef> {
                Some(MetaSchemaRef::Inline(Box::new(MetaSchema {
                    max_length: Some(1024),
                    example: Some("\"5f2b9c0e8d7a4\"".into()),
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
                Ok(Self(list(request, &$header)?))
            }
        }
    };
}

tag_list!(IfMatch, header::IF_MATCH);
tag_list!(IfNoneMatch, header::IF_NONE_MATCH);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_must_be_the_current_one() {
        let current = ETag::from_version(3);
        let given = |text: &str| IfMatch::new(Some(text.to_owned())).check(&current);
        assert!(given("\"v3\"").is_ok());
        assert!(given("*").is_ok());
        assert!(given("\"v1\", \"v3\"").is_ok());
        assert_eq!(given("\"v2\"").unwrap_err().code(), Code::PreconditionFailed);
        assert!(given("W/\"v3\"").is_err(), "a weak tag never matches strongly");
        assert!(IfMatch::default().check(&current).is_ok());
        let missing = IfMatch::default().require(&current).unwrap_err();
        assert_eq!(missing.code(), Code::PreconditionRequired);
    }

    #[test]
    fn weak_comparison_is_for_reading() {
        let tag = ETag::from_digest("ab");
        let given = |text: &str| IfNoneMatch::new(Some(text.to_owned()));
        assert!(given("W/\"ab\", \"cd\"").names(&tag));
        assert!(given("*").names(&tag));
        assert!(!given("\"cd\"").names(&tag));
        assert!(!IfNoneMatch::default().names(&tag));
    }

    #[test]
    fn a_microsecond_makes_another_tag() {
        let at = DateTime::from_timestamp_micros(1_772_443_800_000_001).unwrap();
        let earlier = DateTime::from_timestamp_micros(1_772_443_800_000_000).unwrap();
        assert_ne!(ETag::from_updated_at(at), ETag::from_updated_at(earlier));
    }
}
