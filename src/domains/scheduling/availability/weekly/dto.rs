//! Weekly hours on the wire.

use ::entity::availability_rules::Model;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::domains::scheduling::availability::wall;
use crate::guard::{Date, Timestamp};

/// How a rule repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum RuleType {
    /// The same each week.
    Weekly,
}

/// Hours of one weekday.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example, deny_unknown_fields)]
pub struct ScheduleWindow {
    /// The day on which it begins: 0 is Monday, 6 is Sunday.
    #[oai(validator(minimum(value = "0"), maximum(value = "6")))]
    pub weekday: i16,
    /// Wall time in the resource's zone.
    #[oai(validator(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", max_length = 5))]
    pub start_time: String,
    /// Wall time; 24:00 is midnight, a time that is not after the start lies on the next day.
    #[oai(validator(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", max_length = 5))]
    pub end_time: String,
    /// The first date on which it holds; null is always.
    #[oai(nullable)]
    pub valid_from: Option<Date>,
    /// The last date on which it holds; null is for ever.
    #[oai(nullable)]
    pub valid_until: Option<Date>,
}

/// The weekly hours of a resource that has none yet.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct AvailabilityRuleCreate {
    /// Whose hours they are.
    pub resource_id: Uuid,
    /// How they repeat.
    pub rule_type: RuleType,
    /// All windows of the week. Windows may touch, not overlap.
    #[oai(validator(min_items = 1, max_items = 100))]
    pub schedule: Vec<ScheduleWindow>,
}

/// Other weekly hours.
#[derive(Debug, Clone, Object)]
#[oai(example, deny_unknown_fields)]
pub struct AvailabilityRuleReplace {
    /// How they repeat.
    pub rule_type: RuleType,
    /// All windows of the week. Windows may touch, not overlap. Those that were set for a member of staff stand among
    /// them unchanged.
    #[oai(validator(min_items = 1, max_items = 500))]
    pub schedule: Vec<ScheduleWindow>,
}

/// The weekly hours of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(example)]
pub struct AvailabilityRule {
    /// The resource's id: it has one rule.
    pub id: Uuid,
    /// Whose hours they are.
    pub resource_id: Uuid,
    /// How they repeat.
    pub rule_type: RuleType,
    /// All windows of the week, in order, wherever they were set.
    #[oai(validator(max_items = 500))]
    pub schedule: Vec<ScheduleWindow>,
    /// When these hours were written.
    pub updated_at: Timestamp,
}

impl AvailabilityRule {
    /// From the rows of one resource, in order; nothing from none.
    pub fn of(rows: &[Model]) -> Option<Self> {
        let first = rows.first()?;
        let updated_at = rows.iter().map(|row| row.updated_at).max()?;
        Some(Self {
            id: first.resource_id.0,
            resource_id: first.resource_id.0,
            rule_type: RuleType::Weekly,
            schedule: rows.iter().map(ScheduleWindow::of).collect(),
            updated_at: updated_at.into(),
        })
    }
}

impl ScheduleWindow {
    fn of(row: &Model) -> Self {
        Self {
            weekday: row.weekday,
            start_time: wall::start(row.starts),
            end_time: wall::end(row.ends),
            valid_from: row.valid_from.map(Into::into),
            valid_until: row.valid_until.map(Into::into),
        }
    }
}

impl Example for ScheduleWindow {
    fn example() -> Self {
        Self { weekday: 0, start_time: "09:00".into(), end_time: "17:00".into(), valid_from: None, valid_until: None }
    }
}

impl Example for AvailabilityRuleCreate {
    fn example() -> Self {
        let AvailabilityRuleReplace { rule_type, schedule } = AvailabilityRuleReplace::example();
        Self { resource_id: AvailabilityRule::example().id, rule_type, schedule }
    }
}

impl Example for AvailabilityRuleReplace {
    fn example() -> Self {
        Self { rule_type: RuleType::Weekly, schedule: vec![ScheduleWindow::example()] }
    }
}

impl Example for AvailabilityRule {
    fn example() -> Self {
        let id = Uuid::from_u128(0x0198_c0de_7000_7000_8000_0000_0000_0002);
        Self {
            id,
            resource_id: id,
            rule_type: RuleType::Weekly,
            schedule: vec![ScheduleWindow::example()],
            updated_at: Timestamp::example(),
        }
    }
}
