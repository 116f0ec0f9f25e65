//! A small business with one of everything, so that every operation has something to be about.
use chrono::{Days, TimeDelta};
use serde_json::{Value, json};
use uuid::Uuid;

use super::document::Operation;
use super::money::{self, Money};
use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::factory::{Bookable, bookable};
use crate::support::people::Tenant;

/// One of everything.
pub struct World {
    pub tenant: Tenant,
    pub owner: Client,
    operator: Client,
    bookable: Bookable,
    exception_id: String,
    staff_id: String,
    availability_id: String,
    schedule_id: String,
    customer_id: String,
    note_id: String,
    segment_id: String,
    invoice_id: String,
    booking_id: String,
    series_id: String,
    manage_token: String,
    feed_secret: String,
    hold_token: String,
    entry_token: String,
    coupon_id: String,
    gift_card_id: String,
    gift_code: String,
    pub money: Money,
    package_id: String,
    purchase_id: String,
    plan_id: String,
    membership_id: String,
    session_id: Uuid,
    /// An event of a provider that nobody could work on.
    webhook_event_id: Uuid,
    /// A resource without hours.
    idle_id: String,
    free: String,
    /// Half an hour before it.
    free_before: String,
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

pub fn key() -> String {
    format!("{:032x}", rand::random::<u128>())
}

impl World {
    pub async fn new(service: &Service) -> Self {
        let tenant = service.tenant().await;
        let owner = service.owner_of(&tenant).await;
        let operator = service.operator().await;
        let operator = service.visitor().bearer(&service.token(operator, None).await);
        let stranger = service.stranger(&tenant);
        let bookable = bookable(service, &tenant).await;
        let mut platform = service.platform().await;
        // so that a visitor may change at any time what is booked
        let windows = json!({"booking": {"cancel_window_min": 0, "reschedule_window_min": 0}});
        sqlx::query("UPDATE app.tenants SET settings_json = $2 WHERE id = $1")
            .bind(tenant.id.0)
            .bind(windows)
            .execute(&mut platform)
            .await
            .unwrap();
        // so that what is booked waits to be confirmed
        sqlx::query("UPDATE app.services SET requires_confirmation = true WHERE tenant_id = $1")
            .bind(tenant.id.0)
            .execute(&mut platform)
            .await
            .unwrap();
        // not the one that the owner calls with
        let spare = service.token(tenant.owner, Some(tenant.id)).await;
        drop(spare);
        let session_id = sqlx::query_scalar("SELECT id FROM app.sessions WHERE user_id = $1 ORDER BY id DESC LIMIT 1")
            .bind(tenant.owner.0)
            .fetch_one(&mut platform)
            .await
            .unwrap();
        let webhook_event_id = service.new_id();
        let dead = "INSERT INTO app.webhook_event_inbox
                      (id, provider, event_id, event_type, event_created_at, livemode, raw, state, next_attempt_at, received_at)
                    VALUES ($1, 'stripe', 'evt_' || $1, 'balance.available', now(), false, '{}', 'dead', now(), now())";
        sqlx::query(dead).bind(webhook_event_id).execute(&mut platform).await.unwrap();
        let customer = json!({"display_name": "Ana Lima", "email": format!("{}@customers.example", key())});
        let customer_id = id(&owner.post("/api/v1/customers", &customer).await.expect(201));
        let membership_id: Uuid =
            sqlx::query_scalar("SELECT id FROM app.memberships WHERE tenant_id = $1 AND user_id = $2")
                .bind(tenant.id.0)
                .bind(tenant.staff.0)
                .fetch_one(&mut platform)
                .await
                .unwrap();
        // the least of those who may set their own hours
        let mia = json!({"display_name": "Mia Stone", "membership_id": membership_id});
        let staff_id = id(&owner.post("/api/v1/staff", &mia).await.expect(201));
        let feed = owner.post(&format!("/api/v1/staff/{staff_id}/calendar-feed"), &Value::Null).await.expect(201);
        let feed_secret = feed["url"].as_str().unwrap().rsplit('/').nth(1).unwrap().to_owned();
        let tuesday = json!({"weekday": 1, "start_time": "09:00", "end_time": "17:00"});
        let hours = format!("/api/v1/staff/{staff_id}/availability");
        let availability_id = id(&owner.post(&hours, &tuesday).await.expect(201));
        let away = json!({"schedule_type": "time_off", "valid_from": "2026-12-24", "valid_until": "2026-12-26"});
        let schedules = format!("/api/v1/staff/{staff_id}/schedules");
        let schedule_id = id(&owner.post(&schedules, &away).await.expect(201));
        let notes = format!("/api/v1/crm/customers/{customer_id}/notes");
        // the least who may write notes may change their own
        let staff = service.staff_of(&tenant).await;
        let note_id = id(&staff.post(&notes, &json!({"content": "Allergic to nuts."})).await.expect(201));
        let segment = json!({"name": format!("Segment {}", key())});
        let segment_id = id(&owner.post("/api/v1/crm/segments", &segment).await.expect(201));
        let points = json!({"points": 1000, "reason": "To be redeemed"});
        let exchanged = json!({
            "earn_by": "amount", "points": 1, "points_per_credit": 50, "points_per_unit": 20,
            "tiers": [{"tier": "bronze", "threshold": 0}, {"tier": "silver", "threshold": 500}],
        });
        owner.put("/api/v1/loyalty/program", &exchanged).await.expect(200);
        let earn = format!("/api/v1/loyalty/accounts/{customer_id}/earn");
        owner.key(&key()).post(&earn, &points).await.expect(200);
        let coupon = json!({"code": format!("W{}", &key()[..12]), "percent_bps": 1000});
        let coupon_id = id(&owner.post("/api/v1/promotions/coupons", &coupon).await.expect(201));
        let card = json!({"amount_cents": 5000});
        let card = owner.key(&key()).post("/api/v1/promotions/gift-cards", &card).await.expect(201);
        let (gift_card_id, gift_code) = (id(&card["gift_card"]), card["code"].as_str().unwrap().to_owned());
        let package = json!({"name": "Five cuts", "sessions": 5, "price_cents": 20000});
        let package_id = id(&owner.post("/api/v1/packages", &package).await.expect(201));
        let sale = format!("/api/v1/packages/{package_id}/purchase");
        let purchase_id = id(&owner.key(&key()).post(&sale, &json!({"customer_id": customer_id})).await.expect(201));
        let plan = json!({"name": "Eight a month", "quantity": 8, "price_cents": 9900});
        let plan_id = id(&owner.post("/api/v1/memberships/plans", &plan).await.expect(201));
        let member = json!({"customer_id": customer_id, "plan_id": plan_id, "paid_with": "cash"});
        let membership_id = id(&owner.key(&key()).post("/api/v1/memberships", &member).await.expect(201));
        let credits = json!({"customer_id": customer_id, "credits": 100, "reason": "To be used"});
        owner.key(&key()).post("/api/v1/credits/grant", &credits).await.expect(200);
        let idle_id =
            id(&owner.post("/api/v1/resources", &json!({"type": "room", "name": "Quiet room"})).await.expect(201));
        let far = service.clock.now().date_naive() + Days::new(40);
        let closure = json!({"exception_date": far, "is_available": false});
        let exception_id = id(&owner.post("/api/v1/availability/exceptions", &closure).await.expect(201));
        let mut free = bookable.free(&stranger).await;
        let wish = bookable.booking(&free.swap_remove(0));
        let booking = stranger.key(&key()).post(&bookable.bookings(), &wish).await.expect(201);
        let manage_token = booking["manage_token"].as_str().unwrap().to_owned();
        // for somebody else: who has bookings ahead cannot be deleted
        let regular = json!({"display_name": "Ben Ruiz", "email": format!("{}@customers.example", key())});
        let series = json!({"service_id": bookable.service_id, "start_at": free[0], "rrule": "FREQ=DAILY;COUNT=2", "customer": regular});
        let series = owner.key(&key()).post("/api/v1/booking-series", &series).await.expect(201);
        let series_id = id(&series["series"]);
        let booking_id = id(&booking);
        let money = Money::new(service, &mut platform, &tenant, &owner, &booking_id).await;
        let invoice_id = crate::invoices::of_booking(service, &tenant, &booking_id).await.to_string();
        // the first of those that are left is the series'
        let hold = json!({"service_id": bookable.service_id, "start_at": free.swap_remove(1)});
        let hold = stranger.key(&key()).post("/api/v1/availability/holds", &hold).await.expect(201);
        let (free, free_before) = (free.pop().unwrap(), free.pop().unwrap());
        let hold_token = hold["hold_token"].as_str().unwrap().to_owned();
        let wait = json!({
            "service_id": bookable.service_id, "customer_id": customer_id, "from_at": service.clock.now(),
            "until_at": service.clock.now() + TimeDelta::days(7),
        });
        let entry = owner.post("/api/v1/waitlist", &wait).await.expect(201);
        let entry_token = entry["entry_token"].as_str().unwrap().to_owned();
        Self {
            tenant,
            owner,
            operator,
            bookable,
            exception_id,
            staff_id,
            availability_id,
            schedule_id,
            customer_id,
            note_id,
            segment_id,
            invoice_id,
            booking_id,
            series_id,
            manage_token,
            feed_secret,
            hold_token,
            entry_token,
            coupon_id,
            gift_card_id,
            gift_code,
            money,
            package_id,
            purchase_id,
            plan_id,
            membership_id,
            session_id,
            webhook_event_id,
            idle_id,
            free,
            free_before,
        }
    }

