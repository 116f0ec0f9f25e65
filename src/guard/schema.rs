//! Schemas as they are published: JSON Schema 2020-12 (OpenAPI 3.1) made from what poem-openapi
//! writes for 3.0. The body's validator and the document both take them from here, so that what is
//! promised and what is enforced cannot drift apart.
use std::collections::BTreeSet;

use poem_openapi::{registry::Registry, types::Type};
use serde_json::{Map, Value, json};

/// Where named schemas live, in the document and in a validator's root.
pub const PREFIX: &str = "#/components/schemas/";

/// The schema of `T`, closed against unknown fields, with everything that it refers to.
pub fn published<T: Type>() -> Value {
    let mut registry = Registry::new();
    T::register(&mut registry);
    let mut root = serde_json::to_value(T::schema_ref()).unwrap_or_default();
    modernise(&mut root);
    let mut schemas = Map::new();
    for (name, schema) in &registry.schemas {
        let mut schema = serde_json::to_value(schema).unwrap_or_default();
        modernise(&mut schema);
        schemas.insert(name.clone(), schema);
    }
    let mut roots = BTreeSet::new();
    references(&root, &mut roots);
    close(&mut schemas, &roots);
    if let Value::Object(root) = &mut root {
        root.insert("components".to_owned(), json!({ "schemas": schemas }));
    }
    root
}

/// Calls `visit` on each schema directly inside this one.
pub fn each_child(schema: &mut Map<String, Value>, visit: &mut impl FnMut(&mut Value)) {
    for (key, value) in schema {
        match (key.as_str(), value) {
            ("properties", Value::Object(children)) => children.values_mut().for_each(&mut *visit),
            ("items" | "additionalProperties" | "not", child @ Value::Object(_)) => visit(child),
            ("allOf" | "anyOf" | "oneOf", Value::Array(children)) => {
                children.iter_mut().for_each(&mut *visit);
            }
            _ => {}
        }
    }
}

/// From the 3.0 dialect to 2020-12, in place and all the way down. Doing it twice changes nothing.
pub fn modernise(schema: &mut Value) {
    let Value::Object(schema) = schema else { return };
    each_child(schema, &mut modernise);
    collapse_described_reference(schema);
    if schema.contains_key("oneOf") || schema.contains_key("anyOf") {
        schema.remove("type");
    }
    exclusive_bounds(schema);
    integer_format(schema);
    if schema.get("format").is_some_and(|format| format == "naive-date") {
        schema.insert("format".to_owned(), "date".into());
    }
    if let Some(example) = schema.remove("example") {
        schema.insert("examples".to_owned(), json!([example]));
    }
    if schema.remove("nullable") == Some(Value::Bool(true)) {
        allow_null(schema);
    }
}

/// `allOf: [{$ref}, {description}]` -> `$ref` with the rest beside it, as 3.1 allows.
fn collapse_described_reference(schema: &mut Map<String, Value>) {
    let Some(Value::Array(parts)) = schema.get("allOf") else { return };
    let [Value::Object(target), Value::Object(beside)] = parts.as_slice() else { return };
    if !(target.len() == 1 && target.contains_key("$ref")) || beside.contains_key("properties") {
        return;
    }
    let (target, beside) = (target.clone(), beside.clone());
    schema.remove("allOf");
    schema.extend(beside);
    schema.extend(target);
}

/// 3.0 marks the bound with a boolean, 3.1 names the bound itself.
fn exclusive_bounds(schema: &mut Map<String, Value>) {
    for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        match schema.get(flag) {
            Some(Value::Bool(true)) => {
                if let Some(limit) = schema.remove(bound) {
                    schema.insert(flag.to_owned(), limit);
                }
            }
            Some(Value::Bool(false)) => {
                schema.remove(flag);
            }
            _ => {}
        }
    }
}

/// Integer formats that nobody registered become bounds; whole numbers are written without `.0`.
fn integer_format(schema: &mut Map<String, Value>) {
    if schema.get("type").and_then(Value::as_str) != Some("integer") {
        return;
    }
    let (format, low, high) = match schema.get("format").and_then(Value::as_str) {
        Some("int8") => ("int32", Some(i64::from(i8::MIN)), Some(i64::from(i8::MAX))),
        Some("int16") => ("int32", Some(i64::from(i16::MIN)), Some(i64::from(i16::MAX))),
        Some("int32") => ("int32", Some(i64::from(i32::MIN)), Some(i64::from(i32::MAX))),
        Some("uint8") => ("int32", Some(0), Some(i64::from(u8::MAX))),
        Some("uint16") => ("int32", Some(0), Some(i64::from(u16::MAX))),
        Some("uint32") => ("int64", Some(0), Some(i64::from(u32::MAX))),
        Some("uint64") => ("int64", Some(0), None),
        _ => ("int64", None, None),
    };
    schema.insert("format".to_owned(), format.into());
    for (bound, exclusive, limit) in [("minimum", "exclusiveMinimum", low), ("maximum", "exclusiveMaximum", high)] {
        if let (Some(limit), false) = (limit, schema.contains_key(exclusive)) {
            schema.entry(bound).or_insert_with(|| limit.into());
        }
    }
    for key in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"] {
        if let Some(value) = schema.get_mut(key)
            && let Some(whole) = whole(value)
        {
            *value = whole.into();
        }
    }
}

