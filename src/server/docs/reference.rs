//! The reference: the contents with what all operations share, a page of each tag, and the schemas by letter.
use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::{Map, Value};

use super::{layout, schema_table};
use crate::server::openapi::{METHODS, resolve};

struct Operation<'d> {
    path: &'d str,
    method: &'d str,
    members: &'d Map<String, Value>,
}

impl<'d> Operation<'d> {
    fn text(&self, key: &str) -> &'d str {
        self.members.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    fn tag(&self) -> &'d str {
        let tags = self.members.get("tags").and_then(Value::as_array);
        tags.and_then(|tags| tags.first()).and_then(Value::as_str).unwrap_or("Other")
    }
}

/// The first page: what the API is, every operation by name, and what all of them may answer instead.
pub fn page(document: &Value) -> Markup {
    let operations = operations(document);
    html! {
        h1 { (document["info"]["title"].as_str().unwrap_or("API")) " reference" }
        (layout::prose(document["info"]["description"].as_str().unwrap_or_default()))
        @for (name, description) in tags(document) {
            section aria-labelledby=(anchor(name)) {
                h2 id=(anchor(name)) { a href=(address(name)) { (name) } }
                (layout::prose(description))
                ul {
                    @for operation in operations.iter().filter(|o| o.tag() == name) {
                        li {
                            a href=(format!("{}#{}", address(name), operation.text("operationId"))) {
                                (operation.text("summary"))
                            }
                        }
                    }
                }
            }
        }
        (problems(document))
    }
}

/// A page a tag: its name, its address, and its operations whole.
pub fn chapters(document: &Value) -> Vec<(&str, String, Markup)> {
    let operations = operations(document);
    let chapter = |(name, description)| {
        let main = html! {
            h1 { (name) }
            (layout::prose(description))
            @for operation in operations.iter().filter(|o| o.tag() == name) {
                (article(operation, document))
            }
        };
        (name, address(name), main)
    };
    tags(document).map(chapter).collect()
}

fn tags(document: &Value) -> impl Iterator<Item = (&str, &str)> {
    let tags = document["tags"].as_array().map(Vec::as_slice).unwrap_or_default();
    tags.iter().map(|tag| (tag["name"].as_str().unwrap_or_default(), tag["description"].as_str().unwrap_or_default()))
}

/// Where a tag's operations stand.
fn address(tag: &str) -> String {
    format!("/docs/reference/{}", tag.replace(' ', "-").to_lowercase())
}

/// The names of all schemas, which the operations link to.
pub fn schemas(document: &Value) -> Markup {
    html! {
        h1 { "Schemas" }
        p.lead { "What is sent and answered. Answers may get new fields; bodies refuse those that nobody knows." }
        @for (letter, names) in by_letter(document) {
            h2 id=(format!("letter-{letter}")) { a href=(format!("/docs/schemas/{letter}")) { (letter.to_uppercase()) } }
            ul { @for (name, _) in names { li { a href=(layout::schema_address(name)) { (name) } } } }
        }
    }
}

/// A page a letter: its address and its schemas whole.
pub fn schema_chapters(document: &Value) -> Vec<(String, Markup)> {
    let chapter = |(letter, schemas): (String, Vec<(&String, &Value)>)| {
        let main = html! {
            h1 { "Schemas: " (letter.to_uppercase()) }
            @for (name, schema) in schemas {
                h2 id=(name) { (name) }
                (layout::prose(schema["description"].as_str().unwrap_or_default()))
                (schema_table::fields(schema))
            }
        };
        (format!("/docs/schemas/{letter}"), main)
    };
    by_letter(document).into_iter().map(chapter).collect()
}

fn by_letter(document: &Value) -> BTreeMap<String, Vec<(&String, &Value)>> {
    let mut letters: BTreeMap<String, Vec<(&String, &Value)>> = BTreeMap::new();
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        letters.entry(layout::schema_page(name)).or_default().push((name, schema));
    }
    letters
}

/// Ids have no spaces.
fn anchor(tag: &str) -> String {
    format!("tag-{}", tag.replace(' ', "-").to_lowercase())
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        // in the order of METHODS: read before write
        for method in METHODS {
            if let Some(Value::Object(members)) = item.get(*method) {
                operations.push(Operation { path, method, members });
            }
        }
    }
    operations
}

