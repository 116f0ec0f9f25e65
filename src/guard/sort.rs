//! The order of a list as a query parameter: a word from the list's own allow-list, a leading `-` turns
//! it round. The allow-list stands once, at the entity's [`Sortable`], and the document shows it.
use std::{borrow::Cow, fmt};

use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef},
    types::{ParseError, ParseFromParameter, ParseResult, Type},
};

/// Something whose lists can be put in order.
pub trait Sortable: Send + Sync + 'static {
    /// What a word stands for: a column that is never null.
    type Key: Copy + fmt::Debug + Send + Sync + 'static;
    /// The words. The first is the order of a list that asks for none.
    const KEYS: &'static [(&'static str, Self::Key)];
    /// Whether that first order is turned round.
    const NEWEST_FIRST: bool = false;
}

/// `sort=name`, `sort=-created_at`.
pub struct Sort<S: Sortable> {
    word: &'static str,
    key: S::Key,
    descending: bool,
}

impl<S: Sortable> Sort<S> {
    /// Reads a word of the allow-list.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (word, descending) = text.strip_prefix('-').map_or((text, false), |word| (word, true));
        let &(word, key) = S::KEYS.iter().find(|(known, _)| *known == word)?;
        Some(Self { word, key, descending })
    }

    #[must_use]
    pub fn key(&self) -> S::Key {
        self.key
    }

    #[must_use]
    pub fn descending(&self) -> bool {
        self.descending
    }
}

impl<S: Sortable> Default for Sort<S> {
    fn default() -> Self {
        let (word, key) = S::KEYS[0];
        Self { word, key, descending: S::NEWEST_FIRST }
    }
}

impl<S: Sortable> Clone for Sort<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Sortable> Copy for Sort<S> {}

impl<S: Sortable> fmt::Debug for Sort<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<S: Sortable> fmt::Display for Sort<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.word)
    }
}

impl<S: Sortable> Type for Sort<S> {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "sort".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let words = S::KEYS.iter().flat_map(|(word, _)| [(*word).to_owned(), format!("-{word}")]);
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            enum_items: words.map(Into::into).collect(),
            example: Some(Self::default().to_string().into()),
            ..MetaSchema::new("string")
        }))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

impl<S: Sortable> ParseFromParameter for Sort<S> {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        Self::parse(value).ok_or_else(|| {
            let words: Vec<&str> = S::KEYS.iter().map(|(word, _)| *word).collect();
            ParseError::custom(format!("use one of {}, with a leading - for the other way round", words.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Things;

    impl Sortable for Things {
        type Key = u8;
        const KEYS: &'static [(&'static str, u8)] = &[("created_at", 1), ("name", 2)];
        const NEWEST_FIRST: bool = true;
    }

    #[test]
    fn words_of_the_list_and_no_others() {
        let sort = Sort::<Things>::parse("-name").unwrap();
        assert_eq!((sort.key(), sort.descending(), sort.to_string()), (2, true, "-name".into()));
        assert_eq!(Sort::<Things>::default().to_string(), "-created_at");
        for text in ["", "-", "--name", "Name", "name ", "id"] {
            assert!(Sort::<Things>::parse(text).is_none(), "{text:?}");
        }
    }
}
