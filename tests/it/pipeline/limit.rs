//! Rate limits as a caller meets them, counted in this process.
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use super::stage::settle;
use crate::support::app::Service;
use crate::support::client::Answer;
use crate::support::factory::bookable;

/// `"name";q=3;w=60` and `"name";r=2;t=20`, as numbers.
fn numbers(answer: &Answer, header: &str) -> (String, u32, u32) {
    let mut parts = answer.header(header).split(';');
    let name = parts.next().unwrap().trim_matches('"').to_owned();
    let mut number = || parts.next().unwrap().split_once('=').unwrap().1.parse().unwrap();
    (name, number(), number())
}

/// Empties a bucket and gives what was said after it was empty.
async fn empty(ask: impl AsyncFn() -> Answer, size: u32, name: &str) -> Answer {
    for left in (0..size).rev() {
        let answer = ask().await;
        assert_ne!(answer.status, 429, "{name}: {left} left");
        assert_eq!(numbers(&answer, "ratelimit-policy"), (name.to_owned(), size, 60));
        let (policy, r, t) = numbers(&answer, "ratelimit");
        assert_eq!((policy.as_str(), r), (name, left));
        assert!((1..=60).contains(&t), "{t}");
        assert_eq!(answer.header("x-ratelimit-limit"), size.to_string());
        assert_eq!(answer.header("x-ratelimit-remaining"), left.to_string());
        assert_eq!(answer.header("x-ratelimit-reset"), t.to_string());
    }
    ask().await
}

fn refused(answer: Answer, name: &str) {
    let (policy, r, t) = numbers(&answer, "ratelimit");
    assert_eq!((policy.as_str(), r), (name, 0));
    let wait: u32 = answer.header("retry-after").parse().unwrap();
    assert!(wait >= 1 && wait >= t, "{wait} {t}");
    assert_eq!(answer.header("x-ratelimit-remaining"), "0");
    let problem = answer.refused(429, "TITHI_RATE_LIMIT_EXCEEDED");
    assert_eq!(problem["type"], "https://iana.org/assignments/http-problem-types#quota-exceeded");
    assert_eq!(problem["violated-policies"], json!([name]));
}

#[tokio::test]
async fn every_class_has_its_own_bucket_and_says_how_full_it_is() {
    let service = Service::with(&[
        "--limit-default",
        "3/60",
        "--limit-bookings",
        "2/60",
        "--limit-public-bookings",
        "3/60",
        "--limit-payments",
        "2/60",
        "--limit-auth",
        "4/60",
        "--limit-check",
        "2/60",
        "--limit-anonymous",
        "5/60",
    ])
    .await;
    let tenant = service.tenant().await;
    let (owner, visitor) = (service.owner_of(&tenant).await, service.visitor());
    let nothing = json!({});
    refused(empty(async || owner.get("/api/v1/bookings").await, 3, "default").await, "default");
    let book = async || owner.post("/api/v1/bookings", &nothing).await;
    refused(empty(book, 2, "bookings").await, "bookings");
    refused(empty(async || owner.post("/api/v1/payments/x", &nothing).await, 2, "payments").await, "payments");
    let public = format!("/v1/{}/services", tenant.slug);
    refused(empty(async || visitor.get(&public).await, 5, "anonymous").await, "anonymous");
    let book = format!("/v1/b/{}/bookings", tenant.slug);
    let public = "public_bookings";
    refused(empty(async || visitor.post(&book, &nothing).await, 3, public).await, public);
    // the business's own host and what becomes of a booking are the same bucket
    refused(service.stranger(&tenant).post("/api/v1/bookings", &nothing).await, public);
    refused(visitor.post(&format!("{book}/token/cancel"), &nothing).await, public);
    refused(empty(async || visitor.post("/api/v1/auth/login", &nothing).await, 4, "auth").await, "auth");
    refused(empty(async || visitor.get("/onboarding/check-subdomain/free-one").await, 2, "check").await, "check");
    // a login is counted by its address for the whole service: no fresh bucket at each business
    refused(service.stranger(&tenant).post("/api/v1/auth/login", &nothing).await, "auth");
    // what is past the pipeline is not counted
    visitor.get("/health").await.expect(200);
}

#[tokio::test]
async fn a_business_may_have_its_own_limit_and_leaves_the_others_alone() {
    let service = Service::with(&["--limit-anonymous", "6/60"]).await;
    let (own, plain) = (service.tenant().await, service.tenant().await);
    settle(&mut service.platform().await, &own, &json!({"rate_limits": {"anonymous": "2/60"}})).await;
    let visitor = service.visitor();
    let ask = async |slug: &str| visitor.get(&format!("/v1/{slug}/services")).await;
    refused(empty(async || ask(&own.slug).await, 2, "anonymous").await, "anonymous");
    refused(empty(async || ask(&plain.slug).await, 6, "anonymous").await, "anonymous");
    refused(ask(&own.slug).await, "anonymous");
}

