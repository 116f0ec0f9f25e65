//! The attack matrix: every guarded table x role x context x kind of attack, generated from the catalogue.
//!
//! [`run`] needs a fresh connection of a superuser to a database that nobody else uses (it takes exclusive locks) with
//! rows of two tenants in every tenant table; all it does is rolled back. A table without such rows is a failure (M00),
//! so that coverage cannot shrink unseen, and so is a control that finds nothing (M02): nothing leaked must never mean
//! that nothing works. CHECK constraints and user triggers are set aside first: a refusal must be row security's.
use std::fmt;

use futures_util::StreamExt;
use sqlx::{AssertSqlSafe, Either, PgConnection, Row};
use tithi::db::audit::allow;
use uuid::Uuid;

use super::matrix_plan::{Fk, Target, View, set_aside, targets, views};

/// A context that no row belongs to.
const UNKNOWN: &str = "01900000-0000-7000-8000-0000ffffffff";
const GARBAGE: &str = "x' or true --";
pub const ROLES: [&str; 2] = [allow::APP, allow::OWNER];

/// What the matrix found.
#[derive(Debug, Default)]
pub struct Report {
    pub cells: usize,
    pub passed: usize,
    /// Cells whose role lacks the privilege itself.
    pub no_grant: usize,
    pub failures: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} cells: {} passed, {} without a grant, {} failed",
            self.cells,
            self.passed,
            self.no_grant,
            self.failures.len()
        )?;
        self.failures.iter().try_for_each(|failure| write!(f, "\n  {failure}"))
    }
}

/// How a statement ended.
#[derive(Debug)]
enum Outcome {
    Rows(u64),
    Refused { code: String, constraint: String },
}

/// How it must end.
#[derive(Clone, Copy, Debug)]
enum Want {
    /// Touches so many rows.
    Rows(u64),
    /// Touches nothing; a context that is no uuid may also be refused as such.
    Nothing,
    /// Row security refuses the new row, or the privilege is missing.
    Forbidden,
    /// The new row gets past row security, whatever constraint it meets then.
    Written,
    /// The foreign key finds no such row.
    NoParent,
}

impl Want {
    fn holds(self, outcome: &Outcome, garbage: bool) -> bool {
        match (self, outcome) {
            (Want::Rows(n), Outcome::Rows(m)) => n == *m,
            (Want::Nothing, Outcome::Rows(n)) => *n == 0,
            (Want::Written, Outcome::Rows(n)) => *n == 1,
            (Want::Nothing, Outcome::Refused { code, .. }) => garbage && code == "22P02",
            (Want::Forbidden, Outcome::Refused { code, .. }) => code == "42501" || garbage && code == "22P02",
            (Want::Written, Outcome::Refused { code, .. }) => code.starts_with("23"),
            (Want::NoParent, Outcome::Refused { code, .. }) => code == "23503",
            _ => false,
        }
    }
}

/// Runs the whole matrix.
pub async fn run(conn: &mut PgConnection, tenants: [Uuid; 2]) -> Report {
    let mut matrix = Matrix { conn, report: Report::default(), prepared: 0 };
    let standing = matrix.text("select coalesce(current_setting('app.tenant_id', true), current_setting('app.user_id', true), 'never set')").await;
    if standing != "never set" {
        matrix.report.failures.push("M01 the connection is not fresh: a context was set on it before".into());
    }
    matrix.must("begin; set constraints all immediate").await;
    let (targets, empty) = targets(matrix.conn, tenants).await;
    for table in empty {
        matrix.report.cells += 1;
        matrix
            .report
            .failures
            .push(format!("M00 {table} lacks rows of two tenants (or persons): add them to the fixture"));
    }
    let views = views(matrix.conn).await;
    let aside = set_aside(matrix.conn).await;
    matrix.must(&aside).await;
    matrix.must("savepoint cell").await;

    // Unset comes first, for all: after the first SET LOCAL of a session a setting is empty and never unset again.
    for name in ["unset", "empty", "garbage", "unknown"] {
        for target in &targets {
            for role in ROLES {
                matrix.outside(target, role, name).await;
            }
        }
        for view in &views {
            matrix.view_outside(view, name).await;
        }
    }
    for target in &targets {
        for role in ROLES {
            matrix.inside(target, role).await;
        }
    }
    for view in &views {
        let own = format!("set local app.tenant_id = '{}'", tenants[0]);
        let others = format!("select from {} where tenant_id is distinct from '{}'", view.name, tenants[0]);
        matrix.cell(&view.name, view.role, "own", "view", "", &own, &others, Want::Nothing).await;
    }
    matrix.must("rollback").await;
    matrix.report
}

