//! Subscriptions of one item: begun, changed, renewed, ended. Each turn of a period makes an invoice and tries to collect
//! it.

use chrono::{DateTime, Months};
use serde_json::{Value, json};

use super::super::cards::Behaviour;
use super::super::ctx::{Ctx, integer, shown, text_of};
use super::super::events::emit;
use super::super::fault::{Fault, Outcome};
use super::super::store::DUE;
use super::{invoices, methods, prices};

pub(in super::super) struct New<'a> {
    pub customer: &'a str,
    pub price: Value,
    pub method: Option<&'a str>,
    pub trial_end: Option<i64>,
    pub metadata: Value,
}

pub(in super::super) fn create(ctx: &mut Ctx<'_>) -> Outcome {
    let customer = ctx.needed("customer")?;
    let owner = ctx.meant("customer", "customer", "cus_", &customer)?;
    let item = ctx.form.list("items").first().map(|item| (*item).clone());
    let item = item.ok_or_else(|| Fault::missing_param("items"))?;
    let price = prices::of_item(ctx, &item, "items[0]")?;
    if price["recurring"].is_null() {
        return Err(Fault::invalid("items[0][price]", "The price specified is set to `type=one_time`."));
    }
    let trial_days = ctx.integer("trial_period_days")?.map(|days| ctx.now + days * 24 * 3600);
    let trial_end = ctx.integer("trial_end")?.or(trial_days).filter(|end| *end > ctx.now);
    let method = match ctx.text("default_payment_method") {
        Some(id) => {
            let method = ctx.meant("default_payment_method", "PaymentMethod", "pm_", &id)?;
            if method["customer"] != customer.as_str() {
                let message = "The customer does not have a payment method with that ID.";
                return Err(Fault::coded("resource_missing", "default_payment_method", message));
            }
            Some(id)
        }
        None => None,
    };
    let any = method.clone().or(owner["invoice_settings"]["default_payment_method"].as_str().map(str::to_owned));
    let free = price["unit_amount"] == 0;
    if any.is_none() && trial_end.is_none() && !free {
        let message = "This customer has no attached payment source or default payment method.";
        return Err(Fault::coded("resource_missing", "", message));
    }
    let new = New { customer: &customer, price, method: any.as_deref(), trial_end, metadata: ctx.metadata() };
    begin(ctx, new)
}

/// A subscription with its first invoice.
pub(in super::super) fn begin(ctx: &mut Ctx<'_>, new: New<'_>) -> Outcome {
    let id = ctx.id("sub");
    let end = new.trial_end.unwrap_or_else(|| next_month(ctx.now));
    let item = item(ctx, &id, &new.price, ctx.now, end);
    let mut subscription = object(ctx, &id, &new, item);
    subscription[DUE] = json!(end);
    let amount = if new.trial_end.is_some() { 0 } else { new.price["unit_amount"].as_i64().unwrap_or_default() };
    let lines = vec![invoices::line(ctx, &subscription, amount, (ctx.now, end), None)];
    let works = amount == 0 || can_pay(ctx, new.method);
    let invoice = invoices::issue(ctx, &subscription, lines, "subscription_create", works);
    subscription["latest_invoice"] = invoice["id"].clone();
    subscription["status"] = json!(match (new.trial_end, works) {
        (Some(_), _) => "trialing",
        (None, true) => "active",
        (None, false) => "incomplete",
    });
    ctx.put(&subscription);
    emit(ctx, "customer.subscription.created", &subscription);
    Ok(subscription)
}

/// Whether a charge of this method would work now.
fn can_pay(ctx: &Ctx<'_>, method: Option<&str>) -> bool {
    let method = method.and_then(|id| ctx.get(id));
    method.is_some_and(|method| {
        matches!(methods::behaviour(method), Behaviour::Works | Behaviour::AsksOnce | Behaviour::Takes { works: true })
    })
}

