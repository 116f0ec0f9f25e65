//! From a fixture to the rows of its business: names become ids, days become dates. Pure but for the ids.

mod bookings;
mod catalogue;

use std::collections::BTreeMap;

use ::entity::enums::{MembershipRole, TenantStatus, ThemeStatus};
use ::entity::ids::{CustomerId, MembershipId, ResourceId, ServiceId, TenantId, UserId};
use ::entity::{
    availability_exceptions, availability_rules, booking_allocations, booking_items, branding, class_sessions,
    connected_accounts, customers, memberships, resources, service_resources, services, staff_profiles, tenant_billing,
    tenants, themes, users,
};
use chrono::{DateTime, Utc};
use sea_orm::Set;
use serde_json::json;

use super::calendar::{Calendar, Impossible, days_before};
use super::fixture::Business;
use crate::domains::tenancy::{Settings, rules};
use crate::kernel::{contact, ids};

/// Everything of one business, table by table.
#[derive(Default)]
pub struct Rows {
    pub tenants: Vec<tenants::ActiveModel>,
    pub accounts: Vec<connected_accounts::ActiveModel>,
    pub billing: Vec<tenant_billing::ActiveModel>,
    pub users: Vec<users::ActiveModel>,
    pub memberships: Vec<memberships::ActiveModel>,
    pub themes: Vec<themes::ActiveModel>,
    pub branding: Vec<branding::ActiveModel>,
    pub services: Vec<services::ActiveModel>,
    pub resources: Vec<resources::ActiveModel>,
    pub service_resources: Vec<service_resources::ActiveModel>,
    pub staff_profiles: Vec<staff_profiles::ActiveModel>,
    pub rules: Vec<availability_rules::ActiveModel>,
    pub exceptions: Vec<availability_exceptions::ActiveModel>,
    pub customers: Vec<customers::ActiveModel>,
    pub class_sessions: Vec<class_sessions::ActiveModel>,
    pub bookings: Vec<::entity::bookings::ActiveModel>,
    pub items: Vec<booking_items::ActiveModel>,
    pub allocations: Vec<booking_allocations::ActiveModel>,
}

/// Names that were given ids, and the rows so far.
struct Maker<'a> {
    business: &'a Business,
    now: DateTime<Utc>,
    /// The business was there for a month before the first booking.
    begun: DateTime<Utc>,
    tenant: TenantId,
    members: BTreeMap<&'a str, MembershipId>,
    resources: BTreeMap<&'a str, ResourceId>,
    services: BTreeMap<&'a str, ServiceId>,
    customers: BTreeMap<&'a str, CustomerId>,
    rows: Rows,
}

/// The rows of a business, filled in at `now`. `known` are accounts that exist already, by their address.
pub fn rows(
    business: &Business,
    now: DateTime<Utc>,
    password_hash: &str,
    known: &BTreeMap<String, UserId>,
) -> Result<Rows, Impossible> {
    let mut maker = Maker {
        business,
        now,
        begun: days_before(now, 60),
        tenant: TenantId(ids::new_id(now)),
        members: BTreeMap::new(),
        resources: BTreeMap::new(),
        services: BTreeMap::new(),
        customers: BTreeMap::new(),
        rows: Rows::default(),
    };
    maker.tenant()?;
    maker.billing();
    maker.people(password_hash, known)?;
    maker.catalogue()?;
    maker.customers();
    let mut calendar = Calendar::new(business, now)?;
    maker.exceptions(&calendar)?;
    for class in &business.classes {
        maker.class(&mut calendar, class)?;
    }
    for booking in &business.bookings {
        maker.appointment(&mut calendar, booking)?;
    }
    maker.first_bookings();
    Ok(maker.rows)
}

impl<'a> Maker<'a> {
    fn id(&self) -> uuid::Uuid {
        ids::new_id(self.now)
    }

