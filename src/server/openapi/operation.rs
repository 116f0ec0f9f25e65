//! One operation, completed: shared problems and headers by reference, header names as the RFCs write
//! them, paging and idempotency parameters, security stated, an example and a `curl` command.
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{components, sample, walk};
use crate::{
    error::problem,
    guard::schema::{PREFIX, references},
};

/// The methods that a path item may have.
pub const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Problems that every operation may answer with, whatever its signature says.
const EVERYWHERE: &[&str] = &["400", "429", "500", "default"];

/// Completes the operations under `paths` and `webhooks`.
pub fn finish_all(document: &mut Map<String, Value>, schemas: &Map<String, Value>) {
    let shared =
        document.get("components").and_then(|components| components.get("parameters")).cloned().unwrap_or_default();
    let versioned = versioned(document);
    for section in ["paths", "webhooks"] {
        let items = document.get_mut(section).and_then(Value::as_object_mut).into_iter().flatten();
        for (path, item) in items {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                let (true, Value::Object(operation)) = (METHODS.contains(&&**method), operation) else {
                    continue;
                };
                media_types(operation);
                request_example(operation, schemas);
                if section == "paths" {
                    Finish { keyed: false, path, method, schemas, shared: &shared, versioned: &versioned }
                        .run(operation);
                }
            }
        }
    }
}

struct Finish<'a> {
    /// Whether it takes an `Idempotency-Key`, so that its answer may be a replay.
    keyed: bool,
    path: &'a str,
    method: &'a str,
    schemas: &'a Map<String, Value>,
    shared: &'a Value,
    /// The paths at which a version can be asked for.
    versioned: &'a BTreeSet<String>,
}

impl Finish<'_> {
    fn run(mut self, operation: &mut Map<String, Value>) {
        operation.remove("x-code-samples");
        security(operation);
        self.parameters(operation);
        self.keyed = takes_key(operation);
        self.responses(operation);
        self.samples(operation);
    }

    fn parameters(&self, operation: &mut Map<String, Value>) {
        let mut parameters = match operation.remove("parameters") {
            Some(Value::Array(parameters)) => parameters,
            _ => Vec::new(),
        };
        for parameter in &mut parameters {
            tidy_parameter(parameter);
        }
        let mut shared = Vec::new();
        if self.answers_list(operation) {
            shared.extend(["Limit", "Cursor", "IncludeTotal"]);
        }
        if answers_impact(operation) {
            shared.extend(["Force", "DryRun"]);
        }
        // a POST says in its signature whether it takes a key; the pipeline heeds one on these too
        if matches!(self.method, "put" | "patch") {
            shared.push("IdempotencyKey");
        }
        for name in shared {
            let added = &self.shared[name];
            let same = |known: &Value| known["name"] == added["name"] && known["in"] == added["in"];
            if !parameters.iter().any(same) {
                parameters.push(components::reference("parameters", name));
            }
        }
        if !parameters.is_empty() {
            operation.insert("parameters".to_owned(), Value::Array(parameters));
        }
    }

    fn answers_list(&self, operation: &Map<String, Value>) -> bool {
        let schema = operation
            .get("responses")
            .and_then(|responses| responses.pointer("/200/content/application~1json/schema/$ref"));
        schema
            .and_then(Value::as_str)
            .and_then(|target| target.strip_prefix(PREFIX))
            .is_some_and(|name| name.starts_with("Listing_"))
    }

    fn responses(&self, operation: &mut Map<String, Value>) {
        let secured = operation["security"].as_array().is_some_and(|s| !s.is_empty());
        let conditional = takes_header(operation, &["if-match"]);
        let responses = operation.entry("responses").or_insert_with(|| json!({}));
        let Value::Object(responses) = responses else { return };
        let mut problems: Vec<&str> = EVERYWHERE.to_vec();
        if secured {
            problems.extend(["401", "403"]);
        }
        if conditional {
            problems.push("412");
        }
        if self.asks_provider() {
            // the bank says no, or nobody there answers
            problems.extend(["402", "502"]);
        }
        if self.method == "get" {
            // reading contradicts nothing and breaks no rule
            responses.retain(|status, _| status != "409" && status != "422");
        }
        if self.path.starts_with("/v1/{slug}") || self.path.starts_with("/v1/b/{slug}") {
            // nobody logs in there, and nobody is asked to
            responses.remove("401");
        }
        for status in problems {
            responses.entry(status).or_insert_with(|| shared_problem(status));
        }
        for (status, response) in responses {
            if response.pointer("/content").and_then(|c| c.get(problem::CONTENT_TYPE)).is_some() {
                *response = shared_problem(status);
            } else if let Value::Object(response) = response
                && !response.contains_key("$ref")
            {
                self.success(status, response);
            }
        }
    }

    /// Whether somebody who moves money is asked.
    fn asks_provider(&self) -> bool {
        let pays = ["/checkout", "/confirm", "/process", "/no-show-fee", "/refund", "/methods"];
        let of_payments = self.path.starts_with("/api/v1/payments") || self.path.contains("/{manage_token}/");
        self.method != "get" && of_payments && pays.iter().any(|end| self.path.contains(end))
    }

    fn success(&self, status: &str, response: &mut Map<String, Value>) {
        if response.get("description").and_then(Value::as_str).is_none_or(str::is_empty) {
            response.insert("description".to_owned(), "As asked for".into());
        }
        let tagged = self.answers_tag(status, response);
        let headers = response.entry("headers").or_insert_with(|| json!({}));
        if let Value::Object(headers) = headers {
            let mut named = std::mem::take(headers);
            named.retain(|name, _| tagged || !name.eq_ignore_ascii_case("etag"));
            headers.extend(named.into_iter().map(|(name, header)| (header_case(&name), tidy(header))));
            headers.extend(components::header_references(components::ALWAYS.iter().copied()));
            if self.keyed && status.starts_with('2') {
                headers.extend(components::header_references(["Idempotent-Replayed"]));
            }
        }
        for media in response.get_mut("content").and_then(Value::as_object_mut).into_iter().flatten() {
            add_example(media.1, self.schemas);
        }
    }

    /// Whether the answer carries a tag: where a version can be asked for, or at the making of what lies there, or
    /// with anything that knows when it was changed last.
    fn answers_tag(&self, status: &str, response: &Map<String, Value>) -> bool {
        let below = format!("{}/{{", self.path);
        let made = status == "201" && self.versioned.iter().any(|path| path.starts_with(&below) && path.ends_with('}'));
        let schema = response.get("content").and_then(|content| content.pointer("/application~1json/schema/$ref"));
        let name = schema.and_then(Value::as_str).and_then(|target| target.strip_prefix(PREFIX));
        let known = name.and_then(|name| self.schemas.get(name)?.pointer("/properties/updated_at"));
        self.versioned.contains(self.path) || made || known.is_some()
    }

    fn samples(&self, operation: &mut Map<String, Value>) {
        let parameters: Vec<Value> = operation
            .get("parameters")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|parameter| match parameter["$ref"].as_str() {
                Some(target) => self.shared[target.rsplit('/').next().unwrap_or_default()].clone(),
                None => parameter.clone(),
            })
            .collect();
        let parameters: Vec<&Value> = parameters.iter().collect();
        let body = operation.get("requestBody").and_then(|body| body.pointer("/content/application~1json/example"));
        let source = sample::curl(self.method, self.path, operation, body, &parameters);
        let sample = json!([{ "lang": "Shell", "label": "curl", "source": source }]);
        operation.insert("x-codeSamples".to_owned(), sample);
    }
}

