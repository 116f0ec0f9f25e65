//! Who is in a segment: every criterion at its boundary, all together, and by hand.
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::segments::SEGMENTS;
use crate::booking::Shop;
use crate::catalogue::{ids, made, told};
use crate::support::app::Service;

/// Customers whose past is written straight into the database; each is known by a letter.
struct Past<'a> {
    service: &'a Service,
    shop: Shop,
    other_service: String,
    now: DateTime<Utc>,
    names: Vec<(String, String)>,
}

impl<'a> Past<'a> {
    async fn new(service: &'a Service) -> Self {
        let shop = Shop::open(service, json!({})).await;
        let other = json!({"name": "Colour", "duration_min": 30, "price_cents": 100});
        let other_service = made(&shop.owner, "/api/v1/services", &other).await;
        Self { service, shop, other_service, now: service.clock.now(), names: Vec::new() }
    }

    async fn customer(&mut self, name: &str, marketing: bool) {
        let body = json!({"display_name": name, "email": format!("{name}@example.com"), "marketing_opt_in": marketing});
        self.names.push((made(&self.shop.owner, "/api/v1/customers", &body).await, name.to_owned()));
    }

    fn id(&self, name: &str) -> String {
        self.names.iter().find(|(_, known)| known == name).unwrap().0.clone()
    }

    /// A booking of a customer that began so many days ago.
    async fn booking(&self, name: &str, status: &str, days: i64, cents: i64, currency: &str) {
        let start = self.now - TimeDelta::days(days);
        let service = if cents == 100 { &self.other_service } else { &self.shop.service_id };
        sqlx::query(
            "INSERT INTO app.bookings (tenant_id, id, customer_id, service_id, resource_id, start_at, end_at, status, source,
                                       total_cents, currency)
             VALUES ($1, $2, $3::uuid, $4::uuid, $5::uuid, $6, $7, $8, 'import', $9, $10)",
        )
        .bind(self.shop.tenant.id.0)
        .bind(Uuid::from_u128(rand::random()))
        .bind(self.id(name))
        .bind(service)
        .bind(&self.shop.resources[0])
        .bind(start)
        .bind(start + TimeDelta::minutes(30))
        .bind(status)
        .bind(cents)
        .bind(currency)
        .execute(&mut self.service.platform().await)
        .await
        .unwrap();
    }

    /// The letters of a list of customers, sorted.
    fn letters(&self, list: &Value) -> String {
        let name = |id: &String| self.names.iter().find(|(known, _)| known == id).unwrap().1.clone();
        let mut letters: Vec<String> = ids(list).iter().map(name).collect();
        letters.sort();
        letters.concat()
    }

    /// Whom criteria find, as the segment lists them; the preview must agree.
    async fn found(&self, criteria: &Value) -> String {
        let owner = &self.shop.owner;
        let name = format!("{:032x}", rand::random::<u128>());
        let segment = made(owner, SEGMENTS, &json!({"name": name, "criteria": criteria})).await;
        let list = owner.get(&format!("{SEGMENTS}/{segment}/customers?include_total=true")).await.expect(200);
        let preview = owner.post(&format!("{SEGMENTS}/preview"), &json!({"criteria": criteria})).await.expect(200);
        assert_eq!(preview["total"], list["total"], "{criteria}");
        let first: Vec<&Value> = list["data"].as_array().unwrap().iter().take(5).collect();
        assert_eq!(preview["customers"].as_array().unwrap().iter().collect::<Vec<_>>(), first, "{criteria}");
        self.letters(&list)
    }

    fn ago(&self, days: i64) -> Value {
        json!(tithi::guard::Timestamp::new(self.now - TimeDelta::days(days)))
    }
}

/// a: never booked. b: once, 10 days ago. c: thrice, the last time 40 days ago. d: did not come, canceled. e: to come.
async fn five(service: &Service) -> Past<'_> {
    let mut past = Past::new(service).await;
    for (name, marketing) in [("a", true), ("b", false), ("c", true), ("d", false), ("e", true)] {
        past.customer(name, marketing).await;
    }
    past.booking("b", "completed", 10, 4500, "USD").await;
    past.booking("c", "completed", 80, 4500, "USD").await;
    past.booking("c", "completed", 60, 4500, "EUR").await;
    past.booking("c", "checked_in", 40, 100, "USD").await;
    past.booking("d", "no_show", 20, 4500, "USD").await;
    past.booking("d", "no_show", 21, 4500, "USD").await;
    past.booking("d", "canceled", 22, 100, "USD").await;
    past.booking("e", "confirmed", -3, 4500, "USD").await;
    past
}

