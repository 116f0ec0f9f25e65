//! Runs the audit's SQL: one statement a family of rules, each in front of the same views of the catalogue.

use sqlx::PgConnection;
use sqlx::postgres::PgRow;

use super::{Options, allow, trusted};

const PRELUDE: &str = include_str!("prelude.sql");
pub const ROLES: &str = include_str!("roles.sql");
pub const TABLES: &str = include_str!("tables.sql");
pub const CODE: &str = include_str!("code.sql");
pub const POLICIES: &str = include_str!("policies.sql");
pub const FUNCTIONS: &str = include_str!("functions.sql");

/// The rows of one family.
pub async fn fetch(conn: &mut PgConnection, family: &str, options: &Options) -> Result<Vec<PgRow>, sqlx::Error> {
    // A family that starts with a select of its own needs the prelude to end without a comma.
    let code = family.lines().find(|line| !line.starts_with("--")).unwrap_or_default();
    let views = if code.starts_with("select") { PRELUDE.trim_end().trim_end_matches(',') } else { PRELUDE };
    let (globals, guards): (Vec<&str>, Vec<&str>) =
        allow::GLOBALS.iter().map(|(table, guard, _)| (*table, guard.word())).unzip();
    sqlx::query(trusted(format!("{views}\n{family}")))
        .persistent(false)
        .bind(&options.app)
        .bind(&options.owner)
        .bind(&options.platform)
        .bind(globals)
        .bind(guards)
        .bind(names(allow::LIBRARY_SCHEMAS))
        .bind(names(allow::DEFINERS))
        .bind(names(allow::APPEND_ONLY))
        .bind(names(allow::BYPASS_ROLES))
        .bind(names(allow::SYSTEM_ROWS))
        .fetch_all(conn)
        .await
}

fn names(list: &[(&'static str, &'static str)]) -> Vec<&'static str> {
    list.iter().map(|(name, _)| *name).collect()
}
