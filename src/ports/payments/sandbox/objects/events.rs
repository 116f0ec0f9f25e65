//! Events as they are listed.

use super::super::ctx::Ctx;
use super::super::fault::Outcome;

pub(in super::super) fn find(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    ctx.named("event", "evt_", id)
}

/// `delivery_success=false` are those that no endpoint has taken, or not all that should.
pub(in super::super) fn list(ctx: &mut Ctx<'_>) -> Outcome {
    let (kind, delivered) = (ctx.text("type"), ctx.text("delivery_success"));
    let kinds: Vec<String> = ctx.form.texts("types").into_iter().map(str::to_owned).collect();
    ctx.page("/v1/events", "evt_", |event| {
        kind.as_deref().is_none_or(|kind| event["type"] == kind)
            && (kinds.is_empty() || kinds.iter().any(|kind| event["type"] == kind.as_str()))
            && delivered.as_deref().is_none_or(|wanted| event["_delivered"] == (wanted == "true"))
    })
}
