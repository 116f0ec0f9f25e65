//! Whatever can be rehearsed tells what it would break, and leaves no trace.
use serde_json::Value;

use super::caller::{Call, Judge};
use super::document::operations;
use super::world::World;
use super::{Excused, Verdicts};
use crate::support::app::Service;

const EXCUSED: Excused = &[];

#[tokio::test]
async fn a_rehearsal_leaves_no_trace() {
    let service = Service::start().await;
    let judge = Judge::new(&service).await;
    let mut verdicts = Verdicts::new(EXCUSED);
    let mut tried = 0;
    for operation in operations(&service) {
        let asks = |name: &str| operation.parameters().any(|p| p["in"] == "query" && p["name"] == name);
        if !asks("dry_run") {
            continue;
        }
        tried += 1;
        if !asks("force") {
            verdicts.wrong(&operation, "can be rehearsed and not forced");
        }
        let world = World::new(&service).await;
        let before = traces(&service, &world).await;
        let call = Call::of(&operation, &world);
        // what would be forced is rehearsed all the same
        let call = Call { path: format!("{}&dry_run=true", call.path), ..call };
        let answer = call.send(world.caller(&operation)).await;
        for fault in judge.faults(&operation, &answer) {
            verdicts.wrong(&operation, fault);
        }
        let report = answer.json();
        let told = report["breaks"].as_array().map(Vec::len);
        if answer.status.as_u16() != 200 || told.is_none() || report["count"] != told.map_or(Value::Null, Value::from) {
            verdicts.wrong(&operation, format!("{} {report}", answer.status));
        }
        if traces(&service, &world).await != before {
            verdicts.wrong(&operation, "the rehearsal left a trace");
        }
    }
    assert!(tried >= 18, "only {tried} operations can be rehearsed");
    verdicts.done();
}

/// How much was logged and told of a world.
async fn traces(service: &Service, world: &World) -> (i64, i64) {
    let sql = "SELECT (SELECT count(*) FROM app.audit_logs WHERE tenant_id = $1), (SELECT count(*) FROM app.events_outbox WHERE tenant_id = $1)";
    sqlx::query_as(sql).bind(world.tenant.id.0).fetch_one(&mut service.platform().await).await.unwrap()
}
