//! Entity tags and `If-Match`: nobody overwrites what he has not seen.
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

/// Whether an `If-None-Match` list names the tag by the weak comparison.
pub fn none_match(list: &str, tag: &ETag) -> bool {
    let bare = |given: &str| given.trim().trim_start_matches("W/") == tag.as_str();
    list.trim() == "*" || list.split(',').any(bare)
}

fn header_value(tag: &ETag) -> Result<header::HeaderValue, ApiError> {
    header::HeaderValue::from_str(tag.as_str()).map_err(ApiError::internal)
}

impl<'a> ApiExtractor<'a> for IfMatch {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    type ParamType = String;
    type ParamRawType = String;

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(MetaSchemaRef::Inline(Box::new(MetaSchema {
            max_length: Some(1024),
            example: Some("\"v3\"".into()),
            ..MetaSchema::new("string")
        })))
    }

    fn param_raw_type(&self) -> Option<&String> {
        self.0.as_ref()
    }

    async fn from_request(
        request: &'a Request,
        _body: &mut RequestBody,
        _options: ExtractParamOptions<String>,
    ) -> poem::Result<Self> {
        let mut lines = Vec::new();
        for line in request.headers().get_all(header::IF_MATCH) {
            lines.push(line.to_str().map_err(|err| {
                ApiError::field("header/if-match", "format", "The header is not ASCII.").caused_by(err)
            })?);
        }
        Ok(Self((!lines.is_empty()).then(|| lines.join(","))))
    }
}

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
        assert!(none_match("W/\"ab\", \"cd\"", &tag));
        assert!(!none_match("\"cd\"", &tag));
    }

    #[test]
    fn a_microsecond_makes_another_tag() {
        let at = DateTime::from_timestamp_micros(1_772_443_800_000_001).unwrap();
        let earlier = DateTime::from_timestamp_micros(1_772_443_800_000_000).unwrap();
        assert_ne!(ETag::from_updated_at(at), ETag::from_updated_at(earlier));
    }
}
