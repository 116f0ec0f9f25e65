//! The life of a subscription: its states, what the provider's word means for them, and what it is worth.

use std::collections::VecDeque;

use ::entity::enums::ProviderStatus;
use ::entity::enums::SubscriptionState::{
    self, Active, Cancelled, Expired, FreeTrial, PaidSubscription, PaymentFailed, Suspended,
};
use chrono::{DateTime, TimeDelta, Utc};

/// Days for which a payment that failed is waited for: the provider's own tries lie within them.
pub const GRACE_DAYS: i64 = 14;

/// Days before the end of a trial at which its owner is reminded.
const TRIAL_REMINDERS: &[i64] = &[3, 1];
/// Days after a payment failed at which its owner is reminded.
const DUNNING: &[i64] = &[1, 3, 7, 13];

/// From where to where; the table of `app.subscription_guard()`.
pub const ARROWS: &[(SubscriptionState, SubscriptionState)] = &[
    (FreeTrial, PaidSubscription),
    (FreeTrial, Active),
    (FreeTrial, Expired),
    (FreeTrial, Cancelled),
    (PaidSubscription, Active),
    (PaidSubscription, PaymentFailed),
    (PaidSubscription, Suspended),
    (PaidSubscription, Cancelled),
    (PaidSubscription, Expired),
    (Active, PaymentFailed),
    (Active, Suspended),
    (Active, Cancelled),
    (Active, PaidSubscription),
    // a person who has what is free tries what is not, once
    (Active, FreeTrial),
    (PaymentFailed, Active),
    (PaymentFailed, Suspended),
    (PaymentFailed, Cancelled),
    (Suspended, Active),
    (Suspended, Cancelled),
    // whoever comes back begins anew
    (Expired, PaidSubscription),
    (Cancelled, PaidSubscription),
    (Expired, Active),
    (Cancelled, Active),
];

/// Whether it is over: only a new purchase leads on.
#[must_use]
pub fn ended(state: SubscriptionState) -> bool {
    matches!(state, Cancelled | Expired)
}

/// The states that lie between two, the last included: what was overtaken by a later word of the provider is walked
/// through. Empty when it is there already; none when no way leads there. What is over is no way, and no word of the
/// provider's begins a trial of ours.
#[must_use]
pub fn path(from: SubscriptionState, to: SubscriptionState) -> Option<Vec<SubscriptionState>> {
    let mut ways = VecDeque::from([vec![from]]);
    let mut seen = vec![from];
    while let Some(way) = ways.pop_front() {
        let here = *way.last()?;
        if here == to {
            return Some(way.into_iter().skip(1).collect());
        }
        if ended(here) && here != from {
            continue;
        }
        for (_, next) in ARROWS.iter().filter(|(start, next)| *start == here && *next != FreeTrial) {
            if !seen.contains(next) {
                seen.push(*next);
                ways.push_back(way.iter().copied().chain([*next]).collect());
            }
        }
    }
    None
}

/// The state that the provider's word stands for.
#[must_use]
pub fn meant(status: ProviderStatus) -> SubscriptionState {
    match status {
        ProviderStatus::Trialing | ProviderStatus::Incomplete => PaidSubscription,
        ProviderStatus::Active => Active,
        ProviderStatus::PastDue => PaymentFailed,
        ProviderStatus::Unpaid | ProviderStatus::Paused => Suspended,
        ProviderStatus::Canceled => Cancelled,
        ProviderStatus::IncompleteExpired => Expired,
    }
}

/// What a subscription is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// All that the plan gives.
    Full,
    /// The same, and somebody must be told that a payment is missing.
    Warned,
    /// Nothing.
    Nothing,
}

/// What the provider's word alone is worth (S16).
#[must_use]
pub fn worth_of(status: ProviderStatus) -> Worth {
    match status {
        ProviderStatus::Trialing | ProviderStatus::Active => Worth::Full,
        ProviderStatus::PastDue => Worth::Warned,
        ProviderStatus::Unpaid
        | ProviderStatus::Canceled
        | ProviderStatus::Incomplete
        | ProviderStatus::IncompleteExpired
        | ProviderStatus::Paused => Worth::Nothing,
    }
}

