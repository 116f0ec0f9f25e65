//! Rules P01-P09: what the policies of each table say together.
//!
//! What must stay true: a table is safe when every role but the platform's is held by restrictive policies that bind
//! each command, whatever permissive policies say; so `using (true)` above a whole floor is let pass, and nothing wider.

use sqlx::Row;
use sqlx::postgres::PgRow;

use super::allow::{self, Binding, Guard, PERSON, TENANT};
use super::expression::{binds, has_alternatives, is_context_body, is_true, reads_rows};
use super::{Finding, Options, Severity};

const COMMANDS: [(&str, &str); 4] = [("r", "SELECT"), ("a", "INSERT"), ("w", "UPDATE"), ("d", "DELETE")];
/// The one policy that may read another table: a tenant sees the accounts of its members (`users`).
const MEMBERS: &str = "(EXISTS ( SELECT 1 FROM app.memberships m WHERE (m.user_id = users.id)))";

struct Policy {
    name: String,
    permissive: bool,
    cmd: String,
    roles: Vec<String>,
    using: Option<String>,
    check: Option<String>,
    reads: Vec<String>,
    calls: Vec<String>,
}

struct Table {
    name: String,
    relname: String,
    guard: Guard,
    owner: String,
    /// "role PRIVILEGE"
    held: Vec<String>,
    policies: Vec<Policy>,
}

impl Policy {
    fn of(row: &PgRow) -> Result<Option<Policy>, sqlx::Error> {
        let Some(name) = row.try_get::<Option<String>, _>("policy")? else { return Ok(None) };
        Ok(Some(Policy {
            name,
            permissive: row.try_get("permissive")?,
            cmd: row.try_get("cmd")?,
            roles: row.try_get("roles")?,
            using: row.try_get("using_expr")?,
            check: row.try_get("check_expr")?,
            reads: row.try_get("reads")?,
            calls: row.try_get("calls")?,
        }))
    }

    fn applies(&self, role: &str, cmd: &str) -> bool {
        (self.cmd == "*" || self.cmd == cmd) && self.roles.iter().any(|r| r == role || r == "public")
    }

    /// What new rows are checked with: PostgreSQL falls back to USING.
    fn effective_check(&self) -> Option<&str> {
        self.check.as_deref().or(if self.cmd == "a" { None } else { self.using.as_deref() })
    }

    /// Whether it holds the command's rows to the binding: the rows it may see, the rows it may leave behind.
    fn holds(&self, cmd: &str, binding: Binding) -> bool {
        let seen = self.using.as_deref().is_some_and(|expr| binds(expr, binding));
        let left = self.effective_check().is_some_and(|expr| binds(expr, binding));
        match cmd {
            "a" => left,
            "w" => seen && left,
            _ => seen,
        }
    }

    fn expressions(&self) -> impl Iterator<Item = &str> {
        [self.using.as_deref(), self.check.as_deref()].into_iter().flatten()
    }
}

/// Judges every table.
pub fn judge(rows: &[PgRow], options: &Options) -> Result<Vec<Finding>, sqlx::Error> {
    let mut tables: Vec<Table> = Vec::new();
    for row in rows {
        let name: String = row.try_get("table")?;
        if tables.last().is_none_or(|table| table.name != name) {
            tables.push(Table {
                name,
                relname: row.try_get("relname")?,
                guard: Guard::of(row.try_get("guard")?),
                owner: row.try_get("owner")?,
                held: row.try_get("held")?,
                policies: Vec::new(),
            });
        }
        if let (Some(table), Some(policy)) = (tables.last_mut(), Policy::of(row)?) {
            table.policies.push(policy);
        }
    }
    let mut findings = Vec::new();
    for table in tables.iter().filter(|table| table.guard != Guard::Internal) {
        judge_table(table, options, &mut findings);
    }
    Ok(findings)
}

fn judge_table(table: &Table, options: &Options, findings: &mut Vec<Finding>) {
    for policy in &table.policies {
        judge_reach(table, policy, findings);
        if policy.roles.iter().all(|role| *role == options.platform) {
            continue;
        }
        match table.guard.binding() {
            Some(binding) => judge_bound(table, policy, binding, findings),
            None => judge_global(table, policy, findings),
        }
    }
    if let Some(binding) = table.guard.binding()
        && !table.policies.is_empty()
    {
        judge_floor(table, binding, options, findings);
    }
    judge_grants(table, options, findings);
}

