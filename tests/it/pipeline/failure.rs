//! What goes wrong on our side: a panic, an answer that never comes, a body that never ends.
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use metrics_exporter_prometheus::PrometheusBuilder;
use sea_orm::ConnectionTrait;
use tithi::error::ApiError;

use super::stage::{Stage, exchange};
use crate::support::app::Service;

#[tokio::test]
async fn a_panic_is_a_500_that_says_nothing_and_undoes_everything() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let figures = recorder.handle();
    let _recording = metrics::set_default_local_recorder(&recorder);
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let stage = Stage::new(&service, |call, _| async move {
        call.scope.execute_unprepared("UPDATE app.tenants SET name = 'half done'").await?;
        if call.scope.statements() > 0 {
            panic!("secret: {}", "the vault's number");
        }
        Ok::<_, ApiError>("unreached")
    })
    .await;
    let caller = stage.stranger(&tenant);
    for caller in [caller.clone(), caller.key("with-a-key")] {
        let answer = caller.post("/anything", &serde_json::json!({})).await;
        assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
        answer.refused(500, "TITHI_INTERNAL_ERROR");
    }
    let name: String = sqlx::query_scalar("SELECT name FROM app.tenants WHERE id = $1")
        .bind(tenant.id.0)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    assert_eq!(name, tenant.slug);
    assert!(figures.render().contains("http_panics_total 2"), "{}", figures.render());
}

#[tokio::test]
async fn an_answer_that_never_comes_is_a_503_and_leaves_nothing_open() {
    let service = Service::with(&["--request-timeout", "1"]).await;
    let tenant = service.tenant().await;
    let stage = Stage::new(&service, |call, _| async move {
        call.scope.execute_unprepared("UPDATE app.tenants SET name = 'half done'").await?;
        std::future::pending::<()>().await;
        Ok::<_, ApiError>("unreached")
    })
    .await;
    let answer = stage.stranger(&tenant).post("/anything", &serde_json::json!({})).await;
    assert_eq!(answer.header("retry-after"), "1");
    answer.refused(503, "TITHI_SERVICE_UNAVAILABLE");
    // the row is free again at once: whoever waited for the lock gets it
    let mut other = service.platform().await;
    let free = sqlx::query("UPDATE app.tenants SET name = 'free' WHERE id = $1").bind(tenant.id.0).execute(&mut other);
    tokio::time::timeout(Duration::from_secs(30), free).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let service = Service::with(&["--request-timeout", "1"]).await;
    let tenant = service.tenant().await;
    let head = format!(
        "POST /v1/b/{}/bookings HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{{\r\n",
        tenant.slug
    );
    let answer = exchange(service.address, head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("TITHI_REQUEST_TIMEOUT"), "{answer}");
}

/// A caller that hangs up takes its request along: no gauge stands, no transaction either.
#[tokio::test]
async fn a_caller_that_hangs_up_is_counted_out() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let figures = recorder.handle();
    let _recording = metrics::set_default_local_recorder(&recorder);
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let reached = Arc::new(AtomicBool::new(false));
    let reaches = Arc::clone(&reached);
    let stage = Stage::new(&service, move |_, _| {
        reaches.store(true, Ordering::SeqCst);
        async { Ok::<_, ApiError>(std::future::pending::<&str>().await) }
    })
    .await;
    let caller = stage.stranger(&tenant);
    let call = tokio::spawn(async move { caller.get("/anything").await });
    until(|| reached.load(Ordering::SeqCst)).await;
    assert!(figures.render().contains("http_requests_in_flight 1"));
    call.abort();
    until(|| figures.render().contains("http_requests_in_flight 0")).await;
}

async fn until(come: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !come() {
        assert!(Instant::now() < deadline, "it never came");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