/// Whether it is a change that is weighed against the bookings it breaks.
fn answers_impact(operation: &Map<String, Value>) -> bool {
    let mut names = BTreeSet::new();
    if let Some(answer) = operation.get("responses").and_then(|responses| responses.get("200")) {
        references(answer, &mut names);
    }
    names.contains("Impact")
}

/// The paths with an operation that takes the tag of a version.
fn versioned(document: &Map<String, Value>) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    walk::operations(document, |path, _, operation| {
        if takes_header(operation, &["if-match", "if-none-match"]) {
            paths.insert(path.to_owned());
        }
    });
    paths
}

fn takes_header(operation: &Map<String, Value>, names: &[&str]) -> bool {
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let named = |parameter: &Value| {
        let name = parameter["name"].as_str().unwrap_or_default();
        parameter["in"] == "header" && names.contains(&&*header_case(name).to_lowercase())
    };
    parameters.into_iter().any(named)
}

fn takes_key(operation: &Map<String, Value>) -> bool {
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let is_key = |parameter: &Value| {
        parameter["name"] == "Idempotency-Key" || parameter["$ref"] == "#/components/parameters/IdempotencyKey"
    };
    parameters.into_iter().any(is_key)
}

/// `{"bearer:booking.write": []}` -> `{"bearer": []}` and `x-permission: booking.write`, told in the description too.
/// Scopes would say it better, but readers know them with OAuth only, and want each one declared there. An operation
/// that says nothing of security is public, and says so.
fn security(operation: &mut Map<String, Value>) {
    let requirements = operation.entry("security").or_insert_with(|| json!([]));
    let mut permission = None;
    for requirement in requirements.as_array_mut().into_iter().flatten() {
        let Value::Object(schemes) = requirement else { continue };
        for (name, scopes) in std::mem::take(schemes) {
            let (scheme, scope) = name.split_once(':').map_or((&*name, None), |(scheme, scope)| (scheme, Some(scope)));
            permission = permission.or_else(|| scope.map(str::to_owned));
            schemes.insert(scheme.to_owned(), scopes);
        }
    }
    // "nothing, or nothing" is nothing
    if requirements.as_array().is_some_and(|all| all.iter().all(|one| one.as_object().is_some_and(Map::is_empty))) {
        *requirements = json!([]);
    }
    if let Some(permission) = permission {
        let about = operation.get("description").and_then(Value::as_str).unwrap_or_default().trim_end();
        let about = format!("{about}\n\nNeeds the permission `{permission}`.");
        operation.insert("description".to_owned(), about.trim_start().into());
        operation.insert("x-permission".to_owned(), permission.into());
    }
}

