//! What the database asks to be done again is done again, as long as the request can be.
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use ::entity::ids::ResourceId;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;
use tithi::db::Scope;
use tithi::error::ApiError;
use tokio::sync::Barrier;

use super::stage::Stage;
use crate::support::app::Service;
use crate::support::factory::bookable;

async fn rename(scope: &Scope, id: ResourceId) -> Result<(), ApiError> {
    let sql = "UPDATE app.resources SET name = name || '+' WHERE id = $1";
    scope.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [id.0.into()])).await?;
    Ok(())
}

/// Two requests lock two rows crosswise. PostgreSQL ends one of them; both succeed.
#[tokio::test]
async fn a_deadlock_is_tried_again() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let rows = [bookable(&service, &tenant).await, bookable(&service, &tenant).await];
    let rows = rows.map(|row| ResourceId(row.resource_id));
    let (meeting, runs) = (Arc::new(Barrier::new(2)), Arc::new(AtomicU32::new(0)));
    let count = Arc::clone(&runs);
    let stage = Stage::new(&service, move |call, request| {
        let (meeting, run) = (Arc::clone(&meeting), count.fetch_add(1, Ordering::SeqCst));
        let forward = request.uri().path().ends_with("forward");
        async move {
            let (first, second) = if forward { (rows[0], rows[1]) } else { (rows[1], rows[0]) };
            rename(&call.scope, first).await?;
            if run < 2 {
                meeting.wait().await;
            }
            rename(&call.scope, second).await?;
            Ok("done")
        }
    })
    .await;
    let caller = stage.stranger(&tenant).key("crosswise");
    let nothing = json!({});
    let (a, b) = tokio::join!(caller.post("/x/forward", &nothing), caller.post("/x/backward", &nothing));
    assert_eq!((a.status.as_u16(), b.status.as_u16()), (200, 200), "{a:?} {b:?}");
    assert_eq!(runs.load(Ordering::SeqCst), 3, "one of them ran twice");
    let names: Vec<String> = sqlx::query_scalar("SELECT name FROM app.resources WHERE tenant_id = $1")
        .bind(tenant.id.0)
        .fetch_all(&mut service.platform().await)
        .await
        .unwrap();
    assert_eq!(names, ["Ana++", "Ana++"], "each had its effect once");
}

#[tokio::test]
async fn a_serialization_failure_is_tried_again_but_not_for_ever() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    for (fails, status, runs) in [(1, 200, 2), (3, 200, 4), (9, 503, 4)] {
        let count = Arc::new(AtomicU32::new(0));
        let counts = Arc::clone(&count);
        let stage = Stage::new(&service, move |call, request| {
            let run = counts.fetch_add(1, Ordering::SeqCst);
            async move {
                let body = request.into_body().into_string().await;
                assert_eq!(body.unwrap(), "{\"the\":\"body\"}", "it comes with every run");
                if run < fails {
                    let raise = "DO $$ BEGIN RAISE EXCEPTION 'try again' USING ERRCODE = '40001'; END $$";
                    call.scope.execute_unprepared(raise).await?;
                }
                Ok("done")
            }
        })
        .await;
        let caller = stage.stranger(&tenant);
        let answer = caller.key(&format!("serial-{fails}")).post("/x", &json!({"the": "body"})).await;
        assert_eq!((answer.status.as_u16(), count.load(Ordering::SeqCst)), (status, runs), "{answer:?}");
        if status == 503 {
            assert_eq!(answer.header("retry-after"), "1");
            answer.refused(503, "TITHI_SERVICE_UNAVAILABLE");
        }
    }
}

/// Without a key nobody knows whether a second run would be a repeat: the caller decides.
#[tokio::test]
async fn without_a_key_nothing_runs_twice() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let count = Arc::new(AtomicU32::new(0));
    let counts = Arc::clone(&count);
    let stage = Stage::new(&service, move |call, _| {
        counts.fetch_add(1, Ordering::SeqCst);
        async move {
            let raise = "DO $$ BEGIN RAISE EXCEPTION 'try again' USING ERRCODE = '40P01'; END $$";
            call.scope.execute_unprepared(raise).await?;
            Ok("unreached")
        }
    })
    .await;
    let answer = stage.stranger(&tenant).post("/x", &json!({})).await;
    answer.refused(503, "TITHI_SERVICE_UNAVAILABLE");
    assert_eq!(count.load(Ordering::SeqCst), 1);
}
