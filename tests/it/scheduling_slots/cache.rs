//! Free times are kept, and never the old ones: whatever is answered on one instance, the others know.
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::booking::{Shop, key, made};
use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::database::Database;
use crate::support::redis::url;

/// Two instances of the service on one database, and with one Redis.
async fn two(redis: &str) -> (Service, Service) {
    let shared = Database::shared().await;
    (Service::build(shared.clone(), &[], Some(redis)).await, Service::build(shared, &[], Some(redis)).await)
}

/// The public's list of three dates on an instance, as starts.
struct List {
    client: Client,
    path: String,
}

impl List {
    fn of(shop: &Shop, at: &Service) -> Self {
        let (first, last) = (shop.tomorrow, shop.tomorrow + Days::new(2));
        let (slug, service) = (&shop.tenant.slug, &shop.service_id);
        let path = format!("/v1/{slug}/availability?service_id={service}&start_date={first}&end_date={last}");
        Self { client: at.visitor(), path }
    }

    async fn data(&self) -> Vec<Value> {
        self.client.get(&self.path).await.expect(200)["data"].as_array().unwrap().clone()
    }

    async fn starts(&self) -> Vec<String> {
        self.data().await.iter().map(|slot| slot["start"].as_str().unwrap().to_owned()).collect()
    }
}

/// A short service around the clock: hundreds of times in three dates.
async fn busy_shop(at: &Service) -> Shop {
    Shop::with(at, "America/New_York", 1, ("00:00", "24:00"), json!({"duration_min": 15})).await
}

/// Closes a date past the service: nobody is told.
async fn close_behind(at: &Service, shop: &Shop, date: NaiveDate) {
    let sql = "INSERT INTO app.availability_exceptions (tenant_id, id, exception_date, is_available)
               VALUES ($1, gen_random_uuid(), $2, false)";
    sqlx::query(sql).bind(shop.tenant.id.0).bind(date).execute(&mut at.platform().await).await.unwrap();
}

/// Lists on one instance and books on the other, again and again. What was booked must be gone at once.
async fn rounds(shop: &Shop, here: &List, there: &List, count: usize) {
    for round in 0..count {
        let starts = here.starts().await;
        assert_eq!(here.starts().await, starts);
        let wanted = &starts[round * 7 % starts.len()];
        let wish = shop.wish(wanted);
        let booker = there.client.key(&key());
        // a list that begins before the booking is done keeps what it has read, too
        let page = shop.page();
        let (answer, _) = tokio::join!(booker.post(&page, &wish), here.starts());
        answer.expect(201);
        assert!(!here.starts().await.contains(wanted), "round {round}: {wanted} is booked and listed");
    }
}

#[tokio::test]
async fn what_is_booked_on_one_instance_is_gone_on_the_other() {
    let (one, two) = two(&url()).await;
    let shop = busy_shop(&one).await;
    let (here, there) = (List::of(&shop, &one), List::of(&shop, &two));
    rounds(&shop, &here, &there, 200).await;
    // and it was kept all the while: what goes past the service is not seen yet
    let before = here.starts().await;
    close_behind(&one, &shop, shop.tomorrow).await;
    assert_eq!(here.starts().await, before);
    // until anything of the business is written
    let customer = json!({"display_name": "Ana", "email": format!("{}@customers.example", key())});
    shop.owner.post("/api/v1/customers", &customer).await.expect(201);
    assert!(here.starts().await.len() < before.len());
}

#[tokio::test]
async fn one_process_alone_keeps_and_forgets_too() {
    let service = Service::start().await;
    let shop = busy_shop(&service).await;
    let list = List::of(&shop, &service);
    rounds(&shop, &list, &list, 20).await;
    let before = list.starts().await;
    close_behind(&service, &shop, shop.tomorrow).await;
    assert_eq!(list.starts().await, before);
    // a refusal writes nothing that anybody keeps
    let taken = shop.wish("2001-01-01T00:00:00Z");
    shop.visit(&taken).await.refused(409, "TITHI_SLOT_UNAVAILABLE");
    assert_eq!(list.starts().await, before);
    // another business's writes are no matter
    let other = busy_shop(&service).await;
    assert_eq!(List::of(&other, &service).starts().await.len(), 3 * 96);
    // whoever takes or asks why is told the truth
    let start = before.iter().find(|start| start.starts_with(&shop.tomorrow.to_string())).unwrap();
    shop.visit(&shop.wish(start)).await.refused(409, "TITHI_SLOT_UNAVAILABLE");
    let why = format!("/api/v1/availability/explain?service_id={}&start={start}", shop.service_id);
    assert_eq!(shop.owner.get(&why).await.expect(200)["available"], false);
}

