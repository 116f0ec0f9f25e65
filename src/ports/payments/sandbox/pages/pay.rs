//! The payment page: what is to be paid, test cards instead of a card form, and one button for each thing that people do.

use maud::{Markup, html};
use poem::http::StatusCode;
use serde_json::{Value, json};

use super::super::Sandbox;
use super::super::cards::{CARDS, Card};
use super::super::ctx::text_of;
use super::super::form::Form;
use super::super::objects::checkouts;
use super::{Page, layout, named, nothing, prefix};

fn find(sandbox: &Sandbox, account: &str, session: &str) -> Option<Value> {
    sandbox.pass();
    sandbox.state().store.get(account, session).filter(|found| found["object"] == "checkout.session").cloned()
}

pub(super) fn show(sandbox: &Sandbox, account: &str, session: &str) -> Page {
    let Some(session) = find(sandbox, account, session) else { return nothing(sandbox) };
    let before = prefix(sandbox);
    let (status, markup) = match session["status"].as_str() {
        Some("open") => (StatusCode::OK, open(sandbox, account, &session, &before)),
        Some("complete") => {
            let back = text_of(&session, "success_url").replace("{CHECKOUT_SESSION_ID}", &text_of(&session, "id"));
            (StatusCode::OK, layout::done(&before, "Thank you", thanks(&session), Some(&back)))
        }
        _ => {
            let back = session["cancel_url"].as_str();
            let body = html! {
                p { "Nothing was taken. Go back and begin again." }
                @if let Some(url) = back { p { a.button href=(url) { "Go back" } } }
            };
            (StatusCode::GONE, layout::page(&before, "This page has expired", body))
        }
    };
    Page::Show(status, markup)
}

fn thanks(session: &Value) -> &'static str {
    match (session["mode"].as_str(), session["payment_status"].as_str()) {
        (Some("setup"), _) => "Your card is kept. You are being taken back.",
        (_, Some("unpaid")) => "Your bank is working on it. You are being taken back.",
        _ => "The payment went through. You are being taken back.",
    }
}

fn open(sandbox: &Sandbox, account: &str, session: &Value, before: &str) -> Markup {
    let total = layout::amount(session, "amount_total");
    let (title, pay) = match session["mode"].as_str() {
        Some("setup") => ("Keep a card".to_owned(), "Keep this card".to_owned()),
        Some("subscription") => (format!("Subscribe for {total}"), "Subscribe".to_owned()),
        _ => (format!("Pay {total}"), format!("Pay {total}")),
    };
    let body = html! {
        @if let Some(why) = why(sandbox, account, session) { (layout::alert(&why)) }
        (lines(session, &total))
        form method="post" {
            fieldset {
                legend { "Test card" }
                @for (number, card) in CARDS.iter().enumerate() { (choice(card, number == 0)) }
            }
            div.buttons {
                button.main name="action" value="pay" { (pay) }
                button name="action" value="decline" { "Decline" }
                @if session["cancel_url"].is_string() { button name="action" value="abandon" { "Abandon" } }
            }
        }
        p.small {
            strong { "Decline" } " uses a card that is refused, whichever is chosen above. "
            strong { "Abandon" } " goes back and leaves this page open until it expires."
        }
    };
    layout::page(before, &title, body)
}

fn choice(card: &Card, first: bool) -> Markup {
    let brand = if card.brand.is_empty() { "Bank account" } else { card.brand };
    html! {
        label.choice {
            input type="radio" name="card" value=(card.id) checked[first];
            span { (card.title) }
            span.ending { (brand) " ending in " (card.last4) }
        }
    }
}

fn lines(session: &Value, total: &str) -> Markup {
    let lines = session["_lines"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        @if !lines.is_empty() {
            table {
                caption.hidden { "What is to be paid" }
                thead { tr { th scope="col" { "What" } th.number scope="col" { "Quantity" } th.number scope="col" { "Amount" } } }
                tbody {
                    @for line in lines {
                        tr {
                            th scope="row" { (text_of(line, "description")) }
                            td.number { (line["quantity"]) }
                            td.number { (layout::amount(line, "amount_total")) }
                        }
                    }
                }
                tfoot { tr { th scope="row" { "Total" } td {} td.number { (total) } } }
            }
        }
    }
}

/// Why the last attempt failed.
fn why(sandbox: &Sandbox, account: &str, session: &Value) -> Option<String> {
    if let Some(why) = session["_why"].as_str() {
        return Some(why.to_owned());
    }
    let state = sandbox.state();
    let intent = state.store.get(account, session["payment_intent"].as_str()?)?;
    intent["last_payment_error"]["message"].as_str().map(str::to_owned)
}

/// A button was pressed. Only `pay` pays.
pub(super) fn press(sandbox: &Sandbox, account: &str, id: &str, form: &Form) -> Page {
    let Some(session) = find(sandbox, account, id) else { return nothing(sandbox) };
    let again = Page::Go(format!("/pay/{}/{id}", named(account)));
    let card = match form.text("action") {
        Some("pay") => form.text("card").unwrap_or("pm_card_visa"),
        Some("decline") => "pm_card_chargeDeclined",
        Some("abandon") => return abandon(sandbox, &session),
        _ => return again,
    };
    if !CARDS.iter().any(|known| known.id == card) {
        return again;
    }
    let outcome = sandbox.act(account, |ctx| {
        let outcome = checkouts::pay(ctx, id, card);
        // told on the page that follows, whether or not there is an intent that could tell it
        if let Some(mut session) = ctx.get(id).cloned() {
            session["_why"] = json!(outcome.as_ref().err().map(|fault| fault.message()));
            ctx.put(&session);
        }
        outcome
    });
    let intent = outcome.ok().and_then(|session| session["payment_intent"].as_str().map(str::to_owned));
    let asked = intent.filter(|intent| {
        let state = sandbox.state();
        state.store.get(account, intent).is_some_and(|intent| intent["status"] == "requires_action")
    });
    match asked {
        Some(intent) => Page::Go(format!("/authenticate/{}/{intent}", named(account))),
        None => again,
    }
}

fn abandon(sandbox: &Sandbox, session: &Value) -> Page {
    let back = session["cancel_url"].as_str();
    let markup = layout::done(&prefix(sandbox), "Nothing was paid", "You are being taken back.", back);
    Page::Show(StatusCode::OK, markup)
}
