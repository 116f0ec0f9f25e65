//! How much strangers hold: each of them a little, all of them no more than leaves the desk its own.
use chrono::{Days, TimeDelta};
use futures_util::future::join_all;
use serde_json::json;
use uuid::Uuid;

use super::hold::HOLDS;
use super::{Shop, key};
use crate::support::app::Service;
use crate::support::client::{Answer, Client};

/// Limits as they are without any setting.
const USUAL: &[&str] = &["--holds-per-visitor", "10", "--holds-per-visitor-day", "5", "--trusted-proxies", "127.0.0.1"];

async fn hold_as(client: &Client, shop: &Shop, start: &str) -> Answer {
    client.key(&key()).post(HOLDS, &json!({"service_id": shop.service_id, "start_at": start})).await
}

#[tokio::test]
async fn a_visitor_holds_five_times_of_a_day_and_ten_in_all() {
    let service = Service::with(USUAL).await;
    let shop = Shop::open(&service, json!({})).await;
    let from = |address: &str| service.stranger(&shop.tenant).with("x-forwarded-for", address);
    let (ana, neighbour, other) = (from("203.0.113.7"), from("2001:db8:1:2::1"), from("198.51.100.9"));
    let mut held = Vec::new();
    for days in 0..2 {
        let starts = shop.starts(shop.tomorrow + Days::new(days)).await;
        for start in &starts[..5] {
            held.push(hold_as(&ana, &shop, start).await.expect(201));
        }
        let refused = hold_as(&ana, &shop, &starts[5]).await;
        let wait: i64 = refused.header("retry-after").parse().unwrap();
        assert!((800..=901).contains(&wait), "until the first of them ends: {wait}");
        assert_eq!(refused.refused(429, "TITHI_HOLD_LIMIT_REACHED")["reason"], "visitor_day");
    }
    let third = shop.starts(shop.tomorrow + Days::new(2)).await;
    assert_eq!(hold_as(&ana, &shop, &third[0]).await.refused(429, "TITHI_HOLD_LIMIT_REACHED")["reason"], "visitor");
    // somebody else, and the desk, are not she; the public path is the same door
    hold_as(&other, &shop, &third[0]).await.expect(201);
    hold_as(&shop.owner, &shop, &third[1]).await.expect(201);
    let page = format!("/v1/b/{}/holds", shop.tenant.slug);
    let wish = json!({"service_id": shop.service_id, "start_at": third[2]});
    ana.key(&key()).post(&page, &wish).await.refused(429, "TITHI_HOLD_LIMIT_REACHED");
    // a network of the newer kind is one visitor
    for (at, address) in
        (3..8).zip(["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2::3", "2001:db8:1:2::4", "2001:db8:1:2::5"])
    {
        hold_as(&from(address), &shop, &third[at]).await.expect(201);
    }
    hold_as(&neighbour, &shop, &third[8]).await.refused(429, "TITHI_HOLD_LIMIT_REACHED");

    // who it is stands nowhere, and what ended is forgotten
    let path = format!("{HOLDS}/{}", held[0]["hold_token"].as_str().unwrap());
    ana.delete(&path).await.expect(204);
    hold_as(&ana, &shop, &third[2]).await.expect(201);
    let (names, forgotten, told): (Vec<String>, i64, i64) = sqlx::query_as(
        "SELECT array(SELECT DISTINCT visitor_hash FROM app.booking_holds WHERE tenant_id = $1 AND visitor_hash IS NOT NULL),
                (SELECT count(*) FROM app.booking_holds WHERE tenant_id = $1 AND status = 'released' AND visitor_hash IS NULL),
                (SELECT count(*) FROM app.audit_logs WHERE tenant_id = $1 AND new_data ? 'visitor_hash')",
    )
    .bind(shop.tenant.id.0)
    .fetch_one(&mut service.platform().await)
    .await
    .unwrap();
    assert_eq!((names.len(), forgotten, told), (3, 1, 0));
    assert!(names.iter().all(|name| name.len() == 22 && !name.contains("203")), "{names:?}");
    // what expires by itself counts no more
    service.clock.advance(TimeDelta::minutes(16));
    hold_as(&ana, &shop, &third[9]).await.expect(201);
}

#[tokio::test]
async fn of_nine_at_once_a_visitor_gets_five() {
    let service = Service::with(USUAL).await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let answers = join_all(starts[..9].iter().map(|start| hold_as(&shop.stranger, &shop, start))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 201, 201, 201, 429, 429, 429, 429]);
}

/// However many strangers hold, the desk holds too.
#[tokio::test]
async fn strangers_never_keep_the_desk_from_holding() {
    let service = Service::with(USUAL).await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let (resource, offered): (Uuid, Uuid) = (shop.resources[0].parse().unwrap(), shop.service_id.parse().unwrap());
    sqlx::query(
        "INSERT INTO app.booking_holds (tenant_id, id, service_id, resource_id, start_at, end_at, total_cents, currency, source,
           expires_at, visitor_hash)
         SELECT $1, gen_random_uuid(), $2, $3, $4 + n * interval '1 day', $4 + n * interval '1 day 1 hour', 0, 'USD', 'public',
           $4 + interval '10 minutes', left(md5(n::text), 22) FROM generate_series(60, 559) n",
    )
    .bind(shop.tenant.id.0)
    .bind(offered)
    .bind(resource)
    .bind(service.clock.now())
    .execute(&mut service.platform().await)
    .await
    .unwrap();
    let refused = hold_as(&shop.stranger, &shop, &starts[0]).await;
    assert_eq!(refused.header("retry-after"), "601");
    assert_eq!(refused.refused(429, "TITHI_HOLD_LIMIT_REACHED")["reason"], "business");
    hold_as(&shop.owner, &shop, &starts[0]).await.expect(201);
}
