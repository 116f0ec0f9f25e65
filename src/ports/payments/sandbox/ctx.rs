//! What a request of the sandbox works with: the records of its account, its parameters, the time.

use serde_json::{Map, Value, json};

use super::fault::{Fault, Outcome};
use super::form::Form;
use super::store::Store;

/// Account ids that begin so exist by themselves, with charges enabled.
pub(super) const READY: &str = "acct_sandbox_";

pub(super) struct Ctx<'a> {
    pub store: &'a mut Store,
    /// Nothing is the platform's own.
    pub account: String,
    /// Seconds.
    pub now: i64,
    pub form: Form,
    /// Where the pages are, without a slash at the end.
    pub pages: &'a str,
    /// `req_..` and the idempotency key.
    pub request: (String, Option<String>),
}

impl Ctx<'_> {
    /// A new id of a kind.
    pub(super) fn id(&mut self, prefix: &str) -> String {
        let number = self.store.number();
        let chance: String = (0..16).map(|_| char::from(LETTERS[rand::random_range(0..LETTERS.len())])).collect();
        format!("{prefix}_{number:08}{chance}")
    }

    pub(super) fn get(&self, id: &str) -> Option<&Value> {
        self.store.get(&self.account, id)
    }

    /// An object that the path names.
    pub(super) fn named(&self, what: &str, prefix: &str, id: &str) -> Outcome {
        let found = self.get(id).filter(|_| id.starts_with(prefix));
        found.cloned().ok_or_else(|| Fault::nothing(what, id))
    }

    /// An object that a parameter names.
    pub(super) fn meant(&self, param: &str, what: &str, prefix: &str, id: &str) -> Outcome {
        let found = self.get(id).filter(|_| id.starts_with(prefix));
        found.cloned().ok_or_else(|| Fault::unknown(param, what, id))
    }

    pub(super) fn put(&mut self, object: &Value) {
        if let Some(id) = object["id"].as_str() {
            let account = self.account.clone();
            self.store.put(&account, id, object.clone());
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.form.text(name).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    pub(super) fn needed(&self, name: &str) -> Result<String, Fault> {
        self.text(name).ok_or_else(|| Fault::missing_param(name))
    }

    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, Fault> {
        integer(&self.form, name)
    }

    pub(super) fn metadata(&self) -> Value {
        json!(self.form.map("metadata"))
    }

    /// Gives the metadata sent to an object: an empty value takes a name away.
    pub(super) fn merge_metadata(&self, object: &mut Value) {
        for (name, value) in self.form.map("metadata") {
            if let Some(metadata) = object["metadata"].as_object_mut() {
                if value.is_empty() {
                    metadata.remove(&name);
                } else {
                    metadata.insert(name, json!(value));
                }
            }
        }
    }

    /// A page of a list, by `limit` (10), `starting_after` and `ending_before`; `keep` filters.
    pub(super) fn page(&self, url: &str, prefix: &str, keep: impl Fn(&Value) -> bool) -> Outcome {
        let limit = self.integer("limit")?.unwrap_or(10);
        if !(1..=100).contains(&limit) {
            return Err(Fault::coded("parameter_invalid_integer", "limit", "This value must be between 1 and 100."));
        }
        let limit = usize::try_from(limit).unwrap_or(10);
        let all: Vec<&Value> = self.store.list(&self.account, prefix).into_iter().filter(|value| keep(value)).collect();
        let place = |id: &String| all.iter().position(|value| value["id"] == id.as_str());
        let (from, to) = match (self.text("starting_after"), self.text("ending_before")) {
            (Some(id), _) => (place(&id).map_or(all.len(), |at| at + 1), all.len()),
            (_, Some(id)) => {
                let end = place(&id).unwrap_or(0);
                (end.saturating_sub(limit), end)
            }
            _ => (0, all.len()),
        };
        let shown: Vec<Value> = all[from..to].iter().take(limit).map(|value| shown(value)).collect();
        let has_more = to - from > shown.len();
        Ok(json!({"object": "list", "url": url, "has_more": has_more, "data": shown}))
    }
}

const LETTERS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A whole number among the parameters.
pub(super) fn integer(form: &Form, name: &str) -> Result<Option<i64>, Fault> {
    let Some(text) = form.text(name).filter(|text| !text.is_empty()) else { return Ok(None) };
    let wrong = || Fault::coded("parameter_invalid_integer", name, format!("Invalid integer: {text}"));
    text.parse().map(Some).map_err(|_| wrong())
}

/// An object as callers see it: without the fields that are ours.
pub(super) fn shown(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(name, _)| !name.starts_with('_'));
            Value::Object(fields.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// The text of a field, or nothing.
pub(super) fn text_of(object: &Value, field: &str) -> String {
    object[field].as_str().unwrap_or_default().to_owned()
}