/// What a subscription is worth now. A trial is good until its very end, whether or not somebody has noted it; what was
/// suspended here stays so until it is paid.
#[must_use]
pub fn worth(
    status: Option<ProviderStatus>,
    state: SubscriptionState,
    trial_end: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Worth {
    let trial = trial_end.is_some_and(|end| now < end);
    match (state, status) {
        (Suspended | Cancelled | Expired, _) => Worth::Nothing,
        (FreeTrial, _) => {
            if trial {
                Worth::Full
            } else {
                Worth::Nothing
            }
        }
        // bought and not paid yet: what was left of the trial is still good
        (PaidSubscription, Some(ProviderStatus::Incomplete)) if trial => Worth::Full,
        (_, Some(status)) => worth_of(status),
        (PaidSubscription, None) => {
            if trial {
                Worth::Full
            } else {
                Worth::Nothing
            }
        }
        (Active | PaymentFailed, None) => Worth::Full,
    }
}

/// How many reminders somebody should have had by now in this state.
#[must_use]
pub fn reminders(
    state: SubscriptionState,
    trial_end: Option<DateTime<Utc>>,
    grace_end: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> i32 {
    let due = |passed: &dyn Fn(i64) -> bool, days: &[i64]| {
        i32::try_from(days.iter().filter(|days| passed(**days)).count()).unwrap_or(i32::MAX)
    };
    match (state, trial_end, grace_end) {
        (FreeTrial, Some(end), _) => due(&|days| now >= end - TimeDelta::days(days), TRIAL_REMINDERS),
        (PaymentFailed, _, Some(end)) => {
            let failed = end - TimeDelta::days(GRACE_DAYS);
            due(&|days| now >= failed + TimeDelta::days(days), DUNNING)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s16_the_providers_word_alone_decides() {
        use ProviderStatus::*;
        let table = [
            (Trialing, Worth::Full),
            (Active, Worth::Full),
            (PastDue, Worth::Warned),
            (Unpaid, Worth::Nothing),
            (Canceled, Worth::Nothing),
            (Incomplete, Worth::Nothing),
            (IncompleteExpired, Worth::Nothing),
            (Paused, Worth::Nothing),
        ];
        assert_eq!(table.len(), ProviderStatus::ALL.len());
        for (status, expected) in table {
            assert_eq!(worth_of(status), expected, "{status}");
            assert_eq!(worth(Some(status), meant(status), None, DateTime::UNIX_EPOCH), expected, "{status}");
        }
    }

    #[test]
    fn a_trial_is_good_to_its_last_instant() {
        let end = DateTime::UNIX_EPOCH + TimeDelta::days(14);
        let at = |now| worth(None, FreeTrial, Some(end), now);
        assert_eq!(at(end - TimeDelta::microseconds(1)), Worth::Full);
        assert_eq!(at(end), Worth::Nothing);
        assert_eq!(
            worth(Some(ProviderStatus::Incomplete), PaidSubscription, Some(end), DateTime::UNIX_EPOCH),
            Worth::Full
        );
        assert_eq!(worth(Some(ProviderStatus::PastDue), Suspended, Some(end), end), Worth::Nothing, "grace is over");
    }

    #[test]
    fn what_was_overtaken_is_walked_through() {
        assert_eq!(path(Active, Active), Some(vec![]));
        assert_eq!(path(FreeTrial, PaymentFailed), Some(vec![PaidSubscription, PaymentFailed]));
        assert_eq!(path(Suspended, PaymentFailed), Some(vec![Active, PaymentFailed]));
        assert_eq!(path(PaymentFailed, Expired), Some(vec![Active, PaidSubscription, Expired]));
        assert_eq!(path(Cancelled, Active), Some(vec![Active]));
        for from in SubscriptionState::ALL {
            for to in SubscriptionState::ALL {
                let way = path(*from, *to);
                let ends_between = |way: &[SubscriptionState]| way.iter().rev().skip(1).any(|state| ended(*state));
                assert!(!way.is_some_and(|way| ends_between(&way)), "{from} to {to}");
            }
        }
        assert_eq!(path(Active, FreeTrial), None, "a trial is ours to begin");
    }

    #[test]
    fn reminders_come_at_their_days() {
        let end = DateTime::UNIX_EPOCH + TimeDelta::days(14);
        let trial = |day| reminders(FreeTrial, Some(end), None, DateTime::UNIX_EPOCH + TimeDelta::days(day));
        assert_eq!([0, 10, 11, 12, 13].map(trial), [0, 0, 1, 1, 2]);
        let grace = |day| reminders(PaymentFailed, None, Some(end), DateTime::UNIX_EPOCH + TimeDelta::days(day));
        assert_eq!([0, 1, 2, 3, 7, 13].map(grace), [0, 1, 1, 2, 3, 4]);
        assert_eq!(reminders(Active, Some(end), Some(end), end), 0);
    }
}
