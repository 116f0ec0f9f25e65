//! Lists: a limit, an opaque cursor, and the answer's envelope.
//!
//! A cursor is a position in one list: it carries a MAC over the tenant, the order and the filters,
//! so that it means nothing in another list and cannot be made up. It hides nothing that the list did
//! not show. Walking is by key, never by offset.
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::{
    Object,
    types::{ParseFromJSON, ToJSON},
};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;
use uuid::Uuid;

use crate::error::{ApiError, Code};

pub const DEFAULT_LIMIT: u64 = 20;
pub const MAX_LIMIT: u64 = 100;
/// Half of SHA-256: a forger gets one guess a request.
const MAC_BYTES: usize = 16;
const MAX_CURSOR: usize = 1024;

/// `limit`, `cursor` and `include_total` of a list. Each stands in the document of every operation
/// that answers with a [`Listing`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// 1 to 100.
    pub limit: u64,
    pub cursor: Option<String>,
    pub include_total: bool,
}

impl Default for Page {
    fn default() -> Self {
        Self { limit: DEFAULT_LIMIT, cursor: None, include_total: false }
    }
}

impl Page {
    /// From decoded query pairs. All faults are named at once.
    pub fn from_pairs<'p>(pairs: impl IntoIterator<Item = (&'p str, &'p str)>) -> Result<Self, ApiError> {
        let mut page = Self::default();
        let mut errors = Vec::new();
        let mut refuse = |field: &str, code: &str, detail: &str| {
            errors.push(crate::error::FieldError::new(format!("query/{field}"), code, detail));
        };
        let mut seen = Vec::new();
        for (name, value) in pairs {
            if !matches!(name, "limit" | "cursor" | "include_total") {
                continue;
            }
            if seen.contains(&name) {
                refuse(name, "duplicate", "Give it once.");
            }
            seen.push(name);
            match name {
                "limit" => match limit(value) {
                    Some(limit) => page.limit = limit,
                    None => refuse("limit", "range", "Use a whole number from 1 to 100."),
                },
                "cursor" if value.is_empty() || value.len() > MAX_CURSOR => {
                    refuse("cursor", "format", "Use the `next_cursor` of the page before.");
                }
                "cursor" => page.cursor = Some(value.to_owned()),
                _ => match value {
                    "true" => page.include_total = true,
                    "false" => page.include_total = false,
                    _ => refuse("include_total", "type", "Use true or false."),
                },
            }
        }
        if errors.is_empty() { Ok(page) } else { Err(ApiError::validation(errors)) }
    }

    /// The position to go on from, when the request has a cursor.
    pub fn after<P: DeserializeOwned>(&self, key: &CursorKey, binding: &Binding<'_>) -> Result<Option<P>, ApiError> {
        self.cursor.as_deref().map(|cursor| key.open(binding, cursor)).transpose()
    }
}

fn limit(value: &str) -> Option<u64> {
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    let limit = digits.then(|| value.parse().ok()).flatten()?;
    (1..=MAX_LIMIT).contains(&limit).then_some(limit)
}

impl<'a> FromRequest<'a> for Page {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        let pairs: Vec<(String, String)> = request
            .params()
            .map_err(|err| ApiError::new(Code::BadRequest, "The query cannot be read.").caused_by(err))?;
        let page = Self::from_pairs(pairs.iter().map(|(name, value)| (&**name, &**value)))?;
        Ok(page)
    }
}

/// The list that a cursor belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Binding<'a> {
    pub tenant: Uuid,
    /// Which list, and in which order: `bookings:-start_at`.
    pub sort: &'a str,
    /// The filters in one canonical spelling; the limit is not one of them.
    pub filter: &'a str,
}

/// The key of all cursors; every instance must have the same.
#[derive(Clone)]
pub struct CursorKey(Hmac<Sha256>);

impl std::fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CursorKey(..)")
    }
}

