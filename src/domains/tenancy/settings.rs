//! `tenants.settings_json`, typed. Members that this version does not know are kept as they are, so
//! that an older process never loses what a newer one wrote.

use std::collections::BTreeMap;

use ::entity::tenants;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::db::Scope;
use crate::error::{ApiError, Code};

/// What a business decided for itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub booking: BookingDefaults,
    pub payments: PaymentDefaults,
    pub invoicing: Invoicing,
    /// Its own rate limits by class, as `REQUESTS/SECONDS`.
    pub rate_limits: BTreeMap<String, String>,
    /// Origins beside its own subdomain that may call its API from a browser.
    pub cors_origins: Vec<String>,
    /// Whom to ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
    #[serde(flatten)]
    pub(super) rest: Map<String, Value>,
}

/// How bookings work where a service says nothing of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BookingDefaults {
    /// Minutes between now and the earliest start that the public may book.
    pub notice_min: i32,
    /// Days ahead that the public may book; `None` is without end.
    pub horizon_days: Option<i32>,
    /// Minutes between two starts; `None` is the service's duration.
    pub interval_min: Option<i32>,
    /// Whether a public booking is confirmed at once.
    pub auto_confirm: bool,
    /// Minutes before the start until which a customer may cancel; `None` is never.
    pub cancel_window_min: Option<i32>,
    /// Minutes before the start until which a customer may move a booking; `None` is never.
    pub reschedule_window_min: Option<i32>,
    /// Minutes for which a time is held while somebody decides.
    pub hold_minutes: i32,
    /// Minutes for which somebody on the waiting list has a time that has become free.
    pub waitlist_offer_minutes: i32,
}

/// How payments work where a service says nothing of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaymentDefaults {
    /// Tax in hundredths of a percent.
    pub tax_bps: i32,
    /// Whether prices hold the tax already; otherwise it is added to them.
    pub tax_included: bool,
    /// What not coming costs, in minor units; `None` is the share of the price that the business says.
    pub no_show_fee_cents: Option<i64>,
    /// Minutes for which a time is kept that must be paid to be confirmed.
    pub pay_minutes: i32,
    /// How much of what was paid is given back when it is canceled in time, in hundredths of a percent.
    pub refund_in_time_bps: i32,
    /// The same when it is canceled too late.
    pub refund_late_bps: i32,
}

impl Default for PaymentDefaults {
    fn default() -> Self {
        Self {
            tax_bps: 0,
            tax_included: true,
            no_show_fee_cents: None,
            pay_minutes: 15,
            refund_in_time_bps: 10_000,
            refund_late_bps: 0,
        }
    }
}

/// What stands on a business's bills beside what was sold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Invoicing {
    /// The name of the company, where it is not the business's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<String>,
    /// As on a letter, in lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The number under which it pays tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_number: Option<String>,
    /// Hundredths of a percent that are in its prices, where nothing else is said.
    pub tax_bps: u32,
    /// Stands below each bill.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What the default texts of the policies promise: 24 hours.
const A_DAY: Option<i32> = Some(1440);

impl Default for BookingDefaults {
    fn default() -> Self {
        Self {
            notice_min: 0,
            horizon_days: None,
            interval_min: None,
            auto_confirm: true,
            cancel_window_min: A_DAY,
            reschedule_window_min: A_DAY,
            hold_minutes: 15,
            waitlist_offer_minutes: 60,
        }
    }
}

impl Settings {
    /// Those of a new business.
    #[must_use]
    pub fn of(booking: BookingDefaults, contact_name: Option<String>) -> Self {
        Self { booking, contact_name, ..Self::default() }
    }

    /// Out of `tenants.settings_json`.
    ///
    /// # Errors
    /// 500 when the column holds something else: writing over it would lose it.
    pub fn read(json: &Value) -> Result<Self, ApiError> {
        serde_json::from_value(json.clone()).map_err(ApiError::internal)
    }

    /// Into `tenants.settings_json`.
    ///
    /// # Errors
    /// 500 when it cannot be written as JSON.
    pub fn write(&self) -> Result<Value, ApiError> {
        serde_json::to_value(self).map_err(ApiError::internal)
    }
}

/// The settings of the Scope's tenant; one statement.
///
/// # Errors
/// 404 when the tenant is gone.
pub async fn settings(scope: &Scope) -> Result<Settings, ApiError> {
    let json: Option<Value> = tenants::Entity::find()
        .select_only()
        .column(tenants::Column::SettingsJson)
        .filter(tenants::Column::Id.eq(scope.tenant()?))
        .filter(tenants::Column::DeletedAt.is_null())
        .into_tuple()
        .one(scope)
        .await?;
    Settings::read(&json.ok_or_else(|| ApiError::of(Code::TenantNotFound))?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn empty_settings_are_the_defaults() {
        assert_eq!(Settings::read(&json!({})).unwrap(), Settings::default());
        assert!(Settings::default().booking.auto_confirm);
        let booking = Settings::read(&json!({"booking": {"cancel_window_min": null}})).unwrap().booking;
        assert_eq!((booking.cancel_window_min, booking.reschedule_window_min), (None, A_DAY), "null is not absent");
    }

    #[test]
    fn unknown_members_survive() {
        let json = json!({"booking": {"notice_min": 60}, "loyalty": {"points": 3}});
        let settings = Settings::read(&json).unwrap();
        assert_eq!(settings.booking, BookingDefaults { notice_min: 60, ..BookingDefaults::default() });
        assert_eq!(settings.write().unwrap()["loyalty"]["points"], 3);
        assert!(Settings::read(&json!({"booking": "soon"})).is_err());
    }
}
