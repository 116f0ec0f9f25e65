//! 3-D Secure: the bank asks its customer whether it is they who pay.

use maud::html;
use poem::http::StatusCode;
use serde_json::Value;

use super::super::Sandbox;
use super::super::ctx::text_of;
use super::super::form::Form;
use super::{Page, layout, named, nothing, prefix};

fn find(sandbox: &Sandbox, account: &str, intent: &str) -> Option<Value> {
    sandbox.pass();
    sandbox.state().store.get(account, intent).filter(|found| found["object"] == "payment_intent").cloned()
}

pub(super) fn show(sandbox: &Sandbox, account: &str, id: &str) -> Page {
    let Some(intent) = find(sandbox, account, id) else { return nothing(sandbox) };
    if intent["status"] != "requires_action" {
        return after(sandbox, account, &intent);
    }
    let body = html! {
        p { "Your bank asks: is it you who pays " strong { (layout::amount(&intent, "amount")) } "?" }
        form method="post" {
            div.buttons {
                button.main name="action" value="confirm" { "Yes, it is me" }
                button name="action" value="refuse" { "No" }
            }
        }
    };
    Page::Show(StatusCode::OK, layout::page(&prefix(sandbox), "Confirm the payment", body))
}

pub(super) fn press(sandbox: &Sandbox, account: &str, id: &str, form: &Form) -> Page {
    let confirmed = match form.text("action") {
        Some("confirm") => true,
        Some("refuse") => false,
        _ => return Page::Go(format!("/authenticate/{}/{id}", named(account))),
    };
    // one that is answered already stays as it is: the page that follows tells how
    let _ = sandbox.authenticate(account, id, confirmed);
    match find(sandbox, account, id) {
        Some(intent) => match intent["_session"].as_str() {
            Some(session) => Page::Go(format!("/pay/{}/{session}", named(account))),
            None => Page::Go(format!("/authenticate/{}/{id}", named(account))),
        },
        None => nothing(sandbox),
    }
}

/// It is answered: back to where the payer came from, as Stripe does it.
fn after(sandbox: &Sandbox, account: &str, intent: &Value) -> Page {
    if let Some(session) = intent["_session"].as_str() {
        return Page::Go(format!("/pay/{}/{session}", named(account)));
    }
    let went = ["succeeded", "processing", "requires_capture"].iter().any(|status| intent["status"] == *status);
    let (title, status) = if went { ("Confirmed", "succeeded") } else { ("Not confirmed", "failed") };
    let text = if went {
        "The payment goes on. You are being taken back."
    } else {
        "Nothing was taken. You are being taken back."
    };
    let back = intent["_return"].as_str().map(|back| {
        let joint = if back.contains('?') { '&' } else { '?' };
        let (id, secret) = (text_of(intent, "id"), text_of(intent, "client_secret"));
        format!("{back}{joint}payment_intent={id}&payment_intent_client_secret={secret}&redirect_status={status}")
    });
    Page::Show(StatusCode::OK, layout::done(&prefix(sandbox), title, text, back.as_deref()))
}
