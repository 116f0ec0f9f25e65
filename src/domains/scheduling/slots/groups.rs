//! Groups of a service's resources: of each so many different ones are needed at once, and of each so many units.

use ::entity::enums::{GroupPick, ResourceType};
use uuid::Uuid;

use super::query::{Found, GroupRow, LinkRow, ResourceRow};
use crate::domains::scheduling::rules::{Candidate, Order, rank};

/// One resource that is needed, and who could be it. Resources are named by their place in what was found.
#[derive(Clone, Debug)]
pub struct Need {
    pub position: i16,
    pub members: Vec<usize>,
    pick: GroupPick,
    units: Option<u32>,
    /// Nobody chose: somebody was asked for.
    pub named: bool,
}

/// What is needed, in the order of the groups; a group of which two are needed stands there twice. Who was asked for
/// takes the first place of the first group in which they stand.
pub fn groups(found: &Found, asked: Option<Uuid>) -> Vec<Need> {
    let mut positions: Vec<i16> = found.links.iter().map(|link| link.position).collect();
    positions.sort_unstable();
    positions.dedup();
    let mut asked = asked.and_then(|id| found.resources.iter().position(|resource| resource.id == id));
    let mut needs = Vec::with_capacity(positions.len());
    for position in positions {
        let row = found.groups.iter().find(|group| group.position == position);
        let members = members(found, position);
        for _ in 0..row.map_or(1, |group| group.count.max(1)) {
            let named = asked.take_if(|index| members.contains(index));
            needs.push(Need {
                position,
                members: named.map_or_else(|| members.clone(), |index| vec![index]),
                pick: row.map_or(GroupPick::FewestBookings, |group| group.pick),
                units: row.and_then(|group: &GroupRow| group.units),
                named: named.is_some(),
            });
        }
    }
    needs
}

fn members(found: &Found, position: i16) -> Vec<usize> {
    let inside = |id: Uuid| found.links.iter().any(|link| link.position == position && link.resource_id == id);
    (0..found.resources.len()).filter(|index| found.resources.get(*index).is_some_and(|r| inside(r.id))).collect()
}

/// Units that a booking takes of a resource: what its group says, else one of equipment, and a person or a room whole.
pub fn units(needs: &[Need], index: usize, resource: &ResourceRow) -> u32 {
    let said = needs.iter().filter(|need| need.members.contains(&index)).filter_map(|need| need.units).max();
    said.unwrap_or(match resource.kind {
        ResourceType::Equipment => 1,
        ResourceType::Staff | ResourceType::Room => resource.capacity.max(1),
    })
}

impl Need {
    /// Those of `free` that could be it, whose turn it is first. `load` is how much each has to do.
    pub fn ranked(&self, found: &Found, free: &[usize], load: impl Fn(usize) -> usize) -> Vec<usize> {
        let here: Vec<usize> = self.members.iter().copied().filter(|index| free.contains(index)).collect();
        let candidates: Vec<Candidate> = here.iter().map(|index| self.candidate(found, *index, load(*index))).collect();
        let order = match self.pick {
            GroupPick::FewestBookings => Order::FewestBookings,
            GroupPick::RoundRobin | GroupPick::LeastRecent => Order::LeastRecent,
            GroupPick::Priority => Order::Priority,
        };
        rank(order, &candidates).into_iter().filter_map(|place| here.get(place).copied()).collect()
    }

    fn candidate(&self, found: &Found, index: usize, load: usize) -> Candidate {
        let Some(resource) = found.resources.get(index) else { return Candidate::default() };
        let of = |link: &&LinkRow| link.position == self.position && link.resource_id == resource.id;
        let link = found.links.iter().find(of);
        Candidate {
            last_assigned: match self.pick {
                GroupPick::RoundRobin => resource.picked_at,
                _ => resource.assigned_at,
            },
            bookings: u32::try_from(load).unwrap_or(u32::MAX),
            weight: link.map_or(1, |link| link.weight),
            priority: link.map_or(0, |link| link.priority),
        }
    }
}
