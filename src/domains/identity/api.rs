//! Operations of identity, all behind the inbound door: a person logs in before any business is chosen.

use std::sync::Arc;

use ::entity::enums::SessionKind;
use ::entity::ids::SessionId;
use poem::http::header::{CACHE_CONTROL, SET_COOKIE};
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::{Json, Response};
use serde_json::Value;
use uuid::Uuid;

use super::device::Device;
use super::dto::{
    AccountCreate, Login, LoginCreate, Profile, RefreshCreate, Registration, Session, TokenType, UserContext,
};
use super::service::{self, Attempt, Entered, NewAccount, Opened};
use super::{Person, cookie};
use crate::app::App;
use crate::error::{ApiError, Code};
use crate::guard::{Binding, Body, Created, Inbound, Listing, LoggedIn, NoContent, OptionalKey, Page, Reply, Tag};

/// The operations of this domain.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    let app = || Arc::clone(app);
    (AuthApi { app: app() }, SessionApi { app: app() }, MeApi, KeysApi { app: app() })
}

struct AuthApi {
    app: Arc<App>,
}

#[OpenApi(tag = "Tag::Auth")]
impl AuthApi {
    /// Register an account
    ///
    /// Makes an account for a person and logs it in. It belongs to no business yet. Refuses passwords that
    /// are among the first guesses, and an address that has an account (409). Emits `user.created`.
    #[oai(path = "/api/v1/auth/register", method = "post", operation_id = "auth_register")]
    async fn register(
        &self,
        inbound: Inbound,
        /// Taken and not kept: an answer that holds tokens is never stored.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        device: Device,
        body: Body<AccountCreate>,
    ) -> Result<Response<Created<Registration>>, ApiError> {
        let AccountCreate { email, password, display_name } = body.0;
        let new =
            NewAccount { email: email.into_string(), password: password.0, display_name: display_name.into_string() };
        let user = service::create_account(&self.app, &inbound.scope, new).await?;
        let opened = service::open(&self.app, &inbound.scope, user.id, None, SessionKind::Api, device, None).await?;
        let registration = Registration {
            user: user.into(),
            token_type: TokenType::Bearer,
            expires_in: self.seconds(&opened),
            access_token: opened.token,
            refresh_token: opened.refresh_token.unwrap_or_default(),
        };
        Ok(secret(Created::at("/api/v1/users/me", registration)))
    }

    /// Log in
    ///
    /// Takes an address and a password. The token is bound to the business that the subdomain, `X-Tenant-ID`
    /// or `tenant` names, and only its members get one; on the base domain it may stay unbound. With
    /// `cookie` a browser gets its session as a cookie and no token. Whatever is wrong, the answer is the
    /// same 401; too many failures lock the account for a while (429), whether it exists or not.
    #[oai(path = "/api/v1/auth/login", method = "post", operation_id = "auth_login")]
    async fn login(
        &self,
        inbound: Inbound,
        /// Taken and not kept: an answer that holds tokens is never stored.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        device: Device,
        body: Body<LoginCreate>,
    ) -> Result<Response<Reply<Login>>, ApiError> {
        let LoginCreate { email, password, tenant, cookie } = body.0;
        let kind = if cookie { SessionKind::Browser } else { SessionKind::Api };
        let attempt = Attempt { email: email.into_string(), password: password.0, tenant, kind, device };
        let entered = service::login(&self.app, &inbound.scope, inbound.tenant, attempt).await?;
        Ok(self.entered(entered))
    }

    /// Exchange a refresh token
    ///
    /// Answers with new tokens; the old refresh token is used up. One that comes back later ends its session,
    /// because somebody has a copy. Of two exchanges of one token within ten seconds the second is refused
    /// (401) and the session goes on with the first one's tokens. Nothing lives longer than the session.
    #[oai(path = "/api/v1/auth/refresh", method = "post", operation_id = "auth_refresh")]
    async fn refresh(
        &self,
        inbound: Inbound,
        /// Taken and not kept: an answer that holds tokens is never stored.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        body: Body<RefreshCreate>,
    ) -> Result<Response<Reply<Login>>, ApiError> {
        let host = inbound.tenant.map(|tenant| tenant.id);
        let entered = service::refresh(&self.app, &inbound.scope, host, &body.refresh_token).await?;
        Ok(self.entered(entered))
    }

    /// Log out
    ///
    /// Ends the session of the token or cookie at once, with all its tokens, and makes the browser forget
    /// its cookie. A token of the external issuer has no session here and stays good.
    #[oai(path = "/api/v1/auth/logout", method = "post", operation_id = "auth_logout")]
    async fn logout(
        &self,
        caller: LoggedIn,
        /// Taken and not kept: to log out twice is to be logged out.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
    ) -> Result<Response<NoContent>, ApiError> {
        if let Some(session) = caller.person.session {
            service::revoke(&caller.scope, caller.person.user, session).await?;
        }
        let forget = cookie::clear(&self.app.settings.server.base_url());
        Ok(secret(NoContent).header(SET_COOKIE, forget))
    }
}

