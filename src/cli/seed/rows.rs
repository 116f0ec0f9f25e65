//! From a fixture to the rows of its business: names become ids, days become dates. Pure but for the ids.

use std::collections::BTreeMap;

use ::entity::enums::{
    AllocationState, BookingSource, BookingStatus, CanceledBy, MembershipRole, NoShowFeeStatus, ResourceType, RuleType,
    SlotGrid, TenantStatus, ThemeStatus,
};
use ::entity::ids::{BookingId, ClassSessionId, CustomerId, MembershipId, ResourceId, ServiceId, TenantId, UserId};
use ::entity::{
    availability_exceptions, availability_rules, booking_allocations, booking_items, bookings, branding, class_sessions,
    customers, memberships, resources, service_resources, services, staff_profiles, tenants, themes, users,
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ActiveValue::NotSet;
use sea_orm::Set;
use serde_json::{Value, json};

use super::calendar::{Calendar, Impossible, Place, days_before, time, weekday_number, window};
use super::fixture::{Booking, Business, Class, Service};
use crate::domains::tenancy::{Settings, rules};
use crate::kernel::{contact, ids, slug};

/// Everything of one business, table by table.
#[derive(Default)]
pub struct Rows {
    pub tenants: Vec<tenants::ActiveModel>,
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
    pub bookings: Vec<bookings::ActiveModel>,
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

    fn catalogue(&mut self) -> Result<(), Impossible> {
        for resource in &self.business.resources {
            let id = ResourceId(self.id());
            self.resources.insert(&resource.name, id);
            self.rows.resources.push(resources::ActiveModel {
                tenant_id: Set(self.tenant),
                id: Set(id),
                kind: Set(resource.kind),
                name: Set(resource.name.clone()),
                tz: Set(None),
                capacity: Set(1),
                is_active: Set(true),
                metadata_json: Set(json!({})),
                deleted_at: Set(None),
                created_at: Set(self.begun),
                updated_at: Set(self.begun),
            });
            if resource.kind == ResourceType::Staff {
                let membership = resource.login.as_deref().map(|email| named(&self.members, email)).transpose()?;
                self.rows.staff_profiles.push(staff_profiles::ActiveModel {
                    tenant_id: Set(self.tenant),
                    id: Set(self.id().into()),
                    membership_id: Set(membership),
                    resource_id: Set(id),
                    display_name: Set(resource.name.clone()),
                    bio: Set(resource.bio.clone()),
                    avatar_url: Set(None),
                    is_active: Set(true),
                    deleted_at: Set(None),
                    created_at: Set(self.begun),
                    updated_at: Set(self.begun),
                });
            }
            for (weekday, windows) in &resource.hours {
                for text in windows {
                    let (starts, ends) = window(text)?;
                    self.rows.rules.push(availability_rules::ActiveModel {
                        tenant_id: Set(self.tenant),
                        id: Set(self.id().into()),
                        resource_id: Set(id),
                        rule_type: Set(RuleType::Weekly),
                        weekday: Set(weekday_number(weekday)?.into()),
                        starts: Set(starts),
                        ends: Set(ends),
                        valid_from: Set(None),
                        valid_until: Set(None),
                        created_at: Set(self.begun),
                        updated_at: Set(self.begun),
                    });
                }
            }
        }
        for (place, service) in (1..).zip(&self.business.services) {
            self.service(place, service)?;
        }
        Ok(())
    }

    fn service(&mut self, place: i32, service: &'a Service) -> Result<(), Impossible> {
        let id = ServiceId(self.id());
        self.services.insert(&service.name, id);
        self.rows.services.push(services::ActiveModel {
            tenant_id: Set(self.tenant),
            id: Set(id),
            slug: Set(slug::from_name(&service.name)),
            name: Set(service.name.clone()),
            description: Set(service.description.clone()),
            category: Set(Some(service.category.clone())),
            duration_min: Set(service.duration_min),
            buffer_before_min: Set(service.buffer_before_min),
            buffer_after_min: Set(service.buffer_after_min),
            interval_min: Set(service.interval_min),
            notice_min: Set(self.business.booking.notice_min),
            horizon_days: Set(self.business.booking.horizon_days),
            grid: Set(SlotGrid::OpeningStart),
            capacity: Set(service.capacity),
            price_cents: Set(service.price_cents),
            currency: Set(self.business.currency.clone()),
            requires_confirmation: Set(service.requires_confirmation),
            active: Set(true),
            sort_order: Set(place * 10),
            metadata_json: Set(json!({})),
            deleted_at: Set(None),
            created_at: Set(self.begun),
            updated_at: Set(self.begun),
        });
        for name in &service.by {
            self.rows.service_resources.push(service_resources::ActiveModel {
                tenant_id: Set(self.tenant),
                service_id: Set(id),
                resource_id: Set(named(&self.resources, name)?),
                created_at: Set(self.begun),
            });
        }
        Ok(())
    }

    fn exceptions(&mut self, calendar: &Calendar<'_>) -> Result<(), Impossible> {
        for exception in &self.business.exceptions {
            let resource = exception.resource.as_deref().map(|name| named(&self.resources, name)).transpose()?;
            self.rows.exceptions.push(availability_exceptions::ActiveModel {
                tenant_id: Set(self.tenant),
                id: Set(self.id().into()),
                resource_id: Set(resource),
                exception_date: Set(calendar.date_of(exception)?),
                is_available: Set(exception.open),
                starts: Set(exception.from.as_deref().map(time).transpose()?),
                ends: Set(exception.to.as_deref().map(time).transpose()?),
                reason: Set(Some(exception.reason.clone())),
                created_at: Set(self.begun),
                updated_at: Set(self.begun),
            });
        }
        Ok(())
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

    fn class(&mut self, calendar: &mut Calendar<'a>, class: &'a Class) -> Result<(), Impossible> {
        let (service, place) = self.placed(calendar, &class.service, &class.by, class.in_days, &class.at)?;
        let (id, resource) = (ClassSessionId(self.id()), named(&self.resources, &class.by)?);
        let taken = i32::try_from(class.customers.len()).map_err(|error| Impossible(error.to_string()))?;
        self.rows.class_sessions.push(class_sessions::ActiveModel {
            tenant_id: Set(self.tenant),
            id: Set(id),
            service_id: Set(named(&self.services, &class.service)?),
            resource_id: Set(resource),
            start_at: Set(place.start),
            end_at: Set(place.end),
            capacity: Set(service.capacity),
            taken: Set(taken),
            created_at: Set(self.begun),
            updated_at: Set(self.begun),
        });
        self.allocate(None, Some(id), resource, place, class.status.into());
        for customer in &class.customers {
            self.booking(service, resource, customer, place, class.status, Some(id), None)?;
        }
        Ok(())
    }

    fn appointment(&mut self, calendar: &mut Calendar<'a>, wish: &'a Booking) -> Result<(), Impossible> {
        let (service, place) = self.placed(calendar, &wish.service, &wish.by, wish.in_days, &wish.at)?;
        let resource = named(&self.resources, &wish.by)?;
        let id = self.booking(service, resource, &wish.customer, place, wish.status, None, wish.reason.clone())?;
        self.allocate(Some(id), None, resource, place, wish.status.into());
        Ok(())
    }

    fn placed(
        &self,
        calendar: &mut Calendar<'a>,
        service: &str,
        by: &str,
        in_days: i64,
        at: &str,
    ) -> Result<(&'a Service, Place), Impossible> {
        let missing = |name: &str| Impossible(format!("`{name}` is nowhere in the fixture"));
        let service = self.business.services.iter().find(|own| own.name == service).ok_or_else(|| missing(service))?;
        let resource = self.business.resources.iter().find(|own| own.name == by).ok_or_else(|| missing(by))?;
        if !service.by.contains(&resource.name) {
            return Err(Impossible(format!("{by} does not give {}", service.name)));
        }
        Ok((service, calendar.take(resource, service, in_days, at)?))
    }

    #[expect(clippy::too_many_arguments, reason = "a booking is made of that much, and only here")]
    fn booking(
        &mut self,
        service: &'a Service,
        resource: ResourceId,
        customer: &str,
        place: Place,
        status: BookingStatus,
        class: Option<ClassSessionId>,
        reason: Option<String>,
    ) -> Result<BookingId, Impossible> {
        let (id, service_id) = (BookingId(self.id()), named(&self.services, &service.name)?);
        let booked = days_before(place.start.min(self.now), 3);
        let past = place.start < self.now;
        let met = matches!(status, BookingStatus::Completed);
        let canceled = status == BookingStatus::Canceled;
        self.rows.bookings.push(bookings::ActiveModel {
            tenant_id: Set(self.tenant),
            id: Set(id),
            customer_id: Set(named(&self.customers, customer)?),
            service_id: Set(service_id),
            resource_id: Set(resource),
            class_session_id: Set(class),
            client_generated_id: Set(None),
            service_snapshot: Set(snapshot(service_id, service, &self.business.currency)),
            start_at: Set(place.start),
            end_at: Set(place.end),
            booking_tz: Set(self.business.timezone.clone()),
            status: Set(status),
            source: Set(if past || canceled { BookingSource::Import } else { BookingSource::Public }),
            attendee_count: Set(1),
            total_cents: Set(service.price_cents),
            currency: Set(self.business.currency.clone()),
            notes: Set(None),
            confirmed_at: Set((status != BookingStatus::Pending).then_some(booked)),
            checked_in_at: Set(met.then_some(place.start)),
            completed_at: Set(met.then_some(place.end)),
            canceled_at: Set(canceled.then(|| booked + TimeDelta::hours(20))),
            canceled_by: Set(canceled.then_some(CanceledBy::Customer)),
            cancel_reason: Set(reason),
            no_show_flag: Set(status == BookingStatus::NoShow),
            no_show_fee_status: Set(match status {
                BookingStatus::NoShow => NoShowFeeStatus::Due,
                _ => NoShowFeeStatus::None,
            }),
            rescheduled_from: Set(None),
            created_at: Set(booked),
            updated_at: Set(booked),
        });
        self.rows.items.push(booking_items::ActiveModel {
            tenant_id: Set(self.tenant),
            id: Set(self.id().into()),
            booking_id: Set(id),
            resource_id: Set(resource),
            service_id: Set(service_id),
            start_at: Set(place.start),
            end_at: Set(place.end),
            buffer_before_min: Set(service.buffer_before_min),
            buffer_after_min: Set(service.buffer_after_min),
            price_cents: Set(service.price_cents),
            created_at: Set(booked),
            updated_at: Set(booked),
        });
        Ok(id)
    }

    fn allocate(
        &mut self,
        booking: Option<BookingId>,
        class: Option<ClassSessionId>,
        resource: ResourceId,
        place: Place,
        state: AllocationState,
    ) {
        self.rows.allocations.push(booking_allocations::ActiveModel {
            tenant_id: Set(self.tenant),
            id: Set(self.id().into()),
            booking_id: Set(booking),
            class_session_id: Set(class),
            resource_id: Set(resource),
            start_at: Set(place.occupied.0),
            end_at: Set(place.occupied.1),
            state: Set(state),
            exclusive: Set(true),
            quantity: Set(1),
            created_at: NotSet,
            updated_at: NotSet,
        });
    }

    /// Who came before is no first-timer.
    fn first_bookings(&mut self) {
        for customer in &mut self.rows.customers {
            let own = self.rows.bookings.iter().filter(|booking| booking.customer_id == customer.id);
            let kept = own.filter(|booking| *booking.status.as_ref() != BookingStatus::Canceled);
            let first = kept.map(|booking| *booking.start_at.as_ref()).min();
            customer.customer_first_booking_at = Set(first);
            customer.is_first_time = Set(first.is_none_or(|first| first > self.now));
        }
    }
}

/// What was booked, as it was then.
fn snapshot(id: ServiceId, service: &Service, currency: &str) -> Value {
    json!({
        "id": id, "name": service.name, "category": service.category, "duration_min": service.duration_min,
        "buffer_before_min": service.buffer_before_min, "buffer_after_min": service.buffer_after_min,
        "price_cents": service.price_cents, "currency": currency,
    })
}

fn named<T: Copy>(ids: &BTreeMap<&str, T>, name: &str) -> Result<T, Impossible> {
    ids.get(name).copied().ok_or_else(|| Impossible(format!("`{name}` is nowhere in the fixture")))
}
