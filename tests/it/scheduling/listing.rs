//! Listing against the brute-force reading, and the promise that listed means bookable.

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use tithi::domains::scheduling::rules::{Busy, Search, Slot, check, explain, slots};

use super::{
    oracle::{self, time},
    worlds::{Anchor, Groups, World, world},
};

fn listed(search: &Search) -> Vec<Slot> {
    slots(search).unwrap().iter().map(|offer| offer.to_slot()).collect()
}

fn settings(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// The properties below would hold in an empty world too.
#[test]
fn most_worlds_offer_something_and_all_kinds_come_up() {
    let mut runner = TestRunner::deterministic();
    let worlds: Vec<_> = (0..400).map(|_| world().new_tree(&mut runner).unwrap().current()).collect();
    let offering = |keep: &dyn Fn(&World) -> bool| {
        worlds.iter().filter(|w| keep(w) && !slots(&w.search()).unwrap().is_empty()).count()
    };
    assert!(offering(&|_| true) > 160, "{}", offering(&|_| true));
    for (what, keep) in [
        ("wall clock", (|w| matches!(w.anchor, Anchor::Wall)) as fn(&World) -> bool),
        ("free stretches", |w| matches!(w.anchor, Anchor::Free { .. })),
        ("everyone at once", |w| matches!(w.groups, Groups::All) && w.places.len() > 1),
        ("classes", |w| w.seats.is_some()),
        ("limits", |w| w.limit.is_some()),
        ("pools", |w| w.places.iter().any(|p| p.capacity > 1)),
    ] {
        assert!(offering(&keep) > 10, "{what}: {}", offering(&keep));
    }
}

proptest! {
    #![proptest_config(settings(300))]

    #[test]
    fn the_listing_is_what_brute_force_finds(world in world()) {
        let found: Vec<_> = listed(&world.search()).into_iter().map(|s| (s.start, s.resources)).collect();
        let expected: Vec<_> = oracle::slots(&world).into_iter().map(|(m, who)| (time(m), who)).collect();
        prop_assert_eq!(found, expected);
    }
}

proptest! {
    #![proptest_config(settings(100))]

    #[test]
    fn listed_means_bookable_and_nothing_else_is(world in world()) {
        let search = world.search();
        let listed = listed(&search);
        for minute in (world.from..world.to).step_by(7).chain(listed.iter().take(40).map(|s| s.start.timestamp() / 60)) {
            let start = time(minute);
            let slot = listed.iter().find(|slot| slot.start == start);
            let why = explain(&search, start);
            match (check(&search, start), slot) {
                (Ok(taken), Some(slot)) => prop_assert!(taken == *slot && why.is_empty(), "{:?} {:?}", taken, why),
                (Err(reason), None) => prop_assert!(why.first() == Some(&reason), "{:?} {:?}", reason, why),
                (taken, slot) => prop_assert!(false, "{}: checked {:?}, listed {:?}", start, taken, slot),
            }
        }
    }

    #[test]
    fn a_taken_slot_keeps_all_others_clear_of_it(world in world(), choice: prop::sample::Index) {
        let mut search = world.search();
        prop_assume!(search.service.seats.is_none());
        let before = listed(&search);
        prop_assume!(!before.is_empty());
        let slot = &before[choice.index(before.len())];
        let host = slot.resources[0] as usize;
        prop_assume!(search.resources[host].capacity == 1);
        let service = &search.service;
        let taken = Busy {
            buffer_before_min: service.buffer_before_min,
            buffer_after_min: service.buffer_after_min,
            ..Busy::new(slot.start, slot.end)
        };
        let apart = chrono::TimeDelta::minutes((service.buffer_before_min + service.buffer_after_min).into());
        search.resources[host].busy.push(taken);
        for other in listed(&search) {
            let meets = other.start < slot.end + apart && slot.start < other.end + apart;
            prop_assert!(!meets || !other.resources.contains(&(host as u32)), "{:?} meets {:?}", other, slot);
        }
    }

    #[test]
    fn a_narrower_query_lists_the_same(world in world(), cut in 1..2_000i64) {
        let mut search = world.search();
        let all = listed(&search);
        search.from += chrono::TimeDelta::minutes(cut.min(world.to - world.from));
        let later: Vec<_> = all.into_iter().filter(|slot| slot.start >= search.from).collect();
        prop_assert_eq!(listed(&search), later);
    }
}