fn article(operation: &Operation<'_>, document: &Value) -> Markup {
    let id = operation.text("operationId");
    let title = operation.text("summary");
    html! {
        article aria-labelledby=(id) {
            h2 id=(id) { (title) }
            p.route {
                span.method data-method=(operation.method) { (operation.method.to_uppercase()) }
                " " code { (operation.path) }
            }
            p.auth { strong { "Access: " } (access(operation)) }
            (layout::prose(operation.text("description")))
            (parameters(operation, document))
            (body(operation))
            (responses(operation, document))
            @for sample in operation.members.get("x-codeSamples").and_then(Value::as_array).into_iter().flatten() {
                h3 { "Try it" }
                (layout::commands(&format!("Command: {title}"), sample["source"].as_str().unwrap_or_default()))
            }
        }
    }
}

fn access(operation: &Operation<'_>) -> String {
    let schemes = operation.members.get("security").and_then(Value::as_array);
    let mut names: Vec<String> = Vec::new();
    for scheme in schemes.into_iter().flatten().filter_map(Value::as_object) {
        let words = scheme.iter().map(|(name, scopes)| match scopes.as_array() {
            Some(scopes) if !scopes.is_empty() => {
                let scopes: Vec<&str> = scopes.iter().filter_map(Value::as_str).collect();
                format!("{name} ({})", scopes.join(", "))
            }
            _ => name.clone(),
        });
        let together = words.collect::<Vec<_>>().join(" and ");
        names.push(if together.is_empty() { "nobody needs to log in".to_owned() } else { together });
    }
    if names.is_empty() { "public".to_owned() } else { names.join(", or ") }
}

fn parameters(operation: &Operation<'_>, document: &Value) -> Markup {
    let all = operation.members.get("parameters").and_then(Value::as_array);
    let mut all = all.into_iter().flatten().filter_map(|parameter| resolve(document, parameter)).peekable();
    html! {
        @if all.peek().is_some() {
            h3 { "Parameters" }
            dl {
                @for parameter in all {
                    @let about = parameter["description"].as_str().unwrap_or_default();
                    (schema_table::entry(parameter, &parameter["schema"], parameter["required"] == true, about))
                }
            }
        }
    }
}

fn body(operation: &Operation<'_>) -> Markup {
    let content = operation.members.get("requestBody").and_then(|body| body.get("content"));
    html! {
        @for (media, content) in content.and_then(Value::as_object).into_iter().flatten() {
            h3 { "Body" }
            p { code { (media) } ": " (schema_table::type_of(&content["schema"])) }
        }
    }
}

/// What it answers. Problems are the same everywhere: their statuses lead to the one place that explains them.
fn responses(operation: &Operation<'_>, document: &Value) -> Markup {
    let all = operation.members.get("responses").and_then(Value::as_object);
    let (problems, answers): (Vec<_>, Vec<_>) =
        all.into_iter().flatten().partition(|(_, response)| response.get("$ref").is_some());
    html! {
        h3 { "Answers" }
        ul {
            @for (status, response) in answers.iter().filter_map(|(status, own)| Some((status, resolve(document, own)?))) {
                li { code { (status) } " " (answer(response)) }
            }
            li { a href="/docs#problems" { "Problems" } ": " @for (at, (status, _)) in problems.iter().enumerate() {
                @if at > 0 { ", " } (status)
            } }
        }
    }
}

fn answer(response: &Value) -> Markup {
    html! {
        (layout::line(response["description"].as_str().unwrap_or_default()))
        @for (at, content) in response["content"].as_object().into_iter().flat_map(|c| c.values()).enumerate() {
            @if at > 0 { ", " } @else { ": " }
            (schema_table::type_of(&content["schema"]))
        }
    }
}

/// The problem answers of all operations, by status.
fn problems(document: &Value) -> Markup {
    let mut all: BTreeMap<&str, &Value> = BTreeMap::new();
    for operation in operations(document) {
        for (status, response) in operation.members.get("responses").and_then(Value::as_object).into_iter().flatten() {
            if let (Some(_), Some(shared)) = (response.get("$ref"), resolve(document, response)) {
                all.insert(status, shared);
            }
        }
    }
    html! {
        section aria-labelledby="problems" {
            h2 #problems { "Problems" }
            p { "What any operation may answer instead; " a href="/docs/errors" { "Errors" } " lists their codes." }
            ul { @for (status, response) in &all { li { code { (status) } " " (answer(response)) } } }
        }
    }
}
