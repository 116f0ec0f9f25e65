//! A booking with its customer and its service beside it, and a page of them.

use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::domains::booking::admin::service::Detailed;
use crate::domains::booking::dto::{Booking, BookingStatus, example_id};
use crate::guard::{Date, Listing};

/// Who booked.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BookingCustomerDetails {
    pub id: Uuid,
    /// The name.
    pub display_name: String,
    /// The e-mail address.
    #[oai(nullable)]
    pub email: Option<String>,
    /// The phone number.
    #[oai(nullable)]
    pub phone: Option<String>,
}

/// What was booked, as the catalogue has it now.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BookingServiceDetails {
    pub id: Uuid,
    /// What customers read.
    pub name: String,
    /// The heading it stands under.
    #[oai(nullable)]
    pub category: Option<String>,
    /// Minutes that the customer is there.
    pub duration_min: i32,
    /// Whether the public sees and books it.
    pub active: bool,
}

/// An appointment with all that the front desk wants to know of it.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct AdminBooking {
    /// The booking itself.
    #[oai(flatten)]
    pub booking: Booking,
    /// Who booked.
    pub customer: BookingCustomerDetails,
    /// What was booked, as the catalogue has it now.
    pub service: BookingServiceDetails,
    /// The name of who or what gives it.
    pub resource_name: String,
}

/// What a list of bookings was narrowed by. What did not narrow it is null.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BookingFilters {
    /// Only these states; all of them when it is empty.
    #[oai(validator(max_items = 7))]
    pub status: Vec<BookingStatus>,
    /// The first date of the start.
    #[oai(nullable)]
    pub start_date: Option<Date>,
    /// The last date of the start.
    #[oai(nullable)]
    pub end_date: Option<Date>,
    /// Part of the customer's name or e-mail address.
    #[oai(nullable)]
    pub customer: Option<String>,
    /// The customer.
    #[oai(nullable)]
    pub customer_id: Option<Uuid>,
    /// The service.
    #[oai(nullable)]
    pub service_id: Option<Uuid>,
    /// Who or what gives it.
    #[oai(nullable)]
    pub resource_id: Option<Uuid>,
    /// Part of anything that can be read of a booking.
    #[oai(nullable)]
    pub q: Option<String>,
}

/// A page of bookings. Named as a list, so that the document gives it a list's parameters.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Listing_AdminBooking")]
pub struct AdminBookings {
    /// The entries, in the order that was asked for.
    #[oai(validator(max_items = 100))]
    pub data: Vec<AdminBooking>,
    /// Whether there are more entries after these.
    pub has_more: bool,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[oai(nullable, validator(max_length = 1024))]
    pub next_cursor: Option<String>,
    /// How many entries there are in all; only with `include_total=true`.
    #[oai(skip_serializing_if_is_none)]
    pub total: Option<u64>,
    /// What the list was narrowed by.
    pub filters: BookingFilters,
}

impl AdminBookings {
    pub fn of(list: Listing<AdminBooking>, filters: BookingFilters) -> Self {
        let Listing { data, has_more, next_cursor, total } = list;
        Self { data, has_more, next_cursor, total, filters }
    }
}

impl From<Detailed> for AdminBooking {
    fn from(row: Detailed) -> Self {
        let (customer, service) = (row.booking.customer_id.0, row.booking.service_id.0);
        Self {
            booking: Booking::from(row.booking),
            customer: BookingCustomerDetails {
                id: customer,
                display_name: row.customer_name,
                email: row.customer_email,
                phone: row.customer_phone,
            },
            service: BookingServiceDetails {
                id: service,
                name: row.service_name,
                category: row.service_category,
                duration_min: row.service_duration_min,
                active: row.service_active,
            },
            resource_name: row.resource_name,
        }
    }
}

impl Example for BookingCustomerDetails {
    fn example() -> Self {
        Self {
            id: example_id(3),
            display_name: "Ana Torres".into(),
            email: Some("ana@example.com".into()),
            phone: Some("+1 212 555 0100".into()),
        }
    }
}

impl Example for BookingServiceDetails {
    fn example() -> Self {
        Self {
            id: example_id(1),
            name: "Haircut".into(),
            category: Some("Hair".into()),
            duration_min: 45,
            active: true,
        }
    }
}

impl Example for AdminBooking {
    fn example() -> Self {
        Self {
            booking: Booking::example(),
            customer: BookingCustomerDetails::example(),
            service: BookingServiceDetails::example(),
            resource_name: "Mia Stone".into(),
        }
    }
}

impl Example for BookingFilters {
    fn example() -> Self {
        Self {
            status: vec![BookingStatus::Pending],
            start_date: Some(Date::example()),
            end_date: None,
            customer: Some("torres".into()),
            customer_id: None,
            service_id: None,
            resource_id: None,
            q: None,
        }
    }
}
