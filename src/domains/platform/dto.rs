//! Tenants as operators see them.

use ::entity::tenants::Model;
use poem_openapi::Object;
use poem_openapi::types::Example;
use uuid::Uuid;

use crate::domains::tenancy::Status;
use crate::guard::Timestamp;

/// A business on the platform.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct PlatformTenant {
    /// The business's id.
    pub id: Uuid,
    /// Its subdomain.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// How to reach it.
    #[oai(nullable)]
    pub email: Option<String>,
    /// Whether it is served.
    pub status: Status,
    /// Its zone.
    pub timezone: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<Model> for PlatformTenant {
    fn from(row: Model) -> Self {
        Self {
            id: row.id.0,
            slug: row.slug,
            name: row.name,
            email: row.email,
            status: row.status.into(),
            timezone: row.tz,
            created_at: Timestamp::new(row.created_at),
        }
    }
}

impl Example for PlatformTenant {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0199_a4c2_8f1e_7d30_9b52_3c1f_0a6d_7e84),
            slug: "salon".into(),
            name: "Salon Aurora".into(),
            email: Some("hello@salon.example".into()),
            status: Status::Active,
            timezone: "America/New_York".into(),
            created_at: Timestamp::example(),
        }
    }
}
