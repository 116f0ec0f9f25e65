//! Origins of browsers (RFC 6454): scheme, host, port. A business may list `https` ones, and plain
//! `http` only on the developer's own machine.

/// Whether the text is an origin as a browser would send it, and one that may be listed.
#[must_use]
pub fn is_origin(text: &str) -> bool {
    if let Some(authority) = text.strip_prefix("https://") {
        return is_authority(authority);
    }
    let Some(authority) = text.strip_prefix("http://") else { return false };
    let (host, _) = split(authority);
    is_authority(authority) && (host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1")
}

fn split(authority: &str) -> (&str, Option<&str>) {
    authority.rsplit_once(':').map_or((authority, None), |(host, port)| (host, Some(port)))
}

/// Lower case, as browsers send it; no user, no path, no wildcard.
fn is_authority(authority: &str) -> bool {
    let (host, port) = split(authority);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let port = port.is_none_or(|port| !port.starts_with(['0', '+']) && port.parse::<u16>().is_ok());
    host.len() <= 253 && host.split('.').all(label) && port
}

#[cfg(test)]
mod tests {
    use super::is_origin;

    #[test]
    fn only_whole_https_origins_and_local_http() {
        for good in [
            "https://shop.example",
            "https://a.b.example:8443",
            "http://localhost:3000",
            "http://127.0.0.1",
            "http://x.localhost",
        ] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "http://shop.example",
            "https://",
            "https://*.example",
            "https://shop.example/",
            "https://Shop.example",
            "https://me@shop.example",
            "https://shop.example:0",
            "https://shop.example:70000",
            "https://-a.example",
            "http://localhost.evil.example",
            "null",
            "*",
            "ftp://localhost",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
