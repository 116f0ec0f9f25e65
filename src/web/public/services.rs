//! The first page of a business: what can be booked, for how much, and on what terms.

use maud::{Markup, html};

use super::view::{Page, Service, amount};

pub fn show(slug: &str, page: &Page, services: &[Service], more: Option<&str>) -> Markup {
    html! {
        h1 { (page.title) }
        @if let Some(text) = &page.description { p.lead { (text) } }
        h2 { "Services" }
        @if services.is_empty() { p { "Nothing can be booked at the moment." } }
        ul.cards {
            @for service in services {
                li {
                    h3 { (service.name) }
                    @if let Some(category) = &service.category { p.soft { (category) } }
                    @if let Some(text) = &service.description { p { (text) } }
                    p { (service.duration_min) " min · " (amount(service.price_cents, &service.currency)) }
                    p { a.button href={ "/b/" (slug) "/services/" (service.id) } { "Choose a time" span.off { " for " (service.name) } } }
                }
            }
        }
        @if let Some(cursor) = more { p { a href={ "/b/" (slug) "?cursor=" (cursor) } { "More services" } } }
        h2 { "Good to know" }
        dl { @for (title, text) in page.tenant.policies.texts() { dt { (title) } dd { (text) } } }
        p.soft { "Times are those of " (page.tenant.timezone) "." }
    }
}
