//! Other spellings of a path. They are rewritten to the canonical one before routing, answer with
//! `Deprecation` and a link to the successor, and stay out of the published document.

use poem::Request;
use poem::http::Uri;
use poem::http::uri::PathAndQuery;

/// Since when the old spellings are deprecated, as `Deprecation` says it (RFC 9745): 1 January 2026, before
/// there was any other.
pub(super) const SINCE: &str = "@1767225600";

/// Path as called, path that answers. A `*` at the end stands for any rest, at least a segment; `{slug}` for a
/// business's label, which `b` is not. What is booked lies below `/v1/b/{slug}`, the business itself at `/v1/{slug}`.
const ALIASES: &[(&str, &str)] = &[
    ("/auth/login", "/api/v1/auth/login"),
    ("/auth/register", "/api/v1/auth/register"),
    ("/auth/refresh", "/api/v1/auth/refresh"),
    ("/auth/logout", "/api/v1/auth/logout"),
    ("/api/user/login", "/api/v1/auth/login"),
    ("/v1/b/{slug}", "/v1/{slug}"),
    ("/v1/b/{slug}/info", "/v1/{slug}/info"),
    ("/v1/b/{slug}/services", "/v1/{slug}/services"),
    ("/v1/{slug}/availability", "/v1/b/{slug}/availability"),
    ("/v1/{slug}/bookings", "/v1/b/{slug}/bookings"),
    ("/v1/{slug}/bookings/*", "/v1/b/{slug}/bookings/*"),
    ("/api/payments/intent/*", "/api/v1/payments/intents/*"),
    ("/api/v1/payments/intent/*", "/api/v1/payments/intents/*"),
    ("/api/payments/*", "/api/v1/payments/*"),
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
    ALIASES.iter().find_map(|(old, new)| {
        let (slug, rest) = fit(path, old)?;
        let new = new.replacen(SLUG, slug, 1);
        Some(match new.strip_suffix('*') {
            Some(new) => format!("{new}{rest}"),
            None => new,
        })
    })
}

const SLUG: &str = "{slug}";

/// The slug and the rest of a path that fits a spelling; either may be nothing.
fn fit<'p>(path: &'p str, spelling: &str) -> Option<(&'p str, &'p str)> {
    let (slug, path, spelling) = match spelling.split_once(SLUG) {
        Some((before, after)) => {
            let path = path.strip_prefix(before)?;
            let (slug, path) = path.split_at(path.find('/').unwrap_or(path.len()));
            (Some(slug).filter(|slug| !slug.is_empty() && *slug != "b")?, path, after)
        }
        None => ("", path, spelling),
    };
    match spelling.strip_suffix('*') {
        Some(start) => Some((slug, path.strip_prefix(start).filter(|rest| !rest.is_empty())?)),
        None => (path == spelling).then_some((slug, "")),
    }
}

#[cfg(test)]
mod tests {
    use super::successor;

    #[test]
    fn old_spellings_have_successors() {
        assert_eq!(successor("/auth/login").as_deref(), Some("/api/v1/auth/login"));
        let bulk = successor("/api/v1/admin/bookings/bulk-action");
        assert_eq!(bulk.as_deref(), Some("/api/v1/admin/bookings/bulk-actions"));
        assert_eq!(successor("/organizations/7/invoices").as_deref(), Some("/api/v1/organizations/7/invoices"));
        assert_eq!(successor("/organizations/"), None);
        assert_eq!(successor("/api/payments/checkout").as_deref(), Some("/api/v1/payments/checkout"));
        for singular in ["/api/payments/intent/7/confirm", "/api/v1/payments/intent/7/confirm"] {
            assert_eq!(successor(singular).as_deref(), Some("/api/v1/payments/intents/7/confirm"));
        }
    }

    #[test]
    fn what_is_booked_lies_below_b_and_the_business_does_not() {
        for (path, expected) in [
            ("/v1/b/salon", "/v1/salon"),
            ("/v1/b/salon/info", "/v1/salon/info"),
            ("/v1/b/salon/services", "/v1/salon/services"),
            ("/v1/salon/availability", "/v1/b/salon/availability"),
            ("/v1/salon/bookings", "/v1/b/salon/bookings"),
            ("/v1/salon/bookings/token/cancel", "/v1/b/salon/bookings/token/cancel"),
            // a business may be called like a page
            ("/v1/b/bookings", "/v1/bookings"),
            ("/v1/bookings/bookings", "/v1/b/bookings/bookings"),
        ] {
            assert_eq!(successor(path).as_deref(), Some(expected), "{path}");
        }
        for canonical in [
            "/v1/b",
            "/v1/b/",
            "/v1/salon",
            "/v1/salon/services",
            "/v1/b/salon/availability",
            "/v1/b/salon/bookings/token",
            "/v1/b/bookings/bookings/token",
            "/v1/b/salon/feeds/secret/calendar.ics",
            "/v1/salon/availability/more",
            "/v1/salon/bookings/",
        ] {
            assert_eq!(successor(canonical), None, "{canonical}");
        }
    }
}
