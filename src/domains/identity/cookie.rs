//! The session cookie: not for scripts, not sent along from other sites' forms, only for the host that set
//! it, so that each business has its own login.

use chrono::{DateTime, Utc};

use super::SESSION_COOKIE;

/// `Set-Cookie` that logs a browser in until the session ends.
pub fn set(token: &str, expires_at: DateTime<Utc>, now: DateTime<Utc>, base_url: &str) -> String {
    written(token, (expires_at - now).num_seconds().max(0), base_url)
}

/// `Set-Cookie` that makes the browser forget.
pub fn clear(base_url: &str) -> String {
    written("", 0, base_url)
}

fn written(token: &str, seconds: i64, base_url: &str) -> String {
    let secure = if base_url.starts_with("https://") { "; Secure" } else { "" };
    format!("{SESSION_COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_secure_where_the_site_is() {
        let now = DateTime::from_timestamp(1_772_443_800, 0).unwrap();
        let end = now + chrono::TimeDelta::days(1);
        let plain = "tithi_session=abc; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax";
        assert_eq!(set("abc", end, now, "http://localhost:8080"), plain);
        assert_eq!(set("abc", end, now, "https://tithi.example"), format!("{plain}; Secure"));
        assert_eq!(clear("http://localhost"), "tithi_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }
}
