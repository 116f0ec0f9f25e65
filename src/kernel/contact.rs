//! Ways to reach a person: one normal form of an e-mail address, so that two spellings are one customer.

/// The longest address that SMTP carries (RFC 5321 4.5.3.1.3).
pub const EMAIL_MAX: usize = 254;

/// Trims and lower-cases an address; `None` when it cannot be one.
///
/// The local part is folded too: no provider that people use tells `Ana@` from `ana@`.
#[must_use]
pub fn normal_email(raw: &str) -> Option<String> {
    let email = raw.trim().to_lowercase();
    let (local, domain) = email.rsplit_once('@')?;
    let printable =
        email.bytes().all(|b| b > 0x20 && b != 0x7f) && !email.contains(['<', '>', '"', '(', ')', ',', ';', ':', '\\']);
    let dotted =
        |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.') && !part.contains("..");
    let fits = email.len() <= EMAIL_MAX && local.len() <= 64;
    (printable && fits && dotted(local) && dotted(domain) && !local.contains('@')).then_some(email)
}

#[cfg(test)]
mod tests {
    use super::normal_email;

    #[test]
    fn folds_and_refuses() {
        assert_eq!(normal_email(" Ana@Example.COM "), Some("ana@example.com".into()));
        for bad in [
            "",
            "ana",
            "@example.com",
            "ana@",
            "a b@example.com",
            "a..b@example.com",
            "ana@example..com",
            "a@b@c.com",
            "a\r\nb@c.com",
        ] {
            assert_eq!(normal_email(bad), None, "{bad:?}");
        }
    }
}
