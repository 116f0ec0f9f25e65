//! What a caller is told of its bucket: `RateLimit` and `RateLimit-Policy` as structured fields, and
//! the older `X-RateLimit-*`.

use poem::http::{HeaderMap, HeaderName, HeaderValue};

use super::Spent;

/// Writes the headers of one bucket.
pub fn write(headers: &mut HeaderMap, spent: &Spent) {
    let wait = spent.refused.unwrap_or(0);
    // Retry-After must not be shorter than t
    let reset = if spent.refused.is_some() { wait } else { spent.reset };
    set(
        headers,
        "ratelimit-policy",
        &format!("\"{}\";q={};w={}", spent.policy, spent.allowance.quota, spent.allowance.window),
    );
    set(headers, "ratelimit", &format!("\"{}\";r={};t={}", spent.policy, spent.remaining, reset));
    set(headers, "x-ratelimit-limit", &spent.allowance.quota.to_string());
    set(headers, "x-ratelimit-remaining", &spent.remaining.to_string());
    set(headers, "x-ratelimit-reset", &reset.to_string());
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}
