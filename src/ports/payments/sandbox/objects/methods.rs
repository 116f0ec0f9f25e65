//! Payment methods: made of test cards, attached to customers. Card numbers are not taken, as the real API refuses them
//! from integrations like ours.

use serde_json::{Value, json};

use super::super::cards::{self, Behaviour, Card};
use super::super::ctx::Ctx;
use super::super::events::emit;
use super::super::fault::{Fault, Outcome};

fn object(ctx: &Ctx<'_>, id: &str, card: &Card) -> Value {
    let mut method = json!({
        "id": id,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {
            "address": {"city": null, "country": null, "line1": null, "line2": null, "postal_code": null, "state": null},
            "email": null, "name": null, "phone": null, "tax_id": null,
        },
        "created": ctx.now,
        "customer": null,
        "customer_account": null,
        "livemode": false,
        "metadata": {},
        "_card": card.id,
    });
    if card.brand.is_empty() {
        method["type"] = json!("us_bank_account");
        method["us_bank_account"] = json!({
            "account_holder_type": "individual", "account_type": "checking", "bank_name": "STRIPE TEST BANK",
            "financial_connections_account": null, "fingerprint": "sandboxbank", "last4": card.last4,
            "networks": {"preferred": "ach", "supported": ["ach"]}, "routing_number": "110000000", "status_details": null,
        });
    } else {
        method["type"] = json!("card");
        method["card"] = details(card);
    }
    method
}

fn details(card: &Card) -> Value {
    json!({
        "brand": card.brand,
        "checks": {"address_line1_check": null, "address_postal_code_check": null, "cvc_check": "pass"},
        "country": "US",
        "display_brand": card.brand,
        "exp_month": 12,
        "exp_year": 2099,
        "fingerprint": format!("sandbox{}", card.last4),
        "funding": "credit",
        "generated_from": null,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": null},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": true},
        "wallet": null,
    })
}

/// The behaviour of a stored method.
pub(in super::super) fn behaviour(method: &Value) -> Behaviour {
    let known = method["_card"].as_str().and_then(cards::find);
    match known.map(|card| card.behaviour) {
        Some(Behaviour::AsksOnce) if method["_set_up"] == true => Behaviour::Works,
        Some(behaviour) => behaviour,
        None => Behaviour::Works,
    }
}

/// The method that a parameter names: a stored one, or a new one of a test card.
pub(in super::super) fn meant(ctx: &mut Ctx<'_>, param: &str, id: &str) -> Outcome {
    if let Some(card) = cards::find(id) {
        let new = ctx.id("pm");
        let method = object(ctx, &new, card);
        ctx.put(&method);
        return Ok(method);
    }
    ctx.meant(param, "PaymentMethod", "pm_", id)
}

pub(in super::super) fn create(ctx: &mut Ctx<'_>) -> Outcome {
    let kind = ctx.needed("type")?;
    if kind != "card" {
        return Err(Fault::invalid("type", "The sandbox makes cards only."));
    }
    let Some(token) = ctx.form.at("card").text("token").map(str::to_owned) else {
        return Err(Fault::card(
            "card_declined",
            None,
            "Sending credit card numbers directly to the Stripe API is generally unsafe. Use a test token.",
        ));
    };
    let Some(card) = cards::find(&token) else { return Err(Fault::unknown("card[token]", "token", &token)) };
    let id = ctx.id("pm");
    let mut method = object(ctx, &id, card);
    method["metadata"] = ctx.metadata();
    ctx.put(&method);
    Ok(method)
}

pub(in super::super) fn find(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    match cards::find(id) {
        Some(card) => Ok(object(ctx, id, card)),
        None => ctx.named("PaymentMethod", "pm_", id),
    }
}

pub(in super::super) fn attach(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let customer = ctx.needed("customer")?;
    ctx.meant("customer", "customer", "cus_", &customer)?;
    let method = meant(ctx, "payment_method", id).map_err(Fault::of_path)?;
    if let Behaviour::Unusable(code, decline_code) = behaviour(&method) {
        return Err(Fault::card(code, decline_code, cards::sentence(code, decline_code)));
    }
    keep(ctx, method, &customer)
}

/// Attaches a method to a customer; one that belongs to another cannot be.
pub(in super::super) fn keep(ctx: &mut Ctx<'_>, mut method: Value, customer: &str) -> Outcome {
    match method["customer"].as_str() {
        Some(owner) if owner == customer => return Ok(method),
        Some(_) => {
            return Err(Fault::invalid(
                "payment_method",
                "The payment method you provided has already been attached to a customer.",
            ));
        }
        None if method["_detached"] == true => {
            return Err(Fault::invalid(
                "payment_method",
                "This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.",
            ));
        }
        None => {}
    }
    method["customer"] = json!(customer);
    ctx.put(&method);
    emit(ctx, "payment_method.attached", &method);
    Ok(method)
}

pub(in super::super) fn detach(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let mut method = ctx.named("PaymentMethod", "pm_", id)?;
    if method["customer"].is_null() {
        return Err(Fault::invalid(
            "payment_method",
            "The payment method you provided is not attached to a customer so detachment is impossible.",
        ));
    }
    method["customer"] = Value::Null;
    method["_detached"] = json!(true);
    ctx.put(&method);
    emit(ctx, "payment_method.detached", &method);
    Ok(method)
}

pub(in super::super) fn list(ctx: &mut Ctx<'_>) -> Outcome {
    let customer = ctx.text("customer");
    ctx.page("/v1/payment_methods", "pm_", |method| {
        customer.as_deref().is_some_and(|customer| method["customer"] == customer)
    })
}
