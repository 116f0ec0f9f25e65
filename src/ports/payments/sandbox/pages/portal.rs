//! The portal: a customer sees subscriptions and bills, and can end a subscription.

use maud::html;
use poem::http::StatusCode;
use serde_json::Value;

use super::super::Sandbox;
use super::super::ctx::text_of;
use super::super::form::Form;
use super::super::objects::subscriptions;
use super::{Page, layout, named, nothing, prefix};

fn find(sandbox: &Sandbox, account: &str, session: &str) -> Option<Value> {
    sandbox.pass();
    sandbox.state().store.get(account, session).filter(|found| found["object"] == "billing_portal.session").cloned()
}

fn of(sandbox: &Sandbox, account: &str, prefix: &str, customer: &Value) -> Vec<Value> {
    sandbox.objects(account, prefix).into_iter().filter(|object| object["customer"] == *customer).collect()
}

pub(super) fn show(sandbox: &Sandbox, account: &str, session: &str) -> Page {
    let Some(session) = find(sandbox, account, session) else { return nothing(sandbox) };
    let subscriptions = of(sandbox, account, "sub_", &session["customer"]);
    let invoices = of(sandbox, account, "in_", &session["customer"]);
    let body = html! {
        h2 { "Subscriptions" }
        @if subscriptions.is_empty() { p { "None." } }
        @for subscription in &subscriptions {
            @let price = &subscription["items"]["data"][0]["price"];
            form.row method="post" {
                input type="hidden" name="subscription" value=(text_of(subscription, "id"));
                span { (layout::amount(price, "unit_amount")) " a month" }
                span { (text_of(subscription, "status").replace('_', " ")) }
                @if subscription["cancel_at_period_end"] == true {
                    button name="action" value="keep" { "Keep it" }
                } @else if subscription["status"] != "canceled" {
                    button name="action" value="end" { "End with the period" }
                }
            }
        }
        h2 { "Bills" }
        @if invoices.is_empty() { p { "None." } }
        ul {
            @for invoice in &invoices {
                li { (text_of(invoice, "number")) ": " (layout::amount(invoice, "total")) ", " (text_of(invoice, "status")) }
            }
        }
        @if let Some(url) = session["return_url"].as_str() { p { a.button href=(url) { "Go back" } } }
    };
    Page::Show(StatusCode::OK, layout::page(&prefix(sandbox), "Subscriptions and bills", body))
}

pub(super) fn press(sandbox: &Sandbox, account: &str, id: &str, form: &Form) -> Page {
    let Some(session) = find(sandbox, account, id) else { return nothing(sandbox) };
    let subscription = form.text("subscription").unwrap_or_default();
    let own = of(sandbox, account, "sub_", &session["customer"]);
    let wanted = match form.text("action") {
        Some("end") => Some("cancel_at_period_end=true"),
        Some("keep") => Some("cancel_at_period_end=false"),
        _ => None,
    };
    if let Some(wanted) = wanted.filter(|_| own.iter().any(|own| own["id"] == subscription)) {
        sandbox.act(account, |ctx| {
            ctx.form = Form::read(wanted);
            // one that has ended meanwhile cannot be changed: the page shows it
            let _ = subscriptions::update(ctx, subscription);
        });
    }
    Page::Go(format!("/portal/{}/{id}", named(account)))
}
