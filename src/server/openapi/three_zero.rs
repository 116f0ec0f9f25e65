//! OpenAPI 3.0.3 from the 3.1 document, for readers that stop there.
//!
//! Two things are said differently on purpose: there are no webhooks, and problems are written as
//! `application/json`, because such generators treat other media types as raw bytes.
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::walk;
use crate::{
    error::problem,
    guard::schema::{PREFIX, each_child},
};

pub fn downgrade(mut document: Value) -> Value {
    if let Value::Object(document) = &mut document {
        document.insert("openapi".to_owned(), "3.0.3".into());
        document.remove("webhooks");
        if let Some(Value::Object(info)) = document.get_mut("info") {
            info.remove("summary");
            if let Some(Value::Object(license)) = info.get_mut("license") {
                // 3.0 knows addresses only; this one lists every identifier
                if license.remove("identifier").is_some() {
                    license.entry("url").or_insert_with(|| "https://spdx.org/licenses/".into());
                }
            }
        }
        walk::each_schema(document, &mut old_schema);
        let mut schemas = walk::take_schemas(document);
        let types = types(&schemas);
        schemas.values_mut().for_each(|schema| name_type(schema, &types));
        walk::put_schemas(document, schemas);
    }
    problems_as_json(&mut document);
    super::components::prune(&mut document);
    document
}

fn old_schema(schema: &mut Value) {
    let Value::Object(schema) = schema else { return };
    each_child(schema, &mut old_schema);
    schema.remove("unevaluatedProperties");
    if let Some(Value::Array(examples)) = schema.remove("examples")
        && let Some(first) = examples.into_iter().next()
    {
        schema.insert("example".to_owned(), first);
    }
    exclusive_bounds(schema);
    nullable(schema);
    wrap_reference(schema);
}

fn exclusive_bounds(schema: &mut Map<String, Value>) {
    for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if schema.get(flag).is_some_and(Value::is_number)
            && let Some(limit) = schema.insert(flag.to_owned(), true.into())
        {
            schema.insert(bound.to_owned(), limit);
        }
    }
}

fn nullable(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = schema.get("type")
        && let Some(ty) = types.iter().find(|ty| *ty != "null").cloned()
    {
        schema.insert("type".to_owned(), ty);
        schema.insert("nullable".to_owned(), true.into());
    }
    for choice in ["anyOf", "oneOf"] {
        let Some(Value::Array(choices)) = schema.get_mut(choice) else { continue };
        let before = choices.len();
        choices.retain(|inner| inner["type"] != "null");
        if choices.len() == before {
            continue;
        }
        let one = (choices.len() == 1).then(|| choices.remove(0));
        schema.insert("nullable".to_owned(), true.into());
        if let Some(one) = one {
            schema.remove(choice);
            schema.insert("allOf".to_owned(), json!([one]));
        }
    }
}

fn types(schemas: &Map<String, Value>) -> BTreeMap<String, Value> {
    let named =
        schemas.iter().filter_map(|(name, schema)| Some((format!("{PREFIX}{name}"), schema.get("type")?.clone())));
    named.collect()
}

/// `nullable` counts only beside a `type`, so a reference that may be null repeats its target's.
fn name_type(schema: &mut Value, types: &BTreeMap<String, Value>) {
    let Value::Object(schema) = schema else { return };
    each_child(schema, &mut |child| name_type(child, types));
    if !schema.contains_key("nullable") || schema.contains_key("type") {
        return;
    }
    let target = schema.get("allOf").and_then(|parts| parts.pointer("/0/$ref"));
    if let Some(ty) = target.and_then(Value::as_str).and_then(|target| types.get(target)).cloned() {
        schema.insert("type".to_owned(), ty);
    }
}

/// In 3.0 nothing beside a `$ref` counts.
fn wrap_reference(schema: &mut Map<String, Value>) {
    if schema.len() > 1
        && let Some(target) = schema.remove("$ref")
    {
        schema.insert("allOf".to_owned(), json!([{ "$ref": target }]));
    }
}

fn problems_as_json(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(problem) = map.remove(problem::CONTENT_TYPE) {
                map.insert("application/json".to_owned(), problem);
            }
            for (key, child) in map {
                if !walk::is_data(key) {
                    problems_as_json(child);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(problems_as_json),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old(mut schema: Value) -> Value {
        old_schema(&mut schema);
        schema
    }

    #[test]
    fn null_is_a_flag() {
        assert_eq!(
            old(json!({"type": ["string", "null"], "examples": ["a"]})),
            json!({"type": "string", "nullable": true, "example": "a"})
        );
        assert_eq!(
            old(json!({"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]})),
            json!({"allOf": [{"$ref": "#/components/schemas/A"}], "nullable": true})
        );
    }

    #[test]
    fn a_described_reference_is_wrapped() {
        assert_eq!(
            old(json!({"$ref": "#/components/schemas/A", "description": "who"})),
            json!({"allOf": [{"$ref": "#/components/schemas/A"}], "description": "who"})
        );
        assert_eq!(old(json!({"exclusiveMinimum": 1})), json!({"exclusiveMinimum": true, "minimum": 1}));
    }
}
