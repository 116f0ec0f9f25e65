//! Connected accounts and the links to their onboarding.

use serde_json::{Value, json};

use super::super::ctx::{Ctx, READY, text_of};
use super::super::events::emit;
use super::super::fault::{Fault, Outcome};

pub(in super::super) fn create(ctx: &mut Ctx<'_>) -> Outcome {
    let id = ctx.id("acct");
    let mut account = object(ctx, &id, false);
    account["country"] = json!(ctx.text("country").unwrap_or_else(|| "US".into()));
    account["email"] = json!(ctx.text("email"));
    account["metadata"] = ctx.metadata();
    ctx.put(&account);
    Ok(account)
}

fn object(ctx: &Ctx<'_>, id: &str, ready: bool) -> Value {
    let state = if ready { "active" } else { "inactive" };
    let due =
        if ready { json!([]) } else { json!(["business_profile.url", "external_account", "tos_acceptance.date"]) };
    json!({
        "id": id,
        "object": "account",
        "business_profile": null,
        "business_type": null,
        "capabilities": {"card_payments": state, "transfers": state},
        "charges_enabled": ready,
        "controller": {
            "fees": {"payer": "account"},
            "is_controller": true,
            "losses": {"payments": "stripe"},
            "requirement_collection": "stripe",
            "stripe_dashboard": {"type": "full"},
            "type": "application",
        },
        "country": "US",
        "created": ctx.now,
        "default_currency": "usd",
        "details_submitted": ready,
        "email": null,
        "external_accounts": {"object": "list", "data": [], "has_more": false, "url": format!("/v1/accounts/{id}/external_accounts")},
        "future_requirements": requirements(&json!([])),
        "metadata": {},
        "payouts_enabled": ready,
        "requirements": requirements(&due),
        "settings": null,
        "tos_acceptance": {},
        "type": "standard",
    })
}

fn requirements(due: &Value) -> Value {
    json!({
        "alternatives": [], "current_deadline": null, "currently_due": due,
        "disabled_reason": if due.as_array().is_some_and(Vec::is_empty) { None } else { Some("requirements.past_due") },
        "errors": [], "eventually_due": due, "past_due": due, "pending_verification": [],
    })
}

/// The account that calls are made on: one of the sandbox's own exists by itself.
pub(in super::super) fn enter(ctx: &mut Ctx<'_>, id: &str) -> Result<(), Fault> {
    known(ctx, id).map(|_| ())
}

fn known(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    match ctx.store.get("", id) {
        Some(account) => Ok(account.clone()),
        None if id.starts_with(READY) => {
            let account = object(ctx, id, true);
            ctx.store.put("", id, account.clone());
            Ok(account)
        }
        None => Err(Fault::no_access(id)),
    }
}

/// Charges need an account whose owner has answered the questions.
pub(in super::super) fn may_charge(ctx: &Ctx<'_>) -> Result<(), Fault> {
    let account = ctx.store.get("", &ctx.account);
    if account.is_some_and(|account| account["charges_enabled"] == false) {
        let message = "Your account cannot currently make charges: its onboarding is not complete.";
        return Err(Fault::invalid("", message));
    }
    Ok(())
}

pub(in super::super) fn find(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    known(ctx, id)
}

pub(in super::super) fn link(ctx: &mut Ctx<'_>) -> Outcome {
    let account = ctx.needed("account")?;
    known(ctx, &account)?;
    let (refresh, back) = (ctx.needed("refresh_url")?, ctx.needed("return_url")?);
    let id = ctx.id("_link");
    let expires_at = ctx.now + 300;
    ctx.put(
        &json!({"id": id, "account": account, "return_url": back, "refresh_url": refresh, "expires_at": expires_at}),
    );
    let name = id.trim_start_matches("_link_");
    let url = format!("{}/onboarding/{name}", ctx.pages);
    Ok(json!({"object": "account_link", "created": ctx.now, "expires_at": expires_at, "url": url}))
}

/// The owner has answered the questions: the account may charge and be paid out.
pub(in super::super) fn enable(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let old = known(ctx, id)?;
    let mut account = object(ctx, id, true);
    for field in ["country", "created", "email", "metadata"] {
        account[field] = old[field].clone();
    }
    tell(ctx, &account);
    Ok(account)
}

/// The provider takes charges away again.
pub(in super::super) fn disable(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let mut account = known(ctx, id)?;
    account["charges_enabled"] = json!(false);
    account["payouts_enabled"] = json!(false);
    tell(ctx, &account);
    Ok(account)
}

/// `account.updated` is an event of the account itself.
fn tell(ctx: &mut Ctx<'_>, account: &Value) {
    let id = text_of(account, "id");
    ctx.store.put("", &id, account.clone());
    let before = std::mem::replace(&mut ctx.account, id);
    emit(ctx, "account.updated", account);
    ctx.account = before;
}
