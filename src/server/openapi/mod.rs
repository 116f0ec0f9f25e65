//! The published documents: OpenAPI 3.1 and 3.0.3, both made from what poem-openapi writes.
//!
//! poem-openapi states types and operations; what is the same for every operation (problems, rate
//! limit headers, paging, idempotency, samples) is written here once. The same input always gives the
//! same bytes, because the result is checked in and compared.
mod allow;
mod components;
mod lint;
mod merged;
mod operation;
mod sample;
mod three_zero;
mod walk;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

pub use allow::Allow;
pub use lint::{duplicate_keys, lint};
pub use merged::Merged;
pub use operation::METHODS;
pub use sample::sample;
pub use walk::resolve;

use crate::guard::schema;

/// The 3.1 document from the raw one.
pub fn document_31(raw: Value) -> Value {
    let Value::Object(mut document) = raw else { return raw };
    document.insert("openapi".to_owned(), "3.1.0".into());
    information(&mut document);
    walk::each_schema(&mut document, &mut schema::modernise);
    let mut schemas = walk::take_schemas(&mut document);
    for schema in schemas.values_mut() {
        // the title repeats the name, and generators take it for another name
        walk::remove(schema, "title");
    }
    components::insert(&mut document);
    operation::finish_all(&mut document, &schemas);
    close_requests(&document, &mut schemas);
    walk::put_schemas(&mut document, schemas);
    let mut document = Value::Object(document);
    walk::rename_lists(&mut document);
    tags(&mut document);
    components::prune(&mut document);
    document
}

/// The 3.0.3 document from the raw one, for generators that do not read 3.1 yet.
pub fn document_30(raw: Value) -> Value {
    three_zero::downgrade(document_31(raw))
}

/// What a document must have and a service may have left out.
fn information(document: &mut Map<String, Value>) {
    if let Some(Value::Object(info)) = document.get_mut("info") {
        info.entry("contact").or_insert_with(|| json!({ "name": "Tithi" }));
        info.entry("license")
            .or_insert_with(|| json!({ "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" }));
    }
    let servers = document.entry("servers").or_insert(Value::Null);
    if servers.as_array().is_none_or(Vec::is_empty) {
        *servers = json!([{ "url": "/", "description": "The host that served this document" }]);
    }
}

/// Bodies refuse unknown fields; answers may grow.
fn close_requests(document: &Map<String, Value>, schemas: &mut Map<String, Value>) {
    let mut roots = BTreeSet::new();
    walk::operations(document, |_, _, operation| {
        if let Some(body) = operation.get("requestBody") {
            schema::references(body, &mut roots);
        }
    });
    schema::close(schemas, &roots);
}

/// Declares each tag that is used, in the order of names.
fn tags(document: &mut Value) {
    let mut used = BTreeSet::new();
    if let Value::Object(document) = &*document {
        walk::operations(document, |_, _, operation| {
            let names = operation.get("tags").and_then(Value::as_array).into_iter().flatten();
            used.extend(names.filter_map(Value::as_str).map(str::to_owned));
        });
    }
    let Some(Value::Array(declared)) = document.get_mut("tags") else { return };
    for name in used {
        if !declared.iter().any(|tag| tag["name"] == *name) {
            declared.push(json!({ "name": name }));
        }
    }
    declared.sort_by(|a, b| a["name"].as_str().cmp(&b["name"].as_str()));
}