    fn tenant(&mut self) -> Result<(), Impossible> {
        let (own, begun, tenant) = (self.business, self.begun, self.tenant);
        let wrong = |error: crate::error::ApiError| Impossible(error.to_string());
        let settings = Settings::of(own.booking.clone(), Some(own.contact.clone()));
        let mut trust_copy = json!({});
        own.policies.write(&mut trust_copy).map_err(wrong)?;
        self.rows.tenants.push(tenants::ActiveModel {
            id: Set(tenant),
            slug: Set(own.slug.clone()),
            name: Set(own.name.clone()),
            email: Set(Some(own.email.clone())),
            category: Set(Some(own.category.clone())),
            logo_url: Set(None),
            tz: Set(own.timezone.clone()),
            currency: Set(own.currency.clone()),
            locale: Set(own.locale.clone()),
            status: Set(TenantStatus::Active),
            trust_copy_json: Set(trust_copy),
            settings_json: Set(settings.write().map_err(wrong)?),
            billing_json: Set(json!({})),
            is_public_directory: Set(true),
            public_blurb: Set(Some(own.blurb.clone())),
            default_no_show_fee_bps: Set(own.no_show_fee_bps),
            charges_enabled: Set(false),
            deleted_at: Set(None),
            created_at: Set(begun),
            updated_at: Set(begun),
        });
        self.rows.themes.push(themes::ActiveModel {
            tenant_id: Set(tenant),
            id: Set(self.id().into()),
            version: Set(1),
            name: Set("Default".into()),
            brand_color: Set(Some(own.brand_color.clone())),
            logo_url: Set(None),
            theme_json: Set(rules::default_theme()),
            status: Set(ThemeStatus::Published),
            created_at: Set(begun),
            updated_at: Set(begun),
        });
        self.rows.branding.push(branding::ActiveModel {
            tenant_id: Set(tenant),
            id: Set(self.id().into()),
            logo_url: Set(None),
            primary_color: Set(Some(own.brand_color.clone())),
            secondary_color: Set(Some(own.secondary_color.clone())),
            font_family: Set(Some(own.font_family.clone())),
            custom_css: Set(None),
            created_at: Set(begun),
            updated_at: Set(begun),
        });
        Ok(())
    }

    /// The sandbox knows accounts of this name and lets them charge. No real provider does.
    fn billing(&mut self) {
        let account = format!("acct_sandbox_{}", self.business.slug);
        self.rows.accounts.push(connected_accounts::ActiveModel {
            provider: Set("stripe".into()),
            account_id: Set(account.clone()),
            tenant_id: Set(self.tenant),
            created_at: Set(self.begun),
        });
        self.rows.billing.push(tenant_billing::ActiveModel {
            tenant_id: Set(self.tenant),
            id: Set(self.id().into()),
            stripe_account_id: Set(Some(account)),
            charges_enabled: Set(true),
            payouts_enabled: Set(true),
            details_submitted: Set(true),
            account_seen_at: Set(None),
            deauthorized_at: Set(None),
            account_attempts: Set(0),
            link_attempts: Set(0),
            application_fee_bps: Set(0),
            stripe_customer_id: Set(None),
            subscription_status: Set(None),
            created_at: Set(self.begun),
            updated_at: Set(self.begun),
        });
    }

    fn people(&mut self, password_hash: &str, known: &BTreeMap<String, UserId>) -> Result<(), Impossible> {
        for user in &self.business.users {
            let email = contact::normal_email(&user.email)
                .ok_or_else(|| Impossible(format!("`{}` is no e-mail address", user.email)))?;
            let user_id = known.get(&email).copied().unwrap_or_else(|| self.id().into());
            if !known.contains_key(&email) {
                self.rows.users.push(users::ActiveModel {
                    id: Set(user_id),
                    display_name: Set(user.name.clone()),
                    primary_email: Set(user.email.clone()),
                    email_normalized: Set(email),
                    email_verified_at: Set(Some(self.begun)),
                    password_hash: Set(Some(password_hash.to_owned())),
                    avatar_url: Set(None),
                    locale: Set(self.business.locale.clone()),
                    is_super_admin: Set(false),
                    is_active: Set(true),
                    last_login_at: Set(None),
                    created_at: Set(self.begun),
                    updated_at: Set(self.begun),
                });
            }
            self.member(&user.email, user_id, user.role);
        }
        Ok(())
    }

    fn member(&mut self, email: &'a str, user: UserId, role: MembershipRole) {
        let id = MembershipId(self.id());
        self.members.insert(email, id);
        self.rows.memberships.push(memberships::ActiveModel {
            tenant_id: Set(self.tenant),
            id: Set(id),
            user_id: Set(user),
            role: Set(role),
            permissions_json: Set(json!({})),
            created_at: Set(self.begun),
            updated_at: Set(self.begun),
        });
    }

    fn customers(&mut self) {
        for customer in &self.business.customers {
            let id = CustomerId(self.id());
            self.customers.insert(&customer.name, id);
            self.rows.customers.push(customers::ActiveModel {
                tenant_id: Set(self.tenant),
                id: Set(id),
                display_name: Set(customer.name.clone()),
                email: Set(customer.email.clone()),
                email_normalized: Set(customer.email.as_deref().and_then(contact::normal_email)),
                phone: Set(customer.phone.clone()),
                marketing_opt_in: Set(customer.marketing),
                notification_preferences: Set(json!({})),
                is_first_time: Set(true),
                customer_first_booking_at: Set(None),
                pseudonymized_at: Set(None),
                deleted_at: Set(None),
                created_at: Set(days_before(self.now, 30)),
                updated_at: Set(days_before(self.now, 30)),
            });
        }
    }
}

fn named<T: Copy>(ids: &BTreeMap<&str, T>, name: &str) -> Result<T, Impossible> {
    ids.get(name).copied().ok_or_else(|| Impossible(format!("`{name}` is nowhere in the fixture")))
}