#[tokio::test]
async fn callers_are_told_apart_by_person_and_by_network() {
    let service =
        Service::with(&["--limit-default", "1/60", "--limit-anonymous", "1/60", "--trusted-proxies", "127.0.0.1"])
            .await;
    let tenant = service.tenant().await;
    let path = format!("/v1/{}/services", tenant.slug);
    let from =
        async |address: &str| service.visitor().with("x-forwarded-for", address).get(&path).await.status.as_u16();
    // the second asks from the first one's network; the third does not
    for (first, second, third) in
        [("192.0.2.1", "192.0.2.1", "192.0.2.2"), ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")]
    {
        assert_eq!((from(first).await, from(second).await, from(third).await), (200, 429, 200));
    }
    assert_eq!(from("6.6.6.6, 192.0.2.1").await, 429, "what the caller says of itself does not count");
    let again = service.owner_of(&tenant).await;
    let (owner, staff) = (service.owner_of(&tenant).await, service.staff_of(&tenant).await);
    for client in [&owner, &staff] {
        client.get("/api/v1/bookings").await.expect(200);
        refused(client.get("/api/v1/bookings").await, "default");
    }
    // another login is the same person
    refused(again.get("/api/v1/bookings").await, "default");
}

#[tokio::test]
async fn false_credentials_are_counted_by_their_address() {
    let service = Service::with(&["--limit-refused", "5/60", "--trusted-proxies", "127.0.0.1"]).await;
    let tenant = service.tenant().await;
    let guess = async |address: &str| {
        let token = format!("Bearer {}", Uuid::from_u128(rand::random()));
        let client = service.stranger(&tenant).with("x-forwarded-for", address).with("authorization", &token);
        client.get("/api/v1/bookings").await
    };
    for _ in 0..5 {
        guess("192.0.2.1").await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
    }
    let over = guess("192.0.2.1").await;
    assert!(over.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert_eq!(over.refused(429, "TITHI_RATE_LIMIT_EXCEEDED")["violated-policies"], json!(["refused"]));
    guess("192.0.2.2").await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
    // an honest caller behind the same address still gets in
    let owner = service.owner_of(&tenant).await.with("x-forwarded-for", "192.0.2.1");
    owner.get("/api/v1/bookings").await.expect(200);
}

#[tokio::test]
async fn a_refusal_uses_up_no_key() {
    let service = Service::with(&["--limit-public-bookings", "1/3"]).await;
    let tenant = service.tenant().await;
    let subject = bookable(&service, &tenant).await;
    let visitor = service.visitor();
    let free = subject.free(&visitor).await;
    let book = async |key: &str, start: &str| visitor.key(key).post(&subject.bookings(), &subject.booking(start)).await;
    book("first", &free[0]).await.expect(201);
    let mut throttled = 0;
    let deadline = Instant::now() + Duration::from_secs(30);
    // the same key again and again, until the bucket has filled: then it is served for the first time
    let last = loop {
        let answer = book("second", &free[1]).await;
        if answer.status != 429 {
            break answer;
        }
        throttled += 1;
        assert!(Instant::now() < deadline, "the bucket does not fill");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(throttled > 0);
    assert_eq!(last.header("idempotent-replayed"), "");
    last.expect(201);
}

#[tokio::test]
async fn guessing_names_is_limited_in_every_way_to_guess() {
    for way in 0..5 {
        let service = Service::with(&["--limit-anonymous", "3/60"]).await;
        let visitor = service.visitor();
        let mut seen = Vec::new();
        for _ in 0..8 {
            let id = Uuid::from_u128(rand::random());
            let slug = format!("guess-{}", &id.simple().to_string()[..12]);
            let answer = match way {
                0 => visitor.get(&format!("/v1/{slug}/services")).await,
                1 => {
                    crate::support::client::Client::new(&service, &format!("{slug}.localhost"))
                        .get("/api/v1/services")
                        .await
                }
                2 => visitor.clone().with("x-tenant-id", &slug).get("/api/v1/services").await,
                3 => visitor.clone().with("x-tenant-id", &id.to_string()).get("/api/v1/services").await,
                _ => {
                    let asking = visitor
                        .clone()
                        .with("origin", "https://x.example")
                        .with("access-control-request-method", "GET");
                    asking.send(Method::OPTIONS, &format!("/v1/{slug}/services"), None).await
                }
            };
            seen.push(answer.status.as_u16());
        }
        let expected = if way == 4 { [204; 8] } else { [404, 404, 404, 429, 429, 429, 429, 429] };
        assert_eq!(seen, expected, "way {way}");
    }
}
