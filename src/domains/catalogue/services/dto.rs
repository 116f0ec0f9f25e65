//! Services on the wire.

use ::entity::{enums, services};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::domains::catalogue::limits::{self, BookingLimit};
use crate::domains::catalogue::metadata::{self, Metadata};
use crate::domains::catalogue::payment::{self, ServicePayment};
use crate::domains::tenancy::Tenant;
use crate::guard::{Listing, Patch, Prose, Sort, Text, Timestamp};

/// The orders of a list of services.
pub type ServiceSort = Sort<services::Entity>;

/// Where the possible starts of a service are anchored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SlotGrid {
    /// Steps from the beginning of the opening hours.
    OpeningStart,
    /// Steps from the end of the booking before.
    FreeStart,
    /// Round minutes of the clock.
    WallClock,
}

/// A service to be made; a PUT replaces all of it.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct ServiceCreate {
    /// What customers read. The slug is made of it.
    pub name: Text<1, 255>,
    /// More about it.
    #[oai(nullable)]
    pub description: Option<Prose<0, 1000>>,
    /// The heading it stands under.
    #[oai(nullable)]
    pub category: Option<Text<1, 100>>,
    /// Minutes that the customer is there.
    #[oai(validator(minimum(value = "1"), maximum(value = "1440")))]
    pub duration_min: i32,
    /// Minutes before the start in which nobody else can be booked.
    #[oai(default, validator(minimum(value = "0"), maximum(value = "1439")))]
    pub buffer_before_min: i32,
    /// Minutes after the end in which nobody else can be booked.
    #[oai(default, validator(minimum(value = "0"), maximum(value = "1439")))]
    pub buffer_after_min: i32,
    /// Minutes from one possible start to the next; null is the duration.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "1440")))]
    pub interval_min: Option<i32>,
    /// How many minutes ahead it must be booked.
    #[oai(default, validator(minimum(value = "0"), maximum(value = "525600")))]
    pub notice_min: i32,
    /// How many days ahead it can be booked; null is any number.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "3650")))]
    pub horizon_days: Option<i32>,
    /// Where the possible starts are anchored.
    #[oai(default = "opening_start")]
    pub grid: SlotGrid,
    /// Seats of one start; one takes the resource for itself.
    #[oai(default = "one", validator(minimum(value = "1"), maximum(value = "10000")))]
    pub capacity: i32,
    /// The price in the currency's minor unit; free services cost 0.
    #[oai(validator(minimum(value = "0"), maximum(value = "100000000000")))]
    pub price_cents: i64,
    /// ISO 4217 code; the business's own when absent.
    #[oai(nullable, validator(pattern = "^[A-Z]{3}$", max_length = 3))]
    pub currency: Option<String>,
    /// Whether a booking waits until staff confirm it.
    #[oai(default)]
    pub requires_confirmation: bool,
    /// Whether the public sees and books it.
    #[oai(default = "yes")]
    pub active: bool,
    /// Its place in the list, smallest first.
    #[oai(default, validator(minimum(value = "-1000000"), maximum(value = "1000000")))]
    pub sort_order: i32,
    /// How many bookings a day, week or month take, in all or of each customer.
    #[oai(default, validator(max_items = 6))]
    pub limits: Vec<BookingLimit>,
    /// How it is paid for; nothing is asked before when absent.
    #[oai(default)]
    pub payment: ServicePayment,
    /// Free members for integrators. The public does not see them.
    #[oai(default, validator(max_properties = 50))]
    pub metadata_json: Metadata,
}

fn opening_start() -> SlotGrid {
    SlotGrid::OpeningStart
}

fn one() -> i32 {
    1
}

fn yes() -> bool {
    true
}