    /// Somebody who may do anything that the operation is for.
    pub fn caller(&self, operation: &Operation) -> &Client {
        if operation.is_operators() { &self.operator } else { &self.owner }
    }

    /// Brings the booking to where the step of this name is the next one.
    pub async fn lead_up_to(&self, service: &Service, step: &str) {
        let before: &[&str] = if step == "booking_complete" { &["confirm", "check-in"] } else { &["confirm"] };
        for verb in before {
            let path = format!("/api/v1/bookings/{}/{verb}", self.booking_id);
            self.owner.key(&key()).send(reqwest::Method::POST, &path, None).await.expect(200);
        }
        if step == "booking_no_show" {
            // the time has come: nobody fails to come before it
            let sql =
                "UPDATE app.bookings SET start_at = start_at - interval '30 days', end_at = end_at - interval '30 days'
                       WHERE tenant_id = $1 AND id = $2::uuid";
            let query = sqlx::query(sql).bind(self.tenant.id.0).bind(&self.booking_id);
            query.execute(&mut service.platform().await).await.unwrap();
        }
    }

    /// What stands for a parameter of a path.
    pub fn value_of(&self, parameter: &str) -> String {
        match parameter {
            "slug" => self.tenant.slug.clone(),
            "tenant_id" => self.tenant.id.to_string(),
            "service_id" => self.bookable.service_id.to_string(),
            // a resource has one rule, which is named like it
            "resource_id" | "rule_id" => self.bookable.resource_id.to_string(),
            "session_id" => self.session_id.to_string(),
            "webhook_event_id" => self.webhook_event_id.to_string(),
            "exception_id" => self.exception_id.clone(),
            "staff_id" => self.staff_id.clone(),
            "availability_id" => self.availability_id.clone(),
            "schedule_id" => self.schedule_id.clone(),
            "customer_id" => self.customer_id.clone(),
            "note_id" => self.note_id.clone(),
            "segment_id" => self.segment_id.clone(),
            "invoice_id" => self.invoice_id.clone(),
            "coupon_id" => self.coupon_id.clone(),
            "gift_card_id" => self.gift_card_id.clone(),
            "package_id" => self.package_id.clone(),
            "purchase_id" => self.purchase_id.clone(),
            "plan_id" => self.plan_id.clone(),
            "membership_id" => self.membership_id.clone(),
            "booking_id" => self.booking_id.clone(),
            "series_id" => self.series_id.clone(),
            "payment_id" => self.money.payment_id.clone(),
            "method_id" => self.money.method_id.to_string(),
            "manage_token" => self.manage_token.clone(),
            "hold" => self.hold_token.clone(),
            "entry" => self.entry_token.clone(),
            "feed_secret" => self.feed_secret.clone(),
            "subdomain" => format!("free-{:08x}", rand::random::<u32>()),
            other => panic!("the world has no {other}: give it one"),
        }
    }

