//! The `Idempotency-Key` header: a structured-field string (`"abc"`, the IETF draft) and a bare token
//! (Stripe's habit) are the same key.

use poem::Request;

use crate::error::{ApiError, Code};

/// A key as the caller meant it, without quotes. In the request's extensions when one was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(pub String);

pub(super) fn read(request: &Request) -> Result<Option<IdempotencyKey>, ApiError> {
    let mut values = request.headers().get_all("idempotency-key").iter();
    let Some(value) = values.next() else { return Ok(None) };
    let raw = value.to_str().ok().filter(|_| values.next().is_none());
    match raw.and_then(parse) {
        Some(key) => Ok(Some(IdempotencyKey(key))),
        None => Err(ApiError::new(
            Code::IdempotencyKeyInvalid,
            "Idempotency-Key takes one value of 1 to 255 visible ASCII characters.",
        )),
    }
}

fn parse(raw: &str) -> Option<String> {
    let raw = raw.trim();
    let key = match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) => unescape(quoted)?,
        None => raw.to_owned(),
    };
    ((1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic())).then_some(key)
}

/// RFC 9651 3.3.3: only the quote and the backslash are escaped.
fn unescape(quoted: &str) -> Option<String> {
    let mut key = String::with_capacity(quoted.len());
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => key.push(chars.next().filter(|c| matches!(c, '"' | '\\'))?),
            '"' => return None,
            c => key.push(c),
        }
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn both_spellings_are_one_key() {
        assert_eq!(parse("\"abc-1\""), Some("abc-1".into()));
        assert_eq!(parse(" abc-1 "), Some("abc-1".into()));
        assert_eq!(parse(r#""a\"b""#), Some("a\"b".into()));
        for bad in ["", "\"\"", "a b", "ä", r#""a"b""#, r#""a\n""#] {
            assert_eq!(parse(bad), None, "{bad:?}");
        }
        assert_eq!(parse(&"k".repeat(256)), None);
    }
}