fn item(ctx: &mut Ctx<'_>, subscription: &str, price: &Value, from: i64, to: i64) -> Value {
    let id = ctx.id("si");
    let recurring = &price["recurring"];
    json!({
        "id": id,
        "object": "subscription_item",
        "billing_thresholds": null,
        "created": ctx.now,
        "current_period_end": to,
        "current_period_start": from,
        "current_trial": null,
        "discounts": [],
        "metadata": {},
        "plan": {
            "id": price["id"], "object": "plan", "active": true, "amount": price["unit_amount"],
            "amount_decimal": price["unit_amount_decimal"], "billing_scheme": "per_unit", "created": price["created"],
            "currency": price["currency"], "interval": recurring["interval"], "interval_count": 1, "livemode": false,
            "metadata": {}, "meter": null, "nickname": null, "product": price["product"], "tiers_mode": null,
            "transform_usage": null, "trial_period_days": null, "usage_type": "licensed",
        },
        "price": shown(price),
        "quantity": 1,
        "subscription": subscription,
        "tax_rates": [],
    })
}

fn object(ctx: &Ctx<'_>, id: &str, new: &New<'_>, item: Value) -> Value {
    json!({
        "id": id,
        "object": "subscription",
        "application": null,
        "application_fee_percent": null,
        "automatic_tax": {"disabled_reason": null, "enabled": false, "liability": null},
        "billing_cycle_anchor": new.trial_end.unwrap_or(ctx.now),
        "billing_cycle_anchor_config": null,
        "billing_mode": {"flexible": null, "type": "classic"},
        "billing_schedules": [],
        "billing_thresholds": null,
        "cancel_at": null,
        "cancel_at_period_end": false,
        "canceled_at": null,
        "cancellation_details": {"comment": null, "feedback": null, "feedback_option": null, "reason": null},
        "collection_method": "charge_automatically",
        "created": ctx.now,
        "currency": new.price["currency"],
        "customer": new.customer,
        "customer_account": null,
        "days_until_due": null,
        "default_payment_method": new.method,
        "default_source": null,
        "default_tax_rates": [],
        "description": null,
        "discounts": [],
        "ended_at": null,
        "invoice_settings": {"account_tax_ids": null, "custom_fields": null, "description": null, "footer": null, "issuer": {"type": "self"}},
        "items": {"object": "list", "data": [item], "has_more": false, "url": format!("/v1/subscription_items?subscription={id}")},
        "latest_invoice": null,
        "livemode": false,
        "managed_payments": null,
        "metadata": new.metadata,
        "next_pending_invoice_item_invoice": null,
        "on_behalf_of": null,
        "pause_collection": null,
        "payment_settings": {"payment_method_options": null, "payment_method_types": null, "save_default_payment_method": "off"},
        "pending_invoice_item_interval": null,
        "pending_setup_intent": null,
        "pending_update": null,
        "schedule": null,
        "start_date": ctx.now,
        "status": "active",
        "test_clock": null,
        "transfer_data": null,
        "trial_end": new.trial_end,
        "trial_settings": {"end_behavior": {"billing_cycle_anchor": null, "missing_payment_method": "create_invoice"}},
        "trial_start": new.trial_end.map(|_| ctx.now),
    })
}

fn next_month(at: i64) -> i64 {
    let next = DateTime::from_timestamp(at, 0).and_then(|at| at.checked_add_months(Months::new(1)));
    next.map_or(at, |next| next.timestamp())
}

pub(in super::super) fn find(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    ctx.named("subscription", "sub_", id)
}

pub(in super::super) fn list(ctx: &mut Ctx<'_>) -> Outcome {
    let (customer, status) = (ctx.text("customer"), ctx.text("status"));
    ctx.page("/v1/subscriptions", "sub_", |subscription| {
        let wanted = match status.as_deref() {
            None => subscription["status"] != "canceled",
            Some("all") => true,
            Some(status) => subscription["status"] == status,
        };
        wanted && customer.as_deref().is_none_or(|customer| subscription["customer"] == customer)
    })
}

