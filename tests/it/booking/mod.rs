//! Who takes which time, over HTTP: nobody twice, nobody in vain, nobody else's.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod admin;
mod beyond;
mod calendar;
mod cancel;
mod change_days;
mod class;
mod confirm;
mod create;
mod customer;
mod explain;
mod feed;
mod filters;
mod hold;
mod hold_race;
mod honeypot;
mod itinerary;
mod lapsed;
mod life;
mod listed;
mod listed_worlds;
mod moved;
mod needs;
mod notes;
mod public;
mod race;
mod refused;
mod reschedule;
mod same_staff;
mod series;
mod slot_token;
mod storm;
mod strangers;
mod traces;
mod visitor;
mod waitlist;

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::support::app::Service;
use crate::support::client::{Answer, Client};
use crate::support::people::Tenant;

pub const BOOKINGS: &str = "/api/v1/bookings";

/// A key for each attempt.
pub fn key() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// A business with one service and those who give it, open every day.
pub struct Shop {
    pub tenant: Tenant,
    pub owner: Client,
    pub stranger: Client,
    pub service_id: String,
    pub resources: Vec<String>,
    pub tomorrow: NaiveDate,
}

impl Shop {
    /// Half an hour with one member of staff, 09:00 to 17:00 in New York, changed by `service`.
    pub async fn open(at: &Service, service: Value) -> Self {
        Self::staffed(at, 1, service).await
    }

    pub async fn staffed(at: &Service, staff: usize, service: Value) -> Self {
        Self::with(at, "America/New_York", staff, ("09:00", "17:00"), service).await
    }

    pub async fn with(at: &Service, zone: &str, staff: usize, hours: (&str, &str), service: Value) -> Self {
        let tenant = at.tenant_in(zone).await;
        let owner = at.owner_of(&tenant).await;
        let mut wanted = json!({"name": "Cut", "duration_min": 30, "price_cents": 4500});
        wanted.as_object_mut().unwrap().extend(service.as_object().unwrap().clone());
        let service_id = made(&owner, "/api/v1/services", &wanted).await;
        let mut resources = Vec::new();
        for number in 0..staff {
            let resource = json!({"type": "staff", "name": format!("Ana {number}")});
            let resource = made(&owner, "/api/v1/resources", &resource).await;
            let week: Vec<Value> =
                (0..7).map(|day| json!({"weekday": day, "start_time": hours.0, "end_time": hours.1})).collect();
            let rule = json!({"resource_id": resource, "rule_type": "weekly", "schedule": week});
            owner.post("/api/v1/availability/rules", &rule).await.expect(201);
            resources.push(resource);
        }
        let given = json!({"resource_ids": resources});
        owner.put(&format!("/api/v1/services/{service_id}/resources"), &given).await.expect(200);
        let tomorrow = at.clock.now().date_naive() + Days::new(2);
        Self { stranger: at.stranger(&tenant), tenant, owner, service_id, resources, tomorrow }
    }

    /// The free times of a date as members see them.
    pub async fn free(&self, date: NaiveDate) -> Vec<Value> {
        let path = format!("/api/v1/availability?service_id={}&date={date}", self.service_id);
        self.owner.get(&path).await.expect(200)["data"].as_array().unwrap().clone()
    }

    /// Only the starts.
    pub async fn starts(&self, date: NaiveDate) -> Vec<String> {
        self.free(date).await.iter().map(|slot| slot["start"].as_str().unwrap().to_owned()).collect()
    }

    /// What the public sends.
    pub fn wish(&self, start_at: &str) -> Value {
        let email = format!("{}@visitors.example", key());
        json!({"service_id": self.service_id, "start_at": start_at, "customer": {"display_name": "Ana Torres", "email": email}})
    }

    pub fn page(&self) -> String {
        format!("/v1/b/{}/bookings", self.tenant.slug)
    }

    /// Books as the public.
    pub async fn visit(&self, wish: &Value) -> Answer {
        self.stranger.key(&key()).post(&self.page(), wish).await
    }

    /// Does something to a booking as the visitor who made it, by a token.
    pub async fn own(&self, token: &str, verb: &str, body: &Value) -> Answer {
        self.stranger.key(&key()).post(&format!("{}/{token}/{verb}", self.page()), body).await
    }

    /// What a token opens.
    pub async fn opened(&self, token: &str) -> Value {
        self.stranger.get(&format!("{}/{token}", self.page())).await.expect(200)
    }

    /// Changes how bookings work, as the owner.
    pub async fn decide(&self, booking: Value) {
        let path = format!("/api/v1/tenants/{}", self.tenant.id);
        self.owner.patch(&path, &json!({"booking": booking})).await.expect(200);
    }

    /// Books as the owner.
    pub async fn book(&self, wish: &Value) -> Answer {
        self.owner.key(&key()).post(BOOKINGS, wish).await
    }

    /// Does something to a booking as the owner.
    pub async fn act(&self, booking: &Value, verb: &str, body: Option<&Value>) -> Answer {
        let path = format!("{BOOKINGS}/{}/{verb}", booking["id"].as_str().unwrap());
        self.owner.key(&key()).send(reqwest::Method::POST, &path, body).await
    }
}

/// Makes something and gives its id.
pub async fn made(client: &Client, path: &str, body: &Value) -> String {
    client.post(path, body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

/// Pairs of allocations that hold one resource of the tenant at once.
pub async fn overlaps(at: &Service, tenant: &Tenant) -> i64 {
    sqlx::query_scalar(
        "SELECT count(*) FROM app.booking_allocations a JOIN app.booking_allocations b
           ON b.tenant_id = a.tenant_id AND b.resource_id = a.resource_id AND a.id < b.id
          AND a.start_at < b.end_at AND b.start_at < a.end_at
         WHERE a.tenant_id = $1 AND a.state IN ('held', 'pending', 'confirmed', 'checked_in')
           AND b.state IN ('held', 'pending', 'confirmed', 'checked_in')",
    )
    .bind(tenant.id.0)
    .fetch_one(&mut at.platform().await)
    .await
    .unwrap()
}
