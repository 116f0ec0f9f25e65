//! Rows of two tenants for every table of a schema, made from the catalogue: the attack matrix needs no fixture.
//!
//! A foreign key's columns get what the row that it points to gets, so that the rows hang together, each tenant's in
//! itself. CHECK constraints are set aside; where one lists the allowed words, the first of them is taken.
use std::collections::HashMap;

use sqlx::{AssertSqlSafe, PgConnection, Row};
use uuid::Uuid;

use super::matrix_plan::set_aside;
use super::sample::run;

struct Column {
    name: String,
    kind: String,
    needed: bool,
    /// The table and column that it points to.
    target: Option<(String, String)>,
    word: Option<String>,
}

const COLUMNS: &str = r"
select format('%I.%I', n.nspname, c.relname) as tbl, a.attname::text as name, format_type(a.atttypid, null) as kind,
       a.attnotnull and not a.atthasdef as needed, f.tbl as target, f.col as target_column,
       (select substring(pg_get_constraintdef(k.oid) from '''([^'']*)''::text') from pg_constraint k
        where k.contype = 'c' and k.conrelid = c.oid and k.conkey = array[a.attnum] and pg_get_constraintdef(k.oid) ~ 'ANY \(+ARRAY' limit 1) as word
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
left join lateral (
  select format('%I.%I', m.nspname, t.relname) as tbl, b.attname::text as col
  from pg_constraint k, unnest(k.conkey, k.confkey) u (x, y), pg_attribute b, pg_class t, pg_namespace m
  where k.contype = 'f' and k.conrelid = c.oid and u.x = a.attnum and b.attrelid = k.confrelid and b.attnum = u.y
    and t.oid = k.confrelid and m.oid = t.relnamespace
  order by t.relname = c.relname, k.conname limit 1) f on true
where n.nspname = 'app' and c.relkind in ('r', 'p') and not c.relispartition
order by 1, a.attnum";

/// Fills every table inside the connection's open transaction, as the administrator.
pub async fn fill(conn: &mut PgConnection, tenants: [Uuid; 2]) {
    let rows = sqlx::query(COLUMNS).persistent(false).fetch_all(&mut *conn).await.expect("the catalogue");
    let mut tables: HashMap<String, Vec<Column>> = HashMap::new();
    for row in rows {
        let target: Option<String> = row.get("target");
        tables.entry(row.get("tbl")).or_default().push(Column {
            name: row.get("name"),
            kind: row.get("kind"),
            needed: row.get("needed"),
            target: target.map(|table| (table, row.get("target_column"))),
            word: row.get("word"),
        });
    }
    let aside = set_aside(conn).await;
    run(conn, &aside).await;
    run(conn, "set local session_replication_role = replica").await;
    for (name, columns) in &tables {
        for tenant in tenants {
            for n in 1..=2 {
                let (names, values): (Vec<_>, Vec<_>) = columns
                    .iter()
                    .filter(|column| column.needed || column.target.is_some())
                    .map(|column| (format!("\"{}\"", column.name), value(&tables, name, &column.name, tenant, n)))
                    .unzip();
                let sql = format!(
                    "insert into {name} ({}) values ({}) on conflict do nothing",
                    names.join(", "),
                    values.join(", ")
                );
                sqlx::raw_sql(AssertSqlSafe(sql.clone()))
                    .execute(&mut *conn)
                    .await
                    .unwrap_or_else(|error| panic!("{error}: {sql}"));
            }
        }
    }
    run(conn, "set local session_replication_role = origin").await;
}

/// What a column of the tenant's n-th row holds.
fn value(tables: &HashMap<String, Vec<Column>>, table: &str, name: &str, tenant: Uuid, n: u32) -> String {
    let Some(column) = tables.get(table).and_then(|columns| columns.iter().find(|column| column.name == name)) else {
        return "null".into();
    };
    if name == "tenant_id" || (table == "app.tenants" && name == "id") {
        return format!("'{tenant}'");
    }
    if let Some((target, key)) = &column.target {
        return value(tables, target, key, tenant, n);
    }
    let seed = format!("md5('{tenant} {table} {name} {n}')");
    match (column.kind.as_str(), &column.word) {
        (_, Some(word)) => format!("'{word}'"),
        ("uuid", _) => format!("{seed}::uuid"),
        ("text" | "character varying", _) => seed,
        ("smallint" | "integer" | "bigint" | "numeric", _) => n.to_string(),
        ("boolean", _) => "true".into(),
        ("bytea", _) => format!("decode({seed} || {seed}, 'hex')"),
        ("jsonb", _) => "'{}'".into(),
        ("date", _) => format!("date '2030-01-0{n}'"),
        ("time without time zone", _) => format!("time '0{n}:00'"),
        ("timestamp with time zone", _) => {
            let hour = if name.starts_with("start") { 10 } else { 11 };
            format!("timestamptz '2030-01-0{n} {hour}:00Z'")
        }
        ("timestamp without time zone", _) => format!("timestamp '2030-01-0{n} 10:00'"),
        (other, _) => panic!("matrix_rows does not know how to fill {table}.{name}, which is {other}"),
    }
}
