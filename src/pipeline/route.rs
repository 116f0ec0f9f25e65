//! What a path asks of the pipeline before any handler is known: which door, which rate class,
//! and whether credentials are looked at. poem tells the operation only after the call, so this
//! is a table of its own, walked once a request.

use poem::http::Method;

/// Which way a request takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The full way, for one tenant.
    Tenant,
    /// Before a tenant is known: sign-up, login, callbacks.
    Inbound,
    /// Operators of the platform.
    Platform,
    /// Past the pipeline: health, metrics, documents, keys. Nothing of a tenant is behind it.
    Open,
}

/// A rate class: what is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    Default,
    Bookings,
    /// Bookings by whoever has no login.
    PublicBookings,
    Payments,
    Auth,
    Check,
    /// What providers send us.
    Webhooks,
    Anonymous,
}

impl Class {
    /// Name in headers, keys and `settings_json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Bookings => "bookings",
            Self::PublicBookings => "public_bookings",
            Self::Payments => "payments",
            Self::Auth => "auth",
            Self::Check => "check",
            Self::Webhooks => "webhooks",
            Self::Anonymous => "anonymous",
        }
    }
}

/// A path, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route<'a> {
    pub door: Door,
    pub class: Class,
    /// The tenant's slug, where the path names one.
    pub slug: Option<&'a str>,
    /// The tenant's id, where the path names one.
    pub tenant_id: Option<&'a str>,
    /// Public pages never look at credentials; nor does a login, where an old one may still be sent along.
    pub public: bool,
    /// A read that is itself written down (who looked at what): its transaction must be able to write.
    pub noted: bool,
}

