//! Requests until there is an answer: what was asked before the server went is asked again with the same key.
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use reqwest::{Method, Response};
use serde_json::Value;

/// One request, and all attempts at it.
const ATTEMPT: Duration = Duration::from_secs(20);
const PATIENCE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(50);

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    Owner,
    Visitor,
}

/// The way to the server, and what came of it.
pub struct Wire {
    http: reqwest::Client,
    address: SocketAddr,
    host: String,
    token: Mutex<String>,
    /// How often each thing was answered or met.
    pub met: Mutex<BTreeMap<String, u32>>,
}

/// One thing that is asked for.
pub struct Asked<'a> {
    pub caller: Caller,
    pub method: Method,
    pub path: String,
    pub body: Option<&'a Value>,
    /// Names the attempt, where it must be named.
    pub key: Option<&'a str>,
}

impl Wire {
    pub fn new(address: SocketAddr, host: String, token: String) -> Self {
        let http = reqwest::Client::builder().timeout(ATTEMPT).no_proxy().build().unwrap();
        Self { http, address, host, token: Mutex::new(token), met: Mutex::default() }
    }

    /// Another token for the owner, before the last one is over.
    pub fn renew(&self, token: String) {
        *self.token.lock().unwrap() = token;
    }

    /// The status and the body of the answer that is final.
    pub async fn ask(&self, asked: &Asked<'_>) -> (u16, Value) {
        let begun = Instant::now();
        loop {
            let what = || format!("{} {} with {:?}", asked.method, asked.path, asked.key);
            assert!(begun.elapsed() < PATIENCE, "no answer to {}", what());
            match self.attempt(asked).await {
                Err(error) => {
                    assert!(!error.is_timeout(), "{} took too long", what());
                    self.note("- asked again, the server was gone");
                }
                Ok(answer) => {
                    let (status, again) = (answer.status().as_u16(), answer.headers().contains_key("retry-after"));
                    match answer.bytes().await {
                        // cut off in the midst of it
                        Err(_) => self.note("- asked again, the answer was cut off"),
                        Ok(bytes) => {
                            let body: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
                            let code = body["code"].as_str().filter(|_| status >= 400).unwrap_or_default();
                            self.note(format!("{status} {code}").trim_end());
                            if !(again && matches!(status, 409 | 503)) {
                                assert!(status < 500 && status != 429, "{}: {status} {body}", what());
                                return (status, body);
                            }
                        }
                    }
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn attempt(&self, asked: &Asked<'_>) -> Result<Response, reqwest::Error> {
        let url = format!("http://{}{}", self.address, asked.path);
        let mut request = self.http.request(asked.method.clone(), url).header("host", &self.host);
        if asked.caller == Caller::Owner {
            request = request.bearer_auth(self.token.lock().unwrap().as_str());
        }
        if let Some(key) = asked.key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = asked.body {
            request = request.json(body);
        }
        request.send().await
    }

    fn note(&self, what: &str) {
        *self.met.lock().unwrap().entry(what.to_owned()).or_default() += 1;
    }
}
