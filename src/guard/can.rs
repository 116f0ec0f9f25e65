//! Who may. `Can<P>` is a member with a permission, `Anyone` whoever calls a tenant, `Visitor` whoever
//! opens its public side, `LoggedIn` a person
//! before any tenant, `Inbound` whoever comes through the inbound door. Each writes the operation's
//! `security` into the OpenAPI document, so that the signature, the check and the document are one.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use crate::db::Scope;
use crate::domains::identity::permission::Permission;
use crate::domains::identity::{Person, SESSION_COOKIE};
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::pipeline::Call;
use crate::pipeline::route::Door;

/// A member of the request's tenant who has the permission `P`.
pub struct Can<P> {
    pub scope: Scope,
    pub tenant: Arc<Tenant>,
    pub person: Person,
    permission: PhantomData<P>,
}

/// Whoever calls a tenant: the public, or a member.
pub struct Anyone {
    pub scope: Scope,
    pub tenant: Arc<Tenant>,
    /// The member, when the caller is one. Somebody who belongs elsewhere is the public here.
    pub member: Option<Person>,
    /// Where the caller comes from, as rate limits count it: an address, or an IPv6 /64.
    pub network: String,
}

/// Whoever opens the public side of a tenant, where credentials are never looked at: nobody is a member.
pub struct Visitor(Anyone);

/// A person who logged in, whatever the tenant. The Scope is the platform's: its rows are everybody's.
pub struct LoggedIn {
    pub scope: Scope,
    pub person: Person,
    /// The tenant that the request or the token named, if any; the person need not belong to it.
    pub tenant: Option<Arc<Tenant>>,
}

/// Whoever comes through the inbound door. The Scope is the platform's: verify before reading.
pub struct Inbound {
    pub scope: Scope,
    /// The tenant that the request named, if any.
    pub tenant: Option<Arc<Tenant>>,
}

/// An operator of the platform.
pub struct Operator {
    pub scope: Scope,
    pub person: Person,
}

fn call(request: &Request) -> Result<&Call, ApiError> {
    request.data::<Call>().ok_or_else(|| ApiError::internal("the operation is mounted outside the pipeline"))
}

/// A guard on the wrong side of a door would hand out the platform's view: that must never pass.
fn behind(call: &Call, door: Door) -> Result<(), ApiError> {
    if call.door == door { Ok(()) } else { Err(ApiError::internal("the operation is mounted behind the wrong door")) }
}

fn tenant(call: &Call) -> Result<Arc<Tenant>, ApiError> {
    behind(call, Door::Tenant)?;
    call.tenant.clone().ok_or_else(|| ApiError::of(Code::TenantNotFound))
}

fn person(call: &Call) -> Result<Person, ApiError> {
    call.actor.person().cloned().ok_or_else(|| ApiError::of(Code::AuthTokenMissing))
}

fn forbidden<P: Permission>() -> ApiError {
    ApiError::new(Code::AuthForbidden, format!("This needs the permission {}.", P::NAME))
}

impl<P: Permission> Can<P> {
    fn of(request: &Request) -> Result<Self, ApiError> {
        let call = call(request)?;
        let tenant = tenant(call)?;
        let person = person(call)?;
        if person.role.is_none() {
            // whoever does not belong here learns nothing, not even that there is a here
            return Err(ApiError::of(Code::TenantMismatch));
        }
        if !person.may::<P>() {
            return Err(forbidden::<P>());
        }
        Ok(Self { scope: call.scope.clone(), tenant, person, permission: PhantomData })
    }

    /// One permission more, for an operation that does what another one does: who may not do it there may not here.
    ///
    /// # Errors
    /// 403.
    pub fn also<Q: Permission>(&self) -> Result<(), ApiError> {
        if self.person.may::<Q>() { Ok(()) } else { Err(forbidden::<Q>()) }
    }
}

impl Anyone {
    fn of(request: &Request) -> Result<Self, ApiError> {
        let call = call(request)?;
        let member = call.actor.person().filter(|person| person.role.is_some()).cloned();
        Ok(Self { scope: call.scope.clone(), tenant: tenant(call)?, member, network: call.network.clone() })
    }

    /// Whether the caller is a member with a permission.
    #[must_use]
    pub fn may<P: Permission>(&self) -> bool {
        self.member.as_ref().is_some_and(Person::may::<P>)
    }
}

impl Visitor {
    fn of(request: &Request) -> Result<Self, ApiError> {
        Ok(Self(Anyone { member: None, ..Anyone::of(request)? }))
    }
}

impl Deref for Visitor {
    type Target = Anyone;

    fn deref(&self) -> &Anyone {
        &self.0
    }
}

impl LoggedIn {
    fn of(request: &Request) -> Result<Self, ApiError> {
        let call = call(request)?;
        behind(call, Door::Inbound)?;
        Ok(Self { scope: call.scope.clone(), person: person(call)?, tenant: call.tenant.clone() })
    }
}

impl Inbound {
    fn of(request: &Request) -> Result<Self, ApiError> {
        let call = call(request)?;
        behind(call, Door::Inbound)?;
        Ok(Self { scope: call.scope.clone(), tenant: call.tenant.clone() })
    }
}

impl Operator {
    fn of(request: &Request) -> Result<Self, ApiError> {
        let call = call(request)?;
        behind(call, Door::Platform)?;
        let person = person(call)?;
        if !person.super_admin {
            return Err(ApiError::of(Code::NotFound));
        }
        Ok(Self { scope: call.scope.clone(), person })
    }
}

/// The ways to say who one is. What they stand for is decided in `pipeline::auth`.
fn register(registry: &mut Registry) {
    let none = MetaSecurityScheme {
        ty: "http",
        description: None,
        name: None,
        key_in: None,
        scheme: None,
        bearer_format: None,
        flows: None,
        openid_connect_url: None,
    };
    registry.create_security_scheme(
        "bearer",
        MetaSecurityScheme {
            description: Some("An access token, from POST /api/v1/auth/login. `x-permission` beside an operation names the permission that the member needs."),
            scheme: Some("bearer"),
            bearer_format: Some("JWT"),
            ..none
        },
    );
    registry.create_security_scheme(
        "session",
        MetaSecurityScheme {
            ty: "apiKey",
            description: Some("The session cookie of a browser that logged in on this host. Requests that change something must come from the same site."),
            name: Some(SESSION_COOKIE),
            key_in: Some("cookie"),
            scheme: None,
            bearer_format: None,
            flows: None,
            openid_connect_url: None,
        },
    );
}

macro_rules! guard {
    ([$($generics:tt)*] $type:ty, $schemes:expr, fallback = $fallback:literal) => {
        impl<'a, $($generics)*> ApiExtractor<'a> for $type {
            const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
            type ParamType = ();
            type ParamRawType = ();

            fn register(registry: &mut Registry) {
                register(registry);
            }

            fn security_schemes() -> Vec<&'static str> {
                $schemes
            }

            fn has_security_fallback() -> bool {
                $fallback
            }

            async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
                Ok(Self::of(request)?)
            }
        }
    };
}

guard!([P: Permission] Can<P>, P::SCHEMES.to_vec(), fallback = false);
guard!([] Anyone, vec!["bearer", "session"], fallback = true);
guard!([] Visitor, vec![], fallback = true);
guard!([] LoggedIn, vec!["bearer", "session"], fallback = false);
guard!([] Inbound, vec![], fallback = true);
guard!([] Operator, vec!["bearer", "session"], fallback = false);