/// What a PATCH changes: absent keeps, null clears.
#[derive(Debug, Clone, Default, Object)]
#[oai(example, deny_unknown_fields)]
pub struct ServiceUpdate {
    /// What customers read. The slug stays.
    #[oai(skip_serializing_if_is_none)]
    pub name: Option<Text<1, 255>>,
    /// More about it.
    pub description: Patch<Prose<0, 1000>>,
    /// The heading it stands under.
    pub category: Patch<Text<1, 100>>,
    /// Minutes that the customer is there.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1"), maximum(value = "1440")))]
    pub duration_min: Option<i32>,
    /// Minutes before the start in which nobody else can be booked.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "1439")))]
    pub buffer_before_min: Option<i32>,
    /// Minutes after the end in which nobody else can be booked.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "1439")))]
    pub buffer_after_min: Option<i32>,
    /// Minutes from one possible start to the next; null is the duration.
    #[oai(validator(minimum(value = "1"), maximum(value = "1440")))]
    pub interval_min: Patch<i32>,
    /// How many minutes ahead it must be booked.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "525600")))]
    pub notice_min: Option<i32>,
    /// How many days ahead it can be booked; null is any number.
    #[oai(validator(minimum(value = "1"), maximum(value = "3650")))]
    pub horizon_days: Patch<i32>,
    /// Where the possible starts are anchored.
    #[oai(skip_serializing_if_is_none)]
    pub grid: Option<SlotGrid>,
    /// Seats of one start; one takes the resource for itself.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "1"), maximum(value = "10000")))]
    pub capacity: Option<i32>,
    /// The price in the currency's minor unit.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "100000000000")))]
    pub price_cents: Option<i64>,
    /// ISO 4217 code.
    #[oai(skip_serializing_if_is_none, validator(pattern = "^[A-Z]{3}$", max_length = 3))]
    pub currency: Option<String>,
    /// Whether a booking waits until staff confirm it.
    #[oai(skip_serializing_if_is_none)]
    pub requires_confirmation: Option<bool>,
    /// Whether the public sees and books it.
    #[oai(skip_serializing_if_is_none)]
    pub active: Option<bool>,
    /// Its place in the list, smallest first.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "-1000000"), maximum(value = "1000000")))]
    pub sort_order: Option<i32>,
    /// How many bookings a day, week or month take; replaced as a whole.
    #[oai(skip_serializing_if_is_none, validator(max_items = 6))]
    pub limits: Option<Vec<BookingLimit>>,
    /// How it is paid for; replaced as a whole.
    #[oai(skip_serializing_if_is_none)]
    pub payment: Option<ServicePayment>,
    /// Free members for integrators; replaced as a whole.
    #[oai(skip_serializing_if_is_none, validator(max_properties = 50))]
    pub metadata_json: Option<Metadata>,
}

/// A service. Members that the public may not see are absent for it.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(example)]
pub struct Service {
    pub id: Uuid,
    /// Its name in addresses, unique in the business.
    #[oai(validator(max_length = 100))]
    pub slug: String,
    /// What customers read.
    #[oai(validator(max_length = 255))]
    pub name: String,
    /// More about it.
    #[oai(nullable, validator(max_length = 10000))]
    pub description: Option<String>,
    /// The heading it stands under.
    #[oai(nullable, validator(max_length = 255))]
    pub category: Option<String>,
    /// Minutes that the customer is there.
    pub duration_min: i32,
    /// Minutes from one possible start to the next; null is the duration.
    #[oai(nullable)]
    pub interval_min: Option<i32>,
    /// How many minutes ahead it must be booked.
    pub notice_min: i32,
    /// How many days ahead it can be booked; null is any number.
    #[oai(nullable)]
    pub horizon_days: Option<i32>,
    /// Seats of one start.
    pub capacity: i32,
    /// The price in the currency's minor unit.
    pub price_cents: i64,
    /// ISO 4217 code.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    /// Whether a booking waits until staff confirm it.
    pub requires_confirmation: bool,
    /// How it is paid for.
    pub payment: ServicePayment,
    /// Minutes before the start in which nobody else can be booked.
    #[oai(skip_serializing_if_is_none)]
    pub buffer_before_min: Option<i32>,
    /// Minutes after the end in which nobody else can be booked.
    #[oai(skip_serializing_if_is_none)]
    pub buffer_after_min: Option<i32>,
    /// Where the possible starts are anchored.
    #[oai(skip_serializing_if_is_none)]
    pub grid: Option<SlotGrid>,
    /// Whether the public sees and books it.
    #[oai(skip_serializing_if_is_none)]
    pub active: Option<bool>,
    /// Its place in the list, smallest first.
    #[oai(skip_serializing_if_is_none)]
    pub sort_order: Option<i32>,
    /// How many bookings a day, week or month take, in all or of each customer.
    #[oai(skip_serializing_if_is_none)]
    pub limits: Option<Vec<BookingLimit>>,
    /// Free members for integrators.
    #[oai(skip_serializing_if_is_none)]
    pub metadata_json: Option<Metadata>,
    #[oai(skip_serializing_if_is_none)]
    pub created_at: Option<Timestamp>,
    #[oai(skip_serializing_if_is_none)]
    pub updated_at: Option<Timestamp>,
}

/// The business whose catalogue it is.
#[derive(Debug, Clone, Object)]
pub struct CatalogueTenant {
    /// Its name in addresses.
    #[oai(validator(max_length = 63))]
    pub slug: String,
    /// What it is called.
    #[oai(validator(max_length = 255))]
    pub name: String,
    /// IANA zone of its opening hours.
    #[oai(validator(max_length = 50))]
    pub timezone: String,
    /// ISO 4217 code of its prices.
    #[oai(validator(max_length = 3))]
    pub currency: String,
}

