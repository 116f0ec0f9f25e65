//! Invoices of subscriptions, and the preview of one.

use serde_json::{Value, json};

use super::super::ctx::{Ctx, text_of};
use super::super::events::emit;
use super::super::fault::{Fault, Outcome};
use super::subscriptions;

/// A line of an invoice.
pub(in super::super) fn line(
    ctx: &mut Ctx<'_>,
    subscription: &Value,
    amount: i64,
    (from, to): (i64, i64),
    description: Option<String>,
) -> Value {
    let id = ctx.id("il");
    let price = &subscription["items"]["data"][0]["price"];
    let product = ctx.get(&text_of(price, "product")).map(|product| text_of(product, "name")).unwrap_or_default();
    json!({
        "id": id,
        "object": "line_item",
        "amount": amount,
        "currency": subscription["currency"],
        "description": description.clone().unwrap_or_else(|| format!("1 x {product}")),
        "discount_amounts": [],
        "discountable": true,
        "discounts": [],
        "invoice": null,
        "livemode": false,
        "metadata": {},
        "parent": {
            "invoice_item_details": null,
            "subscription_item_details": {
                "invoice_item": null,
                "proration": description.is_some(),
                "proration_details": {"credited_items": null},
                "subscription": subscription["id"],
                "subscription_item": subscription["items"]["data"][0]["id"],
            },
            "type": "subscription_item_details",
        },
        "period": {"end": to, "start": from},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": 1,
        "quantity_decimal": "1",
        "subscription": subscription["id"],
        "subtotal": amount,
        "taxes": [],
    })
}

fn object(ctx: &Ctx<'_>, id: &str, subscription: &Value, mut lines: Vec<Value>, reason: &str) -> Value {
    let total: i64 = lines.iter().filter_map(|line| line["amount"].as_i64()).sum();
    let due = total.max(0);
    lines.iter_mut().for_each(|line| line["invoice"] = json!(id));
    json!({
        "id": id,
        "object": "invoice",
        "account_country": "US",
        "account_name": "Sandbox",
        "account_tax_ids": null,
        "amount_due": due,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": due,
        "amount_shipping": 0,
        "application": null,
        "attempt_count": 0,
        "attempted": false,
        "auto_advance": true,
        "automatic_tax": {"disabled_reason": null, "enabled": false, "liability": null, "provider": null, "status": null},
        "automatically_finalizes_at": null,
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "created": ctx.now,
        "currency": subscription["currency"],
        "custom_fields": null,
        "customer": subscription["customer"],
        "customer_account": null,
        "customer_address": null,
        "customer_email": null,
        "customer_name": null,
        "customer_phone": null,
        "customer_shipping": null,
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_payment_method": null,
        "default_source": null,
        "default_tax_rates": [],
        "description": null,
        "discounts": [],
        "due_date": null,
        "effective_at": ctx.now,
        "ending_balance": 0,
        "footer": null,
        "from_invoice": null,
        "hosted_invoice_url": null,
        "invoice_pdf": null,
        "issuer": {"type": "self"},
        "last_finalization_error": null,
        "latest_revision": null,
        "lines": {"object": "list", "data": lines, "has_more": false, "url": format!("/v1/invoices/{id}/lines")},
        "livemode": false,
        "metadata": {},
        "next_payment_attempt": null,
        "number": format!("SANDBOX-{}", id.chars().skip(3).take(8).collect::<String>()),
        "on_behalf_of": null,
        "parent": {
            "quote_details": null,
            "subscription_details": {"metadata": subscription["metadata"], "subscription": subscription["id"]},
            "type": "subscription_details",
        },
        "payment_settings": {"default_mandate": null, "payment_method_options": null, "payment_method_types": null},
        "period_end": ctx.now,
        "period_start": ctx.now,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "receipt_number": null,
        "rendering": null,
        "shipping_cost": null,
        "shipping_details": null,
        "starting_balance": 0,
        "statement_descriptor": null,
        "status": "draft",
        "status_transitions": {"finalized_at": null, "marked_uncollectible_at": null, "paid_at": null, "voided_at": null},
        "subtotal": total,
        "subtotal_excluding_tax": total,
        "test_clock": null,
        "total": total,
        "total_discount_amounts": [],
        "total_excluding_tax": total,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "webhooks_delivered_at": null,
    })
}

