//! What all pages have in common.

use maud::{DOCTYPE, Markup, html};
use serde_json::Value;

use crate::kernel::money::{Currency, Money};

/// A page with a title; `prefix` stands before the path of the stylesheet.
pub(super) fn page(prefix: &str, title: &str, body: Markup) -> Markup {
    wrapped(prefix, title, html! {}, body)
}

/// A page that says what came of it and leads on by itself. The link is there for whoever does not want to wait.
pub(super) fn done(prefix: &str, title: &str, text: &str, onward: Option<&str>) -> Markup {
    let head = html! {
        @if let Some(url) = onward { meta http-equiv="refresh" content={ "2; url=" (url) }; }
    };
    wrapped(
        prefix,
        title,
        head,
        html! {
            p role="status" { (text) }
            @if let Some(url) = onward { p { a.button href=(url) { "Continue" } } }
        },
    )
}

fn wrapped(prefix: &str, title: &str, head: Markup, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " - payment sandbox" }
                link rel="stylesheet" href={ (prefix) "/style.css" };
                (head)
            }
            body {
                p.notice { strong { "Sandbox." } " No money moves, and no card number is asked for." }
                main {
                    h1 { (title) }
                    (body)
                }
            }
        }
    }
}

/// What went wrong, above what can be done about it.
pub(super) fn alert(why: &str) -> Markup {
    html! { p.alert role="alert" { (why) } }
}

/// An amount of an object, for people.
pub(super) fn amount(object: &Value, field: &str) -> String {
    let minor = object[field].as_i64().unwrap_or_default();
    let code = object["currency"].as_str().unwrap_or_default().to_ascii_uppercase();
    Currency::new(&code).map_or_else(String::new, |currency| Money::new(minor, currency).to_string())
}
