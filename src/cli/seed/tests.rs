//! The demo is right on whatever day it is filled in.

use std::collections::BTreeMap;

use ::entity::enums::{BookingStatus, MembershipRole};
use chrono::{DateTime, TimeDelta, Utc};

use super::calendar::Calendar;
use super::rows::{Rows, rows};
use super::{Business, businesses};
use crate::kernel::zone::Zone;

fn made(business: &Business, now: DateTime<Utc>) -> Rows {
    rows(business, now, "hash", &BTreeMap::new()).unwrap()
}

/// Every day of more than a year, at hours that fall on different dates in the two zones.
fn days() -> impl Iterator<Item = DateTime<Utc>> {
    let first: DateTime<Utc> = "2026-11-01T00:30:00Z".parse().unwrap();
    (0..400).map(move |day| first + TimeDelta::hours(day * 25))
}

#[test]
fn bookings_never_overlap_and_lie_in_the_hours() {
    for business in businesses().unwrap() {
        let zone = Zone::parse(&business.timezone).unwrap();
        for now in days() {
            let (rows, calendar) = (made(&business, now), Calendar::new(&business, now).unwrap());
            let mut taken: Vec<_> = rows
                .allocations
                .iter()
                .map(|a| (*a.resource_id.as_ref(), *a.start_at.as_ref(), *a.end_at.as_ref()))
                .collect();
            taken.sort();
            for pair in taken.windows(2) {
                assert!(pair[0].0 != pair[1].0 || pair[0].2 <= pair[1].1, "{} at {now}: {pair:?}", business.slug);
            }
            for booking in &rows.bookings {
                let resource = rows.resources.iter().find(|r| r.id == booking.resource_id).unwrap();
                let own = business.resources.iter().find(|own| own.name == *resource.name.as_ref()).unwrap();
                let (start, end) = (zone.local(*booking.start_at.as_ref()), zone.local(*booking.end_at.as_ref()));
                let windows = calendar.windows(own, start.date()).unwrap();
                let inside = windows.iter().any(|(from, to)| start.time() >= *from && end.time() <= *to);
                assert!(inside && start.date() == end.date(), "{} at {now}: {start}", business.slug);
            }
        }
    }
}

#[test]
fn what_is_over_is_past_and_what_is_coming_is_not() {
    for business in businesses().unwrap() {
        for now in days() {
            for booking in made(&business, now).bookings {
                let (start, end) = (*booking.start_at.as_ref(), *booking.end_at.as_ref());
                match booking.status.as_ref() {
                    BookingStatus::Completed | BookingStatus::NoShow => assert!(end < now),
                    BookingStatus::Confirmed | BookingStatus::Pending => assert!(start > now),
                    BookingStatus::Canceled => {}
                    status => panic!("no fixture has a booking that is {status}"),
                }
            }
        }
    }
}

#[test]
fn each_business_has_everything_to_try() {
    let now = "2026-11-20T09:00:00Z".parse().unwrap();
    for business in businesses().unwrap() {
        let rows = made(&business, now);
        for role in MembershipRole::ALL {
            assert!(rows.memberships.iter().any(|member| member.role.as_ref() == role), "{role}");
        }
        for status in ["pending", "confirmed", "completed", "canceled", "no_show"] {
            assert!(rows.bookings.iter().any(|booking| booking.status.as_ref().as_str() == status), "{status}");
        }
        assert!((6..=8).contains(&rows.services.len()) && rows.customers.len() > 10);
        assert!(rows.services.iter().any(|service| *service.price_cents.as_ref() == 0));
        assert!(rows.services.iter().any(|service| *service.requires_confirmation.as_ref()));
        assert!(rows.exceptions.iter().any(|day| *day.is_available.as_ref()));
        assert!(rows.exceptions.iter().any(|day| !*day.is_available.as_ref() && day.resource_id.as_ref().is_none()));
        for booking in &rows.bookings {
            assert!(rows.items.iter().any(|item| item.booking_id == booking.id));
        }
    }
}

#[test]
fn the_two_share_names_on_purpose() {
    let both = businesses().unwrap();
    let names = |business: &Business| business.services.iter().map(|service| service.name.clone()).collect::<Vec<_>>();
    let emails = |business: &Business| business.customers.iter().filter_map(|c| c.email.clone()).collect::<Vec<_>>();
    assert!(
        names(&both[0]).contains(&"Consultation".to_owned()) && names(&both[1]).contains(&"Consultation".to_owned())
    );
    assert!(emails(&both[0]).iter().any(|email| emails(&both[1]).contains(email)));
}
