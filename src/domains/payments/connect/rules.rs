//! Which account a business is paid on, and under which key it is asked for. Pure.

use ::entity::ids::{TenantBillingId, TenantId};

/// What a business has to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Make an account: there is none, or it was closed to us.
    Make,
    /// Answer the provider's questions on the one that is there.
    Answer,
}

/// What comes next for a business with this account.
#[must_use]
pub fn next(has_account: bool, closed: bool) -> Next {
    if has_account && !closed { Next::Answer } else { Next::Make }
}

/// The provider's key of the n-th account that a business asked for.
#[must_use]
pub fn account_key(tenant: TenantId, billing: TenantBillingId, attempt: i32) -> String {
    format!("{tenant}:{billing}:account:{attempt}")
}

/// The provider's key of the n-th link: each works once, so each is another.
#[must_use]
pub fn link_key(tenant: TenantId, billing: TenantBillingId, attempt: i32) -> String {
    format!("{tenant}:{billing}:link:{attempt}")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_account_that_was_closed_is_followed_by_another() {
        assert_eq!([next(false, false), next(true, false), next(true, true)], [Next::Make, Next::Answer, Next::Make]);
    }

    #[test]
    fn keys_differ_by_what_and_which_time() {
        let (tenant, billing) = (TenantId(Uuid::from_u128(1)), TenantBillingId(Uuid::from_u128(2)));
        let keys = [
            account_key(tenant, billing, 1),
            account_key(tenant, billing, 2),
            link_key(tenant, billing, 1),
            link_key(tenant, billing, 2),
        ];
        assert!(keys.iter().all(|key| (1..=255).contains(&key.len())));
        assert_eq!(keys.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
    }
}
