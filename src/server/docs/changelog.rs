//! What changed for callers, the newest first.
use maud::{Markup, html};

/// Date, and what callers notice.
const ENTRIES: &[(&str, &[&str])] = &[
    (
        "Visitors",
        &[
            "Free times and bookings lie at `/v1/b/{slug}/availability` and `/v1/b/{slug}/bookings`; their addresses under `/v1/{slug}` go on answering and name these.",
            "A visitor cancels and moves a booking by its `manage_token`, within the windows that the business sets.",
            "Bookings as iCalendar, and a secret address for the calendar of each member of staff.",
            "`GET /api/v1/directory` lists the businesses that want to be found.",
        ],
    ),
    (
        "Version 1",
        &[
            "The first version: services, availability and bookings under `/v1/{slug}`.",
            "Errors are problems with stable codes; all refused fields are named at once.",
            "Lists are walked with `limit` and `cursor`.",
        ],
    ),
];

pub fn page() -> Markup {
    html! {
        h1 { "Changelog" }
        p.lead { "Within a version the API only grows: expect new fields in answers and new values in enumerations." }
        p {
            "What is going to end is announced in its answers, by the " code { "Deprecation" } " and " code { "Sunset" }
            " headers, and here."
        }
        @for (title, changes) in ENTRIES {
            h2 { (title) }
            ul { @for change in *changes { li { (super::layout::line(change)) } } }
        }
    }
}
