//! JSON with the freedoms taken out that make two readers disagree: no key twice, no NUL, a bound on
//! depth. `3.0` is the integer 3, as JSON Schema has it.
use std::{cell::RefCell, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::error::FieldError;

/// Deeper than any body of ours, and far from the stack's end.
const MAX_DEPTH: usize = 32;

/// Why a body cannot be read at all.
#[derive(Debug)]
pub enum Refusal {
    /// Not JSON, or too deep: one sentence.
    Malformed(String),
    /// JSON, but with keys or strings that are not taken.
    Fields(Vec<FieldError>),
}

/// Parses one JSON text and nothing after it.
pub fn parse(bytes: &[u8]) -> Result<Value, Refusal> {
    let found = RefCell::new(Vec::new());
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let seed = Seed { found: &found, pointer: String::from("#"), depth: 0 };
    let value = seed
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|err| Refusal::Malformed(sentence(&err)))?;
    let found = found.into_inner();
    if found.is_empty() { Ok(value) } else { Err(Refusal::Fields(found)) }
}

fn sentence(err: &serde_json::Error) -> String {
    format!("The body is not valid JSON: {err}.")
}

/// `~` and `/` inside a name, as RFC 6901 escapes them.
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

struct Seed<'a> {
    found: &'a RefCell<Vec<FieldError>>,
    pointer: String,
    depth: usize,
}

impl Seed<'_> {
    fn child(&self, name: &str) -> Self {
        Self { found: self.found, pointer: format!("{}/{}", self.pointer, escape(name)), depth: self.depth + 1 }
    }

    fn refuse(&self, pointer: &str, code: &str, detail: &str) {
        self.found.borrow_mut().push(FieldError::new(pointer, code, detail));
    }

    fn text(&self, text: &str) -> Value {
        if text.contains('\0') {
            self.refuse(&self.pointer, "format", "The text contains a NUL character.");
        }
        Value::String(text.to_owned())
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if self.depth > MAX_DEPTH {
            return Err(D::Error::custom("nested too deeply"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        // the integers that a float holds exactly
        if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
            return Ok(Value::Number((value as i64).into()));
        }
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(self.text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self.child(&items.len().to_string()))? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let child = self.child(&key);
            let pointer = child.pointer.clone();
            if key.contains('\0') {
                self.refuse(&self.pointer, "format", "A name contains a NUL character.");
            }
            let value = map.next_value_seed(child)?;
            if members.insert(key, value).is_some() {
                self.refuse(&pointer, "duplicate", "The field is given twice.");
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(text: &str) -> Vec<(String, String)> {
        match parse(text.as_bytes()) {
            Err(Refusal::Fields(found)) => found.into_iter().map(|field| (field.pointer, field.code)).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn plain_json_is_read_as_it_is() {
        let text = r#"{"a": [1, 2.5, -3, 4.0, null, true, "x"], "b": {}}"#;
        assert_eq!(parse(text.as_bytes()).unwrap(), json!({"a": [1, 2.5, -3, 4, null, true, "x"], "b": {}}));
    }

    #[test]
    fn keys_given_twice_and_nul_are_found_together() {
        assert_eq!(
            fields(r#"{"a": 1, "a": 2, "b/c": ["ok", "\u0000"]}"#),
            [("#/a".into(), "duplicate".into()), ("#/b~1c/1".into(), "format".into())]
        );
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in ["", "{", "{} {}", "[1,]", "NaN", "\u{feff}{}", "{\"a\": 1e999}"] {
            assert!(matches!(parse(text.as_bytes()), Err(Refusal::Malformed(_))), "{text}");
        }
        assert!(matches!(parse(b"\"\xff\""), Err(Refusal::Malformed(_))));
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(parse(deep(MAX_DEPTH).as_bytes()).is_ok());
        assert!(parse(deep(MAX_DEPTH + 2).as_bytes()).is_err());
        assert!(parse(deep(100_000).as_bytes()).is_err());
    }
}
