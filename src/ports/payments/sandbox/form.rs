//! Form-encoded parameters with brackets, as Stripe takes them: `metadata[a]=1`, `items[0][price]=x`, `expand[]=y`.
//! A list is a tree whose names are numbers.

use std::collections::BTreeMap;

/// A parameter: a text, or more of them by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Form {
    text: Option<String>,
    below: BTreeMap<String, Form>,
}

static NOTHING: Form = Form { text: None, below: BTreeMap::new() };

impl Form {
    /// Reads a body or a query.
    pub(super) fn read(encoded: &str) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs(encoded) {
            form.set(&name, value);
        }
        form
    }

    fn set(&mut self, name: &str, value: String) {
        let mut at = self;
        for part in name.split('[').map(|part| part.trim_end_matches(']')) {
            let part = if part.is_empty() { at.below.len().to_string() } else { part.to_owned() };
            at = at.below.entry(part).or_default();
        }
        at.text = Some(value);
    }

    /// What stands below a name; nothing stands below one that is missing.
    pub(super) fn at(&self, name: &str) -> &Self {
        self.below.get(name).unwrap_or(&NOTHING)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.at(name).text.as_deref()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_none() && self.below.is_empty()
    }

    /// The members of a list in their order.
    pub(super) fn list(&self, name: &str) -> Vec<&Self> {
        let mut members: Vec<_> = self.at(name).below.iter().collect();
        members.sort_by_key(|(number, _)| number.parse::<u32>().unwrap_or(u32::MAX));
        members.into_iter().map(|(_, member)| member).collect()
    }

    /// A list of texts.
    pub(super) fn texts(&self, name: &str) -> Vec<&str> {
        self.list(name).into_iter().filter_map(|member| member.text.as_deref()).collect()
    }

    /// The texts below a name, as of metadata.
    pub(super) fn map(&self, name: &str) -> BTreeMap<String, String> {
        let below = self.at(name).below.iter();
        below.filter_map(|(name, form)| Some((name.clone(), form.text.clone()?))).collect()
    }
}

/// The parameters as they compare: decoded and in order.
pub(super) fn pairs(encoded: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = encoded
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    pairs.sort();
    pairs
}

/// Text with `%41` and `+` read.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, beyond @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high * 16 + low);
                    rest = beyond;
                }
                _ => bytes.push(b'%'),
            },
            (other, _) => bytes.push(*other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_make_a_tree() {
        let form = Form::read(
            "amount=100&metadata[a%20b]=1+2&items[10][price]=b&items[2][price]=a&expand[]=x&expand[]=y&off%5Bsession%5D=true",
        );
        assert_eq!(form.text("amount"), Some("100"));
        assert_eq!(form.map("metadata")["a b"], "1 2");
        assert_eq!(form.list("items").iter().map(|item| item.text("price").unwrap()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(form.texts("expand"), ["x", "y"]);
        assert!(form.at("off").flag("session"));
        assert!(form.at("missing").at("deeper").is_empty());
    }

    #[test]
    fn what_is_no_escape_stays_as_it_is() {
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%zz%C3%BC"), "%zz\u{fc}");
    }

    #[test]
    fn order_and_spelling_make_no_difference() {
        assert_eq!(pairs("b=2&a=%31"), pairs("a=1&b=2"));
    }
}
