//! The subdomain of a request. HTTP/2 has no Host header, a browser may send capitals, a port or a
//! trailing dot: poem's own host routing knows none of that.

use poem::Request;

/// The single label before the base domain, in ASCII lower case; `None` on the base domain itself and
/// on foreign hosts. `www` is the base domain.
#[must_use]
pub fn label(request: &Request, base: &str) -> Option<String> {
    let host = match request.uri().host() {
        Some(host) => host,
        None => request.header("host")?,
    };
    label_of(host, base)
}

fn label_of(host: &str, base: &str) -> Option<String> {
    let host = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(host, |(name, _)| name);
    let host = host.strip_suffix('.').unwrap_or(host);
    let ascii = idna::domain_to_ascii(host).ok()?;
    let label = ascii.strip_suffix(base)?.strip_suffix('.')?;
    (!label.is_empty() && !label.contains('.') && label != "www").then(|| label.to_owned())
}

#[cfg(test)]
mod tests {
    use super::label_of;

    #[test]
    fn hosts_in_all_spellings() {
        for (host, label) in [
            ("salon.localhost:8080", Some("salon")),
            ("SALON.LocalHost.", Some("salon")),
            ("localhost", None),
            ("www.localhost", None),
            ("a.salon.localhost", None),
            ("127.0.0.1:8080", None),
            ("[::1]:8080", None),
            ("salonlocalhost", None),
            ("salon.localhost.evil.example", None),
        ] {
            assert_eq!(label_of(host, "localhost").as_deref(), label, "{host}");
        }
    }
}
