//! Everything that a business may change about itself, as one value: what it was and what it shall be
//! are compared, and every fault is named at once.

use ::entity::enums::MembershipRole;
use ::entity::tenants;

use super::rules::{self, Rate};
use super::{Policies, Settings};
use crate::config::{Allowance, LimitSettings};
use crate::error::{ApiError, Code, FieldError};
use crate::kernel::zone::Zone;

/// The changeable side of a tenant.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub name: String,
    pub email: Option<String>,
    pub category: Option<String>,
    pub logo_url: Option<String>,
    pub timezone: String,
    pub currency: String,
    pub locale: String,
    pub public_blurb: Option<String>,
    pub is_public_directory: bool,
    pub no_show_fee_bps: i32,
    pub policies: Policies,
    pub settings: Settings,
}

impl Profile {
    /// What a stored tenant is now.
    ///
    /// # Errors
    /// 500 when its JSON columns hold something else.
    pub fn of(row: &tenants::Model) -> Result<Self, ApiError> {
        Ok(Self {
            name: row.name.clone(),
            email: row.email.clone(),
            category: row.category.clone(),
            logo_url: row.logo_url.clone(),
            timezone: row.tz.clone(),
            currency: row.currency.clone(),
            locale: row.locale.clone(),
            public_blurb: row.public_blurb.clone(),
            is_public_directory: row.is_public_directory,
            no_show_fee_bps: row.default_no_show_fee_bps,
            policies: Policies::read(&row.trust_copy_json)?,
            settings: Settings::read(&row.settings_json)?,
        })
    }

    /// Names of the members that differ, as the wire calls them.
    #[must_use]
    pub fn changes(&self, before: &Self) -> Vec<&'static str> {
        let (old, new) = (&before.settings, &self.settings);
        let members = [
            ("name", self.name != before.name),
            ("email", self.email != before.email),
            ("category", self.category != before.category),
            ("logo_url", self.logo_url != before.logo_url),
            ("timezone", self.timezone != before.timezone),
            ("currency", self.currency != before.currency),
            ("locale", self.locale != before.locale),
            ("public_blurb", self.public_blurb != before.public_blurb),
            ("is_public_directory", self.is_public_directory != before.is_public_directory),
            ("no_show_fee_bps", self.no_show_fee_bps != before.no_show_fee_bps),
            ("policies", self.policies != before.policies),
            ("booking", new.booking != old.booking),
            ("invoicing", new.invoicing != old.invoicing),
            ("payments", new.payments != old.payments),
            ("rate_limits", new.rate_limits != old.rate_limits),
            ("cors_origins", new.cors_origins != old.cors_origins),
            ("contact_name", new.contact_name != old.contact_name),
        ];
        members.into_iter().filter_map(|(name, changed)| changed.then_some(name)).collect()
    }
}