impl AuthApi {
    fn seconds(&self, opened: &Opened) -> u32 {
        u32::try_from((opened.expires_at - self.app.clock.now()).num_seconds()).unwrap_or(0)
    }

    fn entered(&self, entered: Entered) -> Response<Reply<Login>> {
        let Entered { opened, tenants, context } = entered;
        let browser = opened.kind == SessionKind::Browser;
        let server = &self.app.settings.server;
        let set = cookie::set(&opened.token, opened.expires_at, self.app.clock.now(), &server.base_url());
        let login = Login {
            expires_in: self.seconds(&opened),
            token_type: if browser { TokenType::Cookie } else { TokenType::Bearer },
            access_token: (!browser).then_some(opened.token),
            refresh_token: opened.refresh_token,
            tenants: tenants.into_iter().map(Into::into).collect(),
            user_context: context,
        };
        let reply = secret(Reply::new(login));
        if browser { reply.header(SET_COOKIE, set) } else { reply }
    }
}

/// An answer that nobody on the way may keep.
fn secret<T>(answer: T) -> Response<T> {
    Response::new(answer).header(CACHE_CONTROL, "no-store")
}

struct SessionApi {
    app: Arc<App>,
}

#[OpenApi(tag = "Tag::Auth")]
impl SessionApi {
    /// List own sessions
    ///
    /// The caller's sessions that have not ended, the newest first.
    #[oai(path = "/api/v1/auth/sessions", method = "get", operation_id = "session_list")]
    async fn list(&self, caller: LoggedIn, page: Page) -> Result<Reply<Listing<Session>>, ApiError> {
        let Person { user, session: current, .. } = caller.person;
        let binding = Binding { tenant: user.0, sort: "sessions:-id", filter: "" };
        let after = page.after(&self.app.cursors, &binding)?;
        let rows = service::list(&caller.scope, user, after, page.limit).await?;
        let total = if page.include_total { Some(service::count(&caller.scope, user).await?) } else { None };
        let wire = |row: ::entity::sessions::Model| Session {
            id: row.id.0,
            kind: row.kind.into(),
            user_agent: row.user_agent,
            ip: row.ip,
            current: Some(row.id) == current,
            created_at: row.created_at.into(),
            last_seen_at: row.last_seen_at.into(),
            expires_at: row.expires_at.into(),
        };
        Ok(Listing::of(rows, &page, &self.app.cursors, &binding, |row| row.id, wire)?.with_total(total).into())
    }

    /// End a session
    ///
    /// Ends one of the caller's sessions at once, with all its tokens. Another person's session is not found.
    #[oai(path = "/api/v1/auth/sessions/:session_id", method = "delete", operation_id = "session_delete")]
    async fn delete(
        &self,
        caller: LoggedIn,
        /// The session.
        Path(session_id): Path<Uuid>,
    ) -> Result<NoContent, ApiError> {
        if service::revoke(&caller.scope, caller.person.user, SessionId(session_id)).await? {
            Ok(NoContent)
        } else {
            Err(ApiError::of(Code::NotFound))
        }
    }
}

struct MeApi;

#[OpenApi(tag = "Tag::Auth")]
impl MeApi {
    /// Read one's own account
    ///
    /// The account of the caller, its businesses, and the role in the business that the request names.
    #[oai(path = "/api/v1/users/me", method = "get", operation_id = "user_get")]
    async fn me(&self, caller: LoggedIn) -> Result<Reply<Profile>, ApiError> {
        let (user, tenants) = service::profile(&caller.scope, &caller.person).await?;
        let user_context = UserContext {
            user_id: user.id.0,
            email: user.primary_email.clone(),
            display_name: user.display_name.clone(),
            tenant_id: caller.tenant.map(|tenant| tenant.id.0),
            role: caller.person.role.map(Into::into),
        };
        Ok(Profile { user: user.into(), tenants: tenants.into_iter().map(Into::into).collect(), user_context }.into())
    }
}

struct KeysApi {
    app: Arc<App>,
}

#[OpenApi(tag = "Tag::Auth")]
impl KeysApi {
    /// Our signing keys
    ///
    /// The public keys that verify our tokens, as a JWK Set (RFC 7517). Not part of the published document:
    /// its address is a registered one (RFC 8615) and its form is not ours.
    #[oai(path = "/.well-known/jwks.json", method = "get", operation_id = "jwks_get", hidden = true)]
    async fn jwks(&self) -> Response<Json<Value>> {
        Response::new(Json(self.app.tokens.jwks())).header(CACHE_CONTROL, "public, max-age=300")
    }
}
