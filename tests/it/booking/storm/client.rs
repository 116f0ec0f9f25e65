//! One of those who do things at random, to their own bookings and to each other's, and write down what was acknowledged.
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};

use super::place::Place;
use super::wire::{Asked, Caller, Wire};
use crate::booking::BOOKINGS;

const HOLDS: &str = "/api/v1/availability/holds";
const SERIES: &str = "/api/v1/booking-series";
const WAITLIST: &str = "/api/v1/waitlist";
const VISITS: &str = "/api/v1/booking-itineraries";

/// What a client was told, and what must be true of it for ever.
#[derive(Clone, Debug)]
pub enum Fact {
    Booked {
        id: String,
        start: String,
        hold: Option<String>,
    },
    Moved {
        old: String,
        new: String,
        start: String,
    },
    Confirmed {
        id: String,
    },
    CheckedIn {
        id: String,
    },
    Completed {
        id: String,
    },
    Missed {
        id: String,
    },
    /// Its time was made to have come.
    Begun {
        id: String,
    },
    Extended {
        id: String,
        times: i32,
    },
    Visit {
        id: String,
        bookings: Vec<String>,
    },
    Canceled {
        id: String,
    },
    Held {
        id: String,
        start: String,
    },
    Released {
        id: String,
    },
    Series {
        id: String,
        bookings: Vec<String>,
    },
    SeriesCanceled {
        id: String,
        bookings: Vec<String>,
    },
    Joined {
        id: String,
    },
    Left {
        id: String,
    },
}

/// A thing that clients know of, by its id and by its token.
#[derive(Clone)]
struct Known {
    id: String,
    token: String,
}

/// What all clients share.
pub struct Storm {
    pub place: Place,
    pub wire: Wire,
    pub seed: u64,
    /// Operations that were begun, and how many there are to be.
    pub begun: AtomicUsize,
    pub wanted: usize,
    pub facts: Mutex<Vec<Fact>>,
    bookings: Mutex<Vec<Known>>,
    holds: Mutex<Vec<Known>>,
    series: Mutex<Vec<Known>>,
    entries: Mutex<Vec<Known>>,
    /// Bookings whose customer is there, and those that have begun.
    there: Mutex<Vec<Known>>,
    late: Mutex<Vec<Known>>,
}

impl Storm {
    pub fn new(place: Place, wire: Wire, seed: u64, wanted: usize) -> Self {
        Self {
            place,
            wire,
            seed,
            begun: AtomicUsize::new(0),
            wanted,
            facts: Mutex::default(),
            bookings: Mutex::default(),
            holds: Mutex::default(),
            series: Mutex::default(),
            entries: Mutex::default(),
            there: Mutex::default(),
            late: Mutex::default(),
        }
    }

    /// Takes note that a booking's time has come.
    pub fn begun(&self, id: String) {
        self.fact(Fact::Begun { id: id.clone() });
        self.late.lock().unwrap().push(Known { id, token: String::new() });
    }

    fn fact(&self, fact: Fact) {
        self.facts.lock().unwrap().push(fact);
    }
}

/// One client, whose choices follow from the seed and its number.
pub struct Client<'a> {
    storm: &'a Storm,
    number: u64,
    done: usize,
    random: StdRng,
    /// Where a refusal said that there is room.
    advised: Option<(usize, String)>,
}

impl<'a> Client<'a> {
    pub fn new(storm: &'a Storm, number: u64) -> Self {
        let random = StdRng::seed_from_u64(storm.seed.wrapping_mul(1_000).wrapping_add(number));
        Self { storm, number, done: 0, random, advised: None }
    }

    /// Does things until all together have done enough.
    pub async fn run(&mut self) {
        while self.storm.begun.fetch_add(1, Ordering::Relaxed) < self.storm.wanted {
            self.done += 1;
            match self.upto(100) {
                0..=25 => self.book().await,
                26..=37 => self.hold().await,
                38..=46 => self.redeem().await,
                47..=50 => self.release().await,
                51..=53 => self.extend().await,
                54..=63 => self.reschedule().await,
                64..=75 => self.cancel().await,
                76..=79 => self.confirm().await,
                80..=82 => self.check_in().await,
                83..=84 => self.complete().await,
                85..=86 => self.miss().await,
                87..=89 => self.repeat().await,
                90..=91 => self.cancel_series().await,
                92..=94 => self.visit().await,
                95..=96 => self.join().await,
                97 => self.leave().await,
                _ => self.take_offer().await,
            }
        }
    }

