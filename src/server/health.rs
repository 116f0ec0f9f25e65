//! Health: alive (the process answers), ready (it can do its work), detailed (what exactly).
//! The answers follow the draft `application/health+json`: `status` is pass, warn or fail.

use std::sync::Arc;
use std::time::{Duration, Instant};

use poem::http::StatusCode;
use poem::{IntoResponse, Response};
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};

use super::watcher::Watcher;
use crate::app::App;
use crate::error::ApiError;
use crate::guard::Tag;

/// How long a dependency gets to answer.
const WAIT: Duration = Duration::from_secs(2);

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum HealthStatus {
    /// It works.
    Pass,
    /// It works with less than it could have.
    Warn,
    /// It does not work.
    Fail,
}

/// The health of the service.
#[derive(Debug, Object)]
#[oai(example)]
pub struct Health {
    /// The worst of the checks that matter for serving.
    pub status: HealthStatus,
    /// The version of the service.
    pub version: String,
    /// What was looked at, in the detailed answer.
    pub checks: Vec<HealthCheck>,
}

/// One thing that was looked at.
#[derive(Debug, Object)]
pub struct HealthCheck {
    /// What it is: `database`, `redis`.
    pub name: String,
    /// How it is.
    pub status: HealthStatus,
    /// Milliseconds that it took to answer.
    pub duration_ms: f64,
    /// What there is to say about it.
    pub note: String,
}

impl poem_openapi::types::Example for Health {
    fn example() -> Self {
        let check = HealthCheck {
            name: "database".into(),
            status: HealthStatus::Pass,
            duration_ms: 0.4,
            note: "4 connections, 3 idle".into(),
        };
        Self { status: HealthStatus::Pass, version: "0.1.0".into(), checks: vec![check] }
    }
}

/// 200 while it works, 503 when it does not.
pub struct HealthReply(Health);

impl IntoResponse for HealthReply {
    fn into_response(self) -> Response {
        let status = if self.0.status == HealthStatus::Fail { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
        Json(self.0).with_status(status).with_content_type("application/health+json").into_response()
    }
}

impl ApiResponse for HealthReply {
    fn meta() -> MetaResponses {
        let answer = |status: u16, description: &'static str| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content: vec![MetaMediaType { content_type: "application/health+json", schema: Health::schema_ref() }],
            headers: vec![],
        };
        MetaResponses { responses: vec![answer(200, "It works."), answer(503, "It does not work.")] }
    }

    fn register(registry: &mut Registry) {
        <Json<Health> as Payload>::register(registry);
        let _: MetaSchemaRef = Health::schema_ref();
    }
}

/// The operations of this file.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    HealthApi { app: Arc::clone(app) }
}

struct HealthApi {
    app: Arc<App>,
}

#[OpenApi(tag = "Tag::Operations")]
impl HealthApi {
    /// Basic health
    ///
    /// Answers as long as the process does. Looks at nothing else.
    #[oai(path = "/health", method = "get", operation_id = "health_get")]
    async fn basic(&self) -> HealthReply {
        reply(Vec::new())
    }

    /// Liveness
    ///
    /// For a supervisor that restarts what does not answer: never fails because of a dependency.
    #[oai(path = "/health/live", method = "get", operation_id = "health_live")]
    async fn live(&self) -> HealthReply {
        reply(Vec::new())
    }

    /// Readiness
    ///
    /// For a load balancer: 503 while the database does not answer. Redis is not needed to serve.
    #[oai(path = "/health/ready", method = "get", operation_id = "health_ready")]
    async fn ready(&self) -> HealthReply {
        let mut answer = reply(vec![self.database().await]);
        answer.0.checks.clear();
        answer
    }

    /// Health of the login
    ///
    /// Whether people can log in: the accounts can be read.
    #[oai(path = "/auth/health", method = "get", operation_id = "health_auth")]
    async fn auth(&self) -> HealthReply {
        let mut answer = reply(vec![self.database().await]);
        answer.0.checks.clear();
        answer
    }

    /// Detailed health
    ///
    /// Every dependency with its state. For callers on the same machine, or with the operator's token
    /// as `Authorization: Bearer`.
    #[oai(path = "/health/detailed", method = "get", operation_id = "health_detailed")]
    async fn detailed(&self, watcher: Watcher) -> Result<HealthReply, ApiError> {
        watcher.enter(&self.app)?;
        let (database, redis) = tokio::join!(self.database(), self.redis());
        Ok(reply(vec![database, redis]))
    }
}

impl HealthApi {
    async fn database(&self) -> HealthCheck {
        let started = Instant::now();
        let answer = tokio::time::timeout(WAIT, self.app.db.ping()).await;
        let (open, idle) = self.app.db.load();
        match answer {
            Ok(Ok(())) => check("database", HealthStatus::Pass, started, format!("{open} connections, {idle} idle")),
            Ok(Err(error)) => {
                tracing::warn!(%error, "health: database");
                check("database", HealthStatus::Fail, started, "does not answer".into())
            }
            Err(_) => check("database", HealthStatus::Fail, started, "does not answer in time".into()),
        }
    }

    async fn redis(&self) -> HealthCheck {
        let started = Instant::now();
        let Some(redis) = &self.app.redis else {
            return check(
                "redis",
                HealthStatus::Pass,
                started,
                "not configured: limits are counted in this process".into(),
            );
        };
        match redis.ping().await {
            Ok(()) => check("redis", HealthStatus::Pass, started, "answers".into()),
            Err(_) => check(
                "redis",
                HealthStatus::Warn,
                started,
                "does not answer: limits are counted in this process".into(),
            ),
        }
    }
}

fn check(name: &str, status: HealthStatus, started: Instant, note: String) -> HealthCheck {
    HealthCheck { name: name.into(), status, duration_ms: started.elapsed().as_secs_f64() * 1000.0, note }
}

fn reply(checks: Vec<HealthCheck>) -> HealthReply {
    let worst = |wanted: HealthStatus| checks.iter().any(|check| check.status == wanted);
    let status = if worst(HealthStatus::Fail) {
        HealthStatus::Fail
    } else if worst(HealthStatus::Warn) {
        HealthStatus::Warn
    } else {
        HealthStatus::Pass
    };
    HealthReply(Health { status, version: env!("CARGO_PKG_VERSION").into(), checks })
}
