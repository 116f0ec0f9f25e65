//! The business that the storm goes over: eight resources, and services that want them in every way.
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::booking::made;
use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::people::Tenant;

/// Quarters of an hour from eight to six.
const QUARTERS: u32 = 40;

/// A service, and how many seats its class has.
pub struct Offer {
    pub id: String,
    pub seats: u32,
}

/// A business, its services, and the days that are booked.
pub struct Place {
    pub tenant: Tenant,
    pub offers: Vec<Offer>,
    pub resources: Vec<String>,
    first: NaiveDate,
    days: u32,
}

impl Place {
    /// With room for so many operations: full enough that they meet, and not so full that nothing can be had.
    pub async fn open(at: &Service, operations: usize) -> Self {
        let tenant = at.tenant_in("UTC").await;
        let owner = at.owner_of(&tenant).await;
        let mut resources = Vec::new();
        let all = [
            ("staff", 1),
            ("staff", 1),
            ("staff", 1),
            ("staff", 1),
            ("staff", 1),
            ("room", 1),
            ("equipment", 3),
            ("equipment", 2),
        ];
        for (number, (kind, capacity)) in all.into_iter().enumerate() {
            let resource = json!({"type": kind, "name": format!("{kind} {number}"), "capacity": capacity});
            let id = made(&owner, "/api/v1/resources", &resource).await;
            let week: Vec<Value> =
                (0..7).map(|day| json!({"weekday": day, "start_time": "08:00", "end_time": "19:00"})).collect();
            let rule = json!({"resource_id": id, "rule_type": "weekly", "schedule": week});
            owner.post("/api/v1/availability/rules", &rule).await.expect(201);
            resources.push(id);
        }
        let any = |numbers: &[usize], units: Option<u32>| {
            let members: Vec<Value> = numbers.iter().map(|at| json!({"resource_id": resources[*at]})).collect();
            json!({"members": members, "units": units})
        };
        let offers = vec![
            // the teacher of the class cuts hair as well: the two must not meet
            offer(&owner, json!({"name": "Cut", "buffer_after_min": 10}), json!([any(&[0, 1, 2, 4], None)])).await,
            offer(
                &owner,
                json!({"name": "Massage", "duration_min": 60, "requires_confirmation": true}),
                json!([any(&[0, 3], None), any(&[5], None)]),
            )
            .await,
            offer(&owner, json!({"name": "Machine", "duration_min": 45}), json!([any(&[6], None)])).await,
            offer(
                &owner,
                json!({"name": "Two machines", "buffer_before_min": 5}),
                json!([any(&[3, 1], None), any(&[6], Some(2)), any(&[7], None)]),
            )
            .await,
            offer(&owner, json!({"name": "Room and lamp"}), json!([any(&[5], None), any(&[7], None)])).await,
            offer(&owner, json!({"name": "Class", "duration_min": 60, "capacity": 5}), json!([any(&[4], None)])).await,
        ];
        let first = at.clock.now().date_naive() + Days::new(2);
        let days = 4 + u32::try_from(operations / 1_000).unwrap();
        Self { tenant, offers, resources, first, days }
    }

    /// A start among those that may be free.
    pub fn start(&self, mut random: impl FnMut(u32) -> u32) -> String {
        let date = self.first + Days::new(random(self.days).into());
        let quarter = random(QUARTERS);
        format!("{date}T{:02}:{:02}:00Z", 8 + quarter / 4, quarter % 4 * 15)
    }
}

async fn offer(owner: &Client, more: Value, groups: Value) -> Offer {
    let mut wanted =
        json!({"name": "", "duration_min": 30, "price_cents": 4500, "interval_min": 15, "grid": "wall_clock"});
    wanted.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let id = made(owner, "/api/v1/services", &wanted).await;
    owner.put(&format!("/api/v1/services/{id}/resources"), &json!({"groups": groups})).await.expect(200);
    Offer { id, seats: wanted["capacity"].as_u64().unwrap_or(1).try_into().unwrap() }
}
