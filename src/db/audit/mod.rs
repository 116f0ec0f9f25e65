//! `tithi audit`: reads the catalogue and says where row-level security could be got round.
//!
//! Owns the static rules A00-A13 (roles, grants, settings), T01-T25 (tables, keys, indexes), P01-P09 (policies),
//! V01-V02 (views), F01-F05 (functions) and the start-up check of a serving connection (S01-S04).
//! What must stay true: it needs no privilege beyond reading the catalogue, changes nothing, judges the state that the
//! caller's transaction sees (so a migration run can call it last and roll back), and every finding names the object
//! and what to do. What is let pass stands in [`allow`], as data with reasons.

pub mod allow;
mod aside;
mod expression;
mod policies;
mod prelude;
mod rules;
mod self_check;

use std::fmt;

use sqlx::{AssertSqlSafe, PgConnection, Row};

pub use rules::{RULES, Rule};
pub use self_check::self_check;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Safe today, and to be put right: shown, does not refuse.
    Warn,
    /// A leak, or a guard that a later mistake would go round: the start and the migration are refused.
    Fail,
}

/// One thing that is not as the rules want it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub rule: &'static str,
    pub severity: Severity,
    /// The table, role, function, .. as the catalogue names it.
    pub object: String,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl Finding {
    fn new(rule: &'static str, severity: Severity, object: impl Into<String>, message: impl Into<String>) -> Self {
        Finding { rule, severity, object: object.into(), message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Fail => "FAIL",
            Severity::Warn => "warn",
        };
        write!(f, "{severity} {} {}: {}", self.rule, self.object, self.message)
    }
}

/// Whether the findings forbid to serve or to commit a migration.
pub fn refuses(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Fail)
}

/// Which roles are judged as what. The default is the service's own three.
#[derive(Clone, Debug)]
pub struct Options {
    /// Roles that serve requests, each held to the same rules.
    pub app: Vec<String>,
    pub owner: String,
    pub platform: String,
}

impl Default for Options {
    fn default() -> Self {
        Options { app: vec![allow::APP.into()], owner: allow::OWNER.into(), platform: allow::PLATFORM.into() }
    }
}

/// Runs every rule on the connection's database. A transaction that is open stays open and is judged as it stands.
///
/// # Errors
/// The database cannot be read. The connection should then be closed.
pub async fn audit(conn: &mut PgConnection, options: &Options) -> Result<Vec<Finding>, sqlx::Error> {
    // Names are printed qualified only under an empty path; compiling these wide queries would cost more than they do.
    let aside = aside::open(conn, "set local search_path = ''; set local jit = off").await?;
    let findings = judge(conn, options).await;
    aside.close(conn).await?;
    findings
}

async fn judge(conn: &mut PgConnection, options: &Options) -> Result<Vec<Finding>, sqlx::Error> {
    let mut findings = Vec::new();
    for family in [prelude::ROLES, prelude::TABLES, prelude::CODE] {
        for row in prelude::fetch(conn, family, options).await? {
            let found: &str = row.try_get("rule")?;
            if let Some((rule, severity)) = rules::find(found) {
                let (object, message): (String, String) = (row.try_get("object")?, row.try_get("message")?);
                findings.push(Finding::new(rule.id, severity, object, message));
            }
        }
    }
    findings.extend(policies::judge_functions(&prelude::fetch(conn, prelude::FUNCTIONS, options).await?)?);
    findings.extend(policies::judge(&prelude::fetch(conn, prelude::POLICIES, options).await?, options)?);
    findings.sort_by(|a, b| (a.rule, &a.object, &a.message).cmp(&(b.rule, &b.object, &b.message)));
    Ok(findings)
}

/// A statement made of constants and of names that the catalogue printed quoted.
fn trusted(sql: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql)
}
