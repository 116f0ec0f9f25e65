//! A business on the wire, for everybody.

use poem_openapi::Object;

use crate::domains::tenancy::Policies;

/// A business, as everybody sees it.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PublicTenant")]
pub struct Info {
    #[oai(validator(max_length = 255))]
    pub name: String,
    /// Label of its subdomain and part of its public path.
    #[oai(validator(max_length = 63))]
    pub slug: String,
    #[oai(nullable, validator(max_length = 100))]
    pub category: Option<String>,
    #[oai(nullable, validator(max_length = 500))]
    pub logo: Option<String>,
    /// What the business says about itself.
    #[oai(nullable, validator(max_length = 5000))]
    pub blurb: Option<String>,
    /// IANA time zone in which its hours are meant.
    #[oai(validator(max_length = 50))]
    pub timezone: String,
    /// ISO 4217 code of its prices.
    #[oai(validator(max_length = 3))]
    pub currency: String,
    #[oai(validator(max_length = 35))]
    pub locale: String,
    /// What it promises and asks for.
    pub policies: Policies,
    /// Share of the price that a missed appointment costs, in hundredths of a percent: 300 is 3 %.
    pub no_show_fee_bps: i32,
    pub theme: Theme,
    pub links: Links,
}

/// The published look.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PublicTheme")]
pub struct Theme {
    /// Rises with each publication.
    pub version: i32,
    /// `#rrggbb`
    #[oai(nullable, validator(max_length = 7))]
    pub brand_color: Option<String>,
    /// `#rrggbb`
    #[oai(nullable, validator(max_length = 7))]
    pub secondary_color: Option<String>,
    #[oai(nullable, validator(max_length = 100))]
    pub font_family: Option<String>,
}

/// Where to go on.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PublicLinks")]
pub struct Links {
    /// The address of its subdomain.
    #[oai(validator(max_length = 2048))]
    pub site: String,
    /// What can be booked.
    #[oai(validator(max_length = 2048))]
    pub services: String,
    /// When it can be booked.
    #[oai(validator(max_length = 2048))]
    pub availability: String,
    /// Where a booking is sent.
    #[oai(validator(max_length = 2048))]
    pub bookings: String,
}

/// The public page of a business, as data.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PublicPage")]
pub struct Page {
    /// The title of the page.
    #[oai(validator(max_length = 255))]
    pub title: String,
    /// The sentence under the title.
    #[oai(nullable, validator(max_length = 5000))]
    pub description: Option<String>,
    /// The address that search engines shall know it by.
    #[oai(validator(max_length = 2048))]
    pub canonical_url: String,
    pub tenant: Info,
}
