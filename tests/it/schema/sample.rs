//! A scratch database with the sample schema and rows of two tenants, made from the policy files themselves.
use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions};
use tithi::db::connect::bootstrap;
use uuid::Uuid;

use crate::support::cluster::admin_url;

const CONTEXT: &str = include_str!("../../../policies/010_context.sql");
const TEMPLATE: &str = include_str!("../../../policies/020_template.sql");
const TABLES: &str = include_str!("sample.sql");

pub const A: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_000a);
pub const B: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_000b);

/// A database of one test; it goes with [`Sample::drop_database`], or with the cluster's next start.
pub struct Sample {
    options: PgConnectOptions,
    name: String,
}

impl Sample {
    /// Makes the database: bootstrap as the administrator, policies and tables as the owner, rows as the administrator.
    pub async fn create(test: &str) -> Sample {
        let options: PgConnectOptions = admin_url().parse().expect("the admin url");
        let name = format!("schema_{test}_{:08x}", rand::random::<u32>());
        let inside = options.clone().database(&name);
        bootstrap(options.clone(), inside, &name, &|_: &str| {}).await.expect("bootstrapped");
        let sample = Sample { options, name };
        let mut conn = sample.admin().await;
        run(&mut conn, "set session authorization tithi_owner; set search_path = app, public").await;
        for sql in [CONTEXT, TEMPLATE, TABLES] {
            run(&mut conn, &format!("begin; {sql}; commit")).await;
        }
        run(&mut conn, "reset session authorization").await;
        run(&mut conn, &rows()).await;
        conn.close().await.expect("closed");
        sample
    }

    /// How the administrator connects.
    pub fn options(&self) -> PgConnectOptions {
        self.options.clone().database(&self.name)
    }

    /// A fresh connection as the administrator.
    pub async fn admin(&self) -> PgConnection {
        PgConnection::connect_with(&self.options()).await.expect("the sample database answers")
    }

    /// A fresh connection by the role's own login.
    pub async fn login(&self, role: &str) -> PgConnection {
        let options = self.options.clone().database(&self.name).username(role);
        PgConnection::connect_with(&options).await.expect("the sample database answers")
    }

    /// Waits until nobody bootstraps the cluster's roles, and keeps it so while the connection lives.
    pub async fn hold_roles(&self) -> PgConnection {
        let mut server = PgConnection::connect_with(&self.options).await.expect("the cluster answers");
        run(&mut server, "select pg_advisory_lock(7881705)").await;
        server
    }

    pub async fn drop_database(self) {
        let mut admin = PgConnection::connect_with(&self.options).await.expect("the cluster answers");
        run(&mut admin, &format!("drop database {} with (force)", self.name)).await;
    }
}

/// Runs statements that must succeed.
pub async fn run(conn: &mut PgConnection, sql: &str) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(conn).await;
    done.unwrap_or_else(|error| panic!("{error}: {sql}"));
}

/// Two rows of each kind for each of the two tenants and their people; the times overlap on purpose.
fn rows() -> String {
    let mut sql = String::new();
    for (tenant, slug, digit) in [(A, "salon", 'a'), (B, "serenity", 'b')] {
        sql += &format!(
            "insert into app.tenants values ('{tenant}', '{slug}', 'Studio');
             insert into app.tenant_directory values ('{slug}', '{tenant}', 'active');\n"
        );
        for n in [1, 2] {
            let id = |kind: u8| format!("01900000-0000-7000-8000-0000{kind:02x}000{digit}0{n}");
            let [user, customer, resource] = [id(1), id(2), id(3)];
            sql += &format!(
                "insert into app.users values ('{user}', '{slug}{n}@example.test');
                 insert into app.sessions values ('{user}', '{}', 'browser');
                 insert into app.memberships values ('{tenant}', '{}', '{user}', 'staff');
                 insert into app.customers values ('{tenant}', '{customer}', 'same{n}@example.test', 'Ada');
                 insert into app.resources values ('{tenant}', '{resource}', 'Room {n}');
                 insert into app.bookings values ('{tenant}', '{}', '{customer}', '{resource}', 'pi_{slug}{n}', '2026-01-01 10:00Z', '2026-01-01 11:00Z');
                 insert into app.audit_logs values ('{}', '{tenant}', 'INSERT');
                 insert into app.user_analytics values ('{tenant}', '{}', '{user}', 5);\n",
                id(4), id(5), id(6), id(7), id(8)
            );
        }
    }
    sql
}