/// P09: a policy looks at its own row and the context, at nothing else.
fn judge_reach(table: &Table, policy: &Policy, findings: &mut Vec<Finding>) {
    if is_members(table, policy) {
        return;
    }
    let tail = "keep such checks in the application";
    if !policy.reads.is_empty() || policy.expressions().any(reads_rows) {
        let what = if policy.reads.is_empty() { table.name.clone() } else { policy.reads.join(", ") };
        findings.push(fail(
            "P09",
            table,
            format!("policy {} of {} reads {what} for every row: {tail}", policy.name, table.name),
        ));
    }
    for call in &policy.calls {
        if call != "app.current_tenant_id()" && call != "app.current_user_id()" {
            findings.push(fail("P09", table, format!("policy {} of {} calls {call}: {tail}", policy.name, table.name)));
        }
    }
}

fn is_members(table: &Table, policy: &Policy) -> bool {
    let printed = policy.using.as_deref().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    table.guard == Guard::Account && policy.cmd == "r" && printed == MEMBERS
}

/// P01, P04, P08 for a policy of a table that has a floor.
fn judge_bound(table: &Table, policy: &Policy, binding: Binding, findings: &mut Vec<Finding>) {
    let bound =
        |expr: &str| binds(expr, binding) || binds(expr, TENANT) && table.guard != Guard::Root || binds(expr, PERSON);
    let sound = |expr: &str| binds(expr, binding) || (!policy.permissive && bound(expr));
    let column = binding.column;
    for expr in policy.expressions() {
        if has_alternatives(expr) && !sound(expr) {
            findings.push(fail("P08", table, format!(
                "policy {} of {} decides by alternatives (OR): {expr}. No index serves it and each alternative is a way in: write {column} = app.{}()",
                policy.name, table.name, binding.function)));
        }
    }
    let open = policy.permissive && policy.using.as_deref().is_some_and(is_true);
    if let Some(using) = &policy.using
        && !sound(using)
        && !open
        && !has_alternatives(using)
    {
        findings.push(fail(
            "P01",
            table,
            format!(
                "policy {} of {} does not bind the row to the context: USING {using}. Write {column} = app.{}()",
                policy.name, table.name, binding.function
            ),
        ));
    }
    match &policy.check {
        // An open policy may stay open for writing: the floor holds it, or P02 and P03 say that it does not.
        Some(check) if policy.permissive && is_true(check) && (open || policy.cmd == "a") => {}
        Some(check) if sound(check) || has_alternatives(check) => {}
        Some(check) => findings.push(fail(
            "P04",
            table,
            format!(
                "policy {} of {} lets rows of other tenants be planted: WITH CHECK {check}. Write {column} = app.{}()",
                policy.name, table.name, binding.function
            ),
        )),
        None if matches!(policy.cmd.as_str(), "*" | "w") && !open => findings.push(Finding::new(
            "P04",
            Severity::Warn,
            &table.name,
            format!("policy {} of {} has no WITH CHECK and falls back to USING: write it out", policy.name, table.name),
        )),
        None => {}
    }
}

/// P01 for tables without a floor: exactly the policies that their kind stands for.
fn judge_global(table: &Table, policy: &Policy, findings: &mut Vec<Finding>) {
    if !policy.permissive {
        return;
    }
    let own = Binding { column: "id", ..PERSON };
    let fits = match table.guard {
        Guard::Account => {
            is_members(table, policy) || policy.using.iter().chain(&policy.check).all(|expr| binds(expr, own))
        }
        Guard::Directory => policy.cmd == "r",
        _ => false,
    };
    if !fits {
        findings.push(fail(
            "P01",
            table,
            format!(
                "policy {} opens {} to {} further than this global table allows (USING {}): drop it",
                policy.name,
                table.name,
                policy.roles.join(", "),
                policy.using.as_deref().unwrap_or("-")
            ),
        ));
    }
}

