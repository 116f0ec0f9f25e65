//! The reference: every operation by tag, then every schema.
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

pub fn page(document: &Value) -> Markup {
    let operations = operations(document);
    let tags = document["tags"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        h1 { (document["info"]["title"].as_str().unwrap_or("API")) " reference" }
        (layout::prose(document["info"]["description"].as_str().unwrap_or_default()))
        nav.contents aria-label="Operations" {
            details {
                summary { "All operations" }
                @for tag in tags {
                    @let name = tag["name"].as_str().unwrap_or_default();
                    p { a href=(format!("#{}", anchor(name))) { (name) } }
                    ul {
                        @for operation in operations.iter().filter(|o| o.tag() == name) {
                            li {
                                a href=(format!("#{}", operation.text("operationId"))) {
                                    (operation.text("summary"))
                                }
                            }
                        }
                    }
                }
            }
        }
        @for tag in tags {
            @let name = tag["name"].as_str().unwrap_or_default();
            section aria-labelledby=(anchor(name)) {
                h2 id=(anchor(name)) { (name) }
                (layout::prose(tag["description"].as_str().unwrap_or_default()))
                @for operation in operations.iter().filter(|o| o.tag() == name) {
                    (article(operation, document))
                }
            }
        }
        section aria-labelledby="schemas" {
            h2 #schemas { "Schemas" }
            @for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
                h3 id=(format!("schema-{name}")) { (name) }
                (layout::prose(schema["description"].as_str().unwrap_or_default()))
                (schema_table::fields(&format!("Fields of {name}"), schema))
            }
        }
    }
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
            h3 id=(id) { (title) }
            p.route {
                span.method data-method=(operation.method) { (operation.method.to_uppercase()) }
                " " code { (operation.path) }
            }
            p.auth { strong { "Access: " } (access(operation)) }
            (layout::prose(operation.text("description")))
            (parameters(operation, document))
            (body(operation, document))
            (responses(operation, document))
            @for sample in operation.members.get("x-codeSamples").and_then(Value::as_array).into_iter().flatten() {
                h4 { "Try it" }
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
    let rows: Vec<Vec<Markup>> = all
        .into_iter()
        .flatten()
        .filter_map(|parameter| resolve(document, parameter))
        .map(|parameter| {
            vec![
                html! {
                    code { (parameter["name"].as_str().unwrap_or_default()) }
                    @if parameter["required"] == true { " " span.required { "required" } }
                },
                html! { (parameter["in"].as_str().unwrap_or_default()) },
                schema_table::type_of(&parameter["schema"]),
                layout::line(parameter["description"].as_str().unwrap_or_default()),
            ]
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            h4 { "Parameters" }
            (layout::table(&format!("Parameters: {}", operation.text("summary")), &["Name", "In", "Type", "What it is"], &rows))
        }
    }
}

fn body(operation: &Operation<'_>, document: &Value) -> Markup {
    let content = operation.members.get("requestBody").and_then(|body| body.get("content"));
    html! {
        @for (media, content) in content.and_then(Value::as_object).into_iter().flatten() {
            h4 { "Body" }
            p { code { (media) } ": " (schema_table::type_of(&content["schema"])) }
            @if let Some(schema) = resolve(document, &content["schema"]) {
                (schema_table::fields(&format!("Body: {}", operation.text("summary")), schema))
            }
        }
    }
}

fn responses(operation: &Operation<'_>, document: &Value) -> Markup {
    let all = operation.members.get("responses").and_then(Value::as_object);
    let rows: Vec<Vec<Markup>> = all
        .into_iter()
        .flatten()
        .filter_map(|(status, response)| Some((status, resolve(document, response)?)))
        .map(|(status, response)| {
            let content = response["content"].as_object();
            vec![
                html! { code { (status) } },
                layout::line(response["description"].as_str().unwrap_or_default()),
                html! {
                    @for (at, content) in content.into_iter().flat_map(|c| c.values()).enumerate() {
                        @if at > 0 { ", " }
                        (schema_table::type_of(&content["schema"]))
                    }
                },
            ]
        })
        .collect();
    html! {
        h4 { "Answers" }
        (layout::table(&format!("Answers: {}", operation.text("summary")), &["Status", "Meaning", "Content"], &rows))
    }
}
