//! The request body: JSON, read strictly, held against the schema that is published for it, and only
//! then parsed. Every refused field is named at once.
use std::{
    any::type_name,
    collections::HashMap,
    ops::Deref,
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use jsonschema::{Draft, PatternOptions, Validator};
use poem::{Request, RequestBody};
use poem_openapi::{
    impl_apirequest_for_payload,
    payload::{ParsePayload, Payload},
    registry::{MetaSchemaRef, Registry},
    types::{ParseFromJSON, Type},
};
use serde_json::Value;

use super::{
    schema,
    strict_json::{self, Refusal},
    verdict,
};
use crate::error::{ApiError, Code};

/// The largest JSON body. Files go another way.
pub const MAX_BYTES: usize = 1024 * 1024;

/// A JSON body of type `T`. Stands last in a handler's arguments.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

impl<T> Deref for Body<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Type> Payload for Body<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    /// `application/json`, with no parameter but `charset=utf-8`.
    fn check_content_type(content_type: &str) -> bool {
        let mut parts = content_type.split(';').map(str::trim);
        parts.next().is_some_and(|media| media.eq_ignore_ascii_case(Self::CONTENT_TYPE))
            && parts.all(|parameter| {
                let parameter = parameter.to_ascii_lowercase().replace('"', "");
                parameter.is_empty() || parameter == "charset=utf-8"
            })
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: ParseFromJSON> ParsePayload for Body<T> {
    const IS_REQUIRED: bool = true;

    async fn from_request(_request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let bytes = body.take()?.into_bytes_limit(MAX_BYTES).await?;
        Ok(Self(read(&bytes)?))
    }
}

impl_apirequest_for_payload!(Body<T>, T: ParseFromJSON);

/// Bytes to `T`, or every reason why not.
pub fn read<T: ParseFromJSON>(bytes: &[u8]) -> Result<T, ApiError> {
    if bytes.is_empty() {
        return Err(ApiError::new(Code::BadRequest, "The body is empty; JSON is expected."));
    }
    let value = strict_json::parse(bytes).map_err(|refusal| match refusal {
        Refusal::Malformed(why) => ApiError::new(Code::BadRequest, why),
        Refusal::Fields(errors) => ApiError::validation(errors),
    })?;
    check::<T>(&value)?;
    T::parse_from_json(Some(value)).map_err(|err| {
        // the schema let it through and the type did not: say it without the type's internals
        ApiError::field("#", "invalid", "The body is not valid.").caused_by(err.into_message())
    })
}

/// Holds a value against the published schema of `T`.
pub fn check<T: Type>(value: &Value) -> Result<(), ApiError> {
    let validator = validator::<T>()?;
    let errors = verdict::field_errors(validator.iter_errors(value));
    if errors.is_empty() { Ok(()) } else { Err(ApiError::validation(errors)) }
}

/// Compiles a schema with the formats that are published here enforced. Patterns run in linear time:
/// what callers send must not be able to make them slow.
pub fn compile(schema: &Value) -> Result<Validator, ApiError> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex())
        .build(schema)
        .map_err(|err| ApiError::internal(format!("the schema does not compile: {err}")))
}

fn validator<T: Type>() -> Result<Arc<Validator>, ApiError> {
    static COMPILED: OnceLock<RwLock<HashMap<&'static str, Arc<Validator>>>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(RwLock::default);
    let name = type_name::<T>();
    let known = compiled.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
    if let Some(validator) = known {
        return Ok(validator);
    }
    let validator = Arc::new(compile(&schema::published::<T>())?);
    compiled.write().unwrap_or_else(PoisonError::into_inner).insert(name, Arc::clone(&validator));
    Ok(validator)
}
