//! The list of zones, and a conversion.

use std::sync::Arc;

use chrono::NaiveDateTime;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use uuid::Uuid;

use super::dto::{Timezone, TimezoneConvert, TimezoneConverted, TimezoneList, TimezoneVersion, WallClock};
use super::rules;
use crate::app::App;
use crate::domains::tenancy::profile;
use crate::error::{ApiError, FieldError};
use crate::guard::{Binding, Body, Inbound, Listing, OptionalKey, Page, Reply, Tag};
use crate::kernel::zone;

/// Facts about time zones.
pub struct TimezoneApi {
    app: Arc<App>,
}

impl TimezoneApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }
}

#[OpenApi(tag = "Tag::Reference")]
impl TimezoneApi {
    /// List time zones
    ///
    /// Every zone that a business can be in, with its present distance from Greenwich, in the order of their names.
    /// Anybody may ask.
    #[oai(path = "/api/v1/timezones", method = "get", operation_id = "timezone_list")]
    async fn list(
        &self,
        caller: Inbound,
        /// Words that stand in the name, such as `new york`.
        #[oai(validator(max_length = 64))]
        Query(q): Query<Option<String>>,
        page: Page,
    ) -> Result<Reply<TimezoneList>, ApiError> {
        let q = q.as_deref();
        let binding = Binding { tenant: Uuid::nil(), sort: "timezones:name", filter: q.unwrap_or_default() };
        let after: Option<String> = page.after(&self.app.cursors, &binding)?;
        let (now, most) = (caller.scope.now(), usize::try_from(page.limit).map_err(ApiError::internal)?);
        let total = page.include_total.then(|| rules::search(q, None, usize::MAX - 1, now).len() as u64);
        let zones = rules::search(q, after.as_deref(), most, now);
        let key = |zone: &rules::ZoneAt| zone.name.to_lowercase();
        let list = Listing::of(zones, &page, &self.app.cursors, &binding, key, wire)?;
        let (data, has_more, next_cursor) = (list.data, list.has_more, list.next_cursor);
        Ok(TimezoneList { data, has_more, next_cursor, total, tzdata_version: zone::tzdb_version().into() }.into())
    }

    /// Say which release of the zones' rules is used
    ///
    /// It is part of this service, whatever the machine has. A newer release may move bookings that were made by an
    /// older one. Anybody may ask.
    #[oai(path = "/api/v1/timezones/version", method = "get", operation_id = "timezone_version")]
    async fn version(&self, _caller: Inbound) -> Result<Reply<TimezoneVersion>, ApiError> {
        Ok(TimezoneVersion { tzdata_version: zone::tzdb_version().into() }.into())
    }

    /// Read a wall time in another zone
    ///
    /// A time that the clocks skip moves forward by what they skip; of one that they show twice the first is meant.
    /// Unknown zones and impossible dates are refused with 422. Anybody may ask.
    #[oai(path = "/api/v1/timezones/convert", method = "post", operation_id = "timezone_convert")]
    async fn convert(
        &self,
        _caller: Inbound,
        /// Names this attempt; a conversion changes nothing, with it or without.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
        body: Body<TimezoneConvert>,
    ) -> Result<Reply<TimezoneConverted>, ApiError> {
        let refuse = |field: &str, detail: &str| {
            profile::refusal(vec![FieldError::new(format!("#/{field}"), "unknown", detail)])
        };
        let local = read(&body.local).ok_or_else(|| refuse("local", "There is no such date or time."))?;
        let converted = rules::convert(local, &body.from, &body.to).map_err(|unknown| {
            let field = if zone::Zone::parse(&body.from).is_err() { "from" } else { "to" };
            refuse(field, &format!("This is an {unknown}."))
        })?;
        let clock = |timezone: &str, (local, offset): (NaiveDateTime, i32)| WallClock {
            timezone: timezone.to_owned(),
            local: local.format("%Y-%m-%dT%H:%M:%S").to_string(),
            offset: rules::offset_text(offset),
        };
        Ok(TimezoneConverted {
            at: converted.at.into(),
            from: clock(&body.from, converted.from),
            to: clock(&body.to, converted.to),
            tzdata_version: zone::tzdb_version().into(),
        }
        .into())
    }
}

fn read(local: &str) -> Option<NaiveDateTime> {
    let forms = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"];
    forms.iter().find_map(|form| NaiveDateTime::parse_from_str(local, form).ok())
}

fn wire(zone: rules::ZoneAt) -> Timezone {
    Timezone { offset: rules::offset_text(zone.offset_seconds), offset_seconds: zone.offset_seconds, name: zone.name }
}
