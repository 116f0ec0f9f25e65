//! What a handler asks for in its signature, and what it answers with.
//!
//! Guards (who may, how often) stand before the body in the arguments, so that a stranger gets 401
//! and not 400. A wire type's schema is the one that is published and the one that is enforced.
pub mod body;
pub mod can;
pub mod date;
pub mod etag;
pub mod fresh;
pub mod key;
pub mod once;
pub mod page;
pub mod patch;
pub mod reply;
pub mod schema;
pub mod sheet;
pub mod sort;
pub mod strict_json;
pub mod tag;
pub mod text;
pub mod timestamp;
mod verdict;

pub use body::Body;
pub use can::{Anyone, Can, Inbound, LoggedIn, Operator, Visitor};
pub use date::Date;
pub use etag::{ETag, IfMatch, IfNoneMatch};
pub use fresh::{Fresh, Keeper};
pub use key::{OptionalKey, RequiredKey};
pub use once::Once;
pub use page::{Binding, CursorKey, Listing, Page};
pub use patch::Patch;
pub use reply::{Accepted, Created, NoContent, Reply};
pub use sheet::Sheet;
pub use sort::{Sort, Sortable};
pub use tag::Tag;
pub use text::{Email, Prose, Text};
pub use timestamp::Timestamp;