    fn upto(&mut self, count: u32) -> u32 {
        self.random.random_range(0..count)
    }

    fn caller(&mut self) -> Caller {
        if self.upto(2) == 0 { Caller::Owner } else { Caller::Visitor }
    }

    fn customer(&mut self) -> Value {
        let number = self.upto(20);
        json!({"display_name": "Ana Torres", "email": format!("ana-{number}@visitors.example")})
    }

    /// A service with a start, or what a refusal named before.
    fn time(&mut self) -> (usize, String) {
        if let Some(advised) = self.advised.take() {
            return advised;
        }
        let service = self.upto(self.storm.place.offers.len() as u32) as usize;
        let start = self.storm.place.start(|count| self.random.random_range(0..count));
        (service, start)
    }

    /// A wish for a time, with seats where there are some, and at times with a resource, fitting or not.
    fn wish(&mut self) -> (usize, Value) {
        let (service, start) = self.time();
        let offer = &self.storm.place.offers[service];
        let mut wish = json!({"service_id": offer.id, "start_at": start});
        if offer.seats > 1 {
            wish["attendee_count"] = (1 + self.upto(3)).into();
        } else if self.upto(10) == 0 {
            let resource = self.upto(self.storm.place.resources.len() as u32) as usize;
            wish["resource_id"] = self.storm.place.resources[resource].clone().into();
        }
        (service, wish)
    }

    /// Something that somebody knows of; once in a while two clients have the same.
    fn pick(&mut self, from: &Mutex<Vec<Known>>, keep: bool) -> Option<Known> {
        let mut from = from.lock().unwrap();
        if from.is_empty() {
            return None;
        }
        let at = self.random.random_range(0..from.len());
        let stays = keep || self.random.random_range(0..4) == 0;
        Some(if stays { from[at].clone() } else { from.swap_remove(at) })
    }

    /// Posts under a key of its own; a success is asked for once more now and then, and must be the same.
    async fn post(&mut self, caller: Caller, path: &str, body: Option<&Value>, key: &str) -> (u16, Value) {
        let asked = Asked { caller, method: Method::POST, path: path.to_owned(), body, key: Some(key) };
        let answer = self.storm.wire.ask(&asked).await;
        if answer.0 < 300 && self.upto(20) == 0 {
            assert_eq!(self.storm.wire.ask(&asked).await, answer, "{path} with {key}, asked twice");
        }
        answer
    }

    fn key(&self) -> String {
        format!("storm-{:x}-{}-{}", self.storm.seed, self.number, self.done)
    }

    /// Half of those who are refused go where the refusal says.
    fn heed(&mut self, service: usize, refusal: &Value) {
        if let Some(start) = refusal["next_free"][0]["start"].as_str()
            && self.upto(2) == 0
        {
            self.advised = Some((service, start.to_owned()));
        }
    }

    async fn book(&mut self) {
        let (caller, key, (service, mut wish)) = (self.caller(), self.key(), self.wish());
        wish["customer"] = self.customer();
        wish["notes"] = key.as_str().into();
        let (status, answer) = self.post(caller, BOOKINGS, Some(&wish), &key).await;
        if status == 201 { self.booked(&answer, None) } else { self.heed(service, &answer) }
    }

    fn booked(&self, answer: &Value, hold: Option<String>) {
        let id = text(answer, "id");
        self.storm.bookings.lock().unwrap().push(Known { id: id.clone(), token: String::new() });
        self.storm.fact(Fact::Booked { id, start: text(answer, "start_at"), hold });
    }

    async fn hold(&mut self) {
        let (caller, key, (service, wish)) = (self.caller(), self.key(), self.wish());
        let (status, answer) = self.post(caller, HOLDS, Some(&wish), &key).await;
        if status != 201 {
            return self.heed(service, &answer);
        }
        let known = Known { id: text(&answer, "id"), token: text(&answer, "hold_token") };
        self.storm.fact(Fact::Held { id: known.id.clone(), start: text(&answer, "start_at") });
        self.storm.holds.lock().unwrap().push(known);
    }

    async fn redeem(&mut self) {
        let Some(hold) = self.pick(&self.storm.holds, false) else { return self.hold().await };
        self.redeem_one(hold).await;
    }

    async fn redeem_one(&mut self, hold: Known) {
        let (caller, key) = (self.caller(), self.key());
        let wish = json!({"hold_token": hold.token, "customer": self.customer(), "notes": key});
        let (status, answer) = self.post(caller, BOOKINGS, Some(&wish), &key).await;
        if status == 201 {
            self.booked(&answer, Some(hold.id));
        }
    }