/// Reads a canonical path (see `pipeline::alias`).
#[must_use]
pub fn read<'a>(method: &Method, path: &'a str) -> Route<'a> {
    let mut parts = path.trim_start_matches('/').split('/');
    let segments = [parts.next(), parts.next(), parts.next(), parts.next()];
    let writes = !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let mut route =
        Route { door: Door::Tenant, class: Class::Default, slug: None, tenant_id: None, public: false, noted: false };
    match segments {
        [Some("v1"), Some("b"), Some(slug), page] if !slug.is_empty() => {
            route.slug = Some(slug);
            route.public = true;
            let guesses = matches!((page, parts.next()), (Some("coupons"), Some("validate")));
            let books = writes && matches!(page, Some("bookings" | "booking-itineraries" | "holds" | "waitlist" | "gift-cards" | "packages"));
            route.class = match (books, guesses) {
                (true, _) => Class::Bookings,
                (false, true) => Class::Check,
                (false, false) => Class::Anonymous,
            };
            // how a payment stands is asked of the provider, and what it says is written down
            route.noted = path.ends_with("/payment") && page == Some("bookings");
        }
        [Some("v1"), Some(slug), ..] if !slug.is_empty() => {
            route.slug = Some(slug);
            route.public = true;
            route.class = Class::Anonymous;
        }
        [
            Some(
                "" | "health" | "metrics" | "docs" | "assets" | "openapi.json" | "openapi-3.0.json" | ".well-known"
                | "favicon.ico" | "robots.txt",
            ),
            ..,
        ]
        // pages: each asks the API for its visitor, and is counted there
        | [Some("b"), Some(_), ..]
        | [Some("auth"), Some("health"), None, _] => route.door = Door::Open,
        [Some("api"), Some("admin"), ..] => route.door = Door::Platform,
        [Some("api"), Some("v1"), Some("users"), Some("me")] => {
            route.door = Door::Inbound;
            if writes && parts.next() == Some("subscription") {
                route.class = Class::Payments;
            }
        }
        // what a person has of the platform, under its other name
        [Some("api"), Some("user"), Some("subscription"), None] => {
            route.door = Door::Inbound;
            route.class = if writes { Class::Payments } else { Class::Default };
        }
        // for sale to everybody
        [Some("api"), Some("v1"), Some("plans"), None] => {
            route.door = Door::Inbound;
            route.public = true;
            route.class = Class::Anonymous;
        }
        [Some("api"), Some("v1"), Some("auth"), last] => {
            route.door = Door::Inbound;
            route.public = matches!(last, Some("login" | "register" | "refresh"));
            route.class = if writes { Class::Auth } else { Class::Default };
        }
        // whoever sends it proves that it is theirs by signing it
        [Some("api"), Some("v1"), Some("webhooks"), _] => {
            route.door = Door::Inbound;
            route.public = true;
            route.class = Class::Webhooks;
        }
        // the same for everybody, so nobody says who they are
        [Some("api"), Some("v1"), Some("directory"), None] => {
            route.door = Door::Inbound;
            route.public = true;
            route.class = Class::Anonymous;
        }
        // of the bookings of one business, unlike its neighbours
        [Some("api"), Some("v1"), Some("timezones"), Some("moved")] => {}
        [Some("api"), Some("v1"), Some("timezones"), _] | [Some("api"), Some("v1"), Some("tenants"), None] => {
            route.door = Door::Inbound;
        }
        [Some("api"), Some("v1"), Some("tenants" | "organizations"), Some(id)] => {
            route.tenant_id = Some(id);
            if writes && matches!(parts.next(), Some("payments" | "billing")) {
                route.class = Class::Payments;
            }
        }
        [Some("api"), Some("v1"), Some("bookings" | "booking-itineraries" | "booking-series"), _] if writes => {
            route.class = Class::Bookings;
        }
        [Some("api"), Some("v1"), Some("admin"), Some("bookings")] if writes => route.class = Class::Bookings,
        [Some("api"), Some("v1"), Some("admin"), Some("bookings")] => route.noted = true,
        [Some("api"), Some("v1"), Some("availability"), Some("holds")] if writes => route.class = Class::Bookings,
        [Some("api"), Some("v1"), Some("waitlist"), _] if writes => route.class = Class::Bookings,
        // whoever asks with a code could try out others
        [Some("api"), Some("v1"), Some("promotions"), Some("gift-cards")] if parts.next() == Some("balance") => {
            route.class = Class::Check;
        }
        [Some("api"), Some("v1"), Some("payments"), _] if writes => route.class = Class::Payments,
        // as above: one payment is read live
        [Some("api"), Some("v1"), Some("payments"), Some(one)] => route.noted = one != "methods",
        [Some("onboarding"), Some("check-subdomain"), ..] => {
            route.door = Door::Inbound;
            route.class = Class::Check;
        }
        [Some("onboarding"), ..] => route.door = Door::Inbound,
        _ => {}
    }
    route
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_find_their_door_and_class() {
        let cases = [
            (Method::GET, "/v1/salon/services", Door::Tenant, Class::Anonymous, Some("salon")),
            (Method::GET, "/v1/salon", Door::Tenant, Class::Anonymous, Some("salon")),
            (Method::POST, "/v1/b/salon/bookings", Door::Tenant, Class::Bookings, Some("salon")),
            (Method::POST, "/v1/b/salon/bookings/token/cancel", Door::Tenant, Class::Bookings, Some("salon")),
            (Method::POST, "/v1/b/salon/holds", Door::Tenant, Class::Bookings, Some("salon")),
            (Method::GET, "/v1/b/salon/feeds/secret/calendar.ics", Door::Tenant, Class::Anonymous, Some("salon")),
            (Method::POST, "/v1/b/salon/coupons/validate", Door::Tenant, Class::Check, Some("salon")),
            (Method::POST, "/v1/b/salon/gift-cards", Door::Tenant, Class::Bookings, Some("salon")),
            (Method::GET, "/v1/b/salon/packages", Door::Tenant, Class::Anonymous, Some("salon")),
            (Method::POST, "/v1/b/salon/packages/7/purchase", Door::Tenant, Class::Bookings, Some("salon")),
            (Method::POST, "/api/v1/promotions/gift-cards/balance", Door::Tenant, Class::Check, None),
            (Method::POST, "/api/v1/promotions/gift-cards/redeem", Door::Tenant, Class::Default, None),
            (Method::GET, "/api/v1/directory", Door::Inbound, Class::Anonymous, None),
            (Method::POST, "/api/v1/auth/login", Door::Inbound, Class::Auth, None),
            (Method::POST, "/api/v1/webhooks/stripe", Door::Inbound, Class::Webhooks, None),
            (Method::GET, "/api/admin/webhook-inbox", Door::Platform, Class::Default, None),
            (Method::GET, "/api/v1/bookings", Door::Tenant, Class::Default, None),
            (Method::POST, "/api/v1/bookings", Door::Tenant, Class::Bookings, None),
            (Method::POST, "/api/v1/booking-series", Door::Tenant, Class::Bookings, None),
            (Method::POST, "/v1/b/salon/booking-itineraries", Door::Tenant, Class::Bookings, Some("salon")),
            (Method::POST, "/api/v1/payments/checkout", Door::Tenant, Class::Payments, None),
            (Method::GET, "/api/v1/admin/bookings", Door::Tenant, Class::Default, None),
            (Method::POST, "/api/v1/admin/bookings/bulk-actions", Door::Tenant, Class::Bookings, None),
            (Method::GET, "/api/v1/timezones/version", Door::Inbound, Class::Default, None),
            (Method::GET, "/api/v1/timezones/moved", Door::Tenant, Class::Default, None),
            (Method::GET, "/api/v1/tenants", Door::Inbound, Class::Default, None),
            (Method::GET, "/onboarding/check-subdomain/x", Door::Inbound, Class::Check, None),
            (Method::GET, "/api/admin/tenants", Door::Platform, Class::Default, None),
            (Method::GET, "/api/v1/users/me", Door::Inbound, Class::Default, None),
            (Method::PUT, "/api/v1/users/me/subscription", Door::Inbound, Class::Payments, None),
            (Method::POST, "/api/user/subscription", Door::Inbound, Class::Payments, None),
            (Method::GET, "/api/v1/plans", Door::Inbound, Class::Anonymous, None),
            (Method::POST, "/api/v1/organizations/7/payments", Door::Tenant, Class::Payments, None),
            (Method::PUT, "/api/v1/organizations/7/subscription", Door::Tenant, Class::Default, None),
            (Method::GET, "/health/ready", Door::Open, Class::Default, None),
        ];
        for (method, path, door, class, slug) in cases {
            let route = read(&method, path);
            assert_eq!((route.door, route.class, route.slug), (door, class, slug), "{path}");
        }
    }

    #[test]
    fn only_reads_that_are_written_down_may_write() {
        for path in ["/api/v1/admin/bookings", "/api/v1/admin/bookings/export"] {
            assert!(read(&Method::GET, path).noted, "{path}");
        }
        for path in ["/api/v1/payments/7", "/v1/b/salon/bookings/token/payment"] {
            assert!(read(&Method::GET, path).noted, "{path}");
        }
        for path in ["/api/v1/payments", "/api/v1/payments/methods", "/v1/b/salon/bookings/token"] {
            assert!(!read(&Method::GET, path).noted, "{path}");
        }
        for path in ["/api/v1/bookings", "/api/v1/admin/services", "/api/v1/admin/dashboard", "/v1/admin/bookings"] {
            assert!(!read(&Method::GET, path).noted, "{path}");
        }
    }
}
