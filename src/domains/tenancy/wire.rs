//! Between the wire and what is stored.

use ::entity::tenants;

use super::profile::Profile;
use super::{BookingDefaults, PaymentDefaults, Policies, Settings, dto, rules};
use crate::config::ServerSettings;
use crate::error::ApiError;

/// A stored tenant, for its members.
pub fn tenant(row: tenants::Model, server: &ServerSettings) -> Result<dto::Tenant, ApiError> {
    let settings = Settings::read(&row.settings_json)?;
    Ok(dto::Tenant {
        id: row.id.0,
        url: server.tenant_url(&row.slug),
        slug: row.slug,
        name: row.name,
        email: row.email,
        contact_name: settings.contact_name,
        category: row.category,
        logo_url: row.logo_url,
        timezone: row.tz,
        currency: row.currency,
        locale: row.locale,
        status: row.status.into(),
        public_blurb: row.public_blurb,
        is_public_directory: row.is_public_directory,
        no_show_fee_bps: row.default_no_show_fee_bps,
        policies: Policies::read(&row.trust_copy_json)?,
        booking: settings.booking.into(),
        payments: settings.payments.into(),
        invoicing: settings.invoicing.into(),
        rate_limits: (&settings.rate_limits).into(),
        cors_origins: settings.cors_origins,
        created_at: row.created_at.into(),
        updated_at: row.updated_at.into(),
    })
}

/// What a PUT makes of a tenant.
pub fn replaced(wire: dto::TenantReplace, before: Profile) -> Profile {
    let settings = Settings {
        booking: wire.booking.map_or_else(BookingDefaults::default, Into::into),
        payments: wire.payments.map_or_else(PaymentDefaults::default, Into::into),
        invoicing: wire.invoicing.map_or_else(Default::default, Into::into),
        rate_limits: wire.rate_limits.unwrap_or_default().into(),
        cors_origins: wire.cors_origins.into_iter().map(Into::into).collect(),
        contact_name: wire.contact_name.map(Into::into),
        ..before.settings
    };
    Profile {
        name: wire.name.into(),
        email: wire.email.map(Into::into),
        category: wire.category.map(Into::into),
        logo_url: wire.logo_url,
        timezone: wire.timezone.into(),
        currency: wire.currency,
        locale: wire.locale,
        public_blurb: wire.public_blurb.map(Into::into),
        is_public_directory: wire.is_public_directory,
        no_show_fee_bps: wire.no_show_fee_bps.unwrap_or(rules::NO_SHOW_FEE_BPS),
        policies: wire.policies.unwrap_or_default().over(Policies::default()),
        settings,
    }
}

/// What a PATCH makes of a tenant.
pub fn updated(wire: dto::TenantUpdate, before: Profile) -> Profile {
    let mut settings = before.settings;
    settings.contact_name = wire.contact_name.map(Into::into).over(settings.contact_name);
    if let Some(booking) = wire.booking {
        let old = settings.booking;
        settings.booking = BookingDefaults {
            notice_min: booking.notice_min.unwrap_or(old.notice_min),
            horizon_days: booking.horizon_days.over(old.horizon_days),
            interval_min: booking.interval_min.over(old.interval_min),
            auto_confirm: booking.auto_confirm.unwrap_or(old.auto_confirm),
            cancel_window_min: booking.cancel_window_min.over(old.cancel_window_min),
            reschedule_window_min: booking.reschedule_window_min.over(old.reschedule_window_min),
            hold_minutes: booking.hold_minutes.unwrap_or(old.hold_minutes),
            waitlist_offer_minutes: booking.waitlist_offer_minutes.unwrap_or(old.waitlist_offer_minutes),
        };
    }
    if let Some(payments) = wire.payments {
        settings.payments = payments.over(settings.payments);
    }
    if let Some(invoicing) = wire.invoicing {
        settings.invoicing = invoicing.over(settings.invoicing);
    }
    if let Some(limits) = wire.rate_limits {
        let old = dto::RateLimits::from(&settings.rate_limits);
        settings.rate_limits = dto::RateLimits {
            default: limits.default.over(old.default),
            bookings: limits.bookings.over(old.bookings),
            public_bookings: limits.public_bookings.over(old.public_bookings),
            payments: limits.payments.over(old.payments),
            anonymous: limits.anonymous.over(old.anonymous),
        }
        .into();
    }
    if let Some(origins) = wire.cors_origins {
        settings.cors_origins = origins.into_iter().map(Into::into).collect();
    }
    Profile {
        name: wire.name.map_or(before.name, Into::into),
        email: wire.email.map(Into::into).over(before.email),
        category: wire.category.map(Into::into).over(before.category),
        logo_url: wire.logo_url.over(before.logo_url),
        timezone: wire.timezone.map_or(before.timezone, Into::into),
        currency: wire.currency.unwrap_or(before.currency),
        locale: wire.locale.unwrap_or(before.locale),
        public_blurb: wire.public_blurb.map(Into::into).over(before.public_blurb),
        is_public_directory: wire.is_public_directory.unwrap_or(before.is_public_directory),
        no_show_fee_bps: wire.no_show_fee_bps.unwrap_or(before.no_show_fee_bps),
        policies: wire.policies.unwrap_or_default().over(before.policies),
        settings,
    }
}
