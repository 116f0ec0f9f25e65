//! The frame of every public page, and the pieces that they share.

use maud::{DOCTYPE, Markup, html};

use crate::web::Refusal;

/// A whole page of a business.
pub fn page(business: &str, slug: &str, title: &str, locale: &str, style: &str, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(locale.split(['_', '-']).next().unwrap_or("en")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (business) }
                link rel="stylesheet" href=(style);
                link rel="icon" href="/favicon.ico" type="image/svg+xml";
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header.top { p.brand { a href={ "/b/" (slug) } { (business) } } }
                main #main tabindex="-1" { (main) }
            }
        }
    }
}

/// What was refused, at the top of the page, with a link to each field.
pub fn refused(refusal: &Refusal) -> Markup {
    let sentence = if refusal.detail.is_empty() { &refusal.title } else { &refusal.detail };
    html! {
        div.refusal role="alert" tabindex="-1" {
            p { strong { (refusal.title) } }
            @if refusal.errors.is_empty() {
                @if *sentence != refusal.title { p { (sentence) } }
            } @else {
                ul { @for fault in &refusal.errors { li { a href={ "#" (field_id(&fault.pointer)) } { (fault.detail) } } } }
            }
        }
    }
}

/// The id of a field on the page, made of its pointer in the body: `#/customer/email` is `email`.
pub fn field_id(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or(pointer)
}

/// One field of a form with its label and what is wrong with it.
pub struct Field<'a> {
    pub label: &'a str,
    pub pointer: &'a str,
    pub kind: &'a str,
    pub autocomplete: &'a str,
    pub value: &'a str,
    pub required: bool,
    pub most: u32,
}

/// A field as it stands in the form.
pub fn field(field: &Field<'_>, refusal: Option<&Refusal>) -> Markup {
    let id = field_id(field.pointer);
    let fault = refusal.and_then(|refusal| refusal.of(field.pointer));
    let hint = format!("{id}-fault");
    html! {
        p.field {
            label for=(id) { (field.label) @if !field.required { span.soft { " (optional)" } } }
            input #(id) name=(id) type=(field.kind) autocomplete=(field.autocomplete) value=(field.value)
                maxlength=(field.most) required[field.required] aria-invalid=[fault.map(|_| "true")]
                aria-describedby=[fault.map(|_| hint.as_str())];
            @if let Some(fault) = fault { span.fault #(hint) { (fault) } }
        }
    }
}
