//! Customers.

use serde_json::{Value, json};

use super::super::ctx::Ctx;
use super::super::events::emit;
use super::super::fault::Outcome;

pub(in super::super) fn create(ctx: &mut Ctx<'_>) -> Outcome {
    let id = ctx.id("cus");
    let customer = json!({
        "id": id,
        "object": "customer",
        "address": null,
        "balance": 0,
        "created": ctx.now,
        "currency": null,
        "default_source": null,
        "delinquent": false,
        "description": ctx.text("description"),
        "discount": null,
        "email": ctx.text("email"),
        "invoice_prefix": id.chars().rev().take(8).collect::<String>().to_uppercase(),
        "invoice_settings": {
            "custom_fields": null,
            "default_payment_method": ctx.form.at("invoice_settings").text("default_payment_method"),
            "footer": null,
            "rendering_options": null,
        },
        "livemode": false,
        "metadata": ctx.metadata(),
        "name": ctx.text("name"),
        "next_invoice_sequence": 1,
        "phone": ctx.text("phone"),
        "preferred_locales": [],
        "shipping": null,
        "tax_exempt": "none",
        "test_clock": null,
    });
    ctx.put(&customer);
    emit(ctx, "customer.created", &customer);
    Ok(customer)
}

pub(in super::super) fn find(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    ctx.named("customer", "cus_", id)
}

pub(in super::super) fn update(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let mut customer = find(ctx, id)?;
    for field in ["name", "email", "phone", "description"] {
        if !ctx.form.at(field).is_empty() {
            customer[field] = json!(ctx.text(field));
        }
    }
    if let Some(method) = ctx.form.at("invoice_settings").text("default_payment_method") {
        customer["invoice_settings"]["default_payment_method"] = json!(method);
    }
    ctx.merge_metadata(&mut customer);
    ctx.put(&customer);
    emit(ctx, "customer.updated", &customer);
    Ok(customer)
}

pub(in super::super) fn list(ctx: &mut Ctx<'_>) -> Outcome {
    let email = ctx.text("email");
    ctx.page("/v1/customers", "cus_", |customer: &Value| {
        email.as_deref().is_none_or(|email| customer["email"] == email)
    })
}
