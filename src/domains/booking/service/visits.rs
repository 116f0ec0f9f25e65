//! Customers told apart by their bookings: one condition on a row of `customers`, which reads no more bookings
//! than that customer has.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::Value;
use sea_orm::sea_query::Expr;
use uuid::Uuid;

/// A booking that counts: it was not given up.
const KEPT: &str = "b.status NOT IN ('canceled', 'failed')";
/// A booking that the customer came to.
const VISIT: &str = "b.status IN ('checked_in', 'completed')";

/// What must be true of a customer's bookings; all of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Visits {
    pub min_bookings: Option<i64>,
    pub max_bookings: Option<i64>,
    pub first_visit_after: Option<DateTime<Utc>>,
    pub first_visit_before: Option<DateTime<Utc>>,
    pub last_visit_after: Option<DateTime<Utc>>,
    pub last_visit_before: Option<DateTime<Utc>>,
    /// Whoever never came has not come for so long either.
    pub no_visit_days: Option<i64>,
    /// Booked this service.
    pub service_id: Option<Uuid>,
    /// Spent on completed bookings, in this currency.
    pub min_spent_cents: Option<(i64, String)>,
    pub min_no_shows: Option<i64>,
}

impl Visits {
    /// The condition on a row of `customers`; `None` when nothing is asked.
    #[must_use]
    pub fn condition(&self, now: DateTime<Utc>) -> Option<Expr> {
        let mut asked = Asked::default();
        asked.add(format!("count(*) FILTER (WHERE {KEPT}) >= {{}}"), self.min_bookings);
        asked.add(format!("count(*) FILTER (WHERE {KEPT}) <= {{}}"), self.max_bookings);
        for (of, after, before) in [
            ("min", self.first_visit_after, self.first_visit_before),
            ("max", self.last_visit_after, self.last_visit_before),
        ] {
            asked.add(format!("{of}(b.start_at) FILTER (WHERE {VISIT}) >= {{}}"), after);
            asked.add(format!("{of}(b.start_at) FILTER (WHERE {VISIT}) < {{}}"), before);
        }
        let since = self.no_visit_days.and_then(|days| now.checked_sub_signed(TimeDelta::try_days(days)?));
        asked.add(format!("coalesce(max(b.start_at) FILTER (WHERE {VISIT}), '-infinity') < {{}}"), since);
        asked.add(format!("count(*) FILTER (WHERE {KEPT} AND b.service_id = {{}}) > 0"), self.service_id);
        if let Some((cents, currency)) = &self.min_spent_cents {
            let currency = asked.value(currency.clone());
            let spent = format!("b.status = 'completed' AND b.currency = {currency}");
            asked.add(format!("coalesce(sum(b.total_cents) FILTER (WHERE {spent}), 0) >= {{}}"), Some(*cents));
        }
        asked.add("count(*) FILTER (WHERE b.status = 'no_show') >= {}".into(), self.min_no_shows);
        asked.condition()
    }
}

#[derive(Default)]
struct Asked {
    terms: Vec<String>,
    values: Vec<Value>,
}

impl Asked {
    /// The place of a value in the statement.
    fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn add(&mut self, term: String, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            let place = self.value(value);
            self.terms.push(term.replace("{}", &place));
        }
    }

    /// Without GROUP BY there is one group even of no rows: whoever never booked is judged too.
    fn condition(self) -> Option<Expr> {
        let Self { terms, values } = self;
        let sql = format!(
            "EXISTS (SELECT 1 FROM app.bookings b \
             WHERE b.tenant_id = customers.tenant_id AND b.customer_id = customers.id HAVING {})",
            terms.join(" AND ")
        );
        (!terms.is_empty()).then(|| Expr::cust_with_values(sql, values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_asked_is_no_condition() {
        assert!(Visits::default().condition(DateTime::UNIX_EPOCH).is_none());
    }
}