impl CursorKey {
    pub fn new(secret: &[u8; 32]) -> Self {
        // HMAC fills a key up to its block with zeros; doing it here leaves no length to go wrong
        let mut block = [0; 64];
        block[..32].copy_from_slice(secret);
        Self(Hmac::new(&block.into()))
    }

    fn mac(&self, binding: &Binding<'_>, position: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(b"tithi cursor 1");
        // lengths before parts, or two different lists could spell the same bytes
        for part in [binding.tenant.as_bytes(), binding.sort.as_bytes(), binding.filter.as_bytes(), position] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }

    /// A cursor for the position, usually `(sort value, id)` of the page's last row.
    pub fn seal<P: Serialize>(&self, binding: &Binding<'_>, position: &P) -> Result<String, ApiError> {
        let position = serde_json::to_vec(position).map_err(ApiError::internal)?;
        Ok(self.seal_bytes(binding, &position))
    }

    /// The same of what is bytes already.
    #[must_use]
    pub fn seal_bytes(&self, binding: &Binding<'_>, content: &[u8]) -> String {
        let tag = self.mac(binding, content).finalize().into_bytes();
        let mut bytes = Vec::with_capacity(MAC_BYTES + content.len());
        bytes.extend(tag.iter().take(MAC_BYTES));
        bytes.extend_from_slice(content);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// A name for what may not be written down itself: the same each time under one binding, and nobody without the key
    /// can go back, or try out what it is of.
    #[must_use]
    pub fn pseudonym(&self, binding: &Binding<'_>, content: &[u8]) -> String {
        let tag = self.mac(binding, content).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode(tag.iter().copied().take(16).collect::<Vec<u8>>())
    }

    /// What [`CursorKey::seal_bytes`] sealed.
    #[must_use]
    pub fn open_bytes(&self, binding: &Binding<'_>, sealed: &str) -> Option<Vec<u8>> {
        let mut bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (tag, content) = bytes.split_at_checked(MAC_BYTES)?;
        self.mac(binding, content).verify_truncated_left(tag).ok()?;
        Some(bytes.split_off(MAC_BYTES))
    }

    /// The position, if this key sealed it for this list.
    pub fn open<P: DeserializeOwned>(&self, binding: &Binding<'_>, cursor: &str) -> Result<P, ApiError> {
        self.try_open(binding, cursor).ok_or_else(|| {
            ApiError::of(Code::CursorInvalid).with_field(
                "query/cursor",
                "invalid",
                "Use the `next_cursor` of the page before, with the same filters and order.",
            )
        })
    }

    fn try_open<P: DeserializeOwned>(&self, binding: &Binding<'_>, cursor: &str) -> Option<P> {
        serde_json::from_slice(&self.open_bytes(binding, cursor)?).ok()
    }
}

/// One page of a list.
#[derive(Debug, Clone, Object)]
pub struct Listing<T: ParseFromJSON + ToJSON> {
    /// The entries, in the order that was asked for.
    #[oai(validator(max_items = 100))]
    pub data: Vec<T>,
    /// Whether there are more entries after these.
    pub has_more: bool,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[oai(nullable, validator(max_length = 1024))]
    pub next_cursor: Option<String>,
    /// How many entries there are in all; only with `include_total=true`.
    #[oai(skip_serializing_if_is_none)]
    pub total: Option<u64>,
}

impl<T: ParseFromJSON + ToJSON> Listing<T> {
    /// From one row more than the limit: the extra row says that there is a next page. `position`
    /// is asked for the last row that is shown.
    pub fn of<R, P: Serialize>(
        mut rows: Vec<R>,
        page: &Page,
        key: &CursorKey,
        binding: &Binding<'_>,
        position: impl Fn(&R) -> P,
        wire: impl Fn(R) -> T,
    ) -> Result<Self, ApiError> {
        let limit = usize::try_from(page.limit).map_err(ApiError::internal)?;
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = match rows.last() {
            Some(last) if has_more => Some(key.seal(binding, &position(last))?),
            _ => None,
        };
        let data = rows.into_iter().map(wire).collect();
        Ok(Self { data, has_more, next_cursor, total: None })
    }

