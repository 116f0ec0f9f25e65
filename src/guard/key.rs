//! The `Idempotency-Key` header as an argument: `RequiredKey` where a repeat would cost somebody
//! something, `OptionalKey` on every other POST. The pipeline has read it; these say so in the document
//! and refuse where it is missing. They stand after the guard and before the body.

use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaParamIn, MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use crate::error::{ApiError, Code};
use crate::pipeline::idempotency::IdempotencyKey;

/// The key must be sent. Named `idempotency_key` in a handler's arguments.
pub struct RequiredKey(Option<IdempotencyKey>);

/// The key may be sent. Named `idempotency_key` in a handler's arguments.
pub struct OptionalKey(Option<IdempotencyKey>);

impl RequiredKey {
    /// The key, for what outlives the request's transaction and must be found again by a repeat.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_ref().map_or("", |key| key.0.as_str())
    }
}

impl OptionalKey {
    /// The key, where one was sent.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_ref().map(|key| key.0.as_str())
    }
}

fn schema() -> Option<MetaSchemaRef> {
    Some(MetaSchemaRef::Inline(Box::new(MetaSchema {
        min_length: Some(1),
        max_length: Some(255),
        pattern: Some(r"^[\x21-\x7E]+$".into()),
        example: Some("0198c0de-7000-7000-8000-5a1079b00c1d".into()),
        ..MetaSchema::new("string")
    })))
}

macro_rules! key {
    ($type:ident, required = $required:literal) => {
        impl<'a> ApiExtractor<'a> for $type {
            const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
            const PARAM_IS_REQUIRED: bool = $required;
            type ParamType = String;
            type ParamRawType = String;

            fn param_in() -> Option<MetaParamIn> {
                Some(MetaParamIn::Header)
            }

            fn param_schema_ref() -> Option<MetaSchemaRef> {
                schema()
            }

            async fn from_request(
                request: &'a Request,
                _: &mut RequestBody,
                _: ExtractParamOptions<String>,
            ) -> poem::Result<Self> {
                let key = request.data::<IdempotencyKey>().cloned();
                if $required && key.is_none() {
                    return Err(ApiError::of(Code::IdempotencyKeyMissing).into());
                }
                Ok(Self(key))
            }
        }
    };
}

key!(RequiredKey, required = true);
key!(OptionalKey, required = false);