/// What a new price costs at once: the rest of the old one back, the rest of the new one.
pub(in super::super) fn proration(ctx: &mut Ctx<'_>, subscription: &Value, price: &Value) -> Vec<Value> {
    let item = &subscription["items"]["data"][0];
    let (from, to) = (item["current_period_start"].as_i64(), item["current_period_end"].as_i64());
    let (Some(from), Some(to)) = (from, to) else { return Vec::new() };
    if subscription["status"] == "trialing" || to <= from {
        return vec![];
    }
    let left = (to - ctx.now).clamp(0, to - from);
    let part = |amount: &Value| {
        let whole = i128::from(amount.as_i64().unwrap_or_default()) * i128::from(left);
        let length = i128::from(to - from);
        i64::try_from((whole + length / 2) / length).unwrap_or_default()
    };
    let (old, new) = (part(&item["price"]["unit_amount"]), part(&price["unit_amount"]));
    let name = |ctx: &Ctx<'_>, price: &Value| {
        ctx.get(&text_of(price, "product")).map(|product| text_of(product, "name")).unwrap_or_default()
    };
    let day = DateTime::from_timestamp(ctx.now, 0).map(|at| at.format("%d %b %Y").to_string()).unwrap_or_default();
    let (was, is) = (name(ctx, &item["price"]), name(ctx, price));
    let period = (ctx.now, to);
    vec![
        invoices::line(ctx, subscription, -old, period, Some(format!("Unused time on {was} after {day}"))),
        invoices::line(ctx, subscription, new, period, Some(format!("Remaining time on {is} after {day}"))),
    ]
}

pub(in super::super) fn update(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let mut subscription = find(ctx, id)?;
    if subscription["status"] == "canceled" {
        return Err(Fault::coded("resource_missing", "subscription", format!("No such subscription: '{id}'")));
    }
    ctx.merge_metadata(&mut subscription);
    if let Some(at_end) = ctx.text("cancel_at_period_end") {
        let at_end = at_end == "true";
        subscription["cancel_at_period_end"] = json!(at_end);
        subscription["canceled_at"] = if at_end { json!(ctx.now) } else { Value::Null };
        subscription["cancel_at"] =
            if at_end { subscription["items"]["data"][0]["current_period_end"].clone() } else { Value::Null };
    }
    if let Some(method) = ctx.text("default_payment_method") {
        ctx.meant("default_payment_method", "PaymentMethod", "pm_", &method)?;
        subscription["default_payment_method"] = json!(method);
    }
    if ctx.text("trial_end").as_deref() == Some("now") && subscription["status"] == "trialing" {
        ctx.put(&subscription);
        return Ok(renew(ctx, subscription));
    }
    let item = ctx.form.list("items").first().map(|item| (*item).clone());
    if let Some(item) = item {
        reprice(ctx, &mut subscription, &item)?;
    }
    ctx.put(&subscription);
    emit(ctx, "customer.subscription.updated", &subscription);
    Ok(subscription)
}

fn reprice(ctx: &mut Ctx<'_>, subscription: &mut Value, item: &super::super::form::Form) -> Result<(), Fault> {
    let price = prices::of_item(ctx, item, "items[0]")?;
    let given = item.text("id").unwrap_or_default().to_owned();
    if subscription["items"]["data"][0]["id"] != given.as_str() {
        return Err(Fault::unknown("items[0][id]", "subscription item", &given));
    }
    let lines = proration(ctx, subscription, &price);
    let at_once = ctx.text("proration_behavior").as_deref() == Some("always_invoice");
    let kept = &subscription["items"]["data"][0];
    let (from, to) = (kept["current_period_start"].as_i64(), kept["current_period_end"].as_i64());
    let name = text_of(subscription, "id");
    let mut new = self::item(ctx, &name, &price, from.unwrap_or_default(), to.unwrap_or_default());
    new["id"] = json!(given);
    subscription["items"]["data"][0] = new;
    if at_once && !lines.is_empty() {
        let works = can_pay(ctx, subscription["default_payment_method"].as_str());
        let invoice = invoices::issue(ctx, subscription, lines, "subscription_update", works);
        subscription["latest_invoice"] = invoice["id"].clone();
        if invoice["status"] == "open" {
            subscription["status"] = json!("past_due");
        }
    }
    Ok(())
}