struct Matrix<'c> {
    conn: &'c mut PgConnection,
    report: Report,
    prepared: usize,
}

impl Matrix<'_> {
    async fn must(&mut self, sql: &str) {
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut *self.conn).await;
        done.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    async fn text(&mut self, sql: &str) -> String {
        let row = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_one(&mut *self.conn).await;
        row.and_then(|row| row.try_get(0)).unwrap_or_else(|error| panic!("{error}: {sql}"))
    }

    /// One message: undo the last cell, then prepare as administrator, become the role in the context, attack.
    async fn attempt(&mut self, role: &str, setup: &str, context: &str, attack: &str) -> Outcome {
        let sql = format!(
            "rollback to savepoint cell; set local session_replication_role = replica; {setup}; set local role {role}; {context}; {attack}"
        );
        let mut rows = 0;
        let mut stream = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_many(&mut *self.conn);
        while let Some(step) = stream.next().await {
            match step {
                Ok(Either::Left(done)) => rows = done.rows_affected(),
                Ok(Either::Right(_)) => {}
                Err(sqlx::Error::Database(error)) => {
                    let code = error.code().map(String::from).unwrap_or_default();
                    return Outcome::Refused { code, constraint: error.constraint().unwrap_or_default().to_owned() };
                }
                Err(error) => panic!("{error}: {attack}"),
            }
        }
        Outcome::Rows(rows)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the matrix has that many dimensions; each call is one cell, on one line"
    )]
    async fn cell(
        &mut self,
        table: &str,
        role: &str,
        context_name: &str,
        attack_name: &str,
        setup: &str,
        context: &str,
        attack: &str,
        want: Want,
    ) {
        let outcome = self.attempt(role, setup, context, attack).await;
        self.report.cells += 1;
        if want.holds(&outcome, context_name == "garbage") {
            self.report.passed += 1;
            return;
        }
        let dead =
            matches!((want, &outcome), (Want::Rows(_) | Want::Written, Outcome::Rows(0) | Outcome::Refused { .. }));
        let rule = if dead { "M02" } else { "M03" };
        let got = match outcome {
            Outcome::Rows(n) => format!("{n} rows"),
            Outcome::Refused { code, constraint } => format!("{code} {constraint}").trim().to_owned(),
        };
        self.report
            .failures
            .push(format!("{rule} {table} as {role}, context {context_name}, {attack_name}: {got}, wanted {want:?}"));
    }

    fn skip(&mut self) {
        self.report.cells += 1;
        self.report.no_grant += 1;
    }

    /// Without a context of one's own nothing is seen and nothing written.
    async fn outside(&mut self, target: &Target, role: &'static str, name: &str) {
        let context = match name {
            "unset" => String::new(),
            "empty" => target.context(""),
            "garbage" => target.context(GARBAGE),
            _ => target.context(UNKNOWN),
        };
        for (attack, privilege, sql, want) in target.attacks(role) {
            if !target.may(role, privilege) {
                self.skip();
                continue;
            }
            self.cell(&target.label, role, name, attack, "", &context, &sql, want_of(want)).await;
        }
    }

    async fn view_outside(&mut self, view: &View, name: &str) {
        let value = match name {
            "unset" => None,
            "empty" => Some(""),
            "garbage" => Some(GARBAGE),
            _ => Some(UNKNOWN),
        };
        let context =
            value.map(|value| format!("set local app.tenant_id = '{}'", value.replace('\'', "''"))).unwrap_or_default();
        self.cell(
            &view.name,
            view.role,
            name,
            "view",
            "",
            &context,
            &format!("select from {}", view.name),
            Want::Nothing,
        )
        .await;
    }

    /// In the own context: the own rows, all of them, and nothing else.
    async fn inside(&mut self, t: &Target, role: &'static str) {
        let own = t.context(&t.own);
        let (label, name, key) = (t.label.as_str(), t.name.as_str(), t.key);
        for (attack, privilege, sql, want) in t.attacks(role) {
            if !t.may(role, privilege) {
                self.skip();
            } else if !attack.starts_with("unfiltered") && attack != "blind update" {
                self.cell(label, role, "own", attack, "", &own, &sql, want_of(want)).await;
            }
        }
        let mine = Want::Rows(t.own_rows);
        let mut controls = vec![("select", "unfiltered select", format!("select from {name}"))];
        if let Some(column) = t.updatable(role) {
            controls.push(("write", "unfiltered update", format!("update {name} set {column} = {column}")));
        }
        controls.push(("delete", "unfiltered delete", format!("delete from {name}")));
        for (privilege, attack, sql) in controls {
            match t.may(role, privilege) {
                true => self.cell(label, role, "own", attack, "", &own, &sql, mine).await,
                false => self.skip(),
            }
        }
        let gone = format!("delete from {name} where {key} = '{}'", t.own);
        if let Some(column) = t.updatable(role) {
            let blind = format!("update {name} set {column} = default");
            self.cell(label, role, "own", "blind update", &gone, &own, &blind, Want::Nothing).await;
        }
        match t.may(role, "reparent") {
            true => {
                let give = format!("update {name} set {key} = '{}'", t.other);
                self.cell(label, role, "own", "re-parent", "", &own, &give, Want::Forbidden).await;
            }
            false => self.skip(),
        }
        if t.may(role, "insert") {
            let again = format!("{} returning {key}", t.insert(role, &t.own_row));
            self.cell(label, role, "own", "insert returning", &gone, &own, &again, Want::Written).await;
            if let Some(twin) = &t.twin {
                // The other's row under my name, my own rows gone: whatever it collides with is not mine.
                self.cell(label, role, "own", "existence oracle", &gone, &own, &t.insert(role, twin), Want::Rows(1))
                    .await;
            }
            for fk in &t.fks {
                self.parent(t, role, fk, &gone, &own).await;
            }
        } else {
            self.skip();
        }
        self.cached_plan(t, role).await;
    }

    /// A row of mine that points at the other's row, with the foreign keys at work.
    async fn parent(&mut self, t: &Target, role: &str, fk: &Fk, gone: &str, own: &str) {
        let setup = format!("{gone}; set local session_replication_role = origin");
        let attack = format!("foreign key {}", fk.name);
        self.cell(&t.label, role, "own", &attack, &setup, own, &t.insert(role, &fk.row), Want::NoParent).await;
    }

    /// A generic plan made for one tenant and executed for the other shows the other's rows, not the first one's.
    async fn cached_plan(&mut self, t: &Target, role: &str) {
        if !t.may(role, "select") {
            return self.skip();
        }
        let (first, second, setup) =
            (t.context(&t.own), t.context(&t.other), "set local plan_cache_mode = force_generic_plan");
        for (attack, whose, want) in [
            ("cached plan, first one's rows", &t.own, Want::Nothing),
            ("cached plan, own rows", &t.other, Want::Rows(t.other_rows)),
        ] {
            // A prepared statement outlives the rollback: each needs its own name.
            self.prepared += 1;
            let plan = format!("matrix_{}", self.prepared);
            let make = format!(
                "{first}; prepare {plan} as select from {} where {} = '{whose}'; execute {plan}",
                t.name, t.key
            );
            self.cell(
                &t.label,
                role,
                "own, then the other's",
                attack,
                setup,
                &make,
                &format!("{second}; execute {plan}"),
                want,
            )
            .await;
        }
    }
}

fn want_of(forbidden: bool) -> Want {
    if forbidden { Want::Forbidden } else { Want::Nothing }
}
