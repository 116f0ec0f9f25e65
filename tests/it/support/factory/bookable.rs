//! A service that can be booked: half an hour with one member of staff, 08:00 to 20:00 every day of the week.
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::people::Tenant;

/// A service with the one resource that gives it.
#[derive(Clone, Debug)]
pub struct Bookable {
    pub service_id: Uuid,
    pub resource_id: Uuid,
    slug: String,
    tomorrow: NaiveDate,
}

/// Makes a service, a member of staff who gives it, and their hours.
pub async fn bookable(service: &Service, tenant: &Tenant) -> Bookable {
    let made = Bookable {
        service_id: service.new_id(),
        resource_id: service.new_id(),
        slug: tenant.slug.clone(),
        tomorrow: service.clock.now().date_naive() + Days::new(1),
    };
    // one statement: the foreign keys are looked at when it ends
    let sql = "WITH service AS (
                 INSERT INTO app.services (tenant_id, id, slug, name, duration_min, price_cents)
                 VALUES ($1, $2, 'cut-' || $2, 'Cut', 30, 4500)),
               resource AS (
                 INSERT INTO app.resources (tenant_id, id, type, name) VALUES ($1, $3, 'staff', 'Ana')),
               link AS (
                 INSERT INTO app.service_resources (tenant_id, service_id, resource_id) VALUES ($1, $2, $3))
               INSERT INTO app.availability_rules (tenant_id, id, resource_id, weekday, starts, ends)
               SELECT $1, gen_random_uuid(), $3, weekday, '08:00', '20:00' FROM generate_series(0, 6) AS weekday";
    sqlx::query(sql)
        .bind(tenant.id.0)
        .bind(made.service_id)
        .bind(made.resource_id)
        .execute(&mut service.platform().await)
        .await
        .unwrap();
    made
}

impl Bookable {
    /// Path of the public's bookings.
    pub fn bookings(&self) -> String {
        format!("/v1/b/{}/bookings", self.slug)
    }

    /// Path of the public's question for free times: the coming week, from tomorrow on.
    pub fn availability(&self) -> String {
        let last = self.tomorrow + Days::new(6);
        let Self { slug, service_id, tomorrow, .. } = self;
        format!("/v1/b/{slug}/availability?service_id={service_id}&start_date={tomorrow}&end_date={last}")
    }

    /// The free starts of the coming week, as the API tells them.
    pub async fn free(&self, client: &Client) -> Vec<String> {
        let answer = client.get(&self.availability()).await.expect(200);
        let data = answer["data"].as_array().unwrap();
        data.iter().map(|slot| slot["start"].as_str().unwrap().to_owned()).collect()
    }

    /// The next free start.
    pub async fn next_free(&self, client: &Client) -> String {
        self.free(client).await.swap_remove(0)
    }

    /// What a visitor sends to book a start.
    pub fn booking(&self, start_at: &str) -> Value {
        json!({
            "service_id": self.service_id,
            "start_at": start_at,
            "customer": {"display_name": "Ana Torres", "email": "ana@example.com"},
        })
    }
}
