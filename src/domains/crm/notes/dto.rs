//! Notes on the wire.

use ::entity::customer_notes;
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::guard::{Prose, Sort, Timestamp};

/// The orders of a list of notes.
pub type CustomerNoteSort = Sort<customer_notes::Entity>;

/// What is to be noted.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct CustomerNoteWrite {
    /// What the staff should know.
    pub content: Prose<1, 10000>,
}

/// Something that was noted about a customer.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct CustomerNote {
    pub id: Uuid,
    /// Whom it is about.
    pub customer_id: Uuid,
    /// What the staff should know.
    #[oai(validator(max_length = 10000))]
    pub content: String,
    /// The person who wrote it.
    pub created_by: Uuid,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<customer_notes::Model> for CustomerNote {
    fn from(row: customer_notes::Model) -> Self {
        Self {
            id: row.id.0,
            customer_id: row.customer_id.0,
            content: row.content,
            created_by: row.created_by.0,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

impl Example for CustomerNoteWrite {
    fn example() -> Self {
        Self { content: Prose::of("Prefers the chair by the window.") }
    }
}

impl Example for CustomerNote {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0007),
            customer_id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0004),
            content: CustomerNoteWrite::example().content.into(),
            created_by: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0006),
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}
