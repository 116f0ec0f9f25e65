//! The bar that our own document has to pass, next to the public linters: each finding is a sentence
//! that names the operation.
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{components, walk};
use crate::guard::{body, strict_json};

/// Segments that may stand before a parameter without being a collection.
const NOT_COLLECTIONS: &[&str] =
    &["v1", "b", "api", "availability", "check-subdomain", "staff", "waitlist", "webhook-inbox"];

/// Keys that the text of a document has twice: readers keep the last and operations vanish.
pub fn duplicate_keys(text: &str) -> Vec<String> {
    match strict_json::parse(text.as_bytes()) {
        Ok(_) => Vec::new(),
        Err(strict_json::Refusal::Malformed(why)) => vec![why],
        Err(strict_json::Refusal::Fields(fields)) => {
            fields.into_iter().map(|field| format!("{}: {}", field.pointer, field.detail)).collect()
        }
    }
}

/// Last segments that are names of files.
const FILES: &[&str] = &["calendar.ics"];

/// Everything that is wrong with a 3.1 document; empty when it may be published.
pub fn lint(document: &Value) -> Vec<String> {
    let Value::Object(members) = document else {
        return vec!["the document is not an object".to_owned()];
    };
    let mut lint = Lint { document, findings: Vec::new(), ids: BTreeMap::new() };
    let mut shapes: BTreeMap<String, &str> = BTreeMap::new();
    walk::operations(members, |path, method, operation| {
        lint.path_parameters(path, operation);
        lint.operation(&format!("{} {path}", method.to_uppercase()), operation);
        match shapes.insert(shape(path), path) {
            Some(other) if other != path => {
                lint.finding(path, &format!("is the same address as {other}"));
            }
            None => lint.path(path),
            _ => {}
        }
    });
    lint.references();
    lint.tags();
    lint.findings
}

/// `/bookings/{id}` and `/bookings/{booking_id}` are one address.
fn shape(path: &str) -> String {
    path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment }).collect::<Vec<_>>().join("/")
}

struct Lint<'d> {
    document: &'d Value,
    findings: Vec<String>,
    ids: BTreeMap<&'d str, String>,
}

impl<'d> Lint<'d> {
    fn finding(&mut self, place: &str, what: &str) {
        self.findings.push(format!("{place}: {what}"));
    }

