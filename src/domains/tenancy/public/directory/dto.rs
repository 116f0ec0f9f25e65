//! A business in the directory, on the wire.

use poem_openapi::Object;

/// A business that wants to be found.
#[derive(Clone, Debug, Object)]
#[oai(rename = "DirectoryEntry")]
pub struct DirectoryEntry {
    /// Label of its subdomain and part of its public path.
    #[oai(validator(max_length = 63))]
    pub slug: String,
    #[oai(validator(max_length = 255))]
    pub name: String,
    /// What the business says about itself.
    #[oai(nullable, validator(max_length = 5000))]
    pub blurb: Option<String>,
    #[oai(nullable, validator(max_length = 100))]
    pub category: Option<String>,
    /// IANA time zone in which its hours are meant.
    #[oai(validator(max_length = 50))]
    pub timezone: String,
    /// The address of its subdomain.
    #[oai(validator(max_length = 2048))]
    pub url: String,
}
