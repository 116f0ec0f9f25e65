//! Visits against every combination there is, in small random worlds.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
}

fn time(start: i64, length: i64, (before, after): (i64, i64), choices: Vec<Vec<u128>>) -> Time {
    let choices = choices.into_iter().map(|of| of.into_iter().map(Uuid::from_u128).collect()).collect();
    let occupied = Interval::new(at(start - before), at(start + length + after));
    Time { start: at(start), end: at(start + length), occupied, choices }
}

fn wish(in_order: bool, gaps: (i64, i64), keep: usize) -> VisitWish {
    let (min_gap, max_gap) = (TimeDelta::minutes(gaps.0), TimeDelta::minutes(gaps.1));
    VisitWish { in_order, min_gap, max_gap, until: at(400), keep, max_steps: 200_000 }
}

fn errand() -> impl Strategy<Value = Errand> {
    let choices = vec(vec(0..4u128, 1..3), 1..3);
    let times = vec((0..30i64, choices), 0..6);
    (times, 1..4i64, (0..3i64, 0..3i64)).prop_map(|(times, length, buffers)| {
        let mut times: Vec<Time> = times
            .into_iter()
            .map(|(start, of)| time(start * 10, length * 10, (buffers.0 * 5, buffers.1 * 5), of))
            .collect();
        times.sort_by_key(|time| time.start);
        times.dedup_by_key(|time| time.start);
        Errand { times, alike: 0 }
    })
}

/// Whether some choice of resources serves all stops: every one is tried.
fn served(times: &[&Time], chosen: &mut Vec<(usize, Uuid)>, stop: usize, need: usize) -> bool {
    let Some(time) = times.get(stop) else { return true };
    let Some(choices) = time.choices.get(need) else { return served(times, chosen, stop + 1, 0) };
    choices.iter().any(|resource| {
        let clash = chosen.iter().any(|(other, taken)| {
            taken == resource && (*other == stop || times[*other].occupied.overlaps(&time.occupied))
        });
        if clash {
            return false;
        }
        chosen.push((stop, *resource));
        let found = served(times, chosen, stop, need + 1);
        chosen.pop();
        found
    })
}

/// Idle minutes and start of every visit there is, in order.
fn every(errands: &[Errand], wish: &VisitWish) -> Vec<(TimeDelta, DateTime<Utc>)> {
    fn go(
        errands: &[Errand],
        wish: &VisitWish,
        placed: &mut Vec<(usize, usize)>,
        found: &mut Vec<(TimeDelta, DateTime<Utc>)>,
    ) {
        let times: Vec<&Time> = placed.iter().map(|(e, t)| &errands[*e].times[*t]).collect();
        if placed.len() == errands.len() {
            let gaps: Vec<TimeDelta> = times.windows(2).map(|pair| pair[1].start - pair[0].end).collect();
            let fits = gaps.iter().all(|gap| *gap >= wish.min_gap && *gap <= wish.max_gap);
            if fits && times.iter().all(|time| time.end <= wish.until) && served(&times, &mut Vec::new(), 0, 0) {
                found.push((gaps.into_iter().sum(), times[0].start));
            }
            return;
        }
        for errand in 0..errands.len() {
            if placed.iter().any(|(e, _)| *e == errand) || wish.in_order && errand != placed.len() {
                continue;
            }
            for time in 0..errands[errand].times.len() {
                placed.push((errand, time));
                go(errands, wish, placed, found);
                placed.pop();
            }
        }
    }
    let mut found = Vec::new();
    go(errands, wish, &mut Vec::new(), &mut found);
    found.sort();
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_best_of_all_are_found(
        errands in vec(errand(), 1..4), in_order in any::<bool>(), gaps in (0..3i64, 3..12i64), keep in 1..6usize,
    ) {
        let errands: Vec<Errand> = errands.into_iter().enumerate().map(|(alike, e)| Errand { alike, ..e }).collect();
        let wish = wish(in_order, (gaps.0 * 5, gaps.1 * 5), keep);
        let found = visits(&errands, &wish);
        prop_assert!(!found.truncated);
        let told: Vec<_> = found.visits.iter().map(|visit| (visit.idle, visit.start)).collect();
        let mut all = every(&errands, &wish);
        all.truncate(keep);
        prop_assert_eq!(told, all);
        for visit in &found.visits {
            for (number, stop) in visit.stops.iter().enumerate() {
                let here = &errands[stop.errand].times[stop.time];
                prop_assert_eq!(stop.resources.len(), here.choices.len());
                prop_assert!(stop.resources.iter().zip(&here.choices).all(|(taken, of)| of.contains(taken)));
                for other in &visit.stops[..number] {
                    let there = &errands[other.errand].times[other.time];
                    let shared = stop.resources.iter().any(|taken| other.resources.contains(taken));
                    prop_assert!(!shared || !there.occupied.overlaps(&here.occupied));
                }
            }
        }
    }
}

/// Buffers count between two services of one therapist, and not between two people.
#[test]
fn the_same_therapist_twice_in_a_row_keeps_the_buffers() {
    let of = |starts: &[i64], who: &[u128]| {
        starts.iter().map(|start| time(*start, 30, (0, 15), vec![who.to_vec()])).collect::<Vec<_>>()
    };
    let alone = [Errand { times: of(&[0], &[1]), alike: 0 }, Errand { times: of(&[30, 45], &[1]), alike: 1 }];
    let found = visits(&alone, &wish(true, (0, 60), 5));
    let idle: Vec<i64> = found.visits.iter().map(|visit| visit.idle.num_minutes()).collect();
    assert_eq!(idle, [15]);
    // the first gives way to the second, who has nobody else
    let two = [Errand { times: of(&[0], &[1, 2]), alike: 0 }, Errand { times: of(&[30, 45], &[1]), alike: 1 }];
    let found = visits(&two, &wish(true, (0, 60), 5));
    assert_eq!(found.visits.first().map(|visit| visit.idle.num_minutes()), Some(0));
    let stops = &found.visits.first().unwrap().stops;
    assert_eq!(stops.iter().map(|stop| stop.resources[0].as_u128()).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn two_of_a_kind_are_one_visit_and_not_two() {
    let times: Vec<Time> = (0..4).map(|n| time(n * 30, 30, (0, 0), vec![vec![1]])).collect();
    let pair = [Errand { times: times.clone(), alike: 0 }, Errand { times, alike: 0 }];
    let found = visits(&pair, &wish(false, (0, 0), 10));
    assert_eq!(found.visits.len(), 3);
}

#[test]
fn the_steps_are_bounded_and_it_is_said() {
    let times: Vec<Time> = (0..60).map(|n| time(n, 1, (0, 0), vec![vec![1, 2, 3]])).collect();
    let errands: Vec<Errand> = (0..5).map(|alike| Errand { times: times.clone(), alike }).collect();
    // waiting is worst in the order in which the walk finds them: nothing is cut short
    let wish = VisitWish { max_steps: 2_000, ..wish(false, (1, 300), 1_000) };
    let found = visits(&errands, &wish);
    assert!(found.truncated);
    assert!(!found.visits.is_empty());
    assert!(found.visits.is_sorted_by_key(|visit| (visit.idle, visit.start)));
}