#[tokio::test]
async fn each_criterion_finds_whom_it_names() {
    let service = Service::start().await;
    let past = five(&service).await;
    let expected = [
        (json!({"min_bookings": 1}), "bcde"),
        (json!({"min_bookings": 2}), "cd"),
        (json!({"min_bookings": 3}), "c"),
        (json!({"min_bookings": 4}), ""),
        (json!({"max_bookings": 0}), "a"),
        (json!({"max_bookings": 2}), "abde"),
        (json!({"first_visit_after": past.ago(80)}), "bc"),
        (json!({"first_visit_after": past.ago(79)}), "b"),
        (json!({"first_visit_before": past.ago(80)}), ""),
        (json!({"first_visit_before": past.ago(79)}), "c"),
        (json!({"last_visit_after": past.ago(40)}), "bc"),
        (json!({"last_visit_before": past.ago(40)}), ""),
        (json!({"last_visit_before": past.ago(39)}), "c"),
        (json!({"no_visit_days": 9}), "abcde"),
        (json!({"no_visit_days": 10}), "acde"),
        (json!({"no_visit_days": 40}), "ade"),
        (json!({"marketing_opt_in": true}), "ace"),
        (json!({"marketing_opt_in": false}), "bd"),
        (json!({"service_id": past.other_service}), "c"),
        (json!({"min_spent_cents": 4500}), "bc"),
        (json!({"min_spent_cents": 4501}), ""),
        (json!({"no_show_min": 2}), "d"),
        (json!({"no_show_min": 3}), ""),
        (json!({"created_after": past.ago(0)}), "abcde"),
        (json!({"created_before": past.ago(0)}), ""),
        (json!({"is_first_time": true}), "abcde"),
        (json!({"is_first_time": false}), ""),
        (json!({}), ""),
        (json!({"min_bookings": 1, "marketing_opt_in": true}), "ce"),
        (json!({"min_bookings": 1, "marketing_opt_in": true, "no_visit_days": 30, "min_spent_cents": 1}), "c"),
    ];
    for (criteria, letters) in expected {
        assert_eq!(past.found(&criteria).await, letters, "{criteria}");
    }
}

#[tokio::test]
async fn hand_picked_ones_stand_beside_those_who_are_found() {
    let service = Service::start().await;
    let past = five(&service).await;
    let owner = &past.shop.owner;
    let segment = made(owner, SEGMENTS, &json!({"name": "Some", "criteria": {"no_show_min": 1}})).await;
    let path = format!("{SEGMENTS}/{segment}/customers");
    let put = async |name: &str| owner.send(Method::PUT, &format!("{path}/{}", past.id(name)), None).await.expect(204);
    let now = async || past.letters(&owner.get(&path).await.expect(200));
    assert_eq!(now().await, "d");
    put("a").await;
    put("a").await;
    put("d").await;
    assert_eq!(now().await, "ad", "nobody is there twice");
    for name in ["d", "a", "a"] {
        owner.delete(&format!("{path}/{}", past.id(name))).await.expect(204);
    }
    assert_eq!(now().await, "d", "whom the criteria find stays");
    put("b").await;
    put("e").await;
    owner.put(&format!("{SEGMENTS}/{segment}"), &json!({"name": "By hand"})).await.expect(200);
    assert_eq!(now().await, "be", "without criteria only they");

    // whoever is deleted or made unknown is in no segment
    let erase = format!("/api/v1/customers/{}/pseudonymize", past.id("b"));
    owner.send(Method::POST, &erase, None).await.expect(200);
    assert_eq!(now().await, "e");
    owner.send(Method::PUT, &format!("{path}/{}", past.id("b")), None).await.refused(409, "TITHI_CUSTOMER_ERASED");
    owner.delete(&format!("/api/v1/customers/{}", past.id("a"))).await.expect(204);
    owner.send(Method::PUT, &format!("{path}/{}", past.id("a")), None).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    let foreign = format!("{path}/{}", service.new_id());
    owner.send(Method::PUT, &foreign, None).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    let everybody = past.found(&json!({"no_visit_days": 1})).await;
    assert_eq!(everybody, "cde");

    let told = told(&service, &past.shop.tenant, &segment).await;
    let codes: Vec<&str> = told.iter().map(|(code, _)| code.as_str()).collect();
    let (added, removed) = ("SEGMENT_CUSTOMER_ADDED", "SEGMENT_CUSTOMER_REMOVED");
    assert_eq!(codes, ["SEGMENT_CREATED", added, added, removed, removed, added, added, "SEGMENT_UPDATED"]);
    owner.delete(&format!("{SEGMENTS}/{segment}")).await.expect(204);
    assert_eq!(owner.get("/api/v1/customers").await.expect(200)["data"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_segment_is_walked_while_the_clock_goes_on() {
    let service = Service::start().await;
    let past = five(&service).await;
    let owner = &past.shop.owner;
    let body = json!({"name": "Away", "criteria": {"no_visit_days": 9}});
    let segment = made(owner, SEGMENTS, &body).await;
    let path = format!("{SEGMENTS}/{segment}/customers?limit=2");
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    for _ in 0..3 {
        let page = owner.get(&format!("{path}{cursor}")).await.expect(200);
        seen.extend(ids(&page));
        cursor = page["next_cursor"].as_str().map(|next| format!("&cursor={next}")).unwrap_or_default();
        service.clock.advance(TimeDelta::seconds(20));
    }
    assert_eq!((seen.len(), cursor.as_str()), (5, ""));
    // other criteria are another list
    let page = owner.get(&path).await.expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    owner.patch(&format!("{SEGMENTS}/{segment}"), &json!({"criteria": {"no_visit_days": 8}})).await.expect(200);
    owner.get(&format!("{path}&cursor={cursor}")).await.refused(400, "TITHI_CURSOR_INVALID");
}
