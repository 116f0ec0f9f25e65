//! What changed for callers, the newest first.
use maud::{Markup, html};

/// Date, and what callers notice.
const ENTRIES: &[(&str, &[&str])] = &[
    (
        "An account of one's own",
        &[
            "A business is paid on its own account at Stripe: `/api/v1/billing/connect`, with `/onboarding` and `/refresh` below it.",
            "What is paid out and what is taxed, by day and currency: `/api/v1/payments/reports/payouts` and `/taxes`, as sheets below `/export`.",
        ],
    ),
    (
        "Invoices and plans",
        &[
            "Invoices and credit notes at `/api/v1/invoices`, as PDF and as a page; for visitors below their booking's `/invoices`.",
            "What stands on them: `invoicing` of a business.",
            "Plans at `/api/v1/plans`; an organization's at `/api/v1/organizations/{tenant_id}/subscription`, a person's at `/api/v1/users/me/subscription`.",
        ],
    ),
    (
        "The front desk",
        &[
            "A service may need several resources at once: `PUT /api/v1/services/{service_id}/resources` takes `groups`; pools, limits a day, week or month.",
            "Series of bookings at `/api/v1/booking-series`, visits of several services at `/api/v1/availability/itineraries` and `/api/v1/booking-itineraries`.",
            "Which dates have free times (`/api/v1/availability/days`), the next ones (`/next`), and why a time is not offered (`/explain`).",
            "Working hours and schedules of staff; a change of hours that breaks bookings is refused, `dry_run` tells and `force` goes ahead.",
            "`override` books times that are not listed; bookings are listed, exported, moved and messaged many at once under `/api/v1/admin`.",
            "Notes, segments and loyalty points of customers, and `pseudonymize`.",
            "Which bookings newer time zone rules would move: `/api/v1/timezones/moved`.",
        ],
    ),
    (
        "Time that is promised",
        &[
            "Every listed time has a `token`; `slot_token` books or holds it at its price and with its resources for ten minutes.",
            "Times are held at `/api/v1/availability/holds` and `/v1/b/{slug}/holds`, and booked with `hold_token`.",
            "A waiting list at `/api/v1/waitlist` and `/v1/b/{slug}/waitlist`: a time that becomes free is held for the first in line.",
            "`service_id`, `start_at` and `attendee_count` of a booking may be left out beside a token.",
        ],
    ),
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
