//! Other spellings of a path. They are rewritten to the canonical one before routing, answer with
//! `Deprecation` and a link to the successor, and stay out of the published document.

use poem::Request;
use poem::http::Uri;
use poem::http::uri::PathAndQuery;

/// Since when the old spellings are deprecated, as `Deprecation` says it (RFC 9745): 1 January 2026, before
/// there was any other.
pub(super) const SINCE: &str = "@1767225600";

/// Path as called, path that answers. A `*` at the end stands for any rest, at least a segment.
const ALIASES: &[(&str, &str)] = &[
    ("/auth/login", "/api/v1/auth/login"),
    ("/auth/register", "/api/v1/auth/register"),
    ("/auth/refresh", "/api/v1/auth/refresh"),
    ("/auth/logout", "/api/v1/auth/logout"),
    ("/api/user/login", "/api/v1/auth/login"),
    ("/v1/b/*", "/v1/*"),
    ("/organizations/*", "/api/v1/organizations/*"),
    ("/api/v1/admin/bookings/bulk-action", "/api/v1/admin/bookings/bulk-actions"),
];

/// The successor of an old spelling, left in the request's extensions.
#[derive(Clone, Debug)]
pub struct Successor(pub String);

/// Rewrites an old spelling; leaves everything else as it is.
pub fn rewrite(request: &mut Request) {
    let Some(path) = successor(request.uri().path()) else { return };
    let target = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path.clone(),
    };
    let Ok(path_and_query) = PathAndQuery::try_from(target) else { return };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = Some(path_and_query);
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
        request.extensions_mut().insert(Successor(path));
    }
}

/// The canonical spelling of a path, where it has an old one.
#[must_use]
pub fn successor(path: &str) -> Option<String> {
    ALIASES.iter().find_map(|(old, new)| match (old.strip_suffix('*'), new.strip_suffix('*')) {
        (Some(old), Some(new)) => {
            path.strip_prefix(old).filter(|rest| !rest.is_empty()).map(|rest| format!("{new}{rest}"))
        }
        _ => (path == *old).then(|| (*new).to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::successor;

    #[test]
    fn old_spellings_have_successors() {
        assert_eq!(successor("/auth/login").as_deref(), Some("/api/v1/auth/login"));
        assert_eq!(successor("/v1/b/salon/services").as_deref(), Some("/v1/salon/services"));
        let bulk = successor("/api/v1/admin/bookings/bulk-action");
        assert_eq!(bulk.as_deref(), Some("/api/v1/admin/bookings/bulk-actions"));
        assert_eq!(successor("/v1/b/"), None);
        assert_eq!(successor("/v1/salon"), None);
    }
}
