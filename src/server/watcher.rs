//! Who may look at the inside of the service: callers on the same machine, or with the operator's token when there is
//! one. The document shows the token as a scheme of its own, beside none at all.

use std::net::IpAddr;

use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use subtle::ConstantTimeEq;

use crate::app::App;
use crate::error::{ApiError, Code};
use crate::pipeline::Notes;

/// The scheme's name in the document.
pub const SCHEME: &str = "watcher";

/// A caller who wants to look inside, not yet let in.
pub struct Watcher {
    peer: Option<IpAddr>,
    token: String,
}

impl Watcher {
    /// # Errors
    /// 401 without the token, 404 from elsewhere when there is none.
    pub fn enter(&self, app: &App) -> Result<(), ApiError> {
        let (allowed, refusal) = match &app.settings.server.metrics_token {
            Some(token) => (self.token.as_bytes().ct_eq(token.as_bytes()).into(), Code::AuthTokenMissing),
            None => (self.peer.is_some_and(|peer| peer.is_loopback()), Code::NotFound),
        };
        if allowed { Ok(()) } else { Err(ApiError::of(refusal)) }
    }
}

impl<'a> ApiExtractor<'a> for Watcher {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        let scheme = MetaSecurityScheme {
            ty: "http",
            description: Some(
                "The token that the service was started with as TITHI_METRICS_TOKEN. Without one only callers on the same machine are let in.",
            ),
            name: None,
            key_in: None,
            scheme: Some("bearer"),
            bearer_format: None,
            flows: None,
            openid_connect_url: None,
        };
        registry.create_security_scheme(SCHEME, scheme);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    fn has_security_fallback() -> bool {
        true
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        let token = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        Ok(Self { peer: request.data::<Notes>().map(Notes::peer), token: token.unwrap_or_default().to_owned() })
    }
}