/// Decides about a change. Values that were there before are not asked about again: a zone that the
/// next release of the database renames must not stop a change of the telephone number.
///
/// # Errors
/// 403 when only an owner may make it, 422 with every fault.
pub fn check(
    before: &Profile,
    after: &Profile,
    role: Option<MembershipRole>,
    platform: &LimitSettings,
) -> Result<(), ApiError> {
    let changed = after.changes(before);
    let mut faults = Vec::new();
    if changed.contains(&"rate_limits") {
        if role != Some(MembershipRole::Owner) {
            return Err(ApiError::new(Code::AuthForbidden, "Only an owner may change rate_limits."));
        }
        let limits = after.settings.rate_limits.iter();
        faults.extend(limits.filter_map(|(class, text)| limit_fault(class, text, platform)));
    }
    if changed.contains(&"timezone") {
        faults.extend(zone_fault(&after.timezone));
    }
    if changed.contains(&"currency") {
        faults.extend(currency_fault(&after.currency));
    }
    for (at, origin) in after.settings.cors_origins.iter().enumerate() {
        if changed.contains(&"cors_origins") && !rules::is_origin(origin) {
            let detail = "Give scheme and host as a browser sends them, such as https://shop.example.";
            faults.push(FieldError::new(format!("#/cors_origins/{at}"), "format", detail));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(refusal(faults)) }
}

/// Decides about the place of a new business: its zone and its money.
///
/// # Errors
/// 422 with every fault.
pub fn check_place(timezone: &str, currency: &str) -> Result<(), ApiError> {
    let faults: Vec<_> = zone_fault(timezone).into_iter().chain(currency_fault(currency)).collect();
    if faults.is_empty() { Ok(()) } else { Err(refusal(faults)) }
}

fn zone_fault(name: &str) -> Option<FieldError> {
    let detail = "Use a name of the IANA time zone database, such as Europe/Berlin.";
    Zone::parse(name).is_err().then(|| FieldError::new("#/timezone", "unknown", detail))
}

fn currency_fault(code: &str) -> Option<FieldError> {
    let detail = "Use a code of ISO 4217, such as EUR.";
    (!rules::is_currency(code)).then(|| FieldError::new("#/currency", "unknown", detail))
}

fn limit_fault(class: &str, text: &str, platform: &LimitSettings) -> Option<FieldError> {
    let pointer = format!("#/rate_limits/{class}");
    let own = match class {
        "default" => platform.limit_default,
        "bookings" => platform.limit_bookings,
        "public_bookings" => platform.limit_public_bookings,
        "payments" => platform.limit_payments,
        "anonymous" => platform.limit_anonymous,
        _ => return Some(FieldError::new(pointer, "unknown", "There is no such class of requests to set.")),
    };
    let Ok(wanted) = text.parse::<Allowance>() else {
        return Some(FieldError::new(pointer, "format", "Write requests, a slash and seconds, such as 100/60."));
    };
    let rate = |allowance: Allowance| Rate { quota: allowance.quota.get(), window: allowance.window.get() };
    (!rules::may_set(rate(wanted), rate(own))).then(|| {
        let (raise, longest) = (rules::RAISE, rules::LONGEST);
        let detail = format!("At most {raise} times {own}, in windows of at most {longest} seconds.");
        FieldError::new(pointer, "range", detail)
    })
}

/// 422 with the faults of single fields.
#[must_use]
pub fn refusal(faults: Vec<FieldError>) -> ApiError {
    let detail = match faults.as_slice() {
        [fault] => fault.detail.clone(),
        faults => format!("{} fields are not possible.", faults.len()),
    };
    faults.into_iter().fold(ApiError::new(Code::RuleViolation, detail), |error, fault| {
        error.with_field(fault.pointer, fault.code, fault.detail)
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        limits: LimitSettings,
    }

    fn profile() -> Profile {
        Profile {
            name: "Salon".into(),
            email: None,
            category: None,
            logo_url: None,
            timezone: "Europe/Berlin".into(),
            currency: "EUR".into(),
            locale: "de_DE".into(),
            public_blurb: None,
            is_public_directory: false,
            no_show_fee_bps: 300,
            policies: Policies::default(),
            settings: Settings::default(),
        }
    }

    fn decide(after: &Profile, role: MembershipRole) -> Result<(), ApiError> {
        check(&profile(), after, Some(role), &Line::try_parse_from(["tithi"]).unwrap().limits)
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let mut after = Profile { timezone: "Mars/Olympus".into(), currency: "EURO".into(), ..profile() };
        after.settings.cors_origins = vec!["https://a.example".into(), "*".into()];
        let refused = decide(&after, MembershipRole::Admin).unwrap_err();
        assert_eq!(refused.code(), Code::RuleViolation);
        let pointers: Vec<_> = refused.errors().iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["#/timezone", "#/currency", "#/cors_origins/1"]);
        assert_eq!(after.changes(&profile()), ["timezone", "currency", "cors_origins"]);
    }

    #[test]
    fn limits_are_the_owners() {
        let mut after = profile();
        after.settings.rate_limits.insert("default".into(), "50/60".into());
        assert_eq!(decide(&after, MembershipRole::Admin).unwrap_err().code(), Code::AuthForbidden);
        assert!(decide(&after, MembershipRole::Owner).is_ok());
        assert!(decide(&profile(), MembershipRole::Admin).is_ok(), "an unchanged limit is nobody's question");
    }

    #[test]
    fn limits_are_read_and_bounded() {
        let platform = Line::try_parse_from(["tithi", "--limit-default", "100/60"]).unwrap().limits;
        let verdict = |class, text| limit_fault(class, text, &platform).map(|fault| fault.code);
        assert_eq!(verdict("auth", "1/60").as_deref(), Some("unknown"));
        assert_eq!(verdict("default", "lots").as_deref(), Some("format"));
        assert_eq!(verdict("default", "1001/60").as_deref(), Some("range"));
        for class in rules::CLASSES {
            assert_eq!(verdict(class, "1/60"), None, "{class}");
        }
    }

    #[test]
    fn what_was_there_before_is_not_asked_about() {
        let old = Profile { timezone: "Mars/Olympus".into(), ..profile() };
        let new = Profile { name: "Salon 2".into(), ..old.clone() };
        let limits = Line::try_parse_from(["tithi"]).unwrap().limits;
        assert!(check(&old, &new, Some(MembershipRole::Admin), &limits).is_ok());
    }
}
