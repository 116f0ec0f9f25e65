//! A schema as a list of fields. Written tersely: there are a thousand of them.
use maud::{Markup, html};
use serde_json::Value;

use super::layout;
use crate::guard::schema::PREFIX;

/// The fields of an object schema; anything else as one line.
pub fn fields(schema: &Value) -> Markup {
    let mut all = properties(schema).peekable();
    if all.peek().is_none() {
        return html! { p { (type_of(schema)) (limits(schema)) } };
    }
    html! {
        dl {
            @for (name, property, required) in all {
                (entry_named(name, None, property, required, text(property, "description")))
            }
        }
    }
}

/// A parameter of an operation.
pub fn entry(parameter: &Value, schema: &Value, required: bool, about: &str) -> Markup {
    entry_named(text(parameter, "name"), Some(text(parameter, "in")), schema, required, about)
}

fn entry_named(name: &str, place: Option<&str>, schema: &Value, required: bool, about: &str) -> Markup {
    html! {
        dt {
            code { (name) } " " (type_of(schema))
            @if let Some(place) = place { " in " (place) }
            @if required { " " b { "required" } }
        }
        dd { (layout::line(about)) (limits(schema)) }
    }
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value, bool)> {
    let required = schema.get("required").and_then(Value::as_array);
    schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(move |(name, property)| {
        let is_required = required.is_some_and(|all| all.iter().any(|r| r == name.as_str()));
        (name, property, is_required)
    })
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// `string (uuid)`, `list of Booking`, `Payment or null`.
pub fn type_of(schema: &Value) -> Markup {
    if let Some(name) = text(schema, "$ref").strip_prefix(PREFIX) {
        return html! { a href=(layout::schema_address(name)) { (name) } };
    }
    for (choice, word) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")] {
        if let Some(parts) = schema.get(choice).and_then(Value::as_array) {
            return html! {
                @for (at, part) in parts.iter().enumerate() {
                    @if at > 0 { (word) }
                    (type_of(part))
                }
            };
        }
    }
    let names: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => return html! { "anything" },
    };
    html! {
        @for (at, name) in names.iter().enumerate() {
            @if at > 0 { " or " }
            @match (*name, schema.get("items")) {
                ("array", Some(items)) => { "list of " (type_of(items)) }
                (name, _) => (name),
            }
        }
        @let format = text(schema, "format");
        @if !format.is_empty() { " (" (format) ")" }
    }
}

/// Bounds, choices and the default, as short words.
fn limits(schema: &Value) -> Markup {
    let bounds = [
        ("minimum", "at least"),
        ("maximum", "at most"),
        ("exclusiveMinimum", "more than"),
        ("exclusiveMaximum", "less than"),
        ("minLength", "least length"),
        ("maxLength", "greatest length"),
        ("minItems", "at least entries"),
        ("maxItems", "at most entries"),
    ];
    let mut words: Vec<String> =
        bounds.iter().filter_map(|(key, word)| Some(format!("{word} {}", schema.get(*key)?))).collect();
    if let Some(value) = schema.get("default") {
        words.push(format!("default {value}"));
    }
    let choices = schema.get("enum").and_then(Value::as_array);
    html! {
        @if let Some(choices) = choices {
            " One of " @for (at, choice) in choices.iter().enumerate() {
                @if at > 0 { ", " } code { (choice) }
            } "."
        }
        @if !words.is_empty() { " (" (words.join(", ")) ")" }
    }
}
