//! A provider's request as it came: the signature from its header, and the bytes that were signed.

use poem::{Request, RequestBody};
use poem_openapi::payload::{ParsePayload, Payload};
use poem_openapi::registry::{MetaParamIn, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions, impl_apirequest_for_payload};
use serde_json::json;

/// The largest event that is taken.
pub const MAX_BYTES: usize = 1024 * 1024;

/// The header's value; empty where there is none, so that a missing signature is refused like a wrong one. Named
/// `stripe_signature` in a handler's arguments.
pub struct StripeSignature(pub String);

/// The body, byte by byte. Any media type: what counts is the signature.
pub struct SignedBytes(pub Vec<u8>);

impl<'a> ApiExtractor<'a> for StripeSignature {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    const PARAM_IS_REQUIRED: bool = true;
    type ParamType = String;
    type ParamRawType = String;

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(MetaSchemaRef::Inline(Box::new(MetaSchema {
            max_length: Some(2048),
            example: Some("t=1772443800,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd".into()),
            ..MetaSchema::new("string")
        })))
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<String>,
    ) -> poem::Result<Self> {
        Ok(Self(request.header("stripe-signature").unwrap_or_default().to_owned()))
    }
}

impl Payload for SignedBytes {
    const CONTENT_TYPE: &'static str = "*/*";

    fn check_content_type(_: &str) -> bool {
        true
    }

    fn schema_ref() -> MetaSchemaRef {
        let example = json!({
            "id": "evt_1Q0a2b3c4d5e6f", "object": "event", "type": "payment_intent.succeeded", "created": 1_772_443_800,
            "livemode": false, "account": "acct_1Q0a2b3c4d5e6f", "data": {"object": {"id": "pi_1Q0a2b3c4d5e6f"}},
        });
        MetaSchemaRef::Inline(Box::new(MetaSchema { example: Some(example), ..MetaSchema::new("object") }))
    }

    fn register(_: &mut Registry) {}
}

impl ParsePayload for SignedBytes {
    const IS_REQUIRED: bool = true;

    async fn from_request(_: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self(body.take()?.into_bytes_limit(MAX_BYTES).await?.to_vec()))
    }
}

impl_apirequest_for_payload!(SignedBytes);