/// A hold that lapses writes nothing: the clock alone makes its time free.
#[tokio::test]
async fn what_was_held_is_free_when_its_time_is_up() {
    let service = Service::start().await;
    let shop = busy_shop(&service).await;
    let list = List::of(&shop, &service);
    let start = list.starts().await[5].clone();
    let sql = "WITH hold AS (
                 INSERT INTO app.booking_holds (tenant_id, id, service_id, resource_id, start_at, end_at, total_cents, currency,
                   source, expires_at)
                 VALUES ($1, gen_random_uuid(), $2::uuid, $3::uuid, $4::timestamptz, $4::timestamptz + interval '15 minutes',
                   0, 'USD', 'public', $5) RETURNING *)
               INSERT INTO app.booking_allocations (tenant_id, id, hold_id, held_until, resource_id, start_at, end_at, state)
               SELECT tenant_id, gen_random_uuid(), id, expires_at, resource_id, start_at, end_at, 'held' FROM hold";
    sqlx::query(sql)
        .bind(shop.tenant.id.0)
        .bind(&shop.service_id)
        .bind(&shop.resources[0])
        .bind(start.parse::<chrono::DateTime<chrono::Utc>>().unwrap())
        .bind(service.clock.now() + chrono::TimeDelta::minutes(10))
        .execute(&mut service.platform().await)
        .await
        .unwrap();
    // anything that is written makes the hold known
    shop.owner.patch(&format!("/api/v1/services/{}", shop.service_id), &json!({"price_cents": 1})).await.expect(200);
    assert!(!list.starts().await.contains(&start));
    service.clock.advance(chrono::TimeDelta::minutes(9));
    assert!(!list.starts().await.contains(&start));
    service.clock.advance(chrono::TimeDelta::minutes(1));
    assert!(list.starts().await.contains(&start));
    shop.visit(&shop.wish(&start)).await.expect(201);
}

/// Every write that matters, through the other instance, is seen by the next list.
#[tokio::test]
async fn every_change_elsewhere_is_seen() {
    let (one, two) = two(&url()).await;
    let shop = Shop::open(&one, json!({})).await;
    let list = List::of(&shop, &one);
    let owner = two.owner_of(&shop.tenant).await;
    let resource = &shop.resources[0];
    let resource_path = format!("/api/v1/resources/{resource}");
    let service_path = format!("/api/v1/services/{}", shop.service_id);
    let rule_path = format!("/api/v1/availability/rules/{resource}");
    let hours = |to: &str| {
        let week: Vec<Value> =
            (0..7).map(|day| json!({"weekday": day, "start_time": "09:00", "end_time": to})).collect();
        json!({"rule_type": "weekly", "schedule": week})
    };
    let mut before = list.data().await;
    let mut changed = async |what: &str| {
        let now = list.data().await;
        assert_ne!(now, before, "{what}");
        assert_eq!(now, list.data().await, "{what}");
        before = now;
    };
    owner.put(&rule_path, &hours("12:00")).await.expect(200);
    changed("hours").await;
    let closure = json!({"exception_date": shop.tomorrow, "is_available": false});
    let exception = made(&owner, "/api/v1/availability/exceptions", &closure).await;
    changed("an exception").await;
    owner.delete(&format!("/api/v1/availability/exceptions/{exception}")).await;
    changed("no exception").await;
    owner.patch(&service_path, &json!({"price_cents": 9900})).await.expect(200);
    changed("a price").await;
    owner.patch(&resource_path, &json!({"name": "Mia"})).await.expect(200);
    changed("a name").await;
    owner.patch(&resource_path, &json!({"is_active": false})).await.expect(200);
    changed("nobody").await;
    owner.patch(&resource_path, &json!({"is_active": true})).await.expect(200);
    changed("somebody").await;
    let helper = made(&owner, "/api/v1/resources", &json!({"type": "staff", "name": "Zoe"})).await;
    owner
        .post("/api/v1/availability/rules", &{
            let mut rule = hours("12:00");
            rule["resource_id"] = helper.as_str().into();
            rule
        })
        .await
        .expect(201);
    owner.put(&format!("{service_path}/resources"), &json!({"resource_ids": [resource, helper]})).await.expect(200);
    changed("a second one").await;
    let start = list.starts().await[0].clone();
    let wish = json!({"service_id": shop.service_id, "resource_id": resource, "start_at": start,
                      "customer": {"display_name": "Ana", "email": "ana@example.com"}});
    let booking = owner.key(&key()).post("/api/v1/bookings", &wish).await.expect(201);
    changed("a booking").await;
    let path = format!("/api/v1/bookings/{}", booking["id"].as_str().unwrap());
    let to = json!({"start_at": list.starts().await[3]});
    let moved = owner.key(&key()).post(&format!("{path}/reschedule"), &to).await;
    assert!(moved.status.is_success(), "{moved:?}");
    changed("a move").await;
    let path = format!("/api/v1/bookings/{}", moved.json()["id"].as_str().unwrap());
    owner.key(&key()).post(&format!("{path}/cancel"), &json!({})).await.expect(200);
    changed("a cancellation").await;
    owner.patch(&service_path, &json!({"notice_min": 60 * 72})).await.expect(200);
    changed("a notice").await;
}

