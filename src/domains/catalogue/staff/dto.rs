//! Staff profiles on the wire.

use ::entity::staff_profiles;
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::guard::{Prose, Sort, Text, Timestamp};

/// The orders of a list of staff.
pub type StaffSort = Sort<staff_profiles::Entity>;

/// A member of staff to be added.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct StaffCreate {
    /// What customers call them.
    pub display_name: Text<1, 255>,
    /// A few words about them.
    #[oai(nullable)]
    pub bio: Option<Prose<0, 10000>>,
    /// Address of a picture.
    #[oai(nullable, validator(pattern = "^https?://[^ ]+$", max_length = 500))]
    pub avatar_url: Option<String>,
    /// The membership with which they log in; null for somebody who never does.
    #[oai(nullable)]
    pub membership_id: Option<Uuid>,
    /// A resource of type staff that has no profile yet; null makes one.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
    /// Whether they can be booked.
    #[oai(default = "yes")]
    pub is_active: bool,
}

/// A profile as a PUT replaces it. The resource stays.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct StaffReplace {
    /// What customers call them.
    pub display_name: Text<1, 255>,
    /// A few words about them.
    #[oai(nullable)]
    pub bio: Option<Prose<0, 10000>>,
    /// Address of a picture.
    #[oai(nullable, validator(pattern = "^https?://[^ ]+$", max_length = 500))]
    pub avatar_url: Option<String>,
    /// The membership with which they log in; null for somebody who never does.
    #[oai(nullable)]
    pub membership_id: Option<Uuid>,
    /// Whether they can be booked.
    #[oai(default = "yes")]
    pub is_active: bool,
}

fn yes() -> bool {
    true
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct Staff {
    pub id: Uuid,
    /// What customers call them.
    #[oai(validator(max_length = 255))]
    pub display_name: String,
    /// A few words about them.
    #[oai(nullable, validator(max_length = 10000))]
    pub bio: Option<String>,
    /// Address of a picture.
    #[oai(nullable, validator(max_length = 500))]
    pub avatar_url: Option<String>,
    /// The membership with which they log in.
    #[oai(nullable)]
    pub membership_id: Option<Uuid>,
    /// What is booked when they are.
    pub resource_id: Uuid,
    /// Whether they can be booked.
    pub is_active: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<staff_profiles::Model> for Staff {
    fn from(row: staff_profiles::Model) -> Self {
        Self {
            id: row.id.0,
            display_name: row.display_name,
            bio: row.bio,
            avatar_url: row.avatar_url,
            membership_id: row.membership_id.map(Into::into),
            resource_id: row.resource_id.0,
            is_active: row.is_active,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

impl Example for StaffCreate {
    fn example() -> Self {
        let StaffReplace { display_name, bio, avatar_url, membership_id, is_active } = StaffReplace::example();
        Self { display_name, bio, avatar_url, membership_id, resource_id: None, is_active }
    }
}

impl Example for StaffReplace {
    fn example() -> Self {
        Self {
            display_name: Text::of("Mia Stone"),
            bio: Some(Prose::of("Colours since 2012.")),
            avatar_url: Some("https://cdn.example.com/mia.webp".into()),
            membership_id: None,
            is_active: true,
        }
    }
}

impl Example for Staff {
    fn example() -> Self {
        let made = StaffReplace::example();
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0003),
            display_name: made.display_name.into(),
            bio: made.bio.map(Into::into),
            avatar_url: made.avatar_url,
            membership_id: None,
            resource_id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0002),
            is_active: true,
            created_at: Timestamp::example(),
            updated_at: Timestamp::example(),
        }
    }
}
