//! The start-up check of a serving connection: it judges the login that the service really got, where the catalogue
//! audit judges the roles by name. Fails closed: whatever cannot be asked is an error of the start.

use sqlx::{PgConnection, Row};

use super::{Finding, Severity, allow, aside, trusted};

const WHO: &str = "
select current_user::text as name, r.rolsuper or s.rolsuper as super, r.rolbypassrls or s.rolbypassrls as bypass,
       coalesce(current_setting('app.tenant_id', true), '') || coalesce(current_setting('app.user_id', true), '') <> '' as standing,
       exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where n.nspname = 'app' and pg_has_role(session_user, c.relowner, 'MEMBER')) as owns
from pg_roles r, pg_roles s where r.rolname = current_user and s.rolname = session_user";

const READABLE: &str = "
select format('%I.%I', n.nspname, c.relname) as name, row_security_active(c.oid) as active
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'app' and c.relkind in ('r', 'p') and has_table_privilege(c.oid, 'SELECT') and c.relname <> all ($1)
order by 1";

/// Judges the connection itself, before any context was set on it.
///
/// S01 superuser or BYPASSRLS, S02 owner of the tables, S03 row security not active for it, S04 rows or a standing
/// context without a context.
///
/// # Errors
/// The database cannot be read.
pub async fn self_check(conn: &mut PgConnection) -> Result<Vec<Finding>, sqlx::Error> {
    // Without the second a planner that misjudges would read a large table to its end to find no row.
    let aside = aside::open(conn, "set local search_path = ''; set local enable_seqscan = off").await?;
    let findings = judge(conn).await;
    aside.close(conn).await?;
    findings
}

async fn judge(conn: &mut PgConnection) -> Result<Vec<Finding>, sqlx::Error> {
    let mut findings = Vec::new();
    let mut fail =
        |rule, object: &str, message: String| findings.push(Finding::new(rule, Severity::Fail, object, message));

    let who = sqlx::query(WHO).persistent(false).fetch_one(&mut *conn).await?;
    let name: String = who.try_get("name")?;
    if who.try_get("super")? || who.try_get("bypass")? {
        fail(
            "S01",
            &name,
            format!("the connection's role {name} is a superuser or bypasses row security: connect as {}", allow::APP),
        );
    }
    if who.try_get("owns")? {
        fail(
            "S02",
            &name,
            format!("the connection's role {name} owns tables of schema app: connect as {}", allow::APP),
        );
    }
    if who.try_get("standing")? {
        fail(
            "S04",
            &name,
            format!(
                "a new connection of {name} already has a context: remove app.tenant_id and app.user_id from the server's settings"
            ),
        );
    }
    // readable by design, and nothing of a tenant in them
    let open: Vec<&str> = allow::GLOBALS
        .iter()
        .filter(|(_, guard, _)| matches!(guard, allow::Guard::Directory | allow::Guard::Internal))
        .map(|(table, ..)| *table)
        .collect();
    let rows = sqlx::query(READABLE).persistent(false).bind(open).fetch_all(&mut *conn).await?;
    let mut probes = Vec::new();
    for row in &rows {
        let table: String = row.try_get("name")?;
        if !row.try_get::<bool, _>("active")? {
            fail("S03", &table, format!("row security of {table} is not active for {name}: enable and force it"));
        }
        probes.push(format!("select '{}' as name where exists (select from {table})", table.replace('\'', "''")));
    }
    if probes.is_empty() {
        return Ok(findings);
    }
    match sqlx::query(trusted(probes.join(" union all "))).persistent(false).fetch_all(&mut *conn).await {
        Ok(rows) => {
            for row in rows {
                let table: String = row.try_get("name")?;
                fail("S04", &table, format!("{table} shows rows to {name} without a context: run tithi audit"));
            }
        }
        // A finding and not an error, so that it stands beside what the catalogue audit says of the cause.
        Err(sqlx::Error::Database(error)) => {
            fail("S04", &name, format!("{name} cannot look without a context ({error}): run tithi audit"));
        }
        Err(error) => return Err(error),
    }
    Ok(findings)
}
