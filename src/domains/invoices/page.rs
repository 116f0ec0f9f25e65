//! A document as a page: nothing inline, no script, and paper in mind.

use maud::{DOCTYPE, Markup, html};

use super::paper::Paper;

/// The page.
pub fn page(paper: &Paper) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(paper.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (paper.title) }
                link rel="stylesheet" href="/assets/invoice.css";
            }
            body {
                main {
                    header {
                        h1 { (paper.title) }
                        @if let Some(mark) = paper.mark { p.mark { (mark) } }
                    }
                    dl { @for (name, value) in &paper.facts { div { dt { (name) } dd { (value) } } } }
                    div.parties {
                        section { h2 { "From" } (letter(&paper.seller)) }
                        section { h2 { "To" } (letter(&paper.buyer)) }
                    }
                    table {
                        caption { "What it is for" }
                        thead { tr {
                            th scope="col" { "Description" }
                            @for name in ["Quantity", "Price", "Discount", "Tax", "Amount"] { th scope="col" { (name) } }
                        } }
                        tbody { @for line in &paper.lines { tr {
                            td { (line.description) }
                            @for cell in [&line.quantity, &line.price, &line.discount, &line.rate, &line.amount] { td { (cell) } }
                        } } }
                        tfoot { @for (name, amount) in &paper.sums { tr {
                            th scope="row" colspan="5" { (name) }
                            td { (amount) }
                        } } }
                    }
                    @if let Some(note) = &paper.note { @for line in note.lines() { p { (line) } } }
                }
            }
        }
    }
}

fn letter(lines: &[String]) -> Markup {
    html! { address { @for line in lines { span { (line) } } } }
}
