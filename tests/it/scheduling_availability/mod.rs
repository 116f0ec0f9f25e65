//! Weekly hours and the dates that differ, what staff set for themselves, and whom a change leaves outside.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod exceptions;
mod impact;
mod ranges;
mod schedules;
mod staff;
mod weekly;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::booking::{BOOKINGS, key};
use crate::catalogue::made;
use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::people::Tenant;

/// A business with an hour of one service, and the member of staff who gives it and has no hours yet.
pub struct Salon {
    pub tenant: Tenant,
    pub owner: Client,
    /// Mia, with the role of staff.
    pub mia: Client,
    pub staff_id: String,
    pub resource_id: String,
    pub service_id: String,
    /// A Monday to come.
    pub monday: NaiveDate,
}

impl Salon {
    pub async fn open(at: &Service, service: Value) -> Self {
        let tenant = at.tenant_in("America/New_York").await;
        let owner = at.owner_of(&tenant).await;
        let mia = at.staff_of(&tenant).await;
        let membership: Uuid =
            sqlx::query_scalar("SELECT id FROM app.memberships WHERE tenant_id = $1 AND user_id = $2")
                .bind(tenant.id.0)
                .bind(tenant.staff.0)
                .fetch_one(&mut at.platform().await)
                .await
                .unwrap();
        let profile = json!({"display_name": "Mia", "membership_id": membership});
        let profile = owner.post("/api/v1/staff", &profile).await.expect(201);
        let text = |name: &str| profile[name].as_str().unwrap().to_owned();
        let mut wanted = json!({"name": "Massage", "duration_min": 60, "price_cents": 9000});
        wanted.as_object_mut().unwrap().extend(service.as_object().unwrap().clone());
        let service_id = made(&owner, "/api/v1/services", &wanted).await;
        let given = json!({"resource_ids": [profile["resource_id"]]});
        owner.put(&format!("/api/v1/services/{service_id}/resources"), &given).await.expect(200);
        let monday = at.clock.now().date_naive() + Days::new(3);
        let monday = monday.iter_days().find(|date| date.weekday() == Weekday::Mon).unwrap();
        let (staff_id, resource_id) = (text("id"), text("resource_id"));
        Self { tenant, owner, mia, staff_id, resource_id, service_id, monday }
    }

    /// The same, open every day of the week from 09:00 to 17:00 by a rule.
    pub async fn with_hours(at: &Service, service: Value) -> Self {
        let salon = Self::open(at, service).await;
        let rule = json!({"resource_id": salon.resource_id, "rule_type": "weekly", "schedule": week("09:00", "17:00")});
        salon.owner.post("/api/v1/availability/rules", &rule).await.expect(201);
        salon
    }

    pub fn hours(&self) -> String {
        format!("/api/v1/staff/{}/availability", self.staff_id)
    }

    pub fn schedules(&self) -> String {
        format!("/api/v1/staff/{}/schedules", self.staff_id)
    }

    pub fn rule(&self) -> String {
        format!("/api/v1/availability/rules/{}", self.resource_id)
    }

    /// The free starts of a date, as instants.
    pub async fn starts(&self, date: NaiveDate) -> Vec<String> {
        let path = format!("/api/v1/availability?service_id={}&date={date}", self.service_id);
        let slots = self.owner.get(&path).await.expect(200);
        let slots = slots["data"].as_array().unwrap().iter();
        slots.map(|slot| slot["start"].as_str().unwrap().to_owned()).collect()
    }

    /// The free starts of a date, as its wall shows them.
    pub async fn walls(&self, date: NaiveDate) -> Vec<String> {
        let path = format!("/api/v1/availability?service_id={}&date={date}", self.service_id);
        let slots = self.owner.get(&path).await.expect(200);
        let slots = slots["data"].as_array().unwrap().iter();
        slots.map(|slot| slot["local_start"].as_str().unwrap()[11..16].to_owned()).collect()
    }

    /// Books the n-th free start of a date, for Ana Torres.
    pub async fn book(&self, date: NaiveDate, n: usize) -> Value {
        let start = self.starts(date).await.swap_remove(n);
        let customer = json!({"display_name": "Ana Torres", "email": format!("{}@visitors.example", key())});
        let wish = json!({"service_id": self.service_id, "start_at": start, "customer": customer});
        self.owner.key(&key()).post(BOOKINGS, &wish).await.expect(201)
    }
}

/// The same window on each day of the week.
pub fn week(start: &str, end: &str) -> Vec<Value> {
    (0..7).map(|day| json!({"weekday": day, "start_time": start, "end_time": end})).collect()
}

/// The Sunday on which the next year's summer begins in New York: an hour is missing.
pub fn spring(at: &Service) -> NaiveDate {
    NaiveDate::from_weekday_of_month_opt(at.clock.now().year() + 1, 3, Weekday::Sun, 2).unwrap()
}
