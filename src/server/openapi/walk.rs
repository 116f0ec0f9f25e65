//! Ways through a document.
use serde_json::{Map, Value};

use super::METHODS;
use crate::guard::schema::PREFIX;

/// Parts that hold data and not structure: a key in them means nothing to us.
pub fn is_data(key: &str) -> bool {
    matches!(key, "example" | "examples" | "default" | "enum" | "const") || key.starts_with("x-")
}

/// Visits each schema that is not inside another one: the named ones and those under `schema`.
pub fn each_schema(document: &mut Map<String, Value>, visit: &mut impl FnMut(&mut Value)) {
    for (key, value) in document {
        match (key.as_str(), value) {
            ("schemas", Value::Object(schemas)) => schemas.values_mut().for_each(&mut *visit),
            ("schema", schema) => visit(schema),
            (key, value) if !is_data(key) => each_schema_below(value, visit),
            _ => {}
        }
    }
}

fn each_schema_below(value: &mut Value, visit: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Object(map) => each_schema(map, visit),
        Value::Array(items) => items.iter_mut().for_each(|item| each_schema_below(item, visit)),
        _ => {}
    }
}

/// Visits each operation under `paths` with its path and its method.
pub fn operations<'d>(
    document: &'d Map<String, Value>,
    mut visit: impl FnMut(&'d str, &'d str, &'d Map<String, Value>),
) {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if let (true, Value::Object(operation)) = (METHODS.contains(&&**method), operation) {
                visit(path, method, operation);
            }
        }
    }
}

pub fn take_schemas(document: &mut Map<String, Value>) -> Map<String, Value> {
    match document.get_mut("components").and_then(|c| c.get_mut("schemas")).map(Value::take) {
        Some(Value::Object(schemas)) => schemas,
        _ => Map::new(),
    }
}

pub fn put_schemas(document: &mut Map<String, Value>, schemas: Map<String, Value>) {
    let components = document.entry("components").or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(components) = components {
        components.insert("schemas".to_owned(), Value::Object(schemas));
    }
}

pub fn remove(value: &mut Value, key: &str) {
    if let Value::Object(map) = value {
        map.remove(key);
    }
}

/// Follows a local `$ref`; anything else is returned as it is.
pub fn resolve<'d>(document: &'d Value, value: &'d Value) -> Option<&'d Value> {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => document.pointer(reference.strip_prefix('#')?),
        None => Some(value),
    }
}

/// `Listing_Booking` -> `BookingList`.
fn list_name(name: &str) -> Option<String> {
    let entry = name.strip_prefix("Listing_")?;
    Some(format!("{}List", entry.replace('_', "")))
}

/// Gives lists the name that a person would: in the components and in every reference.
pub fn rename_lists(document: &mut Value) {
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        *schemas = std::mem::take(schemas)
            .into_iter()
            .map(|(name, schema)| (list_name(&name).unwrap_or(name), schema))
            .collect();
    }
    rename_references(document);
}

fn rename_references(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(target)) = map.get_mut("$ref")
                && let Some(name) = target.strip_prefix(PREFIX).and_then(list_name)
            {
                *target = format!("{PREFIX}{name}");
            }
            map.values_mut().for_each(rename_references);
        }
        Value::Array(items) => items.iter_mut().for_each(rename_references),
        _ => {}
    }
}
