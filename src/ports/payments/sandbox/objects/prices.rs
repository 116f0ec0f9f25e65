//! Products and prices.

use serde_json::{Value, json};

use super::super::ctx::{Ctx, integer};
use super::super::events::emit;
use super::super::fault::{Fault, Outcome};
use super::super::form::Form;
use super::intents;

pub(in super::super) fn create_product(ctx: &mut Ctx<'_>) -> Outcome {
    let name = ctx.needed("name")?;
    let id = match ctx.text("id") {
        Some(id) if ctx.get(&id).is_some() => {
            return Err(Fault::coded("resource_already_exists", "id", format!("Product already exists: {id}")));
        }
        Some(id) => id,
        None => ctx.id("prod"),
    };
    let mut product = product(ctx, &id, &name);
    product["metadata"] = ctx.metadata();
    ctx.put(&product);
    emit(ctx, "product.created", &product);
    Ok(product)
}

fn product(ctx: &Ctx<'_>, id: &str, name: &str) -> Value {
    json!({
        "id": id,
        "object": "product",
        "active": true,
        "created": ctx.now,
        "default_price": null,
        "description": null,
        "images": [],
        "livemode": false,
        "marketing_features": [],
        "metadata": {},
        "name": name,
        "package_dimensions": null,
        "shippable": null,
        "statement_descriptor": null,
        "tax_code": null,
        "tax_details": null,
        "type": "service",
        "unit_label": null,
        "updated": ctx.now,
        "url": null,
    })
}

pub(in super::super) fn find_product(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    let found = ctx.get(id).filter(|object| object["object"] == "product").cloned();
    found.ok_or_else(|| Fault::nothing("product", id))
}

pub(in super::super) fn create_price(ctx: &mut Ctx<'_>) -> Outcome {
    let form = ctx.form.clone();
    let price = of_data(ctx, &form, "")?;
    emit(ctx, "price.created", &price);
    Ok(price)
}

pub(in super::super) fn find_price(ctx: &mut Ctx<'_>, id: &str) -> Outcome {
    ctx.named("price", "price_", id)
}

/// The price of a line: one that exists, or one made on the spot.
pub(in super::super) fn of_item(ctx: &mut Ctx<'_>, item: &Form, param: &str) -> Outcome {
    match item.text("price") {
        Some(id) => ctx.meant(param, "price", "price_", id),
        None if !item.at("price_data").is_empty() => of_data(ctx, item.at("price_data"), param),
        None => Err(Fault::missing_param(&format!("{param}[price]"))),
    }
}

fn of_data(ctx: &mut Ctx<'_>, data: &Form, param: &str) -> Outcome {
    let currency = intents::currency(data.text("currency").ok_or_else(|| Fault::missing_param("currency"))?)?;
    let amount = integer(data, "unit_amount")?.ok_or_else(|| Fault::missing_param("unit_amount"))?;
    if amount < 0 {
        return Err(Fault::coded("parameter_invalid_integer", "unit_amount", "Invalid non-negative integer"));
    }
    let product = match (data.text("product"), data.at("product_data").text("name")) {
        (Some(id), _) => {
            let known = ctx.get(id).is_some_and(|object| object["object"] == "product");
            if !known {
                return Err(Fault::unknown(param, "product", id));
            }
            id.to_owned()
        }
        (None, Some(name)) => {
            let id = ctx.id("prod");
            let product = product(ctx, &id, name);
            ctx.put(&product);
            id
        }
        (None, None) => return Err(Fault::missing_param("product")),
    };
    let id = ctx.id("price");
    let recurring = data
        .at("recurring")
        .text("interval")
        .map(|interval| json!({"interval": interval, "interval_count": 1, "meter": null, "trial_period_days": null, "usage_type": "licensed"}));
    let price = json!({
        "id": id,
        "object": "price",
        "active": true,
        "billing_scheme": "per_unit",
        "created": ctx.now,
        "currency": currency,
        "custom_unit_amount": null,
        "livemode": false,
        "lookup_key": null,
        "metadata": data.map("metadata"),
        "nickname": null,
        "product": product,
        "recurring": recurring,
        "tax_behavior": "unspecified",
        "tiers_mode": null,
        "transform_quantity": null,
        "type": if recurring.is_some() { "recurring" } else { "one_time" },
        "unit_amount": amount,
        "unit_amount_decimal": amount.to_string(),
    });
    ctx.put(&price);
    Ok(price)
}
