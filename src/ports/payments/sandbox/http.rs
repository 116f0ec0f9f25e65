//! The sandbox as a web server: its API below `/v1`, its knobs below `/control`, its pages.

use std::sync::Arc;

use bytes::Bytes;
use poem::http::{HeaderValue, StatusCode};
use poem::{Body, Endpoint, Request, Response};
use stripe_client_core::VERSION;

use super::calls::{Answer, Call};
use super::{Sandbox, control};

/// Requests beyond this are refused.
const LARGEST: usize = 1024 * 1024;

/// Answers for a sandbox, whatever path its parent has taken away.
#[derive(Clone, Debug)]
pub struct Server(pub Arc<Sandbox>);

impl Endpoint for Server {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let path = request.uri().path().to_owned();
        let path = path.strip_prefix(super::PREFIX).unwrap_or(&path).trim_start_matches('/').to_owned();
        let Ok(body) = request.take_body().into_bytes_limit(LARGEST).await else {
            return Ok(plain(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large or ended early."));
        };
        let (first, rest) = path.split_once('/').unwrap_or((&path, ""));
        let inside = matches!(first, "v1" | "control");
        if inside && self.0.options.local_only && !local(&request) {
            return Ok(plain(StatusCode::NOT_FOUND, "There is nothing here."));
        }
        match first {
            "v1" => Ok(self.api(&request, rest, body).await),
            "control" => Ok(control::answer(&self.0, &request, rest, body).await),
            _ => Ok(plain(StatusCode::NOT_FOUND, "There is nothing here.")),
        }
    }
}

impl Server {
    async fn api(&self, request: &Request, path: &str, body: Bytes) -> Response {
        let header = |name: &str| request.header(name).map(str::to_owned);
        let answer = self
            .0
            .answer(Call {
                method: request.method().to_string(),
                path: path.to_owned(),
                query: request.uri().query().unwrap_or_default().to_owned(),
                body: String::from_utf8_lossy(&body).into_owned(),
                authorization: header("authorization").unwrap_or_default(),
                key: header("idempotency-key"),
                account: header("stripe-account").filter(|account| !account.is_empty()),
                version: header("stripe-version"),
            })
            .await;
        respond(request.header("idempotency-key"), answer)
    }
}

fn respond(key: Option<&str>, answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = Response::builder()
        .status(status)
        .content_type("application/json")
        .header("request-id", &answer.request)
        .header("stripe-version", VERSION.as_str());
    if let Some(key) = key {
        response = response.header("idempotency-key", key).header("original-request", &answer.request);
    }
    if answer.replayed {
        response = response.header("idempotent-replayed", "true");
    }
    if answer.status == 409 || answer.status == 429 {
        response = response.header("stripe-should-retry", "true");
    }
    if answer.dropped {
        // a body that breaks off takes the connection with it
        let broken = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("dropped")) });
        return response.body(Body::from_bytes_stream(broken));
    }
    response.body(answer.body.to_string())
}

/// From this machine, and not passed on by a proxy on it.
fn local(request: &Request) -> bool {
    let peer = request.remote_addr().as_socket_addr().map(|address| address.ip().to_canonical());
    let own = request.local_addr().as_socket_addr().map(|address| address.ip().to_canonical());
    let passed_on = ["x-forwarded-for", "forwarded", "x-real-ip"].iter().any(|name| request.header(*name).is_some());
    peer.is_some_and(|peer| peer.is_loopback() || Some(peer) == own) && !passed_on
}

pub(super) fn plain(status: StatusCode, text: &str) -> Response {
    let mut response = Response::builder().status(status).body(format!("{text}\n"));
    response.headers_mut().insert("content-type", HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
