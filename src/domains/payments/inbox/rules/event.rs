//! What is read of an event before anybody works on it: enough to store it and to find whose it is. Fields and types
//! that nobody knows are let be.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

/// The head of an event.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Event {
    /// `evt_..`
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// Seconds since 1970, or RFC 3339 in the newer events.
    created: Value,
    #[serde(default)]
    pub livemode: bool,
    /// `acct_..`; none is the platform's own account.
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    data: Value,
}

impl Event {
    /// Reads a body whose signature holds. Nothing, when it is no event.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        let event: Self = serde_json::from_slice(body).ok()?;
        let fit = |text: &str| (1..=255).contains(&text.chars().count()) && !text.contains('\0');
        (fit(&event.id) && fit(&event.kind) && event.account.as_deref().is_none_or(fit) && event.created().is_some())
            .then_some(event)
    }

    /// When it happened, as the provider says.
    #[must_use]
    pub fn created(&self) -> Option<DateTime<Utc>> {
        match &self.created {
            Value::Number(seconds) => DateTime::from_timestamp(seconds.as_i64()?, 0),
            Value::String(text) => DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()),
            _ => None,
        }
        // what a timestamptz holds and people mean
        .filter(|at| (0..=253_402_300_799).contains(&at.timestamp()))
    }

    /// The account that it happened on; empty for the platform's own.
    #[must_use]
    pub fn account(&self) -> &str {
        self.account.as_deref().unwrap_or_default()
    }

    /// The id of what it is about.
    #[must_use]
    pub fn object_id(&self) -> Option<&str> {
        self.text("id")
    }

    /// A member of what it is about, when it is text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.data.get("object")?.get(name)?.as_str()
    }

    /// The customer that it names, by id or whole; a customer is its own.
    #[must_use]
    pub fn customer(&self) -> Option<&str> {
        let named = self.data.pointer("/object/customer");
        let whole = || named?.get("id")?.as_str();
        let own = || self.object_id().filter(|_| self.text("object") == Some("customer"));
        named.and_then(Value::as_str).or_else(whole).or_else(own)
    }

    /// The refunds that stand on a charge.
    #[must_use]
    pub fn refunds(&self) -> Vec<&str> {
        let listed = self.data.pointer("/object/refunds/data").and_then(Value::as_array);
        listed.into_iter().flatten().filter_map(|refund| refund.get("id")?.as_str()).collect()
    }

    /// What we had written on the object: said by whoever made it, so never enough on its own.
    #[must_use]
    pub fn claimed_tenant(&self) -> Option<&str> {
        self.data.pointer("/object/metadata/tenant_id")?.as_str()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> Option<Event> {
        Event::read(value.to_string().as_bytes())
    }

    #[test]
    fn the_head_of_an_event_is_read() {
        let event = read(&json!({
            "id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "created": 1_614_265_330, "livemode": true,
            "account": "acct_1", "something": {"new": 1},
            "data": {"object": {"id": "pi_1", "customer": "cus_1", "metadata": {"tenant_id": "t"}}},
        }));
        let event = event.unwrap();
        assert_eq!((event.account(), event.object_id(), event.customer()), ("acct_1", Some("pi_1"), Some("cus_1")));
        assert_eq!((event.claimed_tenant(), event.livemode), (Some("t"), true));
        assert_eq!(event.created().unwrap().timestamp(), 1_614_265_330);
    }

    #[test]
    fn w06_little_is_needed() {
        let event = read(&json!({"id": "evt_1", "type": "v2.made.up", "created": "2026-03-02T09:30:00.000Z"})).unwrap();
        assert_eq!((event.account(), event.object_id(), event.livemode), ("", None, false));
        let whole =
            json!({"id": "e", "type": "t", "created": 1, "data": {"object": {"object": "customer", "id": "cus_2"}}});
        assert_eq!(read(&whole).unwrap().customer(), Some("cus_2"));
        let inside = json!({"id": "e", "type": "t", "created": 1, "data": {"object": {"customer": {"id": "cus_3"}}}});
        assert_eq!(read(&inside).unwrap().customer(), Some("cus_3"));
    }

    #[test]
    fn what_is_no_event_is_nothing() {
        for body in [&b""[..], b"{", b"[]", b"null", b"{}", b"\xff"] {
            assert_eq!(Event::read(body), None);
        }
        for value in [
            json!({"id": "", "type": "t", "created": 1}),
            json!({"id": "e", "type": "", "created": 1}),
            json!({"id": "e\u{0}", "type": "t", "created": 1}),
            json!({"id": "e".repeat(256), "type": "t", "created": 1}),
            json!({"id": "e", "type": "t"}),
            json!({"id": "e", "type": "t", "created": "yesterday"}),
            json!({"id": "e", "type": "t", "created": -1}),
            json!({"id": "e", "type": "t", "created": 1e300}),
            json!({"id": "e", "type": "t", "created": 1, "account": ""}),
        ] {
            assert_eq!(read(&value), None, "{value}");
        }
    }
}
