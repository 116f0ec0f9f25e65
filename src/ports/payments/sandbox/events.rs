//! Events: what happened, as a snapshot of the object, and to whom it is told.

use serde_json::{Value, json};
use stripe_client_core::VERSION;

use super::ctx::{Ctx, shown};
use super::store::DUE;

/// Notes an event of the request's account, and a delivery for each endpoint that wants it.
pub(super) fn emit(ctx: &mut Ctx<'_>, kind: &str, object: &Value) {
    let id = ctx.id("evt");
    let wanting: Vec<String> = endpoints(ctx, kind);
    let mut event = json!({
        "id": id,
        "object": "event",
        "api_version": VERSION.as_str(),
        "created": ctx.now,
        "data": {"object": shown(object)},
        "livemode": false,
        "pending_webhooks": wanting.len(),
        "request": {"id": ctx.request.0, "idempotency_key": ctx.request.1},
        "type": kind,
        "_delivered": false,
    });
    if !ctx.account.is_empty() {
        event["account"] = json!(ctx.account);
    }
    ctx.put(&event);
    for endpoint in wanting {
        let delivery = ctx.id("_dlv");
        ctx.put(&json!({
            "id": delivery, "event": id, "endpoint": endpoint, "attempts": 0, "_kind": "delivery", DUE: ctx.now,
        }));
    }
}

/// Endpoints are the platform's; those for connected accounts hear of these.
fn endpoints(ctx: &Ctx<'_>, kind: &str) -> Vec<String> {
    let all = ctx.store.list("", "we_").into_iter().rev();
    let wants = |endpoint: &&Value| {
        let kinds = endpoint["enabled_events"].as_array();
        endpoint["status"] == "enabled"
            && (endpoint["_both"] == true || endpoint["_connect"] == json!(!ctx.account.is_empty()))
            && kinds.is_some_and(|kinds| kinds.iter().any(|wanted| wanted == "*" || wanted == kind))
    };
    all.filter(wants).filter_map(|endpoint| endpoint["id"].as_str().map(str::to_owned)).collect()
}
