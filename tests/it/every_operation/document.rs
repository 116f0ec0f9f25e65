//! The operations as the published document states them.
use std::fmt;

use serde_json::Value;
use tithi::server::{self, openapi};

use crate::support::app::Service;

/// Who may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Security {
    /// Nothing is asked.
    Public,
    /// Whoever calls; members may see more.
    Anyone,
    /// A person who logged in.
    LoggedIn,
    /// A member with this permission.
    Permission(String),
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    pub id: String,
    pub method: reqwest::Method,
    /// With its parameters in braces.
    pub path: String,
    pub security: Security,
    /// The operation with its parameters and answers resolved.
    pub value: Value,
    /// The body of the example.
    pub body: Option<Value>,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {})", self.id, self.method, self.path)
    }
}

/// Every operation of the service.
pub fn operations(service: &Service) -> Vec<Operation> {
    let document = openapi::document_31(server::raw_document(&service.app).unwrap());
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if openapi::METHODS.contains(&&**method) {
                all.push(read(&document, path, method, operation));
            }
        }
    }
    assert!(all.len() > 40, "the document has lost its operations");
    all
}

fn read(document: &Value, path: &str, method: &str, operation: &Value) -> Operation {
    let resolved = |value: &Value| openapi::resolve(document, value).unwrap().clone();
    let mut value = operation.clone();
    for parameter in value["parameters"].as_array_mut().into_iter().flatten() {
        *parameter = resolved(parameter);
    }
    for (_, response) in value["responses"].as_object_mut().unwrap() {
        *response = resolved(response);
    }
    Operation {
        id: operation["operationId"].as_str().unwrap().to_owned(),
        method: method.to_uppercase().parse().unwrap(),
        path: path.to_owned(),
        security: security(operation),
        body: operation.pointer("/requestBody/content/application~1json/example").cloned(),
        value,
    }
}

fn security(operation: &Value) -> Security {
    let requirements = operation["security"].as_array().unwrap();
    // whoever watches the service shows a token of its own, and none on the same machine
    if requirements.is_empty() || requirements.iter().any(|one| one.get("watcher").is_some()) {
        return Security::Public;
    }
    if requirements.iter().any(|one| one.as_object().unwrap().is_empty()) {
        return Security::Anyone;
    }
    match operation["x-permission"].as_str() {
        Some(permission) => Security::Permission(permission.to_owned()),
        None => Security::LoggedIn,
    }
}

impl Operation {
    pub fn parameters(&self) -> impl Iterator<Item = &Value> {
        self.value["parameters"].as_array().into_iter().flatten()
    }

    /// Names of the parameters in the path.
    pub fn in_path(&self) -> Vec<&str> {
        self.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}')).collect()
    }

    /// Whether a call without credentials must be refused.
    pub fn is_secured(&self) -> bool {
        matches!(self.security, Security::LoggedIn | Security::Permission(_))
    }

    /// Whether it is for the operators of the platform.
    pub fn is_operators(&self) -> bool {
        self.path.starts_with("/api/admin/")
    }

    /// The header parameter, if the operation has it.
    pub fn header(&self, name: &str) -> Option<&Value> {
        self.parameters().find(|p| p["in"] == "header" && p["name"] == name)
    }

    pub fn requires_key(&self) -> bool {
        self.header("Idempotency-Key").is_some_and(|key| key["required"] == true)
    }

    /// The statuses of success.
    pub fn successes(&self) -> Vec<u16> {
        let all = self.value["responses"].as_object().unwrap().keys();
        all.filter_map(|status| status.parse().ok()).filter(|status| (200..400).contains(status)).collect()
    }
}