pub(in super::super) fn cancel(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let subscription = find(ctx, id)?;
    if subscription["status"] == "canceled" {
        return Err(Fault::nothing("subscription", id));
    }
    Ok(end(ctx, subscription))
}

fn end(ctx: &mut Ctx<'_>, mut subscription: Value) -> Value {
    subscription["status"] = json!("canceled");
    subscription["ended_at"] = json!(ctx.now);
    if subscription["canceled_at"].is_null() {
        subscription["canceled_at"] = json!(ctx.now);
    }
    subscription[DUE] = Value::Null;
    ctx.put(&subscription);
    emit(ctx, "customer.subscription.deleted", &subscription);
    subscription
}

/// The period is over: it ends, or the next one begins and is collected.
pub(in super::super) fn renew(ctx: &mut Ctx<'_>, mut subscription: Value) -> Value {
    if subscription["cancel_at_period_end"] == true || subscription["status"] == "incomplete" {
        return end(ctx, subscription);
    }
    let old = subscription["items"]["data"][0]["current_period_end"].as_i64().unwrap_or(ctx.now);
    let from = if subscription["status"] == "trialing" { old.min(ctx.now) } else { old };
    let to = next_month(from);
    subscription["items"]["data"][0]["current_period_start"] = json!(from);
    subscription["items"]["data"][0]["current_period_end"] = json!(to);
    subscription[DUE] = json!(to);
    let amount = subscription["items"]["data"][0]["price"]["unit_amount"].as_i64().unwrap_or_default();
    let lines = vec![invoices::line(ctx, &subscription, amount, (from, to), None)];
    let works = amount == 0 || can_pay(ctx, subscription["default_payment_method"].as_str());
    let invoice = invoices::issue(ctx, &subscription, lines, "subscription_cycle", works);
    subscription["latest_invoice"] = invoice["id"].clone();
    subscription["status"] = json!(if works { "active" } else { "past_due" });
    ctx.put(&subscription);
    emit(ctx, "customer.subscription.updated", &subscription);
    subscription
}

/// An invoice that was open is paid.
pub(in super::super) fn paid(ctx: &mut Ctx<'_>, id: &str) {
    if let Some(mut subscription) = ctx.get(id).cloned()
        && ["past_due", "incomplete", "unpaid"].iter().any(|status| subscription["status"] == *status)
    {
        subscription["status"] = json!("active");
        ctx.put(&subscription);
        emit(ctx, "customer.subscription.updated", &subscription);
    }
}

/// The price that a request asks about, for a preview.
pub(in super::super) fn asked_price(ctx: &mut Ctx<'_>) -> Result<Option<Value>, Fault> {
    let item = ctx.form.at("subscription_details").list("items").first().map(|item| (*item).clone());
    let Some(item) = item else { return Ok(None) };
    let data = item.at("price_data");
    if let Some(id) = item.text("price") {
        return ctx.meant("price", "price", "price_", id).map(Some);
    }
    // only looked at: nothing is kept of it
    let amount = integer(data, "unit_amount")?.ok_or_else(|| Fault::missing_param("unit_amount"))?;
    let product = data.text("product").unwrap_or_default();
    ctx.get(product).ok_or_else(|| Fault::unknown("product", "product", product))?;
    Ok(Some(json!({"unit_amount": amount, "currency": data.text("currency"), "product": product})))
}
