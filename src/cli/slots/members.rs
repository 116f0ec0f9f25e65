//! Members that the format does not name.
//!
//! What must stay true: a member that could change the answer is never read over in silence.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Answered, Refusal};

/// What is left of an object after its known members.
pub type Rest = BTreeMap<String, Value>;

/// Words for people, which no answer depends on.
const REMARKS: [&str; 7] = ["comment", "label", "name", "note", "source", "title", "why"];

/// Refuses by name what is left, unless it is a remark or switched off.
pub fn refuse(place: &str, rest: &Rest) -> Answered<()> {
    let off = |value: &Value| matches!(value, Value::Null | Value::Bool(false));
    match rest.iter().find(|(name, value)| !off(value) && !REMARKS.contains(&name.as_str())) {
        Some((name, _)) => Err(Refusal::Unsupported(format!("{place}.{name:.60}"))),
        None => Ok(()),
    }
}
