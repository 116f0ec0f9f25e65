//! HTTP to the outside: one client for all calls, which keeps connections. Each call has a time limit of its own; there
//! is no call without one. Redirects are not followed.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::header::HeaderMap;
use hyper::{Request, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

/// Answers beyond this are not read.
const LARGEST: usize = 8 * 1024 * 1024;
const IDLE: Duration = Duration::from_secs(50);

/// The client; clones share its connections.
#[derive(Clone)]
pub struct Wire(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

/// What was answered.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Why nothing was answered. The other side may have done what it was asked.
#[derive(Debug)]
pub struct Lost(pub String);

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl Wire {
    /// # Errors
    /// When TLS cannot be set up, which would be a defect of the build.
    pub fn new() -> Result<Self, rustls::Error> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(Duration::from_secs(5)));
        // named, so that it works whatever the process has installed
        let tls = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())?
            .https_or_http()
            .enable_http1()
            .enable_http2()
            .wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(16)
            .build(tls);
        Ok(Self(client))
    }

    /// Sends once and reads the whole answer, within `limit`.
    ///
    /// # Errors
    /// When there is no whole answer in time.
    pub async fn send(&self, request: Request<Full<Bytes>>, limit: Duration) -> Result<Reply, Lost> {
        let exchange = async {
            let response = self.0.request(request).await.map_err(|error| Lost(chain(&error)))?;
            let (head, body) = response.into_parts();
            let body = Limited::new(body, LARGEST).collect().await.map_err(|error| Lost(error.to_string()))?;
            Ok(Reply { status: head.status, headers: head.headers, body: body.to_bytes() })
        };
        tokio::time::timeout(limit, exchange).await.unwrap_or_else(|_| Err(Lost("no answer in time".into())))
    }
}

impl Reply {
    /// A header's text, or nothing.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", chain(cause)),
        None => error.to_string(),
    }
}
