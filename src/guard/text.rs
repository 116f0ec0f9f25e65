//! Strings that say what they hold: how long, whether they may have lines, and that white space
//! around them is cut off. Numbers, booleans and control characters are not text.
//!
//! The length counts characters (Unicode scalar values). The least length counts after trimming; the
//! schema's pattern says so, which is why a blank string is refused with a pointer like any other.
use std::{borrow::Cow, fmt, ops::Deref};

use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef},
    types::{ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type},
};
use serde_json::Value;

/// One line, for names and titles.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MIN: usize, const MAX: usize>(String);

/// Several lines, for notes and descriptions. Line ends are kept as they come.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prose<const MIN: usize, const MAX: usize>(String);

/// An e-mail address as it was typed, trimmed by nobody: white space makes it invalid.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

/// The longest address that a mail server must take (RFC 5321, a path without its brackets).
const EMAIL_MAX: usize = 254;
const ONE_LINE: &str = r"\x00-\x1F\x7F";
const LINES: &str = r"\x00-\x08\x0B\x0C\x0E-\x1F\x7F";

fn is_line_break(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r')
}

/// Matches when at least `min` characters are left after trimming and none is a control character.
fn pattern(min: usize, control: &str) -> String {
    match min {
        0 => format!("^[^{control}]*$"),
        1 => format!(r"^[^{control}]*[^\s{control}][^{control}]*$"),
        n => {
            let inner = n - 2;
            format!(r"^[^{control}]*[^\s{control}][^{control}]{{{inner},}}[^\s{control}][^{control}]*$")
        }
    }
}

fn trimmed(text: &str, min: usize, max: usize, lines: bool) -> Result<String, &'static str> {
    if text.chars().count() > max {
        return Err("too long");
    }
    let text = text.trim();
    if text.chars().count() < min {
        return Err("too short");
    }
    if text.chars().any(|c| c.is_ascii_control() && !(lines && is_line_break(c))) {
        return Err("has control characters");
    }
    Ok(text.to_owned())
}

fn address(text: &str) -> Result<String, &'static str> {
    let plain = text.len() <= EMAIL_MAX && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    match text.rsplit_once('@') {
        Some((local, domain)) if plain && !local.is_empty() && !domain.is_empty() => Ok(text.to_owned()),
        _ => Err("not an e-mail address"),
    }
}

macro_rules! text_type {
    ([$($params:tt)*] $ty:ty, $name:expr, $schema:expr, $read:expr) => {
        impl<$($params)*> $ty {
            pub fn parse(text: &str) -> Result<Self, &'static str> {
                ($read)(text).map(Self)
            }

            /// Text that was checked before, such as a stored one or an example.
            pub fn of(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl<$($params)*> Deref for $ty {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl<$($params)*> fmt::Display for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<$($params)*> From<$ty> for String {
            fn from(text: $ty) -> String {
                text.0
            }
        }

        impl<$($params)*> Type for $ty {
            const IS_REQUIRED: bool = true;
            type RawValueType = String;
            type RawElementValueType = String;

            fn name() -> Cow<'static, str> {
                $name
            }

            fn schema_ref() -> MetaSchemaRef {
                MetaSchemaRef::Inline(Box::new($schema))
            }

            fn as_raw_value(&self) -> Option<&String> {
                Some(&self.0)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a String> + 'a> {
                Box::new(self.as_raw_value().into_iter())
            }

            fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl<$($params)*> ParseFromJSON for $ty {
            fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
                match value.unwrap_or_default() {
                    Value::String(text) => Self::parse(&text).map_err(ParseError::custom),
                    other => Err(ParseError::expected_type(other)),
                }
            }
        }

        impl<$($params)*> ParseFromParameter for $ty {
            fn parse_from_parameter(value: &str) -> ParseResult<Self> {
                Self::parse(value).map_err(ParseError::custom)
            }
        }

        impl<$($params)*> ToJSON for $ty {
            fn to_json(&self) -> Option<Value> {
                Some(self.0.clone().into())
            }
        }
    };
}

fn text_schema(min: usize, max: usize, control: &str) -> MetaSchema {
    MetaSchema {
        min_length: (min > 0).then_some(min),
        max_length: Some(max),
        pattern: Some(pattern(min, control)),
        ..MetaSchema::new("string")
    }
}

text_type!(
    [const MIN: usize, const MAX: usize] Text<MIN, MAX>,
    format!("text_{MIN}_{MAX}").into(),
    text_schema(MIN, MAX, ONE_LINE),
    |text| trimmed(text, MIN, MAX, false)
);
text_type!(
    [const MIN: usize, const MAX: usize] Prose<MIN, MAX>,
    format!("prose_{MIN}_{MAX}").into(),
    text_schema(MIN, MAX, LINES),
    |text| trimmed(text, MIN, MAX, true)
);
text_type!(
    [] Email,
    "email".into(),
    MetaSchema {
        max_length: Some(EMAIL_MAX),
        example: Some("ada@example.com".into()),
        ..MetaSchema::new_with_format("string", "email")
    },
    address
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_around_is_cut_and_not_counted() {
        assert_eq!(&*Text::<1, 10>::parse("  Ada  ").unwrap(), "Ada");
        assert!(Text::<1, 10>::parse("   ").is_err());
        assert!(Text::<4, 10>::parse(" Ada ").is_err());
        assert!(Text::<1, 3>::parse("Ädaö").is_err());
        assert!(Text::<1, 4>::parse("Ädaö").is_ok());
    }

    #[test]
    fn one_line_means_one_line() {
        assert!(Text::<0, 10>::parse("a\nb").is_err());
        assert!(Prose::<0, 10>::parse("a\nb").is_ok());
        assert!(Prose::<0, 10>::parse("a\0b").is_err());
    }

    #[test]
    fn only_strings_are_text() {
        for value in [Value::Bool(false), 7.into(), Value::Null] {
            assert!(Text::<0, 10>::parse_from_json(Some(value)).is_err());
        }
    }

    #[test]
    fn an_address_has_two_sides() {
        assert!(Email::parse("ada@example.com").is_ok());
        for text in ["ada", "@example.com", "ada@", " ada@example.com", "a\n@example.com"] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }
}
