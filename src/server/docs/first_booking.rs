//! The guide: from nothing to a booking with curl.
use maud::{Markup, html};

use super::layout::commands;

const ADDRESS: &str = "export TITHI_URL=http://localhost:8080";
const SERVICES: &str = r#"curl "$TITHI_URL/v1/salon/services"
export SERVICE_ID=..."#;
const AVAILABILITY: &str = r#"curl "$TITHI_URL/v1/salon/availability?service_id=$SERVICE_ID&date=$(date -d tomorrow +%F)"
export START_AT=..."#;
const BOOKING: &str = r#"export KEY=$(uuidgen)
curl -i -X POST "$TITHI_URL/v1/salon/bookings" \
  -H "Idempotency-Key: $KEY" \
  -H 'Content-Type: application/json' \
  -d '{
    "service_id": "'"$SERVICE_ID"'",
    "start_at": "'"$START_AT"'",
    "customer": {"display_name": "Ada Lovelace", "email": "ada@example.com"}
  }'"#;
const AGAIN: &str = r#"# the same key and the same body: the stored answer, with Idempotent-Replayed: true
# a new key for the same time: 409 and the next free times
curl -i -X POST "$TITHI_URL/v1/salon/bookings" \
  -H "Idempotency-Key: $(uuidgen)" \
  -H 'Content-Type: application/json' \
  -d '{
    "service_id": "'"$SERVICE_ID"'",
    "start_at": "'"$START_AT"'",
    "customer": {"display_name": "Grace Hopper", "email": "grace@example.com"}
  }'"#;

pub fn page() -> Markup {
    html! {
        h1 { "First booking in five minutes" }
        p.lead { "You need a running Tithi with its demo businesses and a shell with " code { "curl" } ". Nobody has to log in: a booking page is public." }
        h2 { "1. Where it runs" }
        p { "The demo business is called " code { "salon" } "; its name stands in every public address." }
        (commands("Set the address", ADDRESS))
        h2 { "2. What can be booked" }
        p { "Take the " code { "id" } " of a service that you like." }
        (commands("List the services", SERVICES))
        h2 { "3. When there is time" }
        p {
            "Each entry of " code { "data" } " is a free time with its " code { "start" } ", " code { "end" } ", "
            code { "resource_id" } " and " code { "price_cents" } ". Times are in UTC; "
            code { "timezone" } " says where the business is. Take the " code { "start" } " of one that is " code { "available" } "."
        }
        (commands("Ask for free times", AVAILABILITY))
        h2 { "4. Book it" }
        p {
            "The " code { "Idempotency-Key" } " is required. Make a new one for each booking that somebody wants and send the same "
            "one when you try again: after a lost answer you get the booking that was made, never a second one."
        }
        (commands("Make the booking", BOOKING))
        p { "The answer is 201 with the booking, and " code { "Location" } " says where it is." }
        h2 { "5. See that it is taken" }
        (commands("Try to take the same time", AGAIN))
        p {
            "The refusal is a problem with the code "
            a href="/docs/errors/booking-conflict" { code { "TITHI_BOOKING_CONFLICT" } } " or "
            a href="/docs/errors/slot-unavailable" { code { "TITHI_SLOT_UNAVAILABLE" } }
            "; " code { "next_free" } " has times to offer instead."
        }
        h2 { "What next" }
        ul {
            li { a href="/docs" { "The reference" } " lists every operation." }
            li { a href="/docs/errors" { "Errors" } " says what to do about each code." }
        }
    }
}
