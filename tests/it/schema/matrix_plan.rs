//! What the attack matrix aims at, read from the catalogue and from the fixture rows.
use std::collections::HashMap;

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row};
use tithi::db::audit::allow::{self, Guard};
use uuid::Uuid;

use super::matrix::ROLES;

/// One guarded table, attacked through one of the columns that bind its rows.
pub struct Target {
    /// The table, with the column where it has two.
    pub label: String,
    pub name: String,
    /// The column that binds a row, the setting that it is compared with, and the two values in the fixture.
    pub key: &'static str,
    setting: &'static str,
    pub own: String,
    pub other: String,
    /// The second binding of a person's row inside a tenant, held still.
    fixed: Option<(&'static str, &'static str, String)>,
    pub own_rows: u64,
    /// Rows of the other's that are visible in the other's context.
    pub other_rows: u64,
    /// Rows as JSON: one of mine, one of the other's, the other's relabelled as mine.
    pub own_row: String,
    other_row: String,
    pub twin: Option<String>,
    pub fks: Vec<Fk>,
    rights: HashMap<&'static str, Rights>,
}

/// A row of mine that points at the other's.
pub struct Fk {
    pub name: String,
    pub row: String,
}

/// A view that a role may read.
pub struct View {
    pub name: String,
    pub role: &'static str,
}

struct Rights {
    held: Vec<String>,
    insertable: Vec<String>,
    updatable: Option<String>,
}

impl Target {
    /// Sets the binding to a value, and the second one to its own.
    pub fn context(&self, value: &str) -> String {
        let mut sql = format!("set local {} = '{}'", self.setting, value.replace('\'', "''"));
        if let Some((_, setting, fixed)) = &self.fixed {
            sql += &format!("; set local {setting} = '{fixed}'");
        }
        sql
    }

    pub fn may(&self, role: &str, privilege: &str) -> bool {
        self.rights.get(role).is_some_and(|rights| rights.held.iter().any(|held| held == privilege))
    }

    pub fn updatable(&self, role: &str) -> Option<&str> {
        self.rights.get(role)?.updatable.as_deref()
    }

    pub fn insert(&self, role: &str, row: &str) -> String {
        let columns = self.rights.get(role).map(|rights| rights.insertable.join(", ")).unwrap_or_default();
        let (name, row) = (&self.name, row.replace('\'', "''"));
        format!(
            "insert into {name} ({columns}) select {columns} from jsonb_populate_record(null::{name}, '{row}'::jsonb)"
        )
    }

    /// Name, privilege that it needs, statement, and whether it must be refused (or else touch nothing).
    pub fn attacks(&self, role: &str) -> Vec<(&'static str, &'static str, String, bool)> {
        let (name, theirs) = (&self.name, format!("where {} = '{}'", self.key, self.other));
        let column = self.updatable(role).unwrap_or(self.key);
        vec![
            ("select", "select", format!("select from {name} {theirs}"), false),
            ("unfiltered select", "select", format!("select from {name}"), false),
            ("select for update", "lock", format!("select from {name} {theirs} for update"), false),
            ("update", "write", format!("update {name} set {column} = {column} {theirs}"), false),
            ("blind update", "write", format!("update {name} set {column} = default"), false),
            ("delete", "delete", format!("delete from {name} {theirs}"), false),
            ("unfiltered delete", "delete", format!("delete from {name}"), false),
            ("insert", "insert", self.insert(role, &self.other_row), true),
            ("truncate", "truncate", format!("truncate {name}"), true),
        ]
    }
}

/// A table as the catalogue has it.
struct Table {
    name: String,
    relname: String,
    guard: Guard,
    /// A person's rows inside a tenant.
    personal: bool,
}

impl Table {
    fn of(row: &PgRow) -> Table {
        let relname: String = row.get("relname");
        let listed =
            allow::GLOBALS.iter().find(|(name, ..)| row.get::<String, _>("nspname") == "app" && *name == relname);
        let guard = listed.map_or(Guard::Tenant, |(_, guard, _)| *guard);
        let personal = row.get("person_floor") || allow::PERSONAL.iter().any(|(name, _)| *name == relname);
        Table { name: row.get("name"), relname, guard, personal }
    }

    fn guarded(&self, tenanted: bool) -> bool {
        matches!(self.guard, Guard::Root | Guard::Person) || self.guard == Guard::Tenant && tenanted
    }
}