/// A page of the public catalogue. Named as a list, so that the document gives it a list's parameters.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Listing_CatalogueService")]
pub struct Catalogue {
    /// The entries, in the order that was asked for.
    #[oai(validator(max_items = 100))]
    pub data: Vec<Service>,
    /// Whether there are more entries after these.
    pub has_more: bool,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[oai(nullable, validator(max_length = 1024))]
    pub next_cursor: Option<String>,
    /// How many entries there are in all; only with `include_total=true`.
    #[oai(skip_serializing_if_is_none)]
    pub total: Option<u64>,
    /// The business.
    pub tenant_info: CatalogueTenant,
}

impl Catalogue {
    pub fn of(list: Listing<Service>, tenant: &Tenant) -> Self {
        let Listing { data, has_more, next_cursor, total } = list;
        let tenant_info = CatalogueTenant {
            slug: tenant.slug.clone(),
            name: tenant.name.clone(),
            timezone: tenant.tz.clone(),
            currency: tenant.currency.clone(),
        };
        Self { data, has_more, next_cursor, total, tenant_info }
    }
}

impl Service {
    /// Everything, for members.
    pub fn of(row: services::Model) -> Self {
        Self {
            payment: payment::read(&row),
            id: row.id.0,
            slug: row.slug,
            name: row.name,
            description: row.description,
            category: row.category,
            duration_min: row.duration_min,
            interval_min: row.interval_min,
            notice_min: row.notice_min,
            horizon_days: row.horizon_days,
            capacity: row.capacity,
            price_cents: row.price_cents,
            currency: row.currency,
            requires_confirmation: row.requires_confirmation,
            buffer_before_min: Some(row.buffer_before_min),
            buffer_after_min: Some(row.buffer_after_min),
            grid: Some(row.grid.into()),
            active: Some(row.active),
            sort_order: Some(row.sort_order),
            limits: Some(limits::read(row.limits_json)),
            metadata_json: Some(metadata::read(row.metadata_json)),
            created_at: Some(row.created_at.into()),
            updated_at: Some(row.updated_at.into()),
        }
    }

    /// What the public may see.
    pub fn public(row: services::Model) -> Self {
        Self {
            buffer_before_min: None,
            buffer_after_min: None,
            grid: None,
            active: None,
            sort_order: None,
            limits: None,
            metadata_json: None,
            created_at: None,
            updated_at: None,
            ..Self::of(row)
        }
    }
}

impl From<SlotGrid> for enums::SlotGrid {
    fn from(grid: SlotGrid) -> Self {
        match grid {
            SlotGrid::OpeningStart => Self::OpeningStart,
            SlotGrid::FreeStart => Self::FreeStart,
            SlotGrid::WallClock => Self::WallClock,
        }
    }
}

impl From<enums::SlotGrid> for SlotGrid {
    fn from(grid: enums::SlotGrid) -> Self {
        match grid {
            enums::SlotGrid::OpeningStart => Self::OpeningStart,
            enums::SlotGrid::FreeStart => Self::FreeStart,
            enums::SlotGrid::WallClock => Self::WallClock,
        }
    }
}

impl Example for ServiceCreate {
    fn example() -> Self {
        Self {
            name: Text::of("Haircut"),
            description: Some(Prose::of("Wash, cut and finish.")),
            category: Some(Text::of("Hair")),
            duration_min: 45,
            buffer_before_min: 0,
            buffer_after_min: 15,
            interval_min: Some(15),
            notice_min: 60,
            horizon_days: Some(90),
            grid: SlotGrid::OpeningStart,
            capacity: 1,
            price_cents: 4500,
            currency: Some("EUR".into()),
            requires_confirmation: false,
            active: true,
            sort_order: 0,
            limits: vec![BookingLimit::example()],
            payment: ServicePayment::example(),
            metadata_json: Metadata::new(),
        }
    }
}

impl Example for ServiceUpdate {
    fn example() -> Self {
        Self { price_cents: Some(4900), interval_min: Patch::Clear, ..Self::default() }
    }
}

impl Example for Service {
    fn example() -> Self {
        let made = ServiceCreate::example();
        Self {
            id: Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0001),
            slug: "haircut".into(),
            name: made.name.into(),
            description: made.description.map(Into::into),
            category: made.category.map(Into::into),
            duration_min: made.duration_min,
            interval_min: made.interval_min,
            notice_min: made.notice_min,
            horizon_days: made.horizon_days,
            capacity: made.capacity,
            price_cents: made.price_cents,
            currency: "EUR".into(),
            requires_confirmation: made.requires_confirmation,
            payment: made.payment,
            buffer_before_min: Some(made.buffer_before_min),
            buffer_after_min: Some(made.buffer_after_min),
            grid: Some(made.grid),
            active: Some(made.active),
            sort_order: Some(made.sort_order),
            limits: Some(made.limits),
            metadata_json: Some(made.metadata_json),
            created_at: Some(Timestamp::example()),
            updated_at: Some(Timestamp::example()),
        }
    }
}
