//! How a page asks the API: one request through the pipeline, with the visitor's address and languages.

use std::net::IpAddr;
use std::sync::Arc;

use poem::endpoint::BoxEndpoint;
use poem::http::{Method, StatusCode, header};
use poem::{Body, Request, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::app::App;
use crate::pipeline::{AskedFor, envelope};

/// Most bytes of an answer that a page reads.
const MOST: usize = 4 << 20;

/// All doors of the API. Boxed: a page would otherwise carry the whole pipeline in its own type, several times.
pub type Api = BoxEndpoint<'static, Response>;

/// What was refused, to be shown to a person.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Refusal {
    #[serde(default)]
    pub status: u16,
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub detail: String,
    #[serde(default)]
    pub errors: Vec<Fault>,
}

/// A field that could not be taken.
#[derive(Clone, Debug, Deserialize)]
pub struct Fault {
    pub pointer: String,
    pub detail: String,
}

impl Refusal {
    /// What is wrong with the field of this pointer.
    #[must_use]
    pub fn of(&self, pointer: &str) -> Option<&str> {
        self.errors.iter().find(|fault| fault.pointer == pointer).map(|fault| fault.detail.as_str())
    }

    /// The status to answer with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// The API, asked for one visitor.
pub struct Ask<'a> {
    pub app: &'a Arc<App>,
    pub api: &'a Api,
    pub peer: IpAddr,
}

impl Ask<'_> {
    /// Reads.
    ///
    /// # Errors
    /// What the API refused.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Refusal> {
        self.send(Method::GET, path, None, None).await
    }

    /// Does something once for each key.
    ///
    /// # Errors
    /// What the API refused.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, key: &str, body: &Value) -> Result<T, Refusal> {
        self.send(Method::POST, path, Some(key), Some(body)).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<&Value>,
    ) -> Result<T, Refusal> {
        let mut request = Request::builder().method(method).uri_str(path);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let mut request = request.body(body.map_or_else(Body::empty, |body| Body::from_string(body.to_string())));
        request.extensions_mut().insert(AskedFor(self.peer));
        let response = envelope::wrap(self.app, self.api, request).await;
        let status = response.status();
        let bytes = response.into_body().into_bytes_limit(MOST).await.map_err(|_| unreadable())?;
        if status.is_success() {
            return serde_json::from_slice(&bytes).map_err(|_| unreadable());
        }
        let mut refusal: Refusal = serde_json::from_slice(&bytes).unwrap_or_default();
        refusal.status = status.as_u16();
        Err(refusal)
    }
}

fn unreadable() -> Refusal {
    Refusal {
        status: 500,
        title: "Something went wrong on our side".to_owned(),
        detail: "Please try again in a moment.".to_owned(),
        ..Refusal::default()
    }
}
