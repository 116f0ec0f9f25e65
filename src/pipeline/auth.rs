//! Step 4: who it is, not what they may do. A Bearer token or the browser's session cookie becomes a
//! verified person; the person is set in the Scope before it opens, so that row-level security sees them.

use ::entity::ids::TenantId;
use poem::Request;
use poem::http::{Method, header};

use super::notes::Notes;
use super::rate_limit;
use super::route::Route;
use crate::app::App;
use crate::db::Scope;
use crate::domains::identity::{self, Actor, Claims, SESSION_COOKIE, TokenFault};
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};

/// What a request carries to say who it is; not verified yet.
#[derive(Clone, Debug)]
pub enum Credential {
    /// `Authorization: Bearer`, from programs.
    Bearer(String),
    /// The session cookie, from browsers.
    Cookie(String),
}

impl Credential {
    /// Reads the credential. A public page never has one: a visitor who is logged in elsewhere is a visitor.
    #[must_use]
    pub fn of(request: &Request, route: &Route<'_>) -> Option<Self> {
        if route.public {
            return None;
        }
        if let Some(value) = request.header(header::AUTHORIZATION) {
            let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
            let token = if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" };
            return Some(Self::Bearer(token.to_owned()));
        }
        let cookies = request.headers().get_all(header::COOKIE);
        let pairs = cookies.iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
        let found = pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == SESSION_COOKIE);
        found.map(|(_, token)| Self::Cookie(token.to_owned()))
    }

    /// The token itself.
    #[must_use]
    pub fn token(&self) -> &str {
        match self {
            Self::Bearer(token) | Self::Cookie(token) => token,
        }
    }

    /// The tenant that the token claims. Unverified: good for a guess, never for a decision.
    #[must_use]
    pub fn claimed_tenant(&self) -> Option<TenantId> {
        identity::claimed_tenant(self.token())
    }
}

/// What became of a credential's token: by its signature and its times alone, without asking anybody.
pub type Verified = Result<Claims, TokenFault>;

/// Loads the person of a verified credential.
///
/// # Errors
/// 401 for a credential that does not hold, 403 for a cookie sent from another site, 404 for a token
/// that is bound to another tenant, 429 for an address with too many refusals.
pub async fn identify(
    app: &App,
    scope: &Scope,
    tenant: Option<&Tenant>,
    credential: Option<(&Credential, &Verified)>,
    request: &Request,
    notes: &Notes,
) -> Result<Actor, ApiError> {
    let Some((credential, verified)) = credential else { return Ok(Actor::Anonymous) };
    if matches!(credential, Credential::Cookie(_)) && changes(request.method()) && !same_origin(request) {
        return Err(ApiError::new(
            Code::AuthForbidden,
            "A request with a session cookie must come from the same site.",
        ));
    }
    let claims = match verified {
        Ok(claims) => claims,
        Err(fault) => {
            rate_limit::count_refused(app, notes.peer()).await?;
            return Err(match fault {
                TokenFault::Expired => ApiError::of(Code::AuthTokenExpired),
                TokenFault::Invalid => ApiError::of(Code::AuthTokenInvalid),
            });
        }
    };
    if let (Some(bound), Some(tenant)) = (claims.tenant, tenant)
        && bound != tenant.id
    {
        return Err(ApiError::of(Code::TenantMismatch));
    }
    scope.act_as(claims.user).await?;
    let person = identity::identify(scope, claims, tenant.map(|tenant| tenant.id)).await?;
    notes.note_user(person.user);
    Ok(Actor::Person(person))
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Browsers send `Sec-Fetch-Site`, older ones at least `Origin`: a cookie alone proves nothing (CSRF).
fn same_origin(request: &Request) -> bool {
    if let Some(site) = request.header("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let host = request.uri().authority().map(|a| a.as_str()).or_else(|| request.header("host"));
    match (request.header("origin"), host) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host)),
        _ => false,
    }
}
