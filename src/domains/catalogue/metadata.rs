//! Free members that integrators keep with a thing.

use std::collections::BTreeMap;

use poem_openapi::types::Any;
use serde_json::Value;

/// Name to any JSON value.
pub type Metadata = BTreeMap<String, Any<Value>>;

/// From the column; a check holds it to objects.
pub fn read(column: Value) -> Metadata {
    match column {
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, Any(value))).collect(),
        _ => Metadata::new(),
    }
}

/// For the column.
pub fn write(members: Metadata) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name, value.0)).collect())
}