fn whole(value: &Value) -> Option<i64> {
    let number = value.as_f64().filter(|_| value.is_f64())?;
    // beyond 2^53 a float no longer says which integer was meant
    (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64)
}

fn allow_null(schema: &mut Map<String, Value>) {
    if let Some(target) = schema.remove("$ref") {
        schema.insert("anyOf".to_owned(), json!([{ "$ref": target }, { "type": "null" }]));
        return;
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(Value::Array(choices)) = schema.get_mut(choice) {
            choices.push(json!({ "type": "null" }));
            return;
        }
    }
    if let Some(Value::String(ty)) = schema.get("type").cloned() {
        schema.insert("type".to_owned(), json!([ty, "null"]));
        if let Some(Value::Array(values)) = schema.get_mut("enum") {
            values.push(Value::Null);
        }
    }
}

/// The names of all schemas that are referred to anywhere inside the value.
pub fn references(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(name) = map.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix(PREFIX)) {
                names.insert(name.to_owned());
            }
            map.values().for_each(|child| references(child, names));
        }
        Value::Array(items) => items.iter().for_each(|child| references(child, names)),
        _ => {}
    }
}

/// The names and everything that they lead to.
pub fn reachable(schemas: &Map<String, Value>, roots: &BTreeSet<String>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<String> = roots.iter().cloned().collect();
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas.get(&name).filter(|_| !seen.contains(&name)) {
            let mut next = BTreeSet::new();
            references(schema, &mut next);
            open.extend(next);
            seen.insert(name);
        }
    }
    seen
}

/// Refuses unknown fields in everything that can be reached from `roots`: what a caller sends.
pub fn close(schemas: &mut Map<String, Value>, roots: &BTreeSet<String>) {
    let names = reachable(schemas, roots);
    let mut parts = BTreeSet::new();
    for name in &names {
        if let Some(Value::Array(all)) = schemas.get(name).and_then(|schema| schema.get("allOf")) {
            all.iter().for_each(|part| references(part, &mut parts));
        }
    }
    for name in &names {
        if let Some(schema) = schemas.get_mut(name) {
            close_one(schema, parts.contains(name));
        }
    }
}

/// A part of an `allOf` stays open: it cannot know the fields of its neighbours.
fn close_one(schema: &mut Value, is_part: bool) {
    let Value::Object(schema) = schema else { return };
    if schema.contains_key("allOf") {
        schema.insert("unevaluatedProperties".to_owned(), false.into());
        return;
    }
    if schema.contains_key("properties") && !is_part {
        schema.entry("additionalProperties").or_insert(Value::Bool(false));
    }
    each_child(schema, &mut |child| close_one(child, false));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modern(mut schema: Value) -> Value {
        modernise(&mut schema);
        let once = schema.clone();
        modernise(&mut schema);
        assert_eq!(schema, once, "twice is once");
        schema
    }

    #[test]
    fn null_is_a_type() {
        assert_eq!(
            modern(json!({"type": "string", "nullable": true, "example": "a"})),
            json!({"type": ["string", "null"], "examples": ["a"]})
        );
        assert_eq!(
            modern(json!({"type": "string", "enum": ["a"], "nullable": true})),
            json!({"type": ["string", "null"], "enum": ["a", null]})
        );
    }

    #[test]
    fn a_described_reference_is_a_reference() {
        let beside = json!({"description": "who"});
        assert_eq!(
            modern(json!({"allOf": [{"$ref": "#/components/schemas/A"}, beside], "description": "who"})),
            json!({"$ref": "#/components/schemas/A", "description": "who"})
        );
        let beside = json!({"nullable": true});
        assert_eq!(
            modern(json!({"allOf": [{"$ref": "#/components/schemas/A"}, beside], "nullable": true})),
            json!({"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]})
        );
    }

    #[test]
    fn unsigned_formats_are_bounds() {
        assert_eq!(
            modern(json!({"type": "integer", "format": "uint16", "maximum": 100.0})),
            json!({"type": "integer", "format": "int32", "minimum": 0, "maximum": 100})
        );
    }

    #[test]
    fn an_exclusive_bound_is_a_number() {
        assert_eq!(
            modern(json!({"type": "number", "minimum": 0.5, "exclusiveMinimum": true})),
            json!({"type": "number", "exclusiveMinimum": 0.5})
        );
    }

    #[test]
    fn only_what_is_sent_is_closed() {
        let mut schemas = Map::new();
        schemas.insert("In".to_owned(), json!({"properties": {"a": {"$ref": "#/components/schemas/Deep"}}}));
        schemas.insert("Deep".to_owned(), json!({"properties": {"b": {}}}));
        schemas.insert("Out".to_owned(), json!({"properties": {"c": {}}}));
        close(&mut schemas, &BTreeSet::from(["In".to_owned()]));
        assert_eq!(schemas["In"]["additionalProperties"], json!(false));
        assert_eq!(schemas["Deep"]["additionalProperties"], json!(false));
        assert_eq!(schemas["Out"].get("additionalProperties"), None);
    }
}