    async fn release(&mut self) {
        let Some(hold) = self.pick(&self.storm.holds, false) else { return self.hold().await };
        if self.delete(format!("{HOLDS}/{}", hold.token)).await {
            self.storm.fact(Fact::Released { id: hold.id });
        }
    }

    async fn delete(&mut self, path: String) -> bool {
        let asked = Asked { caller: self.caller(), method: Method::DELETE, path, body: None, key: None };
        self.storm.wire.ask(&asked).await.0 == 204
    }

    async fn reschedule(&mut self) {
        let Some(booking) = self.pick(&self.storm.bookings, false) else { return self.book().await };
        let (key, (_, start)) = (self.key(), self.time());
        let path = format!("{BOOKINGS}/{}/reschedule", booking.id);
        let (status, answer) = self.post(Caller::Owner, &path, Some(&json!({"start_at": start})), &key).await;
        if status == 201 {
            let (new, start) = (text(&answer, "id"), text(&answer, "start_at"));
            self.storm.bookings.lock().unwrap().push(Known { id: new.clone(), token: String::new() });
            self.storm.fact(Fact::Moved { old: booking.id, new, start });
        } else if status == 409 && answer["state"].is_null() {
            // it stays where it was
            self.storm.bookings.lock().unwrap().push(booking);
        }
    }

    async fn cancel(&mut self) {
        let Some(booking) = self.pick(&self.storm.bookings, false) else { return self.book().await };
        let (key, path) = (self.key(), format!("{BOOKINGS}/{}/cancel", booking.id));
        if self.post(Caller::Owner, &path, Some(&json!({})), &key).await.0 == 200 {
            self.storm.fact(Fact::Canceled { id: booking.id });
        }
    }

    async fn confirm(&mut self) {
        let Some(booking) = self.pick(&self.storm.bookings, true) else { return self.book().await };
        if self.step("confirm", &booking).await {
            self.storm.fact(Fact::Confirmed { id: booking.id });
        }
    }

    async fn check_in(&mut self) {
        let Some(booking) = self.pick(&self.storm.bookings, true) else { return self.book().await };
        if self.step("check-in", &booking).await {
            self.storm.fact(Fact::CheckedIn { id: booking.id.clone() });
            self.storm.there.lock().unwrap().push(booking);
        }
    }

    async fn complete(&mut self) {
        let Some(booking) = self.pick(&self.storm.there, false) else { return self.check_in().await };
        if self.step("complete", &booking).await {
            self.storm.fact(Fact::Completed { id: booking.id });
        }
    }

    /// Marks somebody as a no-show whose time has come, or in vain one whose time has not.
    pub async fn miss(&mut self) {
        self.done += 1;
        let late = self.pick(&self.storm.late, false);
        let Some(booking) = late.or_else(|| self.pick(&self.storm.bookings, true)) else { return self.book().await };
        if self.step("no-show", &booking).await {
            self.storm.fact(Fact::Missed { id: booking.id });
        }
    }

    async fn step(&mut self, verb: &str, booking: &Known) -> bool {
        let (key, path) = (self.key(), format!("{BOOKINGS}/{}/{verb}", booking.id));
        self.post(Caller::Owner, &path, None, &key).await.0 == 200
    }

    async fn extend(&mut self) {
        let Some(hold) = self.pick(&self.storm.holds, true) else { return self.hold().await };
        let path = format!("{HOLDS}/{}/extend", hold.token);
        let asked = Asked { caller: self.caller(), method: Method::PUT, path, body: None, key: None };
        let (status, answer) = self.storm.wire.ask(&asked).await;
        if status == 200 {
            let times = answer["extensions"].as_i64().unwrap().try_into().unwrap();
            self.storm.fact(Fact::Extended { id: hold.id, times });
        }
    }

    /// Two services of one visit, an hour apart.
    async fn visit(&mut self) {
        let (caller, key, (first, start)) = (self.caller(), self.key(), self.time());
        let second = self.upto(self.storm.place.offers.len() as u32) as usize;
        let offers = &self.storm.place.offers;
        let later = start.parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(60);
        let legs = json!([
            {"service_id": offers[first].id, "start_at": start},
            {"service_id": offers[second].id, "start_at": later},
        ]);
        let wish = json!({"legs": legs, "customer": self.customer(), "notes": key});
        let (status, answer) = self.post(caller, VISITS, Some(&wish), &key).await;
        if status != 201 {
            return self.heed(if answer["leg"] == 1 { second } else { first }, &answer);
        }
        let bookings = ids(&answer["bookings"]);
        let known = bookings.iter().map(|id| Known { id: id.clone(), token: String::new() });
        self.storm.bookings.lock().unwrap().extend(known);
        self.storm.fact(Fact::Visit { id: text(&answer, "itinerary_id"), bookings });
    }

