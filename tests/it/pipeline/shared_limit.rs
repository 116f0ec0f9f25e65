//! Rate limits that instances share through Redis, and what is left of them without it.
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use deadpool_redis::redis::{self, AsyncCommands};
use tokio::net::TcpListener;

use crate::support::app::Service;
use crate::support::database::Database;
use crate::support::redis::url;

const THREE: &[&str] = &["--limit-anonymous", "3/60", "--limit-default", "3/60"];

#[tokio::test]
async fn two_instances_empty_one_bucket() {
    let shared = Database::shared().await;
    let one = Service::build(shared.clone(), THREE, Some(&url())).await;
    let two = Service::build(shared, THREE, Some(&url())).await;
    let tenant = one.tenant().await;
    let path = format!("/v1/{}/services", tenant.slug);
    let mut left = Vec::new();
    for at in 0..6 {
        let answer = [&one, &two][at % 2].visitor().get(&path).await;
        left.push((answer.status.as_u16(), answer.header("x-ratelimit-remaining").to_owned()));
        if answer.status == 429 {
            let wait: u32 = answer.header("retry-after").parse().unwrap();
            assert!((1..=20).contains(&wait), "one of three comes back in twenty seconds: {wait}");
        }
    }
    let expected = [(200, "2"), (200, "1"), (200, "0"), (429, "0"), (429, "0"), (429, "0")];
    assert_eq!(left, expected.map(|(status, left)| (status, left.to_owned())));
}

#[tokio::test]
async fn every_key_names_its_tenant_or_none_and_nothing_secret() {
    // a bucket that is full again is forgotten: these take their time
    let slow = ["--limit-anonymous", "50/60", "--limit-default", "50/60", "--limit-refused", "50/60"];
    let service = Service::build(Database::shared().await, &slow, Some(&url())).await;
    let tenant = service.tenant().await;
    let token = service.token(tenant.owner, Some(tenant.id)).await;
    service.stranger(&tenant).bearer(&token).get("/api/v1/bookings").await.expect(200);
    service.visitor().get(&format!("/v1/{}/services", tenant.slug)).await.expect(200);
    service.visitor().get("/v1/nobody-here/services").await.refused(404, "TITHI_TENANT_NOT_FOUND");
    service.visitor().bearer("garbage").get("/api/v1/users/me").await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
    let mut redis = redis::Client::open(url()).unwrap().get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = redis.keys("*").await.unwrap();
    let own = keys.iter().filter(|key| key.contains(&tenant.id.to_string())).count();
    assert!(own >= 2 && keys.iter().any(|key| key.starts_with("g:rate:refused:")), "{keys:?}");
    for key in keys {
        let mut parts = key.split(':');
        let tenant = match parts.next() {
            Some("t") => uuid::Uuid::try_parse(parts.next().unwrap()).is_ok(),
            other => other == Some("g"),
        };
        assert!(tenant, "{key}");
        assert!(!key.contains("eyJ"), "a token in a key: {key}");
        let ttl: i64 = redis.pttl(&key).await.unwrap();
        // -2: it went while we looked
        assert!(ttl > 0 || ttl == -2, "{key} stays for ever");
    }
}

/// Counted here instead, and never an error: nobody listens, or somebody who never answers.
#[tokio::test]
async fn without_redis_this_process_counts() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let mute = format!("redis://{}", silent.local_addr().unwrap());
    let closed = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let gone = format!("redis://{}", closed.local_addr().unwrap());
    drop(closed);
    let questions = Arc::new(AtomicU64::new(0));
    let asked = Arc::clone(&questions);
    let kept = tokio::spawn(async move {
        let mut connections = Vec::new();
        while let Ok((stream, _)) = silent.accept().await {
            asked.fetch_add(1, Ordering::SeqCst);
            connections.push(stream);
        }
    });
    for (url, least) in [(gone, 0), (mute, 1)] {
        let service = Service::build(Database::shared().await, THREE, Some(&url)).await;
        let tenant = service.tenant().await;
        let (owner, begun) = (service.owner_of(&tenant).await, Instant::now());
        let mut seen = Vec::new();
        for _ in 0..20 {
            seen.push(owner.get("/api/v1/bookings").await.status.as_u16());
        }
        assert_eq!(seen[..4], [200, 200, 200, 429], "{url}");
        assert!(seen[4..].iter().all(|status| *status == 429), "{url}: {seen:?}");
        // one question waits in vain, and then it is left alone for a second
        let (took, questions) = (begun.elapsed(), questions.load(Ordering::SeqCst));
        assert!((least..=1 + took.as_secs()).contains(&questions), "{url}: {questions} questions in {took:?}");
        let health = service.visitor().get("/health/detailed").await.expect(200);
        assert_eq!(health["status"], "warn", "{health}");
    }
    kept.abort();
}

/// Redis goes away while requests come in: not one of them fails.
#[tokio::test]
async fn redis_may_go_at_any_time() {
    let real = url();
    let target = real.rsplit('@').next().unwrap().to_owned();
    let password = real.trim_start_matches("redis://:").split('@').next().unwrap().to_owned();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let between = format!("redis://:{password}@{}", listener.local_addr().unwrap());
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
    let service = Service::build(Database::shared().await, &[], Some(&between)).await;
    let tenant = service.tenant().await;
    let path = format!("/v1/{}/services", tenant.slug);
    let visitor = service.visitor();
    for at in 0..40 {
        if at == 20 {
            wire.abort();
        }
        visitor.get(&path).await.expect(200);
    }
}
