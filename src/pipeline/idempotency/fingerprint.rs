//! What makes two requests the same: method, path with its ids, query in any order, media type, body.

use poem::Request;
use poem::http::Method;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// SHA-256 over the request's parts, each with its length before it.
pub(super) fn of(request: &Request, body: &[u8]) -> [u8; 32] {
    let mut query: Vec<&str> = request.uri().query().unwrap_or("").split('&').filter(|pair| !pair.is_empty()).collect();
    query.sort_unstable();
    let kind = request.content_type().and_then(|kind| kind.split(';').next()).unwrap_or("").trim().to_ascii_lowercase();
    let query = query.join("&");
    let mut hash = Sha256::new();
    let parts: [&[u8]; 5] = [
        request.method().as_str().as_bytes(),
        request.uri().path().as_bytes(),
        query.as_bytes(),
        kind.as_bytes(),
        body,
    ];
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Method and route: the path with its ids left out.
pub(super) fn operation(method: &Method, path: &str) -> String {
    let mut operation = String::with_capacity(path.len() + 8);
    operation.push_str(method.as_str());
    operation.push(' ');
    for segment in path.split('/').filter(|s| !s.is_empty()) {
        operation.push('/');
        operation.push_str(if Uuid::try_parse(segment).is_ok() { "{id}" } else { segment });
    }
    // paths are short; a hostile one is refused by routing, but must fit the column until then
    operation.truncate(operation.char_indices().nth(200).map_or(operation.len(), |(at, _)| at));
    operation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(uri: &str) -> Request {
        Request::builder().method(Method::POST).uri_str(uri).content_type("application/json; charset=utf-8").finish()
    }

    #[test]
    fn order_of_the_query_does_not_matter_everything_else_does() {
        let a = of(&request("/x?b=2&a=1"), b"{}");
        assert_eq!(a, of(&request("/x?a=1&b=2"), b"{}"));
        assert_ne!(a, of(&request("/x?a=1&b=3"), b"{}"));
        assert_ne!(a, of(&request("/y?a=1&b=2"), b"{}"));
        assert_ne!(a, of(&request("/x?a=1&b=2"), b"{ }"));
    }

    #[test]
    fn ids_are_left_out_of_the_operation() {
        let path = "/api/v1/bookings/01900000-0000-7000-8000-000000000001/confirm";
        assert_eq!(operation(&Method::POST, path), "POST /api/v1/bookings/{id}/confirm");
    }
}
