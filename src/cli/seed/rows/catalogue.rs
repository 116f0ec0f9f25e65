//! What is offered, by whom, and when.

use ::entity::enums::{ResourceType, RuleType, SlotGrid};
use ::entity::ids::{ResourceId, ServiceId};
use ::entity::{availability_exceptions, availability_rules, resources, service_resources, services, staff_profiles};
use sea_orm::Set;
use serde_json::json;

use super::super::calendar::{Calendar, Impossible, time, weekday_number, window};
use super::super::fixture::Service;
use super::{Maker, named};
use crate::kernel::slug;

impl<'a> Maker<'a> {
    pub(super) fn catalogue(&mut self) -> Result<(), Impossible> {
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
                created_at: Set(self.begun),
                updated_at: Set(self.begun),
                ..Default::default()
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
                        staff_availability_id: Set(None),
                        work_schedule_id: Set(None),
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
            created_at: Set(self.begun),
            updated_at: Set(self.begun),
            ..Default::default()
        });
        for name in &service.by {
            self.rows.service_resources.push(service_resources::ActiveModel {
                tenant_id: Set(self.tenant),
                service_id: Set(id),
                resource_id: Set(named(&self.resources, name)?),
                created_at: Set(self.begun),
                ..Default::default()
            });
        }
        Ok(())
    }

    pub(super) fn exceptions(&mut self, calendar: &Calendar<'_>) -> Result<(), Impossible> {
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
                work_schedule_id: Set(None),
                range_id: Set(None),
            });
        }
        Ok(())
    }
}
