//! Onboarding: a business answers the provider's questions; here there are none.

use maud::html;
use poem::http::StatusCode;
use serde_json::{Value, json};

use super::super::Sandbox;
use super::super::ctx::text_of;
use super::super::form::Form;
use super::super::objects::accounts;
use super::{Page, layout, nothing, prefix};

fn find(sandbox: &Sandbox, link: &str) -> Option<Value> {
    sandbox.state().store.get("", &format!("_link_{link}")).cloned()
}

/// A link works once, and for minutes.
fn spent(sandbox: &Sandbox, link: &Value) -> bool {
    link["used"] == true || link["expires_at"].as_i64() <= Some(sandbox.clock.now().timestamp())
}

pub(super) fn show(sandbox: &Sandbox, name: &str) -> Page {
    let Some(link) = find(sandbox, name) else { return nothing(sandbox) };
    let before = prefix(sandbox);
    if link["used"] == true {
        let back = text_of(&link, "return_url");
        let text = "You are being taken back.";
        return Page::Show(StatusCode::OK, layout::done(&before, "Answered", text, Some(&back)));
    }
    if spent(sandbox, &link) {
        let again = text_of(&link, "refresh_url");
        let text = "You are being taken back for a new one.";
        return Page::Show(StatusCode::GONE, layout::done(&before, "This link has expired", text, Some(&again)));
    }
    let body = html! {
        p { "Here the provider asks a business who it is and where its money goes. The sandbox asks nothing." }
        form method="post" {
            div.buttons {
                button.main name="action" value="complete" { "Open the account" }
                button name="action" value="later" { "Later" }
            }
        }
    };
    Page::Show(StatusCode::OK, layout::page(&before, "Take payments", body))
}

pub(super) fn press(sandbox: &Sandbox, name: &str, form: &Form) -> Page {
    let Some(link) = find(sandbox, name) else { return nothing(sandbox) };
    let again = Page::Go(format!("/onboarding/{name}"));
    let complete = match form.text("action") {
        Some("complete") => true,
        Some("later") => false,
        _ => return again,
    };
    if !spent(sandbox, &link) {
        sandbox.act("", |ctx| {
            let mut link = link.clone();
            link["used"] = json!(true);
            ctx.put(&link);
            if complete {
                // the link was made for an account that is there
                let _ = accounts::enable(ctx, &text_of(&link, "account"));
            }
        });
    }
    again
}
