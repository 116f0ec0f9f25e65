//! HTTP as a caller: a host, a credential, and answers that can be looked into.
use std::net::SocketAddr;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::app::Service;

/// A caller of the service.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    headers: HeaderMap,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Client {
    /// A stranger on `host`, such as `salon.localhost`.
    pub fn new(service: &Service, host: &str) -> Self {
        Self::at(service.address, host)
    }

    /// A stranger on `host` of whatever listens at an address.
    pub fn at(address: SocketAddr, host: &str) -> Self {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            // the tests ask this machine; a proxy in the surroundings is not for them
            .no_proxy()
            .build()
            .unwrap();
        let client = Self { http, base: format!("http://{address}"), headers: HeaderMap::new() };
        client.with("host", host)
    }

    /// The same caller with one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        self
    }

    /// The same caller with a token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }

    /// The next request's idempotency key.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.clone().with("idempotency-key", key)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    /// Any request with a JSON body or none.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let bytes = body.map(|body| body.to_string().into_bytes());
        self.raw(method, path, "application/json", bytes).await
    }

    /// A request whose answer may not come: the server may be killed.
    pub async fn attempt(&self, method: Method, path: &str, body: &Value) -> reqwest::Result<Answer> {
        self.sent(method, path, "application/json", Some(body.to_string().into_bytes())).await
    }

    /// Any request with any body.
    pub async fn raw(&self, method: Method, path: &str, kind: &str, body: Option<Vec<u8>>) -> Answer {
        self.sent(method, path, kind, body).await.unwrap()
    }

    async fn sent(&self, method: Method, path: &str, kind: &str, body: Option<Vec<u8>>) -> reqwest::Result<Answer> {
        let mut request = self.http.request(method, format!("{}{path}", self.base)).headers(self.headers.clone());
        if let Some(body) = body {
            request = request.header("content-type", kind).body(body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Answer { status, headers, body: response.bytes().await?.to_vec() })
    }
}

impl Answer {
    /// The body as JSON; an empty or other body is null.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The problem's code, or nothing.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Asserts the status and gives the body, with the whole answer in the message when it is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }

    /// Asserts a refusal: status, code, media type and the members that every problem has.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!(
            (self.status.as_u16(), self.code().as_str()),
            (status, code),
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        for member in ["type", "title", "status", "detail", "instance", "request_id"] {
            assert!(!problem[member].is_null(), "the problem lacks {member}: {problem}");
        }
        problem
    }
}