    /// The operation's address in this world, with the query that it requires.
    pub fn path(&self, operation: &Operation) -> String {
        self.path_with(operation, |parameter| self.value_of(parameter))
    }

    /// The same with other values in the path.
    pub fn path_with(&self, operation: &Operation, value_of: impl Fn(&str) -> String) -> String {
        let mut path = operation.path.clone();
        for parameter in operation.in_path() {
            path = path.replace(&format!("{{{parameter}}}"), &value_of(parameter));
        }
        let mut query: Vec<String> = Vec::new();
        // the world has a booking to come, which stands against some changes
        let asked = |p: &&Value| {
            p["in"] == "query" && (p["required"] == true || matches!(p["name"].as_str(), Some("date" | "force")))
        };
        for parameter in operation.parameters().filter(asked) {
            let name = parameter["name"].as_str().unwrap();
            let value = match name {
                "date" | "start_date" => self.free.split('T').next().unwrap().to_owned(),
                "start" => self.free.clone(),
                "force" => "true".into(),
                name => self.value_of(name),
            };
            query.push(format!("{name}={value}"));
        }
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    /// The example of the operation's body, with this world's ids in it.
    pub fn body(&self, operation: &Operation) -> Option<Value> {
        let mut body = operation.body.clone()?;
        self.settle(&mut body);
        match operation.id.as_str() {
            // what the world has cannot be made again, or keeps what it is
            "availability_rule_create" => body["resource_id"] = self.idle_id.clone().into(),
            "resource_replace" => body["type"] = "staff".into(),
            "gift_card_balance" | "gift_card_redeem" => body["code"] = self.gift_code.clone().into(),
            "membership_create" => body["plan_id"] = self.plan_id.clone().into(),
            // one after the other
            "booking_itinerary_create" | "public_itinerary_create" => {
                body["legs"][0]["start_at"] = self.free_before.clone().into();
            }
            _ => {}
        }
        Some(body)
    }

    fn settle(&self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    match (name.as_str(), &*value) {
                        ("service_id" | "resource_id" | "customer_id", Value::String(_)) => {
                            *value = self.value_of(name).into()
                        }
                        ("booking_id" | "payment_intent_id", Value::String(_)) => {
                            *value = money::member(self, name).unwrap();
                        }
                        ("booking_ids", _) => *value = json!([self.booking_id]),
                        ("service_ids", _) => *value = json!([self.bookable.service_id]),
                        ("resource_ids", Value::Array(_)) => *value = json!([self.bookable.resource_id]),
                        ("start_at", _) => *value = self.free.clone().into(),
                        ("email" | "owner_email", Value::String(_)) => {
                            *value = format!("{}@people.example", key()).into()
                        }
                        ("business_name", _) => *value = format!("Salon {}", key()).into(),
                        ("tenant", _) => *value = self.tenant.slug.clone().into(),
                        _ => self.settle(value),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.settle(item)),
            _ => {}
        }
    }
}

/// An id or a token that is nobody's, of the kind that the parameter takes.
pub fn nobody(service: &Service, parameter: &str) -> String {
    match parameter {
        "manage_token" | "hold" | "entry" => "AZnEkTlqfTCbUjwfCm1-hA.3q2-7wAAAAA".to_owned(),
        _ => service.new_id().to_string(),
    }
}