/// Every target, and the tables that cannot be attacked for want of rows.
pub async fn targets(conn: &mut PgConnection, tenants: [Uuid; 2]) -> (Vec<Target>, Vec<String>) {
    let rows = fetch(conn, "
        select format('%I.%I', n.nspname, c.relname) as name, c.relname::text, n.nspname::text,
               exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as tenanted,
               exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'person_floor') as person_floor
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          and not exists (select from pg_inherits i where i.inhrelid = c.oid)
        order by 1").await;
    let tables: Vec<Table> = rows
        .iter()
        .map(|row| (Table::of(row), row.get("tenanted")))
        .filter(|(table, tenanted)| table.guarded(*tenanted))
        .map(|(table, _)| table)
        .collect();
    let [a, b] = tenants.map(|id| id.to_string());
    let (mut targets, mut empty) = (Vec::new(), Vec::new());
    for table in &tables {
        let mut plans = Vec::new();
        match table.guard {
            Guard::Person => {
                plans.push(two_people(conn, table, "true").await.map(|[x, y]| ("user_id", "app.user_id", x, y, None)))
            }
            Guard::Root => plans.push(Some(("id", "app.tenant_id", a.clone(), b.clone(), None))),
            _ if table.personal => {
                let people = two_people(conn, table, &format!("tenant_id = '{a}'")).await;
                let fixed = people.as_ref().map(|[x, _]| ("user_id", "app.user_id", x.clone()));
                plans.push(fixed.map(|fixed| ("tenant_id", "app.tenant_id", a.clone(), b.clone(), Some(fixed))));
                plans.push(
                    people.map(|[x, y]| {
                        ("user_id", "app.user_id", x, y, Some(("tenant_id", "app.tenant_id", a.clone())))
                    }),
                );
            }
            _ => plans.push(Some(("tenant_id", "app.tenant_id", a.clone(), b.clone(), None))),
        }
        for plan in plans {
            let target = match plan {
                Some((key, setting, own, other, fixed)) => {
                    target(conn, &tables, table, key, setting, own, other, fixed).await
                }
                None => None,
            };
            match target {
                Some(target) => targets.push(target),
                None => empty.push(table.name.clone()),
            }
        }
    }
    (targets, empty)
}

#[expect(clippy::too_many_arguments, reason = "the parts of one target, named where they are found")]
async fn target(
    conn: &mut PgConnection,
    tables: &[Table],
    table: &Table,
    key: &'static str,
    setting: &'static str,
    own: String,
    other: String,
    fixed: Option<(&'static str, &'static str, String)>,
) -> Option<Target> {
    let name = table.name.clone();
    let held = fixed.as_ref().map(|(column, _, value)| format!(" and {column} = '{value}'")).unwrap_or_default();
    let mine = format!("{key} = '{own}'{held}");
    let row = |condition: &str, patch: &str| {
        format!("select (to_jsonb(t) || {patch})::text from {name} t where {condition} order by ctid limit 1")
    };
    let own_row = text(conn, &row(&mine, "'{}'")).await?;
    let other_row = text(conn, &row(&format!("{key} = '{other}'"), "'{}'")).await?;
    let relabel = fixed.iter().map(|(column, _, value)| (*column, value)).chain([(key, &own)]);
    let mut patch: Vec<String> = relabel.map(|(column, value)| format!("'{column}', '{value}'")).collect();
    if allow::SYSTEM_ROWS.iter().any(|(listed, _)| *listed == table.relname) {
        patch.push("'id', gen_random_uuid()".into()); // its key is the id alone, by design
    }
    let twin = match table.guard {
        // A tenant's slug is taken for all, and two persons of one tenant share its keys, both by design.
        Guard::Root => None,
        Guard::Tenant if key == "user_id" => None,
        _ => {
            text(conn, &row(&format!("{key} = '{other}'"), &format!("jsonb_build_object({})", patch.join(", ")))).await
        }
    };
    let own_rows = count(conn, &name, &mine).await;
    let other_rows = count(conn, &name, &format!("{key} = '{other}'{held}")).await;
    let fks =
        if table.guard == Guard::Root { Vec::new() } else { fks(conn, tables, table, key, &own_row, &other).await };
    let mut rights = HashMap::new();
    for role in ROLES {
        rights.insert(role, rights_of(conn, &name, role, key).await);
    }
    let label = if fixed.is_some() { format!("{name} ({key})") } else { name.clone() };
    Some(Target {
        label,
        name,
        key,
        setting,
        own,
        other,
        fixed,
        own_rows,
        other_rows,
        own_row,
        other_row,
        twin,
        fks,
        rights,
    })
}

