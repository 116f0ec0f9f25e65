//! What can go wrong: the list of codes, and a page for each, which is what a problem's `type` opens.
use maud::{Markup, html};

use super::layout;
use crate::error::{ApiError, Code, problem};

pub fn list() -> Markup {
    let rows: Vec<Vec<Markup>> = Code::ALL
        .iter()
        .map(|code| {
            vec![
                html! { a href=(format!("/docs/errors/{}", code.kebab())) { code { (code.name()) } } },
                html! { (code.status().as_u16()) },
                html! { (code.title()) "." },
                layout::line(code.advice()),
            ]
        })
        .collect();
    html! {
        h1 { "Errors" }
        p {
            "Every answer of 400 and above is a problem (RFC 9457) with the media type "
            code { (problem::CONTENT_TYPE) } ". Compare " code { "code" } " in programs; show "
            code { "detail" } " to people; quote " code { "request_id" } " to support. When fields were refused, "
            code { "errors" } " names all of them at once, each with a JSON pointer into the body."
        }
        (layout::table("All codes", &["Code", "Status", "Meaning", "What to do"], &rows))
    }
}

pub fn page(code: Code) -> Markup {
    let mut error = ApiError::of(code);
    if code == Code::ValidationError {
        error = error.with_field("#/customer/email", "required", "The field is required.");
    }
    let occurrence = problem::Occurrence {
        instance: Some("/v1/b/salon/bookings"),
        request_id: Some("0199a4c2-8f1e-7d30-9b52-3c1f0a6d7e84"),
    };
    let example = format!("{:#}", problem::document(&error, occurrence));
    html! {
        h1 { code { (code.name()) } }
        p.lead { (code.title()) "." }
        p { strong { "Status: " } (code.status().as_u16()) }
        p { strong { "What to do: " } (layout::line(code.advice())) }
        h2 { "Example" }
        (layout::commands("Example problem", &example))
        p { a href="/docs/errors" { "All codes" } }
    }
}
