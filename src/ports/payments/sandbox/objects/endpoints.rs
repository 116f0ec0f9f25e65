//! Webhook endpoints: who is told, of what, and with which secret.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::super::ctx::{Ctx, shown};
use super::super::fault::{Fault, Outcome};

pub(in super::super) fn create(ctx: &mut Ctx<'_>) -> Outcome {
    let url = ctx.needed("url")?;
    let kinds: Vec<String> = ctx.form.texts("enabled_events").into_iter().map(str::to_owned).collect();
    if kinds.is_empty() {
        return Err(Fault::missing_param("enabled_events"));
    }
    let id = ctx.id("we");
    let secret = format!("whsec_{}", BASE64_STANDARD.encode(rand::random::<[u8; 24]>()));
    let mut endpoint = object(ctx.now, &id, &url, &kinds);
    endpoint["_secret"] = json!(secret);
    endpoint["_connect"] = json!(ctx.form.flag("connect"));
    ctx.put(&endpoint);
    // shown once, when it is made
    let mut answer = shown(&endpoint);
    answer["secret"] = json!(secret);
    Ok(answer)
}

pub(in super::super) fn object(now: i64, id: &str, url: &str, kinds: &[String]) -> Value {
    json!({
        "id": id,
        "object": "webhook_endpoint",
        "api_version": null,
        "application": null,
        "created": now,
        "description": null,
        "enabled_events": kinds,
        "livemode": false,
        "metadata": {},
        "status": "enabled",
        "url": url,
    })
}

pub(in super::super) fn find(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    ctx.named("webhook endpoint", "we_", id)
}

pub(in super::super) fn list(ctx: &mut Ctx<'_>) -> Outcome {
    ctx.page("/v1/webhook_endpoints", "we_", |endpoint| endpoint["status"] != "deleted")
}

pub(in super::super) fn delete(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let mut endpoint = find(ctx, id)?;
    endpoint["status"] = json!("deleted");
    ctx.put(&endpoint);
    Ok(json!({"id": id, "object": "webhook_endpoint", "deleted": true}))
}