/// What stands between the service and Redis, until it is taken away.
async fn between(address: &str) -> (String, JoinHandle<()>) {
    let real = url();
    let target = real.rsplit('@').next().unwrap().to_owned();
    let password = real.trim_start_matches("redis://:").split('@').next().unwrap().to_owned();
    let listener = TcpListener::bind(address).await.unwrap();
    let address = listener.local_addr().unwrap();
    let wire = tokio::spawn(async move {
        let mut calls = tokio::task::JoinSet::new();
        while let Ok((mut inside, _)) = listener.accept().await {
            let target = target.clone();
            calls.spawn(async move {
                let mut outside = tokio::net::TcpStream::connect(target).await?;
                tokio::io::copy_bidirectional(&mut inside, &mut outside).await
            });
        }
    });
    (format!("redis://:{password}@{address}"), wire)
}

#[tokio::test]
async fn without_redis_nothing_old_is_listed_either() {
    let (redis, wire) = between("127.0.0.1:0").await;
    let (one, two) = two(&redis).await;
    let shop = busy_shop(&one).await;
    let (here, there) = (List::of(&shop, &one), List::of(&shop, &two));
    rounds(&shop, &here, &there, 20).await;
    wire.abort();
    let _ = wire.await;
    rounds(&shop, &here, &there, 20).await;
    // nothing is kept: what goes past the service is seen, too
    let before = here.starts().await;
    close_behind(&one, &shop, shop.tomorrow).await;
    assert!(here.starts().await.len() < before.len());
    // back again: what was written meanwhile is told to the others, and then all is as before
    let address = redis.rsplit('@').next().unwrap().to_owned();
    let (_, _wire) = between(&address).await;
    tokio::time::timeout(std::time::Duration::from_secs(20), async {
        loop {
            close_behind(&one, &shop, shop.tomorrow + Days::new(1)).await;
            let (first, second) = (here.starts().await, here.starts().await);
            sqlx::query("DELETE FROM app.availability_exceptions WHERE tenant_id = $1 AND exception_date = $2")
                .bind(shop.tenant.id.0)
                .bind(shop.tomorrow + Days::new(1))
                .execute(&mut one.platform().await)
                .await
                .unwrap();
            // kept again
            if here.starts().await == first && first == second {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    })
    .await
    .unwrap();
    rounds(&shop, &here, &there, 20).await;
}

/// Redis keeps what it knew while one instance could not tell it of a booking: it is told as soon as it answers.
#[tokio::test]
async fn what_redis_was_not_told_it_is_told_later() {
    let (redis, wire) = between("127.0.0.1:0").await;
    let shared = Database::shared().await;
    let one = Service::build(shared.clone(), &[], Some(&url())).await;
    let cut_off = Service::build(shared, &[], Some(&redis)).await;
    let shop = busy_shop(&one).await;
    let (here, there) = (List::of(&shop, &one), List::of(&shop, &cut_off));
    let starts = here.starts().await;
    wire.abort();
    let _ = wire.await;
    there.client.key(&key()).post(&shop.page(), &shop.wish(&starts[0])).await.expect(201);
    assert!(!there.starts().await.contains(&starts[0]), "the one that booked knows");
    let (_, _wire) = between(redis.rsplit('@').next().unwrap()).await;
    tokio::time::timeout(std::time::Duration::from_secs(20), async {
        while here.starts().await.contains(&starts[0]) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await
    .unwrap();
}