    /// A page of a list that was read as a whole; `id` names an entry.
    pub fn part(
        all: Vec<T>,
        page: &Page,
        key: &CursorKey,
        binding: &Binding<'_>,
        id: impl Fn(&T) -> Uuid,
    ) -> Result<Self, ApiError> {
        let total = page.include_total.then_some(all.len() as u64);
        let rest: Vec<T> = match page.after::<Uuid>(key, binding)? {
            Some(last) => all.into_iter().skip_while(|entry| id(entry) != last).skip(1).collect(),
            None => all,
        };
        Ok(Self::of(rest, page, key, binding, id, |entry| entry)?.with_total(total))
    }

    /// All there is, on one page.
    pub fn whole(data: Vec<T>) -> Self {
        Self { data, has_more: false, next_cursor: None, total: None }
    }

    #[must_use]
    pub fn with_total(self, total: Option<u64>) -> Self {
        Self { total, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: Binding<'static> =
        Binding { tenant: Uuid::from_u128(1), sort: "bookings:-start_at", filter: "status=a" };

    fn key() -> CursorKey {
        CursorKey::new(&[7; 32])
    }

    #[test]
    fn a_cursor_leads_back_to_its_position() {
        let cursor = key().seal(&LIST, &("2026-01-01", 7)).unwrap();
        let position: (String, i32) = key().open(&LIST, &cursor).unwrap();
        assert_eq!(position, ("2026-01-01".to_owned(), 7));
    }

    #[test]
    fn a_cursor_is_good_for_one_list_only() {
        let cursor = key().seal(&LIST, &1).unwrap();
        let others = [
            Binding { tenant: Uuid::from_u128(2), ..LIST },
            Binding { sort: "bookings:start_at", ..LIST },
            Binding { filter: "status=b", ..LIST },
            // the border between two parts moves
            Binding { sort: "bookings:-start_ats", filter: "tatus=a", ..LIST },
        ];
        for other in others {
            let err = key().open::<i32>(&other, &cursor).unwrap_err();
            assert_eq!(err.code(), Code::CursorInvalid, "{other:?}");
        }
        assert!(CursorKey::new(&[8; 32]).open::<i32>(&LIST, &cursor).is_err());
    }

    #[test]
    fn no_changed_cursor_opens() {
        let cursor = key().seal(&LIST, &12345).unwrap();
        for at in 0..cursor.len() {
            for with in ["A", "B", "_"] {
                let mut forged = cursor.clone();
                forged.replace_range(at..=at, with);
                if forged != cursor {
                    assert!(key().open::<i32>(&LIST, &forged).is_err(), "{forged}");
                }
            }
            assert!(key().open::<i32>(&LIST, &cursor[..at]).is_err());
        }
    }

    #[test]
    fn limits_outside_are_refused() {
        let read = |value| Page::from_pairs([("limit", value)]);
        assert_eq!(read("1").unwrap().limit, 1);
        assert_eq!(read("100").unwrap().limit, 100);
        assert_eq!(Page::from_pairs([("status", "x")]).unwrap(), Page::default());
        for value in ["0", "101", "-1", "+5", "1.0", "", "ten", "99999999999999999999"] {
            assert_eq!(read(value).unwrap_err().errors()[0].pointer, "query/limit", "{value}");
        }
        assert!(Page::from_pairs([("limit", "5"), ("limit", "6")]).is_err());
    }

    #[test]
    fn one_row_more_than_the_limit_means_another_page() {
        let page = Page { limit: 2, ..Page::default() };
        let list = |rows: Vec<i32>| Listing::of(rows, &page, &key(), &LIST, |row| *row, |row| row).unwrap();
        let more = list(vec![1, 2, 3]);
        assert_eq!((more.data, more.has_more), (vec![1, 2], true));
        let position: i32 = key().open(&LIST, &more.next_cursor.unwrap()).unwrap();
        assert_eq!(position, 2);
        let last = list(vec![1, 2]);
        assert_eq!((last.has_more, last.next_cursor), (false, None));
    }
}