fn shared_problem(status: &str) -> Value {
    components::reference("responses", components::response_name(status))
}

/// `application/json; charset=utf-8` -> `application/json`: JSON has no charset parameter.
fn media_types(operation: &mut Map<String, Value>) {
    let bare = |content: &mut Value| {
        if let Value::Object(content) = content {
            *content = std::mem::take(content)
                .into_iter()
                .map(|(media, value)| (media.split(';').next().unwrap_or(&media).trim().to_owned(), value))
                .collect();
        }
    };
    if let Some(content) = operation.get_mut("requestBody").and_then(|body| body.get_mut("content")) {
        bare(content);
    }
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for (_, response) in responses.into_iter().flatten() {
        if let Some(content) = response.get_mut("content") {
            bare(content);
        }
    }
}

fn request_example(operation: &mut Map<String, Value>, schemas: &Map<String, Value>) {
    let content = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
    for (_, media) in content.and_then(Value::as_object_mut).into_iter().flatten() {
        add_example(media, schemas);
    }
}

fn add_example(media: &mut Value, schemas: &Map<String, Value>) {
    if let Value::Object(media) = media
        && !media.contains_key("example")
        && let Some(schema) = media.get("schema")
    {
        let mut example = sample::sample(schema, schemas);
        sample::leave_out_absent(&mut example, schema, schemas);
        media.insert("example".to_owned(), example);
    }
}

fn tidy_parameter(parameter: &mut Value) {
    if parameter["in"] == "header"
        && let Some(name) = parameter["name"].as_str()
    {
        let name = header_case(name);
        if parameter["description"].as_str().is_none_or(str::is_empty)
            && let Some(about) = components::about_header(&name)
        {
            parameter["description"] = about.into();
        }
        parameter["name"] = name.into();
    }
    let is_list = parameter.pointer("/schema/type").is_some_and(|ty| ty == "array");
    if let Value::Object(parameter) = parameter {
        if !is_list {
            parameter.remove("explode");
        } else if parameter.get("in").is_some_and(|place| place == "query") {
            // none of them is a list too
            parameter.insert("required".to_owned(), false.into());
        }
        if parameter.get("deprecated") == Some(&Value::Bool(false)) {
            parameter.remove("deprecated");
        }
    }
    if parameter.get("example").is_none() && !is_list {
        let example = sample::parameter_example(parameter);
        if !example.is_null() {
            parameter["example"] = example;
        }
    }
}

fn tidy(mut header: Value) -> Value {
    if header["deprecated"] == false {
        walk::remove(&mut header, "deprecated");
    }
    header
}

/// `IDEMPOTENCY-KEY`, `idempotency_key` -> `Idempotency-Key`.
fn header_case(name: &str) -> String {
    let name = name.to_ascii_lowercase().replace('_', "-");
    let words = name.split('-').map(|word| match word {
        "etag" => "ETag".to_owned(),
        "id" => "ID".to_owned(),
        "www" => "WWW".to_owned(),
        "ratelimit" => "RateLimit".to_owned(),
        word => {
            let mut chars = word.chars();
            let first = chars.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(chars).collect()
        }
    });
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_names_are_written_as_the_standards_do() {
        for (from, to) in [
            ("ETAG", "ETag"),
            ("if_match", "If-Match"),
            ("X-REQUEST-ID", "X-Request-ID"),
            ("RETRY-AFTER", "Retry-After"),
            ("x-ratelimit-reset", "X-RateLimit-Reset"),
        ] {
            assert_eq!(header_case(from), to);
        }
    }

    #[test]
    fn a_permission_stands_beside_its_schemes() {
        let mut operation = Map::new();
        operation.insert("description".to_owned(), "Books.".into());
        operation.insert("security".to_owned(), json!([{"bearer:booking.write": []}, {"session:booking.write": []}]));
        security(&mut operation);
        assert_eq!(operation["security"], json!([{"bearer": []}, {"session": []}]));
        assert_eq!(operation["x-permission"], "booking.write");
        assert_eq!(operation["description"], "Books.\n\nNeeds the permission `booking.write`.");
    }

    #[test]
    fn an_operation_without_security_says_so() {
        for said in [None, Some(json!([{}]))] {
            let mut operation: Map<String, Value> =
                said.map(|said| ("security".to_owned(), said)).into_iter().collect();
            security(&mut operation);
            assert_eq!(Value::Object(operation), json!({"security": []}));
        }
    }
}
