//! The token of a listed time: what was offered, on which terms, and until when. Sealed for its business, so that a
//! booking that brings it along has the time with these resources and at this price as long as it is good.
//!
//! One HMAC over a hundred bytes for each time: a listing of thousands does not feel it.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::dto::SlotOffer;
use crate::domains::tenancy::Tenant;
use crate::error::{ApiError, Code};
use crate::guard::{Binding, CursorKey};

/// How long a listed time keeps its terms, at least.
const GOOD_FOR: TimeDelta = TimeDelta::minutes(10);
/// Tokens end at whole minutes: an unchanged listing is the same bytes for a minute, and its tag holds.
const STEP: i64 = 60;
/// Service, start, end of the token, party, price, currency; resources follow.
const FIXED: usize = 16 + 8 + 8 + 4 + 8 + 3;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promised {
    pub service: Uuid,
    pub start: DateTime<Utc>,
    /// In the order of the service's needs; the first is whom the customer meets.
    pub resources: Vec<Uuid>,
    pub party: u32,
    /// Of one seat.
    pub price_cents: i64,
    pub currency: String,
}

/// Gives every offer of a listing its token.
pub fn seal(
    keys: &[CursorKey],
    tenant: &Tenant,
    offers: &mut [SlotOffer],
    service: Uuid,
    party: u32,
    now: DateTime<Utc>,
) {
    let Some(key) = keys.first() else { return };
    let until = ((now + GOOD_FOR).timestamp() / STEP + 1) * STEP;
    let mut bytes = Vec::with_capacity(FIXED + 32);
    for offer in offers {
        bytes.clear();
        bytes.extend_from_slice(service.as_bytes());
        bytes.extend_from_slice(&offer.start.get().timestamp().to_be_bytes());
        bytes.extend_from_slice(&until.to_be_bytes());
        bytes.extend_from_slice(&party.to_be_bytes());
        bytes.extend_from_slice(&offer.price_cents.to_be_bytes());
        bytes.extend_from_slice(offer.currency.as_bytes());
        bytes.extend_from_slice(offer.resource_id.as_bytes());
        offer.with_resource_ids.iter().for_each(|other| bytes.extend_from_slice(other.as_bytes()));
        offer.token = key.seal_bytes(&binding(tenant), &bytes);
    }
}

/// What was promised.
///
/// # Errors
/// 400 for what is no token of this business, 422 for one whose time is over.
pub fn open(keys: &[CursorKey], tenant: &Tenant, token: &str, now: DateTime<Utc>) -> Result<Promised, ApiError> {
    let opened = keys.iter().find_map(|key| key.open_bytes(&binding(tenant), token));
    let (promised, until) = opened.and_then(|bytes| read(&bytes)).ok_or_else(|| {
        ApiError::of(Code::SlotTokenInvalid).with_field("#/slot_token", "invalid", "Use the token of a listed time.")
    })?;
    if now.timestamp() >= until {
        return Err(ApiError::of(Code::SlotTokenExpired).with_field(
            "#/slot_token",
            "expired",
            "Load the free times again.",
        ));
    }
    Ok(promised)
}

fn binding(tenant: &Tenant) -> Binding<'static> {
    Binding { tenant: tenant.id.0, sort: "slot", filter: "" }
}

fn read(bytes: &[u8]) -> Option<(Promised, i64)> {
    let (service, rest) = bytes.split_first_chunk::<16>()?;
    let (start, rest) = rest.split_first_chunk::<8>()?;
    let (until, rest) = rest.split_first_chunk::<8>()?;
    let (party, rest) = rest.split_first_chunk::<4>()?;
    let (price, rest) = rest.split_first_chunk::<8>()?;
    let (currency, rest) = rest.split_first_chunk::<3>()?;
    let resources = rest.chunks(16).map(Uuid::from_slice).collect::<Result<Vec<_>, _>>().ok()?;
    let promised = Promised {
        service: Uuid::from_bytes(*service),
        start: DateTime::from_timestamp(i64::from_be_bytes(*start), 0)?,
        resources,
        party: u32::from_be_bytes(*party),
        price_cents: i64::from_be_bytes(*price),
        currency: String::from_utf8(currency.to_vec()).ok()?,
    };
    Some((promised, i64::from_be_bytes(*until)))
}

#[cfg(test)]
mod tests {
    use poem_openapi::types::Example;

    use super::*;

    fn tenant(number: u128) -> Tenant {
        Tenant {
            id: Uuid::from_u128(number).into(),
            slug: "salon".into(),
            name: "Salon".into(),
            active: true,
            tz: "UTC".into(),
            currency: "USD".into(),
            rate_limits: std::collections::BTreeMap::default(),
            cors_origins: Vec::new(),
            booking: crate::domains::tenancy::BookingDefaults::default(),
        }
    }

    fn keys() -> Vec<CursorKey> {
        vec![CursorKey::new(&[7; 32])]
    }

    fn sealed(now: DateTime<Utc>) -> String {
        let mut offers = [SlotOffer::example()];
        seal(&keys(), &tenant(1), &mut offers, Uuid::from_u128(9), 2, now);
        let [offer] = offers;
        offer.token
    }

    #[test]
    fn a_token_says_what_was_offered_until_its_time_is_over() {
        let now = DateTime::from_timestamp(1_772_000_000, 0).unwrap();
        let (token, offer) = (sealed(now), SlotOffer::example());
        let promised = open(&keys(), &tenant(1), &token, now + GOOD_FOR - TimeDelta::seconds(1)).unwrap();
        assert_eq!((promised.service, promised.start, promised.party), (Uuid::from_u128(9), offer.start.get(), 2));
        assert_eq!(promised.resources, [vec![offer.resource_id], offer.with_resource_ids].concat());
        assert_eq!((promised.price_cents, promised.currency.as_str()), (4_500, "USD"));
        let late = open(&keys(), &tenant(1), &token, now + GOOD_FOR + TimeDelta::minutes(1)).unwrap_err();
        assert_eq!(late.code(), Code::SlotTokenExpired);
        assert_eq!(sealed(now), sealed(now + TimeDelta::seconds(1)), "the same for a minute");
    }

    #[test]
    fn a_changed_or_foreign_token_is_none() {
        let now = DateTime::from_timestamp(1_772_000_000, 0).unwrap();
        let token = sealed(now);
        let refused = |tenant: Tenant, token: &str| open(&keys(), &tenant, token, now).unwrap_err().code();
        assert_eq!(refused(tenant(2), &token), Code::SlotTokenInvalid);
        for at in 0..token.len() {
            let mut forged = token.clone();
            forged.replace_range(at..=at, if &token[at..=at] == "A" { "B" } else { "A" });
            assert_eq!(refused(tenant(1), &forged), Code::SlotTokenInvalid, "{at}");
            assert_eq!(refused(tenant(1), &token[..at]), Code::SlotTokenInvalid);
        }
    }
}