/// P02, P03: every role that can touch the table stands on a restrictive policy for every command.
fn judge_floor(table: &Table, binding: Binding, options: &Options, findings: &mut Vec<Finding>) {
    let mut roles: Vec<&str> = options.app.iter().map(String::as_str).chain([table.owner.as_str()]).collect();
    for word in &table.held {
        let role = word.split(' ').next().unwrap_or_default();
        let exempt =
            role == options.platform || role == "public" || allow::BYPASS_ROLES.iter().any(|(name, _)| *name == role);
        if !exempt && !roles.contains(&role) {
            roles.push(role);
        }
    }
    let personal = allow::PERSONAL.iter().any(|(name, _)| *name == table.relname);
    let needs = [(binding, "tenant_floor"), (PERSON, "person_floor")];
    for (binding, floor) in needs.into_iter().take(if personal { 2 } else { 1 }) {
        let mut missing = Vec::new();
        for role in &roles {
            for (cmd, word) in COMMANDS {
                let held =
                    table.policies.iter().any(|p| !p.permissive && p.applies(role, cmd) && p.holds(cmd, binding));
                if !held {
                    missing.push(format!("{word} by {role}"));
                }
            }
        }
        if missing.len() == roles.len() * COMMANDS.len() {
            findings.push(fail("P02", table, format!(
                "{} has no restrictive floor on {}, so that any policy added later opens it: call the template's apply_*_policies for it ({floor})",
                table.name, binding.column)));
        } else if !missing.is_empty() {
            findings.push(fail("P03", table, format!(
                "the restrictive floor of {} on {} does not hold {}: it must be FOR ALL, to the app role and the owner ({floor})",
                table.name, binding.column, missing.join(", "))));
        }
    }
}

/// P05: what is granted must work, and RETURNING and ON CONFLICT need SELECT.
fn judge_grants(table: &Table, options: &Options, findings: &mut Vec<Finding>) {
    if table.policies.is_empty() {
        return;
    }
    for role in options.app.iter().chain([&options.platform]) {
        for (cmd, word) in COMMANDS {
            let granted = |who: &str| table.held.iter().any(|held| *held == format!("{who} {word}"));
            let open = table.policies.iter().any(|p| {
                let says = if cmd == "a" { p.effective_check().is_some() } else { p.using.is_some() };
                p.permissive && p.applies(role, cmd) && says
            });
            if (granted(role) || granted("public")) && !open {
                findings.push(fail("P05", table, format!(
                    "{role} holds {word} on {} and no permissive policy lets it through, so that it finds nothing (and RETURNING fails without a SELECT policy): add a policy FOR ALL",
                    table.name)));
            }
        }
    }
}

/// P01, P06, P07 for the context functions and whatever else a policy calls.
pub fn judge_functions(rows: &[PgRow]) -> Result<Vec<Finding>, sqlx::Error> {
    let mut findings = Vec::new();
    let mut context = vec![TENANT, PERSON];
    for row in rows {
        let (name, proname): (String, String) = (row.try_get("name")?, row.try_get("proname")?);
        let (volatility, lang): (String, String) = (row.try_get("volatility")?, row.try_get("lang")?);
        let (definer, has_set): (bool, bool) = (row.try_get("definer")?, row.try_get("has_set")?);
        let (body, returns): (String, String) = (row.try_get("body")?, row.try_get("returns")?);
        let mut say = |rule, what: &str| {
            let message = format!("function {name}, which policies rest on, {what}: run 010_context.sql again");
            findings.push(Finding::new(rule, Severity::Fail, &name, message));
        };
        if volatility == "i" {
            say("P06", "is IMMUTABLE, so that a cached plan serves one tenant's rows to another");
        }
        if volatility == "v" {
            say("P07", "is VOLATILE, so that no index serves the policy");
        }
        if lang != "sql" || definer || has_set {
            say(
                "P07",
                "is not plain SQL (another language, a SET clause or SECURITY DEFINER), so that it does not inline",
            );
        }
        let schema: String = row.try_get("nspname")?;
        if let Some(at) = context.iter().position(|b| schema == allow::SCHEMA && b.function == proname) {
            let binding = context.swap_remove(at);
            if returns != "uuid" || (lang == "sql" && !is_context_body(&body, binding.setting)) {
                let want =
                    format!("does not read {} by nullif(current_setting('{0}', true), '')::uuid", binding.setting);
                say("P01", &want);
            }
        }
    }
    for binding in context {
        let name = format!("app.{}()", binding.function);
        let message = format!("context function {name} is missing: run 010_context.sql");
        findings.push(Finding::new("P01", Severity::Fail, name, message));
    }
    Ok(findings)
}

fn fail(rule: &'static str, table: &Table, message: String) -> Finding {
    Finding::new(rule, Severity::Fail, &table.name, message)
}
