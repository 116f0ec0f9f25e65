//! What every operation shares, written once: problem answers, headers, parameters.
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::{
    error::{ApiError, Code, STATUSES, problem},
    guard::page::{DEFAULT_LIMIT, MAX_LIMIT},
};

/// The name under which the problem answer of a status is shared.
pub fn response_name(status: &str) -> &'static str {
    match status {
        "400" => "BadRequest",
        "401" => "Unauthorized",
        "402" => "PaymentRefused",
        "403" => "Forbidden",
        "404" => "NotFound",
        "409" => "Conflict",
        "412" => "PreconditionFailed",
        "422" => "RuleViolation",
        "429" => "TooManyRequests",
        "500" => "InternalError",
        "502" => "ProviderError",
        _ => "AnyProblem",
    }
}

/// A code that stands for its status in examples.
fn example_code(status: u16) -> Code {
    match status {
        400 => Code::ValidationError,
        401 => Code::AuthTokenMissing,
        402 => Code::PaymentDeclined,
        404 => Code::BookingNotFound,
        409 => Code::BookingConflict,
        502 => Code::PaymentStripeError,
        other => Code::from_status(poem::http::StatusCode::from_u16(other).unwrap_or_default()),
    }
}

/// The headers of every answer.
pub const ALWAYS: &[&str] = &[
    "X-Request-ID",
    "RateLimit",
    "RateLimit-Policy",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
];

pub fn header_references<'n>(names: impl IntoIterator<Item = &'n str>) -> Map<String, Value> {
    names.into_iter().map(|name| (name.to_owned(), reference("headers", name))).collect()
}

pub fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// Adds the shared components; those that the document has already stay.
pub fn insert(document: &mut Map<String, Value>) {
    let components = document.entry("components").or_insert_with(|| json!({}));
    for (kind, shared) in [("responses", responses()), ("headers", headers()), ("parameters", parameters())] {
        let Value::Object(components) = &mut *components else { return };
        let known = components.entry(kind).or_insert_with(|| json!({}));
        if let (Value::Object(known), Value::Object(shared)) = (known, shared) {
            for (name, value) in shared {
                known.entry(name).or_insert(value);
            }
        }
    }
}

fn responses() -> Value {
    let mut responses = Map::new();
    let conditional = [
        (402, "The payment was declined, or the payer must confirm it"),
        (412, "It was changed meanwhile; read it again"),
        (502, "Whoever moves the money did not answer; send it again with the same key"),
    ];
    for (status, description) in STATUSES.iter().chain(&conditional) {
        let name = response_name(&status.to_string());
        responses.insert(name.to_owned(), response(*status, description));
    }
    responses.insert(response_name("default").to_owned(), response(503, "Any other problem"));
    Value::Object(responses)
}

fn response(status: u16, description: &str) -> Value {
    let code = example_code(status);
    let mut error = ApiError::of(code);
    if status == 400 {
        error = error.with_field("#/customer/email", "format", "The value is not a valid email.");
    }
    let occurrence = problem::Occurrence {
        instance: Some("/v1/b/salon/bookings"),
        request_id: Some("0199a4c2-8f1e-7d30-9b52-3c1f0a6d7e84"),
    };
    let mut headers = header_references(ALWAYS.iter().copied());
    match status {
        401 => headers.extend(header_references(["WWW-Authenticate"])),
        429 | 503 => headers.extend(header_references(["Retry-After"])),
        _ => {}
    }
    json!({
        "description": description,
        "headers": headers,
        "content": {
            problem::CONTENT_TYPE: {
                "schema": { "$ref": "#/components/schemas/Problem" },
                "example": problem::document(&error, occurrence),
            },
        },
    })
}

fn text(description: &str, max: u32, example: &str) -> Value {
    json!({
        "description": description,
        "schema": { "type": "string", "maxLength": max, "examples": [example] },
    })
}

fn count(description: &str, example: u32) -> Value {
    json!({
        "description": description,
        "schema": {
            "type": "integer", "format": "int64", "minimum": 0, "maximum": u32::MAX,
            "examples": [example],
        },
    })
}