/// The foreign keys to other guarded tables that are bound by the same column.
async fn fks(
    conn: &mut PgConnection,
    tables: &[Table],
    table: &Table,
    key: &str,
    own_row: &str,
    other: &str,
) -> Vec<Fk> {
    let found = fetch(conn, &format!("
        select k.conname::text as name, format('%I.%I', n.nspname, r.relname) as target,
          array(select format('%L, r.%I', a.attname, b.attname) from unnest(k.conkey, k.confkey) u (x, y)
                join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.x
                join pg_attribute b on b.attrelid = k.confrelid and b.attnum = u.y
                where a.attname <> '{key}') as pairs
        from pg_constraint k join pg_class r on r.oid = k.confrelid join pg_namespace n on n.oid = r.relnamespace
        where k.contype = 'f' and k.conrelid = '{}'::regclass
          and exists (select from pg_attribute b where b.attrelid = r.oid and b.attname = '{key}' and not b.attisdropped)
        order by 1", table.name)).await;
    let mut fks = Vec::new();
    for row in found {
        let (target, pairs): (String, Vec<String>) = (row.get("target"), row.get("pairs"));
        if pairs.is_empty() || !tables.iter().any(|t| t.name == target && t.guard != Guard::Root) {
            continue;
        }
        let sql = format!(
            "select ('{}'::jsonb || jsonb_build_object({}))::text from {target} r where r.{key} = '{other}' order by ctid limit 1",
            own_row.replace('\'', "''"),
            pairs.join(", ")
        );
        if let Some(patched) = text(conn, &sql).await {
            fks.push(Fk { name: row.get("name"), row: patched });
        }
    }
    fks
}

async fn rights_of(conn: &mut PgConnection, name: &str, role: &str, key: &str) -> Rights {
    let row = fetch(conn, &format!("
        select array(select p from unnest(array['select', 'insert', 'delete', 'truncate']) p
                     where case p when 'insert' then has_any_column_privilege('{role}', '{name}', p) else has_table_privilege('{role}', '{name}', p) end) as held,
               array(select quote_ident(attname) from pg_attribute where attrelid = '{name}'::regclass and attnum > 0 and not attisdropped
                     and attgenerated = '' and has_column_privilege('{role}', attrelid, attnum, 'insert') order by attnum) as insertable,
               (select quote_ident(attname) from pg_attribute where attrelid = '{name}'::regclass and attnum > 0 and not attisdropped
                     and attgenerated = '' and attname not in ('tenant_id', 'user_id', 'id')
                     and has_column_privilege('{role}', attrelid, attnum, 'update') order by attnum limit 1) as updatable,
               has_column_privilege('{role}', '{name}', '{key}', 'update') as reparent")).await.remove(0);
    let mut held: Vec<String> = row.get("held");
    let updatable: Option<String> = row.get("updatable");
    if updatable.is_some() {
        held.push("write".into());
        if held.iter().any(|word| word == "select") {
            held.push("lock".into());
        }
    }
    if row.get("reparent") {
        held.push("reparent".into());
    }
    Rights { held, insertable: row.get("insertable"), updatable }
}

/// Every view with a tenant column that one of the roles may read.
pub async fn views(conn: &mut PgConnection) -> Vec<View> {
    let mut views = Vec::new();
    for role in ROLES {
        let found = fetch(conn, &format!("
            select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('v', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and has_table_privilege('{role}', c.oid, 'select')
              and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') order by 1")).await;
        views.extend(found.iter().map(|row| View { name: row.get("name"), role }));
    }
    views
}

/// Statements that take away whatever else than row security, keys and foreign keys could refuse a row.
pub async fn set_aside(conn: &mut PgConnection) -> String {
    let found = fetch(conn, "
        select format('alter table %s drop constraint %I', conrelid::regclass, conname) as sql from pg_constraint k join pg_class c on c.oid = k.conrelid
        where k.contype = 'c' and k.coninhcount = 0 and c.relnamespace = 'app'::regnamespace
        union all
        select format('alter table %s disable trigger user', c.oid::regclass) from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'app'::regnamespace").await;
    found.iter().map(|row| row.get::<String, _>("sql")).collect::<Vec<_>>().join("; ")
}

async fn two_people(conn: &mut PgConnection, table: &Table, condition: &str) -> Option<[String; 2]> {
    let sql = format!("select distinct user_id::text as id from {} where {condition} order by 1 limit 2", table.name);
    let people: Vec<String> = fetch(conn, &sql).await.iter().map(|row| row.get("id")).collect();
    people.try_into().ok()
}

async fn count(conn: &mut PgConnection, name: &str, condition: &str) -> u64 {
    let counted: i64 =
        fetch(conn, &format!("select count(*) as n from {name} where {condition}")).await.remove(0).get("n");
    counted.unsigned_abs()
}

async fn text(conn: &mut PgConnection, sql: &str) -> Option<String> {
    fetch(conn, sql).await.first().and_then(|row| row.get(0))
}

async fn fetch(conn: &mut PgConnection, sql: &str) -> Vec<PgRow> {
    let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).persistent(false).fetch_all(conn).await;
    rows.unwrap_or_else(|error| panic!("{error}: {sql}"))
}
