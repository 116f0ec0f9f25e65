//! The guide: from nothing to a booking with curl, in commands for any POSIX shell that can be pasted as they are.
use maud::{Markup, html};

use super::layout::commands;

const SERVICES: &str = r#"curl "$TITHI_URL/v1/salon/services""#;
const SERVICE_ID: &str = "export SERVICE_ID=...";
const WEEK: &str = r#"export FROM=$(date +%Y-%m-%d)
export NEXT_WEEK=$(( $(date +%s) + 604800 ))
export TO=$(date -d "@$NEXT_WEEK" +%Y-%m-%d 2>/dev/null || date -r "$NEXT_WEEK" +%Y-%m-%d)
curl "$TITHI_URL/v1/b/salon/availability?service_id=$SERVICE_ID&start_date=$FROM&end_date=$TO""#;
const SLOT: &str = "export START_AT=...
export RESOURCE_ID=...";
const BODY: &str = r#"export BODY='{
  "service_id": "'"$SERVICE_ID"'",
  "resource_id": "'"$RESOURCE_ID"'",
  "start_at": "'"$START_AT"'",
  "customer": {"display_name": "Ada Lovelace", "email": "ada@example.com"}
}'"#;

/// The booking's command; only the key differs from one time to the next.
fn book(key: &str) -> String {
    format!(
        r#"curl -i -X POST "$TITHI_URL/v1/b/salon/bookings" \
  -H "Idempotency-Key: {key}" \
  -H "Content-Type: application/json" \
  -d "$BODY""#
    )
}

/// `address` is where this service is reached.
pub fn page(address: &str) -> Markup {
    let first = book("my-first-booking");
    html! {
        h1 { "First booking in five minutes" }
        p.lead { "You need a running Tithi with its demo businesses and a shell with " code { "curl" } ". Nobody has to log in: a booking page is public." }
        h2 { "1. Where it runs" }
        p { "The demo business is called " code { "salon" } "; its name stands in every public address." }
        (commands("Set the address", &format!("export TITHI_URL={address}")))
        h2 { "2. What can be booked" }
        (commands("List the services", SERVICES))
        p { "Put the " code { "id" } " of a service that you like in place of the dots." }
        (commands("Choose a service", SERVICE_ID))
        h2 { "3. When there is time" }
        p { "Ask for a week, because the business may be closed on a day. Any two dates in the form 2026-03-31 do as well." }
        (commands("Ask for free times", WEEK))
        p {
            "Each entry of " code { "data" } " is a free time with its " code { "start" } ", " code { "end" } ", "
            code { "resource_id" } " and " code { "price_cents" } ". Times are in UTC; "
            code { "timezone" } " says where the business is. Put the " code { "start" } " and the " code { "resource_id" }
            " of one that is " code { "available" } " in place of the dots."
        }
        (commands("Choose a time", SLOT))
        h2 { "4. Book it" }
        (commands("Say what and who", BODY))
        p {
            "The " code { "Idempotency-Key" } " is required: a word of your own that names this booking. Take a new one for each "
            "booking that somebody wants. If you have used this one on another day, change it."
        }
        (commands("Make the booking", &first))
        p { "The answer is 201 with the booking, and " code { "Location" } " says where it is." }
        h2 { "5. Send it again" }
        p {
            "After a lost answer, send the same key and the same body. You get the booking that was made, never a second one: "
            "the same answer, with " code { "Idempotent-Replayed: true" } "."
        }
        (commands("Send the same booking again", &first))
        h2 { "6. See that it is taken" }
        p { "Another key is another wish, for a time that is gone." }
        (commands("Try to take the same time", &book("my-second-booking")))
        p {
            "The refusal is 409, a problem with the code "
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
