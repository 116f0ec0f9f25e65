//! Tenant slugs: what a subdomain label may be, which words are ours, and how a name becomes one.

/// First path segments and host labels that the service needs for itself.
pub const RESERVED: &[&str] = &[
    "about",
    "account",
    "accounts",
    "admin",
    "api",
    "app",
    "assets",
    "auth",
    "b",
    "billing",
    "blog",
    "book",
    "cdn",
    "dashboard",
    "demo",
    "dev",
    "directory",
    "docs",
    "email",
    "ftp",
    "graphql",
    "health",
    "help",
    "imap",
    "internal",
    "jobs",
    "legal",
    "localhost",
    "login",
    "logout",
    "mail",
    "metrics",
    "mx",
    "ns",
    "ns1",
    "ns2",
    "oauth",
    "onboarding",
    "openapi",
    "operator",
    "organizations",
    "platform",
    "pop",
    "postmaster",
    "pricing",
    "privacy",
    "public",
    "register",
    "root",
    "security",
    "settings",
    "signup",
    "smtp",
    "sso",
    "static",
    "status",
    "support",
    "system",
    "tenant",
    "terms",
    "test",
    "tithi",
    "user",
    "users",
    "v1",
    "v2",
    "webhook",
    "webhooks",
    "well-known",
    "www",
];

/// Why a slug is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlugFault {
    /// Not 3 to 63 characters.
    Length,
    /// Something else than `a-z`, `0-9` and inner hyphens.
    Characters,
    /// One of [`RESERVED`].
    Reserved,
}

impl SlugFault {
    /// The sentence for the person who typed it.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Length => "must be 3 to 63 characters long",
            Self::Characters => "may hold lower-case letters, digits and inner hyphens only",
            Self::Reserved => "is a reserved word",
        }
    }
}

/// Checks a slug as it stands; nothing is folded.
///
/// # Errors
/// The first rule that it breaks.
pub fn check(slug: &str) -> Result<(), SlugFault> {
    if !(3..=63).contains(&slug.len()) {
        return Err(SlugFault::Length);
    }
    let plain = slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !plain || slug.starts_with('-') || slug.ends_with('-') || slug.starts_with("xn--") || slug.contains("--") {
        return Err(SlugFault::Characters);
    }
    if RESERVED.binary_search(&slug).is_ok() {
        return Err(SlugFault::Reserved);
    }
    Ok(())
}

/// A slug made of a name: `Zoë's Hair & Beauty` becomes `zoes-hair-beauty`. Always passes [`check`].
#[must_use]
pub fn from_name(name: &str) -> String {
    let slug = ascii(name, 50);
    match check(&slug) {
        Ok(()) => slug,
        Err(SlugFault::Reserved) => format!("{slug}-studio"),
        Err(_) if slug.is_empty() => "my-business".to_owned(),
        Err(_) => format!("{slug}-business"),
    }
}

/// The letters and digits of a name in ASCII, its words joined by single hyphens, at most `most` bytes.
/// Empty for a name without any that have a near letter.
#[must_use]
pub fn ascii(name: &str, most: usize) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match fold(c) {
            Some(part) => slug.push_str(part),
            None if c.is_ascii_alphanumeric() => slug.push(c),
            None if c == '\'' || c == '’' => {}
            None if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            None => {}
        }
        if slug.len() >= most {
            break;
        }
    }
    slug.truncate(most);
    slug.trim_matches('-').to_owned()
}

/// The nearest ASCII for the letters that names are full of.
fn fold(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ō' => "o",
        'ö' | 'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' | 'ş' => "s",
        'ß' => "ss",
        'ť' | 'ţ' => "t",
        'ù' | 'ú' | 'û' | 'ū' | 'ů' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_sorted_for_the_binary_search() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn names_become_slugs_that_pass() {
        for (name, slug) in [
            ("Zoë's Hair & Beauty", "zoes-hair-beauty"),
            ("  Größe  ", "groesse"),
            ("API", "api-studio"),
            ("東京", "my-business"),
            ("Al", "al-business"),
        ] {
            assert_eq!(from_name(name), slug);
            assert_eq!(check(slug), Ok(()));
        }
    }

    #[test]
    fn what_is_refused() {
        assert_eq!(check("ab"), Err(SlugFault::Length));
        assert_eq!(check("Salon"), Err(SlugFault::Characters));
        assert_eq!(check("-salon"), Err(SlugFault::Characters));
        assert_eq!(check("admin"), Err(SlugFault::Reserved));
    }
}
