//! What a service needs, on the wire.

use ::entity::enums;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use serde::Serialize;
use uuid::Uuid;

use crate::error::{ApiError, FieldError};
use crate::guard::Text;

/// Who of several free ones gets a booking that names nobody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Enum, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum GroupPick {
    /// Who has the least to do around that time, for their weight.
    #[default]
    FewestBookings,
    /// In turn: whose last booking of those that named nobody lies farthest back.
    RoundRobin,
    /// Whose last booking of any kind was made the longest ago.
    LeastRecent,
    /// Who has the highest priority.
    Priority,
}

impl From<GroupPick> for enums::GroupPick {
    fn from(pick: GroupPick) -> Self {
        match pick {
            GroupPick::FewestBookings => Self::FewestBookings,
            GroupPick::RoundRobin => Self::RoundRobin,
            GroupPick::LeastRecent => Self::LeastRecent,
            GroupPick::Priority => Self::Priority,
        }
    }
}

impl From<enums::GroupPick> for GroupPick {
    fn from(pick: enums::GroupPick) -> Self {
        match pick {
            enums::GroupPick::FewestBookings => Self::FewestBookings,
            enums::GroupPick::RoundRobin => Self::RoundRobin,
            enums::GroupPick::LeastRecent => Self::LeastRecent,
            enums::GroupPick::Priority => Self::Priority,
        }
    }
}

/// A resource in a group.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example, deny_unknown_fields)]
pub struct GroupMember {
    /// A live resource.
    pub resource_id: Uuid,
    /// The highest comes first, where the group picks by priority.
    #[oai(default, validator(minimum(value = "-1000"), maximum(value = "1000")))]
    pub priority: i32,
    /// Weight 2 takes twice as many bookings, where the group picks by what there is to do.
    #[oai(default = "one", validator(minimum(value = "1"), maximum(value = "100")))]
    pub weight: i32,
}

/// Resources of which so many are needed.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example, deny_unknown_fields)]
pub struct ResourceGroup {
    /// What the group is called.
    #[oai(nullable)]
    pub name: Option<Text<1, 100>>,
    /// Who of several free ones gets it.
    #[oai(default)]
    pub pick: GroupPick,
    /// How many different ones are needed at once.
    #[oai(default = "one", validator(minimum(value = "1"), maximum(value = "10")))]
    pub count: i32,
    /// Units that are taken of each; null is one of equipment, and a member of staff or a room as a whole.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "10000")))]
    pub units: Option<i32>,
    /// Who or what is in it, each once.
    #[oai(validator(max_items = 200))]
    pub members: Vec<GroupMember>,
}

fn one() -> i32 {
    1
}

/// What a service needs: `groups`, or `resource_ids` for one group of which any will do.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example, deny_unknown_fields)]
pub struct ServiceResourcesReplace {
    /// Ids of live resources, each once: any of them will do.
    #[oai(nullable, validator(max_items = 200, unique_items))]
    pub resource_ids: Option<Vec<Uuid>>,
    /// One of each of these is needed; the first is whom the customer meets.
    #[oai(nullable, validator(max_items = 10))]
    pub groups: Option<Vec<ResourceGroup>>,
}

impl ServiceResourcesReplace {
    /// The groups of either form.
    ///
    /// # Errors
    /// 400 for both or none of them, or a resource that stands twice in one group.
    pub fn groups(self) -> Result<Vec<ResourceGroup>, ApiError> {
        let groups = match (self.resource_ids, self.groups) {
            (Some(ids), None) => {
                let member = |resource_id| GroupMember { resource_id, priority: 0, weight: 1 };
                let members: Vec<GroupMember> = ids.into_iter().map(member).collect();
                let pick = GroupPick::default();
                return Ok(vec![ResourceGroup { name: None, pick, count: 1, units: None, members }]);
            }
            (None, Some(groups)) => groups,
            (None, None) => return Err(ApiError::field("#/groups", "required", "Give groups or resource_ids.")),
            (Some(_), Some(_)) => {
                return Err(ApiError::field("#/groups", "conflict", "Give groups or resource_ids, not both."));
            }
        };
        let mut faults = Vec::new();
        for (at, group) in groups.iter().enumerate() {
            for (place, member) in group.members.iter().enumerate() {
                if group.members.iter().take(place).any(|earlier| earlier.resource_id == member.resource_id) {
                    let pointer = format!("#/groups/{at}/members/{place}/resource_id");
                    faults.push(FieldError::new(pointer, "unique", "It stands in this group already."));
                }
            }
            if group.members.is_empty() {
                faults.push(FieldError::new(format!("#/groups/{at}/members"), "required", "A group has members."));
            }
        }
        if faults.is_empty() { Ok(groups) } else { Err(ApiError::validation(faults)) }
    }
}

/// What a service needs.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct ServiceResources {
    /// Every resource of every group, each once.
    pub resource_ids: Vec<Uuid>,
    /// One of each is needed; the first is whom the customer meets.
    pub groups: Vec<ResourceGroup>,
}

impl Example for GroupMember {
    fn example() -> Self {
        Self { resource_id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0002), priority: 0, weight: 1 }
    }
}

impl Example for ResourceGroup {
    fn example() -> Self {
        Self {
            name: Some(Text::of("Therapist")),
            pick: GroupPick::RoundRobin,
            count: 1,
            units: None,
            members: vec![GroupMember::example()],
        }
    }
}

impl Example for ServiceResourcesReplace {
    fn example() -> Self {
        Self { resource_ids: None, groups: Some(vec![ResourceGroup::example()]) }
    }
}

impl Example for ServiceResources {
    fn example() -> Self {
        Self { resource_ids: vec![GroupMember::example().resource_id], groups: vec![ResourceGroup::example()] }
    }
}