fn headers() -> Value {
    json!({
        "X-Request-ID": text("Names this request in the logs; quote it to support.", 128, "0199a4c2-8f1e-7d30-9b52-3c1f0a6d7e84"),
        "RateLimit": text("What is left of the limit (`r`) and the seconds until it renews (`t`).", 255, "\"default\";r=42;t=17"),
        "RateLimit-Policy": text("The limit (`q`) and its window in seconds (`w`).", 255, "\"default\";q=100;w=60"),
        "X-RateLimit-Limit": count("Requests in one window.", 100),
        "X-RateLimit-Remaining": count("Requests that are left in this window.", 42),
        "X-RateLimit-Reset": count("Seconds until the window renews.", 17),
        "Retry-After": count("Seconds to wait before the next try.", 17),
        "WWW-Authenticate": text("How to authenticate.", 255, "Bearer"),
        "Idempotent-Replayed": {
            "description": "`true` when this is the stored answer of an earlier request with the same key.",
            "schema": { "type": "boolean" },
        },
    })
}

/// What a header parameter means, where the operation says nothing of its own.
pub fn about_header(name: &str) -> Option<&'static str> {
    Some(match name {
        "Idempotency-Key" => {
            "A fresh value for each new intent and the same value for each retry: the effect happens once. Kept for 24 hours."
        }
        "If-Match" => "The `ETag` that was read: the change is refused with 412 when it is no longer the current one.",
        "If-None-Match" => "The `ETag` that the caller has: 304 and no body while it is the current one.",
        _ => return None,
    })
}

fn parameters() -> Value {
    json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "required": false,
            "description": about_header("Idempotency-Key"),
            "schema": {
                "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7E]+$",
                "examples": ["7b1f6c1e-0f7d-4a55-8c0e-2f3d9c1b5a60"],
            },
        },
        "Limit": {
            "name": "limit",
            "in": "query",
            "required": false,
            "description": "The most entries on one page.",
            "schema": {
                "type": "integer", "format": "int32", "minimum": 1, "maximum": MAX_LIMIT,
                "default": DEFAULT_LIMIT,
            },
        },
        "Cursor": {
            "name": "cursor",
            "in": "query",
            "required": false,
            "description": "The `next_cursor` of the page before, with the same filters and order.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 1024 },
        },
        "Force": {
            "name": "force",
            "in": "query",
            "required": false,
            "description": "Go ahead although bookings fall out of the hours; without it such a change is refused with 409 `TITHI_AVAILABILITY_BREAKS_BOOKINGS`.",
            "schema": { "type": "boolean", "default": false },
        },
        "DryRun": {
            "name": "dry_run",
            "in": "query",
            "required": false,
            "description": "Change nothing and answer 200 with the bookings that would fall out of the hours.",
            "schema": { "type": "boolean", "default": false },
        },
        "IncludeTotal": {
            "name": "include_total",
            "in": "query",
            "required": false,
            "description": "Also count all entries; slower.",
            "schema": { "type": "boolean", "default": false },
        },
    })
}

/// Takes out the components that nothing refers to, until nothing changes.
pub fn prune(document: &mut Value) {
    loop {
        let mut used = BTreeSet::new();
        collect(document, &mut used);
        let Some(Value::Object(components)) = document.get_mut("components") else { return };
        let mut changed = false;
        for (kind, named) in &mut *components {
            if let (Value::Object(named), true) = (named, kind != "securitySchemes") {
                let before = named.len();
                named.retain(|name, _| used.contains(&format!("#/components/{kind}/{name}")));
                changed |= named.len() != before;
            }
        }
        components.retain(|_, named| named.as_object().is_none_or(|named| !named.is_empty()));
        if !changed {
            return;
        }
    }
}

pub fn collect(value: &Value, used: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(target)) = map.get("$ref") {
                used.insert(target.clone());
            }
            if let Some(Value::Object(mapping)) =
                map.get("discriminator").and_then(|discriminator| discriminator.get("mapping"))
            {
                used.extend(mapping.values().filter_map(Value::as_str).map(str::to_owned));
            }
            map.values().for_each(|child| collect(child, used));
        }
        Value::Array(items) => items.iter().for_each(|child| collect(child, used)),
        _ => {}
    }
}