/// An invoice that is collected at once, or stays open.
pub(in super::super) fn issue(
    ctx: &mut Ctx<'_>,
    subscription: &Value,
    lines: Vec<Value>,
    reason: &str,
    works: bool,
) -> Value {
    let id = ctx.id("in");
    let mut invoice = object(ctx, &id, subscription, lines, reason);
    emit(ctx, "invoice.created", &invoice);
    invoice["status"] = json!("open");
    invoice["status_transitions"]["finalized_at"] = json!(ctx.now);
    invoice["attempted"] = json!(true);
    invoice["attempt_count"] = json!(1);
    ctx.put(&invoice);
    emit(ctx, "invoice.finalized", &invoice);
    if works || invoice["amount_due"] == 0 {
        collect(ctx, &mut invoice);
    } else {
        emit(ctx, "invoice.payment_failed", &invoice);
    }
    invoice
}

fn collect(ctx: &mut Ctx<'_>, invoice: &mut Value) {
    invoice["status"] = json!("paid");
    invoice["amount_paid"] = invoice["amount_due"].clone();
    invoice["amount_remaining"] = json!(0);
    invoice["status_transitions"]["paid_at"] = json!(ctx.now);
    ctx.put(invoice);
    emit(ctx, "invoice.paid", invoice);
    emit(ctx, "invoice.payment_succeeded", invoice);
}

pub(in super::super) fn preview(ctx: &mut Ctx<'_>) -> Outcome {
    let id = ctx.needed("subscription")?;
    let subscription = ctx.meant("subscription", "subscription", "sub_", &id)?;
    let lines = match subscriptions::asked_price(ctx)? {
        Some(price) => subscriptions::proration(ctx, &subscription, &price),
        None => Vec::new(),
    };
    let mut invoice = object(ctx, "upcoming_in_preview", &subscription, lines, "subscription_update");
    invoice["number"] = Value::Null;
    Ok(invoice)
}

pub(in super::super) fn find(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    ctx.named("invoice", "in_", id)
}

pub(in super::super) fn pay(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let mut invoice = find(ctx, id)?;
    if invoice["status"] != "open" {
        return Err(Fault::state("invoice_not_editable", "Invoice is already paid or cannot be paid."));
    }
    collect(ctx, &mut invoice);
    let subscription = text_of(&invoice["parent"]["subscription_details"], "subscription");
    subscriptions::paid(ctx, &subscription);
    Ok(invoice)
}

pub(in super::super) fn list(ctx: &mut Ctx<'_>) -> Outcome {
    let (customer, subscription) = (ctx.text("customer"), ctx.text("subscription"));
    ctx.page("/v1/invoices", "in_", |invoice| {
        let of = &invoice["parent"]["subscription_details"]["subscription"];
        customer.as_deref().is_none_or(|customer| invoice["customer"] == customer)
            && subscription.as_deref().is_none_or(|subscription| *of == subscription)
    })
}

pub(in super::super) fn portal(ctx: &mut Ctx<'_>) -> Outcome {
    let customer = ctx.needed("customer")?;
    ctx.meant("customer", "customer", "cus_", &customer)?;
    let return_url = ctx.url("return_url")?;
    let id = ctx.id("bps");
    let account = if ctx.account.is_empty() { "platform" } else { &ctx.account };
    let session = json!({
        "id": id,
        "object": "billing_portal.session",
        "configuration": "bpc_sandbox",
        "created": ctx.now,
        "customer": customer,
        "customer_account": null,
        "flow": null,
        "livemode": false,
        "locale": null,
        "on_behalf_of": null,
        "return_url": return_url,
        "url": format!("{}/portal/{account}/{id}", ctx.pages),
    });
    ctx.put(&session);
    Ok(session)
}
