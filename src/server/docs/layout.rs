//! The frame of every documentation page, and the pieces that they share.
use maud::{DOCTYPE, Markup, html};

const PAGES: &[(&str, &str)] = &[
    ("/docs", "Reference"),
    ("/docs/schemas", "Schemas"),
    ("/docs/guides/first-booking", "First booking"),
    ("/docs/errors", "Errors"),
    ("/docs/changelog", "Changelog"),
];

/// A whole page. `here` is the address of the navigation entry that it belongs to.
pub fn page(title: &str, here: &str, style: &str, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="description" content="How to book through the Tithi API: operations, errors, guides.";
                title { (title) " · Tithi API" }
                link rel="stylesheet" href=(style);
                link rel="icon" href="/favicon.ico" type="image/svg+xml";
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header.top {
                    p.brand { a href="/docs" { "Tithi API" } }
                    nav aria-label="Documentation" {
                        ul {
                            @for (address, name) in PAGES {
                                li {
                                    a href=(address) aria-current=[(*address == here).then_some("page")] { (name) }
                                }
                            }
                        }
                    }
                }
                main #main tabindex="-1" { (main) }
                footer {
                    p {
                        "The documents behind this page: "
                        a href="/openapi.json" { "OpenAPI 3.1" } ", "
                        a href="/openapi-3.0.json" { "OpenAPI 3.0" } "."
                    }
                }
            }
        }
    }
}

/// Text from the document: paragraphs, code between back ticks, and weight between double stars.
pub fn prose(text: &str) -> Markup {
    html! {
        @for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
            p { (line(paragraph)) }
        }
    }
}

/// One line of such text.
pub fn line(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else {
                @for (at, part) in part.split("**").enumerate() { @if at % 2 == 1 { strong { (part) } } @else { (part) } }
            }
        }
    }
}

/// Commands to copy. Scrolls on its own, so it can be reached by keyboard.
pub fn commands(label: &str, text: &str) -> Markup {
    html! { pre tabindex="0" role="region" aria-label=(label) { code { (text) } } }
}

/// A table that scrolls on its own on a narrow screen.
pub fn table(label: &str, head: &[&str], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(label) {
            table {
                thead { tr { @for name in head { th scope="col" { (name) } } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (at, cell) in row.iter().enumerate() {
                                @if at == 0 { th scope="row" { (cell) } } @else { td data-label=[head.get(at)] { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Where a schema stands: the pages go by the first letter, since one page of all would be long.
pub fn schema_address(name: &str) -> String {
    format!("/docs/schemas/{}#{name}", schema_page(name))
}

/// The first letter of a schema's name, small.
pub fn schema_page(name: &str) -> String {
    name.chars().next().map(|letter| letter.to_lowercase().to_string()).unwrap_or_default()
}
