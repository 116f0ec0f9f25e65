//! Refusals in Stripe's form: a status, and an `error` with type, code, parameter and message.

use serde_json::{Map, Value, json};

/// A refusal.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub status: u16,
    kind: &'static str,
    code: Option<String>,
    param: Option<String>,
    message: String,
    more: Map<String, Value>,
}

pub(super) type Outcome = Result<Value, Fault>;

impl Fault {
    fn new(status: u16, kind: &'static str, code: Option<&str>, message: impl Into<String>) -> Self {
        Self { status, kind, code: code.map(str::to_owned), param: None, message: message.into(), more: Map::new() }
    }

    /// 400 without a code.
    pub(super) fn invalid(param: &str, message: impl Into<String>) -> Self {
        let fault = Self::new(400, "invalid_request_error", None, message);
        Self { param: Some(param.to_owned()).filter(|param| !param.is_empty()), ..fault }
    }

    /// 400 with a code.
    pub(super) fn coded(code: &str, param: &str, message: impl Into<String>) -> Self {
        Self { code: Some(code.to_owned()), ..Self::invalid(param, message) }
    }

    pub(super) fn missing_param(param: &str) -> Self {
        Self::coded("parameter_missing", param, format!("Missing required param: {param}."))
    }

    /// 404: the path names it.
    pub(super) fn nothing(what: &str, id: &str) -> Self {
        Self { status: 404, ..Self::unknown("id", what, id) }
    }

    /// 400: a parameter names it.
    pub(super) fn unknown(param: &str, what: &str, id: &str) -> Self {
        Self::coded("resource_missing", param, format!("No such {what}: '{id}'"))
    }

    pub(super) fn state(code: &str, message: impl Into<String>) -> Self {
        Self::coded(code, "", message)
    }

    pub(super) fn card(code: &str, decline_code: Option<&str>, message: impl Into<String>) -> Self {
        let mut fault = Self::new(402, "card_error", Some(code), message);
        if let Some(decline_code) = decline_code {
            fault.more.insert("decline_code".into(), json!(decline_code));
        }
        fault
    }

    pub(super) fn key_reused(key: &str) -> Self {
        Self::new(
            400,
            "idempotency_error",
            None,
            format!(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request."
            ),
        )
    }

    pub(super) fn key_in_use(key: &str) -> Self {
        Self::new(
            409,
            "idempotency_error",
            Some("idempotency_key_in_use"),
            format!("There is currently another in-progress request using this Idempotent Key '{key}'."),
        )
    }

    pub(super) fn too_many(code: &str) -> Self {
        Self::new(429, "invalid_request_error", Some(code), "Too many requests in this moment; try again later.")
    }

    pub(super) fn ours() -> Self {
        Self::new(500, "api_error", None, "An unknown error occurred.")
    }

    pub(super) fn no_key() -> Self {
        Self::new(401, "invalid_request_error", None, "Invalid API Key provided.")
    }

    pub(super) fn no_access(account: &str) -> Self {
        Self::new(
            403,
            "invalid_request_error",
            Some("account_invalid"),
            format!(
                "The provided key does not have access to account '{account}' (or that account does not exist). Application access may have been revoked."
            ),
        )
    }

    pub(super) fn no_route(method: &str, path: &str) -> Self {
        Self::new(404, "invalid_request_error", None, format!("Unrecognized request URL ({method}: {path})."))
    }

    /// As the answer about what the path names.
    pub(super) fn of_path(self) -> Self {
        Self { status: 404, ..self }
    }

    pub(super) fn message(&self) -> String {
        self.message.clone()
    }

    /// With an object that it is about.
    pub(super) fn about(mut self, name: &str, object: Value) -> Self {
        self.more.insert(name.to_owned(), object);
        self
    }

    /// What an intent keeps of it as its last error: without the intent itself.
    pub(super) fn error(&self) -> Value {
        let mut error = Map::new();
        error.insert("type".into(), json!(self.kind));
        error.insert("message".into(), json!(self.message));
        if let Some(code) = &self.code {
            error.insert("code".into(), json!(code));
            error.insert("doc_url".into(), json!(format!("https://docs.stripe.com/error-codes#{code}")));
        }
        if let Some(param) = &self.param {
            error.insert("param".into(), json!(param));
        }
        error.extend(self.more.clone());
        Value::Object(error)
    }

    pub(super) fn body(&self) -> Value {
        json!({"error": self.error()})
    }
}
