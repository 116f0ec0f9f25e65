//! Which lots pay: those that are lost first. Pure.

use ::entity::ids::CreditAccountId;
use chrono::{DateTime, Utc};

/// What a customer holds of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    pub id: CreditAccountId,
    pub balance: i64,
    pub expires_at: Option<DateTime<Utc>>,
}

/// There is less than was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    pub has: i64,
}

/// What each lot gives, so that together they give what is wanted: first what expires first, what never expires last.
///
/// # Errors
/// When they hold less.
pub fn draw(lots: &[Lot], wanted: i64) -> Result<Vec<(CreditAccountId, i64)>, Short> {
    let mut lots: Vec<&Lot> = lots.iter().filter(|lot| lot.balance > 0).collect();
    lots.sort_by_key(|lot| (lot.expires_at.is_none(), lot.expires_at, lot.id));
    let mut left = wanted;
    let mut drawn = Vec::new();
    for lot in &lots {
        let part = lot.balance.min(left);
        if part > 0 {
            drawn.push((lot.id, part));
            left -= part;
        }
    }
    if left > 0 { Err(Short { has: wanted - left }) } else { Ok(drawn) }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn lot(number: u128, balance: i64, days: Option<i64>) -> Lot {
        let expires_at = days.map(|days| DateTime::UNIX_EPOCH + TimeDelta::days(days));
        Lot { id: CreditAccountId(Uuid::from_u128(number)), balance, expires_at }
    }

    #[test]
    fn what_expires_first_is_used_first() {
        let lots = [lot(1, 5, None), lot(2, 2, Some(30)), lot(3, 2, Some(10)), lot(4, 0, Some(1))];
        let numbers = |wanted| {
            draw(&lots, wanted).map(|all| all.iter().map(|(id, part)| (id.0.as_u128(), *part)).collect::<Vec<_>>())
        };
        assert_eq!(numbers(1), Ok(vec![(3, 1)]));
        assert_eq!(numbers(5), Ok(vec![(3, 2), (2, 2), (1, 1)]));
        assert_eq!(numbers(10), Err(Short { has: 9 }));
        assert_eq!(numbers(0), Ok(vec![]));
    }

    proptest! {
        #[test]
        fn nothing_is_made_and_nothing_is_lost(
            balances in proptest::collection::vec((0_i64..50, proptest::option::of(0_i64..400)), 0..12), wanted in 1_i64..400,
        ) {
            let lots: Vec<Lot> = balances.iter().zip(1_u128..).map(|((held, days), id)| lot(id, *held, *days)).collect();
            let held: i64 = lots.iter().map(|lot| lot.balance).sum();
            match draw(&lots, wanted) {
                Err(short) => prop_assert!(short.has == held && held < wanted),
                Ok(drawn) => {
                    prop_assert_eq!(drawn.iter().map(|(_, part)| part).sum::<i64>(), wanted);
                    let of = |id| lots.iter().find(|lot| lot.id == id).unwrap();
                    prop_assert!(drawn.iter().all(|(id, part)| 0 < *part && *part <= of(*id).balance));
                    // whoever is not used up comes last, and nobody before them was spared
                    prop_assert!(drawn.iter().rev().skip(1).all(|(id, part)| *part == of(*id).balance));
                    let spared = lots.iter().filter(|lot| lot.balance > 0 && drawn.iter().all(|(id, _)| *id != lot.id));
                    let last = drawn.iter().filter_map(|(id, _)| of(*id).expires_at).max();
                    let for_ever = drawn.iter().any(|(id, _)| of(*id).expires_at.is_none());
                    for lot in spared {
                        prop_assert!(lot.expires_at.is_none() || (!for_ever && lot.expires_at >= last));
                    }
                }
            }
        }
    }
}
