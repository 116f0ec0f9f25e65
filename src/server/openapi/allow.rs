//! What the document knows of an address: the methods that it takes, for the `Allow` header that a 405 must carry
//! (RFC 9110, 15.5.6), and the names of its parameters.
use serde_json::Value;

use super::{METHODS, walk};

/// Every address of a document with its methods.
#[derive(Debug, Clone)]
pub struct Allow(Vec<Address>);

#[derive(Debug, Clone)]
struct Address {
    segments: Vec<Segment>,
    methods: Vec<String>,
}

#[derive(Debug, Clone)]
enum Segment {
    Word(String),
    Parameter(String),
}

impl Allow {
    pub fn new(document: &Value) -> Self {
        let mut addresses: Vec<(&str, Address)> = Vec::new();
        if let Value::Object(document) = document {
            walk::operations(document, |path, method, _| {
                let method = method.to_uppercase();
                match addresses.last_mut() {
                    Some((last, address)) if *last == path => address.methods.push(method),
                    _ => addresses.push((path, Address::new(path, method))),
                }
            });
        }
        Self(addresses.into_iter().map(|(_, address)| address).collect())
    }

    /// The header's value for a path, or nothing when the path is unknown. HEAD works wherever GET does. A word is
    /// nearer to a path than a parameter is, for the router too: where `next` is an address, it is nobody's id.
    pub fn header(&self, path: &str) -> Option<String> {
        let mut methods: Vec<&str> = self.nearest(path)?.methods.iter().map(String::as_str).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.sort_by_key(|method| METHODS.iter().position(|known| known.eq_ignore_ascii_case(method)));
        methods.dedup();
        (!methods.is_empty()).then(|| methods.join(", "))
    }

    /// The name of a path's parameter, counted from the left.
    pub fn parameter(&self, path: &str, at: usize) -> Option<&str> {
        self.nearest(path)?.parameters().nth(at)
    }

    fn nearest(&self, path: &str) -> Option<&Address> {
        let fitting = self.0.iter().filter(|address| address.fits(path));
        fitting.min_by_key(|address| address.parameters().count())
    }
}

impl Address {
    fn new(path: &str, method: String) -> Self {
        let segment = |text: &str| match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => Segment::Parameter(name.to_owned()),
            None => Segment::Word(text.to_owned()),
        };
        Self { segments: path.split('/').map(segment).collect(), methods: vec![method] }
    }

    fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Parameter(name) => Some(name.as_str()),
            Segment::Word(_) => None,
        })
    }

    fn fits(&self, path: &str) -> bool {
        let mut given = path.split('/');
        self.segments.iter().all(|wanted| match (wanted, given.next()) {
            (Segment::Word(wanted), Some(text)) => wanted == text,
            (Segment::Parameter(_), Some(text)) => !text.is_empty(),
            (_, None) => false,
        }) && given.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn methods_of_the_nearest_address() {
        let allow = Allow::new(&json!({"paths": {
            "/v1/bookings": {"post": {}, "get": {}},
            "/v1/bookings/{id}": {"delete": {}},
            "/v1/bookings/next": {"get": {}},
        }}));
        assert_eq!(allow.header("/v1/bookings").as_deref(), Some("GET, POST, HEAD"));
        assert_eq!(allow.header("/v1/bookings/7").as_deref(), Some("DELETE"));
        assert_eq!(allow.header("/v1/bookings/next").as_deref(), Some("GET, HEAD"));
        assert_eq!(allow.header("/v1/bookings/"), None);
        assert_eq!(allow.header("/v1"), None);
    }

    #[test]
    fn parameters_have_the_names_of_the_nearest_address() {
        let allow = Allow::new(&json!({"paths": {
            "/v1/{slug}/bookings/{token}": {"get": {}},
            "/v1/{slug}/{kind}/{id}": {"get": {}},
        }}));
        assert_eq!(allow.parameter("/v1/salon/bookings/7", 1), Some("token"));
        assert_eq!(allow.parameter("/v1/salon/rooms/7", 1), Some("kind"));
        assert_eq!(allow.parameter("/v1/salon/bookings/7", 2), None);
        assert_eq!(allow.parameter("/v2", 0), None);
    }
}