    async fn repeat(&mut self) {
        let (key, (service, mut wish)) = (self.key(), self.wish());
        wish["customer"] = self.customer();
        wish["notes"] = key.as_str().into();
        wish["rrule"] = format!("FREQ=DAILY;COUNT={}", 2 + self.upto(3)).into();
        wish["on_conflict"] = if self.upto(3) == 0 { "fail" } else { "skip" }.into();
        let (status, answer) = self.post(Caller::Owner, SERIES, Some(&wish), &key).await;
        if status != 201 {
            return self.heed(service, &answer["refused"][0]);
        }
        let (id, bookings) = (text(&answer["series"], "id"), ids(&answer["booked"]));
        let known = bookings.iter().map(|id| Known { id: id.clone(), token: String::new() });
        self.storm.bookings.lock().unwrap().extend(known);
        self.storm.series.lock().unwrap().push(Known { id: id.clone(), token: String::new() });
        self.storm.fact(Fact::Series { id, bookings });
    }

    async fn cancel_series(&mut self) {
        let Some(series) = self.pick(&self.storm.series, false) else { return self.repeat().await };
        let (key, path) = (self.key(), format!("{SERIES}/{}/cancel", series.id));
        let (status, answer) = self.post(Caller::Owner, &path, Some(&json!({"scope": "all"})), &key).await;
        if status == 200 {
            self.storm.fact(Fact::SeriesCanceled { id: series.id, bookings: ids(&answer["canceled"]) });
        }
    }

    async fn join(&mut self) {
        let (caller, key, (_, mut wish)) = (self.caller(), self.key(), self.wish());
        let start = wish["start_at"].as_str().unwrap_or_default().to_owned();
        let members = wish.as_object_mut().unwrap();
        members.remove("start_at");
        members.insert("from_at".to_owned(), start.clone().into());
        members.insert("until_at".to_owned(), format!("{}23:00:00Z", &start[..11]).into());
        members.insert("customer".to_owned(), self.customer());
        let (status, answer) = self.post(caller, WAITLIST, Some(&wish), &key).await;
        if status == 201 {
            let known = Known { id: text(&answer, "id"), token: text(&answer, "entry_token") };
            self.storm.fact(Fact::Joined { id: known.id.clone() });
            self.storm.entries.lock().unwrap().push(known);
        }
    }

    async fn leave(&mut self) {
        let Some(entry) = self.pick(&self.storm.entries, false) else { return self.join().await };
        if self.delete(format!("{WAITLIST}/{}", entry.token)).await {
            self.storm.fact(Fact::Left { id: entry.id });
        }
    }

    /// Books what is offered to somebody who waits, or lets it pass.
    async fn take_offer(&mut self) {
        let Some(entry) = self.pick(&self.storm.entries, true) else { return self.join().await };
        let path = format!("{WAITLIST}/{}", entry.token);
        let asked = Asked { caller: Caller::Visitor, method: Method::GET, path, body: None, key: None };
        let (status, answer) = self.storm.wire.ask(&asked).await;
        assert_eq!(status, 200, "{answer}");
        let Some(token) = answer["hold_token"].as_str() else { return };
        let path = format!("{HOLDS}/{token}");
        let asked = Asked { caller: Caller::Visitor, method: Method::GET, path, body: None, key: None };
        let (status, hold) = self.storm.wire.ask(&asked).await;
        assert_eq!(status, 200, "{hold}");
        let hold = Known { id: text(&hold, "id"), token: token.to_owned() };
        if self.upto(4) > 0 {
            self.redeem_one(hold).await;
        } else if self.delete(format!("{HOLDS}/{}", hold.token)).await {
            self.storm.fact(Fact::Released { id: hold.id });
        }
    }
}

fn text(answer: &Value, member: &str) -> String {
    answer[member].as_str().unwrap_or_else(|| panic!("no {member}: {answer}")).to_owned()
}

fn ids(bookings: &Value) -> Vec<String> {
    bookings.as_array().into_iter().flatten().map(|booking| text(booking, "id")).collect()
}
