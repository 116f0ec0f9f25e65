//! Samples: a value that fits a schema, and the command line that sends it.
use serde_json::{Map, Value, json};

use crate::{guard::schema::PREFIX, server::watcher::SCHEME as WATCHER};

/// Recursive types end here.
const MAX_DEPTH: usize = 8;

/// A value for the schema: its own example where it has one, else the plainest that fits.
pub fn sample(schema: &Value, schemas: &Map<String, Value>) -> Value {
    build(schema, schemas, 0).unwrap_or(Value::Null)
}

fn build(schema: &Value, schemas: &Map<String, Value>, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    if let Some(given) = given(schema) {
        return Some(given.clone());
    }
    let next = |inner: &Value| build(inner, schemas, depth + 1);
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix(PREFIX)) {
        return next(schemas.get(name)?);
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema.get(choice).and_then(Value::as_array) {
            return choices.iter().find_map(next);
        }
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let mut whole = Map::new();
        for part in parts {
            if let Value::Object(members) = next(part)? {
                whole.extend(members);
            }
        }
        return Some(Value::Object(whole));
    }
    Some(match type_of(schema)? {
        "object" => Value::Object(members(schema, next)?),
        "array" => schema.get("items").and_then(next).map_or_else(|| json!([]), |item| json!([item])),
        "string" => text(schema).into(),
        "integer" => bound(schema).map_or(1, |low| low.max(1)).into(),
        "number" => json!(bound(schema).map_or(1, |low| low.max(1))),
        "boolean" => Value::Bool(false),
        _ => Value::Null,
    })
}

fn given(schema: &Value) -> Option<&Value> {
    let first = |key: &str| schema.get(key).and_then(Value::as_array).and_then(|all| all.first());
    first("examples")
        .or_else(|| schema.get("example"))
        .or_else(|| schema.get("default"))
        .or_else(|| schema.get("const"))
        .or_else(|| first("enum"))
}

/// The type, or the first that is not null.
fn type_of(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::String(one) => Some(one),
        Value::Array(many) => many.iter().filter_map(Value::as_str).find(|ty| *ty != "null"),
        _ => None,
    }
}

fn members(schema: &Value, next: impl Fn(&Value) -> Option<Value>) -> Option<Map<String, Value>> {
    let required = schema.get("required").and_then(Value::as_array);
    let is_required = |name: &str| required.is_some_and(|all| all.iter().any(|r| r == name));
    let mut members = Map::new();
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        match next(property) {
            Some(value) => {
                members.insert(name.clone(), value);
            }
            None if is_required(name) => return None,
            None => {}
        }
    }
    Some(members)
}

fn bound(schema: &Value) -> Option<i64> {
    let above = schema.get("exclusiveMinimum").and_then(Value::as_i64).map(|low| low + 1);
    schema.get("minimum").and_then(Value::as_i64).or(above)
}

fn text(schema: &Value) -> String {
    let known = match schema.get("format").and_then(Value::as_str) {
        Some("uuid") => "0199a4c2-8f1e-7d30-9b52-3c1f0a6d7e84",
        Some("date-time") => "2026-03-02T09:30:00.000000Z",
        Some("date") => "2026-03-02",
        Some("time") => "09:30:00",
        Some("email") => "ada@example.com",
        Some("uri" | "url") => "https://example.com",
        Some("uri-reference") => "/v1/b/salon/bookings",
        _ => return word(schema),
    };
    known.to_owned()
}

/// `text`, as short or as long as it must be.
fn word(schema: &Value) -> String {
    if schema["pattern"] == "^[A-Z]{3}$" {
        return "USD".to_owned();
    }
    let length = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let least = length("minLength").unwrap_or(0).max(4);
    let most = length("maxLength").unwrap_or(usize::MAX);
    "text".chars().cycle().take(least.min(most)).collect()
}

/// An example written by a type has null where the field is absent. Where null is no value, the field goes.
pub fn leave_out_absent(example: &mut Value, schema: &Value, schemas: &Map<String, Value>) {
    let schema = match schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix(PREFIX)) {
        Some(name) => schemas.get(name).unwrap_or(schema),
        None => schema,
    };
    match example {
        Value::Object(members) => {
            let property = |name: &str| schema.get("properties").and_then(|all| all.get(name));
            members.retain(|name, value| !value.is_null() || property(name).is_none_or(takes_null));
            for (name, value) in members {
                if let Some(property) = property(name) {
                    leave_out_absent(value, property, schemas);
                }
            }
        }
        Value::Array(items) => {
            for (item, schema) in items.iter_mut().zip(std::iter::repeat(&schema["items"])) {
                leave_out_absent(item, schema, schemas);
            }
        }
        _ => {}
    }
}

fn takes_null(schema: &Value) -> bool {
    let is_null = |ty: &Value| ty == "null";
    let named = |key: &str| schema.get(key).and_then(Value::as_array).is_some_and(|all| all.iter().any(takes_null));
    match schema.get("type") {
        Some(Value::Array(types)) => types.iter().any(is_null),
        Some(ty) => is_null(ty),
        None if schema.get("$ref").is_some() => false,
        None => named("anyOf") || named("oneOf") || !(schema.get("anyOf").is_some() || schema.get("oneOf").is_some()),
    }
}

/// One `curl` command for the operation, with the example body.
pub fn curl(
    method: &str,
    path: &str,
    operation: &Map<String, Value>,
    body: Option<&Value>,
    parameters: &[&Value],
) -> String {
    let mut address = path.to_owned();
    let mut query = Vec::new();
    let mut headers = Vec::new();
    for parameter in parameters {
        let name = parameter["name"].as_str().unwrap_or_default();
        let value = plain(&parameter_example(parameter));
        match parameter["in"].as_str() {
            Some("path") => address = address.replace(&format!("{{{name}}}"), &value),
            Some("query") if parameter["required"] == true => query.push(format!("{name}={value}")),
            Some("header") if parameter["required"] == true => headers.push((name, value)),
            _ => {}
        }
    }
    if !query.is_empty() {
        address = format!("{address}?{}", query.join("&"));
    }
    let mut lines = vec![format!("curl -X {} \"$TITHI_URL{address}\"", method.to_uppercase())];
    let secured = operation.get("security").and_then(Value::as_array).into_iter().flatten();
    match secured.filter_map(Value::as_object).find_map(|scheme| scheme.keys().next()).map(String::as_str) {
        Some(WATCHER) => lines.push("-H \"Authorization: Bearer $TITHI_METRICS_TOKEN\"".to_owned()),
        Some(_) => lines.push("-H \"Authorization: Bearer $TITHI_TOKEN\"".to_owned()),
        None => {}
    }
    for (name, value) in headers {
        lines.push(format!("-H {}", quoted(&format!("{name}: {value}"))));
    }
    if let Some(body) = body {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        lines.push(format!("-d {}", quoted(&body.to_string())));
    }
    lines.join(" \\\n  ")
}

/// The parameter's own example, or one that fits it.
pub fn parameter_example(parameter: &Value) -> Value {
    match parameter.get("example") {
        Some(example) => example.clone(),
        None if parameter["name"] == "slug" || parameter["name"] == "subdomain" => "salon".into(),
        None => sample(&parameter["schema"], &Map::new()),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// A word for a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