    fn path(&mut self, path: &str) {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let file = segments.last().is_some_and(|last| FILES.contains(last));
        for (at, segment) in segments.iter().enumerate().take(segments.len() - usize::from(file)) {
            let is_parameter = segment.starts_with('{');
            let word = segment.trim_matches(['{', '}']);
            let separator = if is_parameter { '_' } else { '-' };
            if word.is_empty() || !word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == separator)
            {
                self.finding(
                    path,
                    &format!("`{segment}` is not {}", if is_parameter { "snake_case" } else { "kebab-case" }),
                );
            }
            let before = at.checked_sub(1).and_then(|at| segments.get(at));
            if let (true, Some(before)) = (is_parameter, before)
                && !before.starts_with('{')
                && !before.ends_with('s')
                && !NOT_COLLECTIONS.contains(before)
            {
                self.finding(path, &format!("`{before}` is not a plural"));
            }
        }
    }

    fn path_parameters(&mut self, path: &str, operation: &'d Map<String, Value>) {
        let template: BTreeSet<&str> = path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}')).collect();
        let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let given: BTreeSet<&str> =
            parameters.filter(|p| p["in"] == "path").filter_map(|p| p["name"].as_str()).collect();
        if template != given {
            self.finding(path, &format!("its parameters are {given:?}"));
        }
    }

    fn operation(&mut self, place: &str, operation: &'d Map<String, Value>) {
        let text = |key: &str| operation.get(key).and_then(Value::as_str).unwrap_or_default();
        match text("operationId") {
            "" => self.finding(place, "has no operationId"),
            id => {
                if !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
                    self.finding(place, "its operationId is not snake_case");
                }
                if let Some(other) = self.ids.insert(id, place.to_owned()) {
                    self.finding(place, &format!("has the operationId of {other}"));
                }
            }
        }
        for key in ["summary", "description"] {
            if text(key).trim().is_empty() {
                self.finding(place, &format!("has no {key}"));
            }
        }
        let filled = |key: &str| operation.get(key).and_then(Value::as_array).is_some_and(|a| !a.is_empty());
        if !filled("tags") {
            self.finding(place, "has no tag");
        }
        if !filled("x-codeSamples") {
            self.finding(place, "has no sample");
        }
        if !operation.contains_key("security") {
            self.finding(place, "does not state its security");
        }
        self.parameters(place, operation);
        self.body(place, operation);
        self.responses(place, operation);
    }

    fn parameters(&mut self, place: &str, operation: &'d Map<String, Value>) {
        let mut seen = BTreeSet::new();
        let document = self.document;
        for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            let Some(parameter) = walk::resolve(document, parameter) else { continue };
            let name = parameter["name"].as_str().unwrap_or_default();
            if !seen.insert((parameter["in"].as_str(), name.to_ascii_lowercase())) {
                self.finding(place, &format!("has the parameter {name} twice"));
            }
            if parameter["description"].as_str().is_none_or(str::is_empty) {
                self.finding(place, &format!("its parameter {name} has no description"));
            }
        }
    }

    fn body(&mut self, place: &str, operation: &'d Map<String, Value>) {
        let content = operation.get("requestBody").and_then(|body| body.get("content"));
        for (media, content) in content.and_then(Value::as_object).into_iter().flatten() {
            self.media(place, media, content);
            match content.get("example") {
                Some(example) => self.example(place, &content["schema"], example),
                None => self.finding(place, "its body has no example"),
            }
        }
    }

    fn responses(&mut self, place: &str, operation: &'d Map<String, Value>) {
        let responses = operation.get("responses").and_then(Value::as_object);
        for status in ["400", "429", "500", "default"] {
            if responses.is_none_or(|all| !all.contains_key(status)) {
                self.finding(place, &format!("does not document {status}"));
            }
        }
        let document = self.document;
        for (status, response) in responses.into_iter().flatten() {
            let Some(response) = walk::resolve(document, response) else { continue };
            let content = response.get("content").and_then(Value::as_object);
            let empty = matches!(status.as_str(), "101" | "204" | "303" | "304");
            if content.is_none_or(Map::is_empty) && !empty {
                self.finding(place, &format!("its {status} has no schema"));
            }
            for (media, content) in content.into_iter().flatten() {
                self.media(place, media, content);
                if let Some(example) = content.get("example") {
                    self.example(&format!("{place} {status}"), &content["schema"], example);
                }
            }
        }
    }

    fn media(&mut self, place: &str, media: &str, content: &Value) {
        if media.contains("charset") {
            self.finding(place, &format!("`{media}` names a charset"));
        }
        if content.get("schema").is_none_or(|s| s.as_object().is_some_and(Map::is_empty)) {
            self.finding(place, &format!("its {media} has no schema"));
        }
    }

    fn example(&mut self, place: &str, schema: &Value, example: &Value) {
        let mut root = schema.clone();
        if let Value::Object(root) = &mut root {
            let schemas = self.document.pointer("/components/schemas").cloned().unwrap_or_default();
            root.insert("components".to_owned(), serde_json::json!({ "schemas": schemas }));
        }
        match body::compile(&root) {
            Ok(validator) => {
                if let Some(error) = validator.iter_errors(example).next() {
                    let at = error.instance_path().to_string();
                    self.finding(place, &format!("its example does not fit its schema at `{at}`: {error}"));
                }
            }
            Err(error) => self.finding(place, &format!("its schema does not compile: {error}")),
        }
    }

    fn references(&mut self) {
        let mut targets = BTreeSet::new();
        components::collect(self.document, &mut targets);
        for target in targets {
            let found = target.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer));
            if found.is_none() {
                self.finding(&target, "leads nowhere");
            }
        }
    }

    fn tags(&mut self) {
        for tag in self.document["tags"].as_array().into_iter().flatten() {
            if tag["description"].as_str().is_none_or(str::is_empty) {
                let name = tag["name"].as_str().unwrap_or_default();
                self.finding(&format!("tag {name}"), "has no description");
            }
        }
    }
}
