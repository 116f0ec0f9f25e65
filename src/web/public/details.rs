//! Who comes: the form of a chosen time, and sending it.

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::layout::{Field, field, refused};
use super::times::in_words;
use super::view::{Business, Service, amount};
use crate::web::Refusal;

/// The form as it was sent, and as it is shown again.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Details {
    pub service: Uuid,
    /// The token of the listed time.
    pub slot: String,
    /// The time on the clock of where it takes place, to show it again.
    pub at: String,
    /// Names this attempt: sent twice it books once.
    pub key: String,
    pub display_name: String,
    pub email: String,
    pub phone: String,
    pub notes: String,
    /// Nobody sees it, so nobody but a program fills it in.
    pub website: String,
}

impl Details {
    /// The body that books it.
    pub fn body(&self) -> Value {
        let some = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        json!({
            "slot_token": self.slot,
            "customer": { "display_name": self.display_name.trim(), "email": self.email.trim(), "phone": some(&self.phone) },
            "notes": some(&self.notes),
            "website": some(&self.website),
        })
    }

    fn fields(&self) -> [Field<'_>; 3] {
        let field = |label, pointer, kind, autocomplete, value, required, most| Field {
            label,
            pointer,
            kind,
            autocomplete,
            value,
            required,
            most,
        };
        [
            field("Name", "#/customer/display_name", "text", "name", &self.display_name, true, 255),
            field("E-mail", "#/customer/email", "email", "email", &self.email, true, 254),
            field("Telephone", "#/customer/phone", "tel", "tel", &self.phone, false, 30),
        ]
    }
}

pub fn show(
    slug: &str,
    business: &Business,
    service: &Service,
    details: &Details,
    refusal: Option<&Refusal>,
) -> Markup {
    let times = format!("/b/{slug}/services/{}", service.id);
    html! {
        h1 { "Your details" }
        @if let Some(refusal) = refusal {
            (refused(refusal))
            @if refusal.status == 409 { p { a href=(times) { "See which times are free now" } } }
        }
        p {
            strong { (service.name) } br;
            (in_words(&details.at)) ", " (business.timezone) br;
            (service.duration_min) " min · " (amount(service.price_cents, &service.currency)) br;
            a href=(times) { "Choose another time" }
        }
        form method="post" action={ "/b/" (slug) "/book" } {
            input type="hidden" name="service" value=(service.id);
            input type="hidden" name="slot" value=(details.slot);
            input type="hidden" name="at" value=(details.at);
            input type="hidden" name="key" value=(details.key);
            @for each in &details.fields() { (field(each, refusal)) }
            p.field {
                label for="notes" { "Anything we should know?" span.soft { " (optional)" } }
                textarea #notes name="notes" rows="3" maxlength="2000" { (details.notes) }
            }
            p.off aria-hidden="true" {
                label for="website" { "Leave this empty" }
                input #website name="website" tabindex="-1" autocomplete="off";
            }
            @let texts: Vec<_> = business.policies.texts().collect();
            @if !texts.is_empty() {
                details {
                    summary { "On what terms" }
                    dl { @for (title, text) in texts { dt { (title) } dd { (text) } } }
                }
            }
            p { button.button type="submit" { "Book this time" } }
        }
    }
}
